"""What a file must be before it is kept (reliability U1, U2, U8; design 26). Pure but for one lock."""

import io
import unicodedata
from dataclasses import dataclass
from threading import Lock

import filetype
import pypdfium2
from pypdfium2 import PdfDocument, PdfiumError

PDF = "application/pdf"
ONLY_PDF = "PDFのファイルを選んでください。Wordや画像の書類は、PDFにしてから選んでください"
CUT_OFF = "受け取りの途中で切れました。もう一度選んでください"
LOCKED = "パスワードを外してから選んでください"
EMPTY = "ファイルの中身が空です"

_MEGABYTE = 1024 * 1024
_NAME_BYTES = 255
_KEPT_JOINERS = "\u200c\u200d"  # stand inside real names and emoji
_one_at_a_time = Lock()  # PDFium is not safe for threads


class RefusedFile(Exception):
    """A file that is not taken; the message is the whole sentence beside its field."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Limits:
    """What one file and one application may hold."""

    file_bytes: int
    application_bytes: int
    pages: int


@dataclass(frozen=True)
class Inspected:
    """What is known of a file that is taken; `text` is None where it has no text layer."""

    file_name: str
    media: str
    pages: int
    text: str | None


def check_size(size: int, already: int, limits: Limits) -> None:
    """Refuse a file by its size, `already` being what the application holds besides it.

    Raises: RefusedFile.
    """
    if size == 0:
        raise RefusedFile(EMPTY)
    if size > limits.file_bytes:
        most, chosen = limits.file_bytes // _MEGABYTE, _megabytes(size)
        raise RefusedFile(f"{most}MBより小さいファイルを選んでください（選んだファイルは{chosen}MB）")
    if already + size > limits.application_bytes:
        most, total = limits.application_bytes // _MEGABYTE, _megabytes(already + size)
        raise RefusedFile(
            f"書類は全部で{most}MBまでです（このファイルを入れると{total}MB）。小さくしてから選んでください"
        )


def _megabytes(size: int) -> str:
    return f"{-(-size * 10 // _MEGABYTE) / 10:.1f}"  # rounded up, so that what is over never reads as the limit


def inspect(name: str, content: bytes, limits: Limits) -> Inspected:
    """Look into a file: its name, what its bytes are, its pages and its text.

    Raises: RefusedFile with the sentence that says what to do.
    """
    file_name = clean_file_name(name)
    guessed = filetype.guess_mime(content[:8192])
    if guessed != PDF or not file_name.lower().endswith(".pdf"):
        raise RefusedFile(ONLY_PDF)
    if b"%%EOF" not in content[-4096:]:
        raise RefusedFile(CUT_OFF)
    pages, text = _read_pdf(content, limits.pages)
    return Inspected(file_name, PDF, pages, text)


def _read_pdf(content: bytes, most: int) -> tuple[int, str | None]:
    with _one_at_a_time:
        document = _opened(content)
        try:
            pages = len(document)
            if not 1 <= pages <= most:
                raise RefusedFile(f"{most}ページまでのPDFを選んでください（選んだファイルは{pages}ページ）")
            text = "\f".join(_page_text(document, number) for number in range(pages))
        except PdfiumError as error:
            raise RefusedFile(CUT_OFF) from error
        finally:
            document.close()
    return pages, text if text.strip() else None


def _opened(content: bytes) -> PdfDocument:
    try:
        return PdfDocument(io.BytesIO(content))
    except PdfiumError as error:
        locked = getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise RefusedFile(LOCKED if locked else CUT_OFF) from error


def _page_text(document: PdfDocument, number: int) -> str:
    page = document[number]
    try:
        words = page.get_textpage()
        try:
            return str(words.get_text_range()).replace("\x00", "").replace("\r\n", "\n")
        finally:
            words.close()
    finally:
        page.close()


def clean_file_name(name: str) -> str:
    """Keep a file's own name: composed, without folders, control and direction characters, at most 255 bytes."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in unicodedata.normalize("NFC", last) if _may_stand(c)).strip().rstrip(".").strip()
    stem, dot, ending = kept.rpartition(".")
    if not dot or not stem:
        stem, dot, ending = kept.lstrip("."), "", ""
    room = _NAME_BYTES - len(f"{dot}{ending}".encode())
    if room < 1:
        stem, dot, ending, room = kept, "", "", _NAME_BYTES
    cut = stem.encode()[:room].decode(errors="ignore") or "書類"
    return cut + dot + ending


def _may_stand(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _KEPT_JOINERS or category not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
