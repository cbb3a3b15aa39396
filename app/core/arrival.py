"""When a request was in the server as a whole (design 13), and from which network address."""

from datetime import datetime

from flask import request

from app.core import clock


def arrived_at() -> datetime:
    """Give the instant that the server stamped before any queue; without a stamp the present one."""
    stamped = request.environ.get("koubo.received_at")
    return stamped if isinstance(stamped, datetime) else clock.now()


def waited_seconds() -> float:
    """Give how long the request waited in the server for a thread."""
    return float(request.environ.get("koubo.waited_seconds", 0.0))


def network_address() -> str:
    """Give the address that limits count by."""
    return request.remote_addr or "unknown"
