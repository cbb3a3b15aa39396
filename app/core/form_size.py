"""How large a form may be before any of it is taken apart; Werkzeug itself limits those with files only."""

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

ENCODED = "application/x-www-form-urlencoded"
GROWS = 3  # a Japanese letter takes nine bytes in place of three


class CountedForms(FormDataParser):
    """Refuses too many fields and too much text with 413."""

    def parse(self, stream: IO[bytes], mimetype: str, *more: Any, **named: Any) -> Any:
        if mimetype == ENCODED and self.max_form_memory_size is not None and self.max_form_parts is not None:
            held = _read(stream, GROWS * self.max_form_memory_size)
            if held.count(b"&") >= self.max_form_parts:
                raise RequestEntityTooLarge
            stream = BytesIO(held)
        return super().parse(stream, mimetype, *more, **named)


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
