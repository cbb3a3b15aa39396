"""PDF: whole, one file and nothing else, no password, nothing that acts by itself, not too many pages (U1, U5)."""

import encodings.cp437  # noqa: F401  # of names in a ZIP; here, for the process that looks opens no file later
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
from pypdfium2 import PdfDocument, PdfiumError

from app.files.pdf_drawn import check_drawn
from app.files.pdf_typed import typed_over
from app.files.verdict import CUT_OFF, LOCKED, UNREADABLE, UNSAFE, Caps, Looked, RefusedFile

PRINT_IT = "印刷の画面で「PDFに保存」を選び、できたファイルを選んでください"
ACTIVE = f"スクリプトなど、開くと動く仕組みが入ったPDFは受け取れません。{PRINT_IT}"
ATTACHED = f"ファイルや動画が埋め込まれたPDFは受け取れません。{PRINT_IT}"
DYNAMIC_FORM = f"動的なフォーム（XFA）のPDFは受け取れません。{PRINT_IT}"
MOST_CHARACTERS = 500_000
TOO_LONG = "文字が多すぎて読めません。ページを分けるか、小さくしてから選んでください"

_ACTING = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition"}
_CARRYING = {"/RichMedia", "/RichMediaExecute", "/Movie", "/Sound", "/Screen", "/3D", "/FileAttachment"}
_MOVING = {"/GoTo", "/Named"}  # what may happen on opening: only the view changes
_NAMES = _ACTING | _CARRYING | {"/JS", "/AA", "/XFA", "/EF", "/EmbeddedFile", "/EmbeddedFiles"}
_SUSPECT = re.compile(rb"/(" + rb"|".join(sorted(name[1:].encode() for name in _NAMES)) + rb")(?![^\s/<>\[\](){}%])")


def draw_lots() -> None:
    """Have qpdf open its source of random numbers while files can be opened: it asks for it where a PDF is locked."""
    blank = pikepdf.new()
    blank.Root.Lot = pikepdf.String("1")
    blank.save(io.BytesIO(), encryption=pikepdf.Encryption(owner="1", user="", R=4))


def look_into_pdf(content: bytes, caps: Caps) -> Looked:
    """Look into a PDF: its frame, every object, its pages and its text.

    Raises: RefusedFile.
    """
    _check_frame(content)
    counted, typed = _check_objects(content, caps.pages)
    pages, text = _read(content, caps.pages, typed)
    if pages != counted:  # two readers that disagree on the pages: nobody knows what staff would see
        raise RefusedFile(UNREADABLE)
    return Looked(pages=pages, text=text)


def _check_frame(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0 or content[end + 5 :].strip(b"\x00\t\n\f\r ") != b"":
        raise RefusedFile(CUT_OFF)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return
    if entries:
        raise RefusedFile(UNSAFE)


def _check_objects(content: bytes, most: int) -> tuple[int, list[str]]:
    """Walk through every object, those in object streams too, and weigh the first pages.

    Give the number of pages, and what was typed over the first ones.
    """
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as document:
            _check_opening(document.Root)
            for thing in document.objects:
                _check(thing)
            check_drawn(document, most)
            return len(document.pages), typed_over(document, most)
    except pikepdf.PasswordError as error:
        raise RefusedFile(LOCKED) from error
    except (pikepdf.PdfError, AttributeError, ValueError, TypeError, RuntimeError) as error:
        raise RefusedFile(UNREADABLE) from error


def _check_opening(root: Any) -> None:
    opening, depth = root.get("/OpenAction"), 0
    while isinstance(opening, pikepdf.Dictionary):
        depth += 1
        if str(opening.get("/S")) not in _MOVING or depth > 9:
            raise RefusedFile(ACTIVE)
        opening = opening.get("/Next")
        if isinstance(opening, pikepdf.Array):
            raise RefusedFile(ACTIVE)


def _check(thing: Any) -> None:
    """Refuse an object that acts or carries; its text is asked first, because most objects are nothing of the kind."""
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    if not isinstance(thing, pikepdf.Object) or not _SUSPECT.search(thing.unparse(resolved=True)):
        return
    if isinstance(thing, pikepdf.Name):  # kept apart from the key that it belongs to: no writer does that
        raise RefusedFile(ACTIVE)
    for part in _dictionaries(thing):
        _check_dictionary(part)


def _dictionaries(thing: Any) -> Iterator[Any]:
    """Find the dictionaries that stand in an object itself, however deep; those of other objects come by themselves."""
    waiting = [thing]
    while waiting:
        part = waiting.pop()
        if isinstance(part, pikepdf.Dictionary):
            yield part
            waiting += [value for _key, value in part.items() if not _is_apart(value)]
        elif isinstance(part, pikepdf.Array):
            waiting += [value for value in part if not _is_apart(value)]


def _is_apart(value: Any) -> bool:
    return not isinstance(value, pikepdf.Object) or value.is_indirect


def _check_dictionary(part: Any) -> None:
    kinds = {str(part.get(key)) for key in ("/S", "/Type", "/Subtype") if isinstance(part.get(key), pikepdf.Name)}
    if kinds & _CARRYING or "/EmbeddedFile" in kinds or _holds(part, "/EF") or _holds_tree(part.get("/EmbeddedFiles")):
        raise RefusedFile(ATTACHED)
    if "/XFA" in part:
        raise RefusedFile(DYNAMIC_FORM)
    if str(part.get("/S")) in _ACTING or _holds_script(part) or _acts_by_itself(part.get("/AA")):
        raise RefusedFile(ACTIVE)


def _holds(part: Any, key: str) -> bool:
    value = part.get(key)
    return isinstance(value, pikepdf.Dictionary) and len(value) > 0


def _holds_tree(tree: Any) -> bool:
    return isinstance(tree, pikepdf.Dictionary) and any(len(tree.get(key, [])) for key in ("/Names", "/Kids"))


def _holds_script(part: Any) -> bool:
    """Say whether a dictionary is a script or the catalogue of scripts; a font named JS in a list of fonts is none."""
    script = part.get("/JS")
    is_script = isinstance(script, pikepdf.String) or (isinstance(script, pikepdf.Stream) and "/S" in part)
    return is_script or _holds_tree(part.get("/JavaScript"))


def _acts_by_itself(actions: Any) -> bool:
    if not isinstance(actions, pikepdf.Dictionary):
        return False
    return any(isinstance(one, pikepdf.Dictionary) and "/S" in one for _key, one in actions.items())


def _read(content: bytes, most: int, typed: list[str]) -> tuple[int, str | None]:
    try:
        document = PdfDocument(io.BytesIO(content))
        try:
            return _pages_and_text(document, most, typed)
        finally:
            document.close()
    except PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise RefusedFile(LOCKED if is_locked else UNREADABLE) from error


def _pages_and_text(document: PdfDocument, most: int, typed: list[str]) -> tuple[int, str | None]:
    pages, texts, length = len(document), [], 0
    if not 1 <= pages <= most:
        raise RefusedFile(f"{most}ページまでのPDFを選んでください（選んだファイルは{pages}ページ）")
    for number in range(pages):
        texts.append("\n".join(filter(None, [_page_text(document, number), *typed[number : number + 1]])))
        length += len(texts[-1])
        if length > MOST_CHARACTERS:
            raise RefusedFile(TOO_LONG)
    text = "\f".join(texts)
    return pages, text if text.strip() else None


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
