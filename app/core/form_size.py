"""How large a form may be before any of it is taken apart; Werkzeug itself limits those with files only."""

import errno
import logging
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable
from werkzeug.formparser import FormDataParser

ENCODED = "application/x-www-form-urlencoded"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
GROWS = 3  # a Japanese letter takes nine bytes in place of three

log = logging.getLogger("koubo.errors")


class CountedForms(FormDataParser):
    """Refuses too many fields and too much text with 413, and files for which the disk has no room with 503."""

    def parse(self, stream: IO[bytes], mimetype: str, *more: Any, **named: Any) -> Any:
        if mimetype == ENCODED and self.max_form_memory_size is not None and self.max_form_parts is not None:
            held = _read(stream, GROWS * self.max_form_memory_size)
            if held.count(b"&") >= self.max_form_parts:
                raise RequestEntityTooLarge
            stream = BytesIO(held)
        try:
            return super().parse(stream, mimetype, *more, **named)
        except OSError as error:
            if error.errno not in FULL:
                raise
            log.error("a form is refused: its files find no room on the disk")
            raise ServiceUnavailable from error


def _read(stream: IO[bytes], most: int) -> bytes:
    """Read to the end, which may come in pieces. Raises: RequestEntityTooLarge."""
    held = bytearray()
    while piece := stream.read(most + 1 - len(held)):
        held += piece
        if len(held) > most:
            raise RequestEntityTooLarge
    return bytes(held)


class CountedRequest(Request):
    form_data_parser_class = CountedForms


def init_app(app: Flask) -> None:
    app.request_class = CountedRequest
