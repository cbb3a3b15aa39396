"""Every error is our own Japanese page: no version, no stack, no path (reliability C10)."""

import logging
import re
from typing import Any

from flask import Flask, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from app.core.csrf import is_from_here
from app.core.errors import DomainError, StaleWrite, TooManyTries
from app.core.language import word
from app.extensions import db

PAGES = frozenset({400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503})

LOSING = frozenset({400, 401, 404, 429, 500, 503})  # answers to a POST in whose place nothing was saved

AGAIN = word("同じ内容をもう一度送る")
OUR_MARKS = frozenset(
    {"seen", "via", "key", "to", "turn", "kept", "dropped", "lost"}
)  # hidden boxes of the forms that lose nothing
_CHOICE = re.compile("[a-z_]*[0-9]{0,4}")  # a box that was chosen or a part of a date

log = logging.getLogger("koubo.errors")
Answer = tuple[str, int, dict[str, str]]


def _page(
    status: int, message: str | None = None, headers: dict[str, str] | None = None, way: tuple[str, str] | None = None
) -> Answer:
    db.session.rollback()
    page = status if status in PAGES else (400 if status < 500 else 500)
    settings = current_app.extensions["koubo.settings"]
    limits = settings.max_file_bytes, settings.max_application_bytes
    again = _typed() if status in LOSING else None
    text = render_template(
        f"errors/{page}.html",
        message=message,
        way=way,
        limits=limits,
        again=again,
        press=_press(),
        texts=_texts(again or []),
        other_language=None,
        **_frame(status),
    )
    return text, status, headers or {}


def _frame(status: int) -> dict[str, Any]:
    """Give pages of staff their way back, and the menu to whom is signed in; what other pages show says nothing of it.

    What is not found tells nothing of the address: another city's objects look like what exists nowhere (design 43).
    """
    if not request.path.startswith("/staff/"):
        return {"staff_home": None, "rail": None}
    city = g.get("organisation") if status != 404 else None
    frame: dict[str, Any] = current_app.extensions["koubo.refusal_frame"](city.slug if city else None)
    return frame


def _http(error: HTTPException) -> Answer | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    headers = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return _page(status, headers=headers)


def _foreign_host(_error: SecurityError) -> Answer:
    """Refuse a Host that is not ours without a page: no address of ours can be built under it."""
    return "このアドレスでは表示できません。\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _domain(error: DomainError) -> Answer:
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooManyTries) else {}
    return _page(error.status, error.message, headers, error.way)


def _stale(_error: StaleDataError) -> Answer:
    return _domain(StaleWrite())


def _csrf(_error: CSRFError) -> Answer:
    return _page(
        400,
        "画面の有効期限が切れたか、別の場所から送信されました。"
        + ("" if _typed() else "前の画面に戻り、読み込み直してから送信してください。"),
    )


def _typed() -> list[tuple[str, str]] | None:
    """Give what our own page sent to a view that promises to lose nothing, so that one press sends it again (S7)."""
    view = current_app.view_functions.get(request.endpoint or "")
    is_script = request.headers.get("Sec-Fetch-Dest") == "empty"  # it shows no page; a new token would spoil the page's
    if request.method != "POST" or is_script or not getattr(view, "takes_idle", False) or not is_from_here():
        return None
    try:
        lost = [("lost", "1")] if any(file.filename for file in request.files.getlist("files")) else []
        return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"] + lost
    except HTTPException:  # too large or cut off: there is no form to give back
        return None


def _press() -> str:
    """Give the words of the button that sends the same again: what will happen with it."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "pressed_again", AGAIN)


def _texts(pairs: list[tuple[str, str]]) -> list[str]:
    """Give what of it a person wrote, to be read and copied: no marks of ours, no choices."""
    return [value for name, value in pairs if name not in OUR_MARKS and value.strip() and not _CHOICE.fullmatch(value)]


def _unavailable(error: OperationalError) -> Answer:
    log.error("database unavailable: %s", type(error.orig).__name__)
    return _page(503, headers={"Retry-After": "10"})


def _unexpected(error: Exception) -> Answer:
    log.exception("unexpected %s", type(error).__name__)
    return _page(500)


def answer_of_server(app: Flask, status: int) -> tuple[str, dict[str, str], bytes]:
    """Make the page for what the server refused before the application saw it: status line, headers, body."""
    with app.test_request_context("/-"):
        response = app.process_response(app.make_response(_page(status)))
        return response.status, dict(response.headers), response.get_data()


def init_app(app: Flask) -> None:
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(Exception, _unexpected)
