"""What comes in of a form or an address before any of it is read: how large it may be, and only what can be read."""

import errno
import logging
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable
from werkzeug.formparser import FormDataParser
from werkzeug.utils import cached_property

from app.jp.invisible import readable

ENCODED = "application/x-www-form-urlencoded"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
GROWS = 3  # a Japanese letter takes nine bytes in place of three

log = logging.getLogger("koubo.errors")


def without_invisible(given: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """Take out of names and values what shows nothing (`readable` says what, and what stays)."""
    return ImmutableMultiDict((readable(name), readable(value)) for name, value in given.items(multi=True))


class CountedForms(FormDataParser):
    """Limits a form, and reads of it what people can read; Werkzeug itself limits those with files only.

    Refuses too many fields and too much text with 413, and files for which the disk has no room with 503.
    """

    def parse(self, stream: IO[bytes], mimetype: str, *more: Any, **named: Any) -> Any:
        if mimetype == ENCODED and self.max_form_memory_size is not None and self.max_form_parts is not None:
            held = _read(stream, GROWS * self.max_form_memory_size)
            if held.count(b"&") >= self.max_form_parts:
                raise RequestEntityTooLarge
            stream = BytesIO(held)
        try:
            rest, form, files = super().parse(stream, mimetype, *more, **named)
        except OSError as error:
            if error.errno not in FULL:
                raise
            log.error("a form is refused: its files find no room on the disk")
            raise ServiceUnavailable from error
        return rest, without_invisible(form), files


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

    @cached_property
    def args(self) -> MultiDict[str, str]:
        return without_invisible(super().args)


def init_app(app: Flask) -> None:
    app.request_class = CountedRequest
