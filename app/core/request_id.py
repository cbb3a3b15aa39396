"""An id for each request, shown on error pages and written in the log (reliability O5)."""

import json
import logging
import secrets
import sys
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request


class JsonLines(logging.Formatter):
    """One JSON object a line: time in UTC, level, logger, request id, message. No personal data is put in."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "request": g.get("request_id") if has_request_context() else None,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
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
