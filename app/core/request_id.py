"""An id for each request, shown on error pages and written in the log (reliability O5)."""

import json
import logging
import secrets
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request
from jinja2 import TemplateError

SPEAKING = (AttributeError, ImportError, NameError, TypeError, TemplateError)  # their messages name code, not values


def trace(error: BaseException) -> list[str]:
    """Tell where an error rose, its causes first; what it says is left out, for it may repeat what a person typed."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = trace(before) if before is not None else []
    lines += [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    return [*lines, f"{type(error).__name__}: {error}" if isinstance(error, SPEAKING) else type(error).__name__]


class JsonLines(logging.Formatter):
    """One JSON object a line: time in UTC, level, logger, request id, message. No personal data is put in (O4)."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": g.get("request_id") if has_request_context() else None,
            "message": record.getMessage(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            line["trace"] = trace(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _begin() -> None:
    g.request_id = secrets.token_hex(6)


def _tell(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "-")
    logging.getLogger("koubo.access").info("%s %s %s", request.method, request.endpoint or "-", response.status_code)
    return response


def _configure_logging() -> None:
    logger = logging.getLogger("koubo")
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False


def init_app(app: Flask) -> None:
    _configure_logging()
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_tell)
    app.context_processor(lambda: {"request_id": g.get("request_id", "-") if has_request_context() else "-"})
