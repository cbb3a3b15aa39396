"""Pages of ours as PDF. WeasyPrint is given text only: it may fetch nothing, neither from the network nor from files.

Rendering takes processor time and no database: the caller ends its transaction first. Each PDF is made by a process of
its own with a hard limit of time and memory (`pdf_child`). Receipts and long documents have places apart, so that no
document can take the place of a receipt.
"""

import logging
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

from flask import current_app

from app.core import pdf_child
from app.core.errors import DomainError
from app.core.places import NoPlace, Places

CHILD = Path(pdf_child.__file__)
SECONDS = 20.0  # by the clock; of the processor's time the child has half
KNOWN = "koubo.pdf"  # why no PDF can be made here, "" when it can; looked up once

PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"

log = logging.getLogger("koubo.pdf")
SHORT, LONG = Places(at_work=2, in_line=1, seconds=4.0), Places(at_work=1, in_line=0, seconds=0.0)


class NotMade(DomainError):
    """No PDF came out; the page itself can be printed."""

    status = 503


class Busy(NotMade):
    """Other PDFs are being made."""

    def __init__(self) -> None:
        super().__init__("いまPDFの作成が混み合っています。この画面を印刷するか、1分ほど待ってからお試しください。")


class TooLong(NotMade):
    """Making it took too long or failed."""

    def __init__(self) -> None:
        super().__init__("PDFを作りきれませんでした。情報は失われていません。この画面の、ほかの方法をお使いください。")


def can_render() -> bool:
    """Say whether PDFs can be made here: WeasyPrint finds Pango, and a Japanese font is installed."""
    known = current_app.extensions
    if KNOWN not in known:
        known[KNOWN] = missing()
        if known[KNOWN]:
            log.warning("no PDF is made here, the print view stands in: %s", known[KNOWN])
    return not known[KNOWN]


def missing() -> str:
    """Name what making a PDF lacks on this machine; nothing when it is all there."""
    try:
        import weasyprint  # noqa: F401  # here: it loads Pango when it is imported, half a second
    except (ImportError, OSError) as error:
        return f"WeasyPrint cannot be loaded ({type(error).__name__}): apt-get install {PANGO}"
    if not _has_japanese_font():
        return "no Japanese font is found: apt-get install fontconfig fonts-noto-cjk"
    return ""


def _has_japanese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    found = subprocess.run([lister, ":lang=ja", "family"], capture_output=True, timeout=20, check=False)  # noqa: S603
    return bool(found.stdout.strip())


class NamesAnAddress(Exception):
    """A document of ours names an address to fetch: a programming error, nothing was fetched."""


def render(html: str, *, is_long: bool = False) -> bytes:
    """Make a tagged PDF (PDF/UA-1) of a whole document.

    Raises: Busy when others are being made already, TooLong when this one does not come to an end.
    """
    try:
        with (LONG if is_long else SHORT).one(), TemporaryFile() as given, TemporaryFile() as made:
            given.write(html.encode())
            given.seek(0)
            code = _run(given.fileno(), made.fileno())
            made.seek(0)
            content = made.read()
    except NoPlace:
        raise Busy from None
    if code == pdf_child.NAMES_AN_ADDRESS:
        raise NamesAnAddress
    if code != 0:
        log.warning("making a PDF ended with %d", code)
        raise TooLong
    return content


def _run(given: int, made: int) -> int:
    """Run the child to its end, by force when it takes too long; give how it ended."""
    with subprocess.Popen(  # noqa: S603  # our own program; nothing of a person stands among its arguments
        [sys.executable, "-I", str(CHILD)],
        stdin=given,
        stdout=made,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()
