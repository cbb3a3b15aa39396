"""Every unsafe request carries Flask-WTF's token and comes from our own pages (reliability C3, B11)."""

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request, session
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from app.extensions import csrf

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def cookie_name(name: str, secure: bool) -> str:
    """The cookie's name, bound to host and path where cookies are secure."""
    return f"__Host-{name}" if secure else name


def _own_name(name: str) -> str:
    return cookie_name(name, bool(current_app.config["SESSION_COOKIE_SECURE"]))


def read_cookie(name: str) -> str | None:
    """Read one of our own cookies."""
    return request.cookies.get(_own_name(name))


def drop_cookie(response: Response, name: str) -> None:
    """Take one of our own cookies back."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.delete_cookie(_own_name(name), path="/", secure=secure, httponly=True, samesite="Lax")


def set_cookie(response: Response, name: str, value: str, *, days: int | None = None) -> None:
    """Set one of our own cookies: secure, hidden from scripts, same site; without days, until the browser closes."""
    response.set_cookie(
        _own_name(name),
        value,
        max_age=days * 86_400 if days else None,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
        path="/",
    )


def _check_origin() -> None:
    if request.method not in UNSAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        abort(400)
    origin = request.headers.get("Origin")
    if origin is not None and (origin == "null" or urlsplit(origin).netloc != request.host):
        abort(400)


def is_from_here() -> bool:
    """Say whether the browser itself names one of our own pages as the sender; without its word, no."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    return site == "same-origin" or (site is None and origin is not None and urlsplit(origin).netloc == request.host)


def _keep_token(response: Response) -> Response:
    if request.method == "GET" and request.endpoint != "static" and session and not response.cache_control.public:
        session.permanent = True  # the token outlives a closed browser, as the draft does; each page renews it
    return response


def init_app(app: Flask) -> None:
    app.before_request(_check_origin)
    app.after_request(_keep_token)
    csrf.init_app(app)


__all__ = ["CSRFError", "cookie_name", "drop_cookie", "init_app", "is_from_here", "read_cookie", "set_cookie"]
