"""Our own style sheets, scripts and drawings travel compressed; pages do not, as they carry secrets (form tokens)."""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

MEDIA = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})


@lru_cache(maxsize=200)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def _compress(response: Response) -> Response:
    if request.endpoint != "static" or response.mimetype not in MEDIA:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or not request.accept_encodings.quality("gzip") or "Range" in request.headers:
        return response
    response.direct_passthrough = False
    response.set_data(_compressed(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    return response


def init_app(app: Flask) -> None:
    app.after_request(_compress)
