"""Pages of ours as PDF. WeasyPrint is given text only: it may fetch nothing, neither from the network nor from files.

Rendering takes processor time and no database: the caller ends its transaction first. One page is made at a time in
each process, others wait a little and are then told to print the page instead.
"""

import logging
import shutil
import subprocess
from threading import Lock
from typing import Any

from flask import current_app

from app.core.errors import DomainError

WAITS_SECONDS = 4.0
KNOWN = "koubo.pdf"  # why no PDF can be made here, "" when it can; looked up once

log = logging.getLogger("koubo.pdf")
_one = Lock()


class Busy(DomainError):
    """Other PDFs are being made; the page itself can be printed."""

    status = 503

    def __init__(self) -> None:
        super().__init__("いまPDFの作成が混み合っています。控えの画面を印刷するか、1分ほど待ってからお試しください。")


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
        return f"WeasyPrint cannot be loaded ({type(error).__name__}): apt-get install libpango-1.0-0 libpangoft2-1.0-0"
    if not _has_japanese_font():
        return "no Japanese font: apt-get install fonts-noto-cjk"
    return ""


def _has_japanese_font() -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return False
    found = subprocess.run([lister, ":lang=ja", "family"], capture_output=True, timeout=20, check=False)  # noqa: S603
    return bool(found.stdout.strip())


class NamesAnAddress(Exception):
    """A document of ours names an address to fetch: a programming error, nothing was fetched."""


def render(html: str) -> bytes:
    """Make a tagged PDF (PDF/UA-1) of a whole document. Raises: Busy when others are being made for too long."""
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    if not _one.acquire(timeout=WAITS_SECONDS):
        raise Busy
    try:
        made: bytes = HTML(string=html, url_fetcher=_refusing()).write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError as error:  # which is no Exception: it would end the server's thread
        raise NamesAnAddress(str(error)) from None
    finally:
        _one.release()
    return made


def _refusing() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class Refusing(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            raise FatalURLFetchingError(f"the document names an address to fetch ({url.partition(':')[0]}:)")

    return Refusing()
