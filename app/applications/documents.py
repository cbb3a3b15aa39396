"""What the files of an application may weigh, and the words beside their slots (reliability U2; design 26). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.language import listed, paragraph, sentence, word
from app.files.kinds import DOCX, IMAGES, PDF, accept_attribute, words_of
from app.files.verdict import EMPTY, Caps, RefusedFile

_MEGABYTE = 1024 * 1024
_KINDS = (word("Word（docx）"),)  # of files.kinds, which runs without the web application and its words


@dataclass(frozen=True)
class Limits:
    """What one file and one application may hold."""

    file_bytes: int
    application_bytes: int
    pages: int
    applicant_bytes: int = 300 * _MEGABYTE

    @property
    def caps(self) -> Caps:
        return Caps(self.file_bytes, self.pages)


@dataclass(frozen=True)
class Asked:
    """What stands beside a slot: what it takes in words, and the `accept` of its file field."""

    words: str
    accept: str


def asked(media: Sequence[str], limits: Limits) -> Asked:
    """Say what a slot that takes these kinds takes."""
    size = {"kinds": listed(words_of(media)), "size": limits.file_bytes // _MEGABYTE}
    if {PDF, DOCX} & set(media):
        words = sentence("%(kinds)s。%(size)sMBまで、%(pages)sページまで。", **size, pages=limits.pages)
    else:
        words = sentence("%(kinds)s。%(size)sMBまで。", **size)
    if IMAGES & set(media):
        words = paragraph(words, sentence("画像は、撮った場所などの情報を消して作り直したものを保存します。"))
    return Asked(words, accept_attribute(media))


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


def check_quota(size: int, already: int, limits: Limits) -> None:
    """Refuse a file when all that a person keeps here, sent or not, would be too much.

    Raises: RefusedFile.
    """
    if already + size > limits.applicant_bytes:
        most = limits.applicant_bytes // _MEGABYTE
        raise RefusedFile(f"お一人の書類は全部で{most}MBまでです。使わない下書きの書類を削除してから選んでください")


def _megabytes(size: int) -> str:
    return f"{-(-size * 10 // _MEGABYTE) / 10:.1f}"  # rounded up, so that what is over never reads as the limit
