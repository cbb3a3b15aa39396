"""What becomes of a request whose body finds no room on the disk: it is taken in for nothing, then refused (F09).

Who is cut off while still sending sees no answer, only a broken line.
"""

import logging

from waitress.parser import HTTPRequestParser
from waitress.utilities import Error

log = logging.getLogger("koubo.server")


class NoRoom(Error):  # type: ignore[misc]  # waitress has no types
    """The server's own refusal."""

    code, reason = 503, "Service Unavailable"


class Nowhere:
    """Stands where the server keeps a body, and keeps nothing."""

    def append(self, _data: bytes) -> None: ...

    def close(self) -> None: ...

    def __len__(self) -> int:
        return 0


def let_go(request: HTTPRequestParser) -> None:
    """Keep no more of a request that is coming in, and refuse it once it has come."""
    log.error("a request is refused: its body finds no room on the disk")
    request.error, request.body_rcv.buf = NoRoom("no room"), Nowhere()
