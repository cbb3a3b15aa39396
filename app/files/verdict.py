"""What looking into a file gives: plain values that cross from the child process."""

from dataclasses import dataclass

EMPTY = "ファイルの中身が空です"
CUT_OFF = "受け取りの途中で切れました。もう一度選んでください"
LOCKED = "パスワードを外してから選んでください"
UNREADABLE = "ファイルが壊れているため読めません。作り直すか、別の形で保存し直してから選んでください"
UNSURE = "このファイルの中身を確かめられませんでした。別の形で保存し直してから選んでください"
UNSAFE = "安全でないファイルのため受け取れません。元の文書をPDFで保存し直してから選んでください"


class RefusedFile(Exception):
    """A file that is not taken; the message is the whole sentence beside its field.

    `seconds` of the processor went into finding that out; where looking came to no end, all that it is given.
    """

    def __init__(self, message: str, seconds: float = 0.0) -> None:
        super().__init__(message)
        self.message, self.seconds = message, seconds


@dataclass(frozen=True)
class Caps:
    """What one file may hold: bytes as stored, pages, pixels as sent, pixels along the longer edge as stored."""

    bytes: int
    pages: int
    pixels: int = 50_000_000
    edge: int = 4096


@dataclass(frozen=True)
class Looked:
    """What is known of a file that is taken.

    `text` is None where it has no text layer; `pages` where the kind has none; `size` is (width, height) of an image;
    `stored` are the bytes to keep in place of those sent, None for those sent.
    """

    pages: int | None = None
    text: str | None = None
    size: tuple[int, int] | None = None
    stored: bytes | None = None
