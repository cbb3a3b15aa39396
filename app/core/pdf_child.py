"""The process that makes one PDF and ends: `python -I pdf_child.py`, a document on standard input, the PDF on output.

A document that never ends or swallows memory ends here, without taking the server's threads along.
"""

import resource
import sys
from typing import Any

MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 10
NAMES_AN_ADDRESS = 3  # exit code: the document wanted something fetched


def limit() -> None:
    """Take away from this process what making a PDF needs not."""
    for name, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(name, (most, most))


def refusing() -> Any:
    """Give a fetcher that fetches nothing, neither from the network nor from files."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class Refusing(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            raise FatalURLFetchingError(f"the document names an address to fetch ({url.partition(':')[0]}:)")

    return Refusing()


def main() -> int:
    limit()
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    html = sys.stdin.buffer.read().decode()
    try:
        made: bytes = HTML(string=html, url_fetcher=refusing()).write_pdf(pdf_variant="pdf/ua-1")
    except FatalURLFetchingError:
        return NAMES_AN_ADDRESS
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
