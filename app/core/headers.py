"""Security headers on every answer, errors and files included (reliability C4)."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}
STATIC_FOR_SECONDS = 31_536_000


def _may_be_gone_back_to(response: Response) -> bool:
    """Say whether it refuses a press of somebody who applies: Back shows it from the browser's store or not at all.

    A browser offers to send the form again where it may store nothing. 「この端末から消す」 empties that store.
    """
    is_page = request.method == "POST" and response.status_code >= 400 and response.mimetype == "text/html"
    return is_page and not request.path.startswith(("/staff/", "/platform/"))


def _add(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
        response.headers["Cache-Control"] = f"public, max-age={STATIC_FOR_SECONDS}, immutable"
    elif _may_be_gone_back_to(response):
        response.headers.setdefault("Cache-Control", "private, no-cache")
    elif request.endpoint != "static" or response.status_code >= 400:
        response.headers.setdefault("Cache-Control", "no-store")
    response.headers.pop("Server", None)
    return response


def init_app(app: Flask) -> None:
    app.after_request(_add)
