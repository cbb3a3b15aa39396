"""Our own cookies bear the host's prefix wherever cookies are secure (reliability B11)."""

import pytest
from flask import Flask, Response

from app.core.csrf import drop_cookie, read_cookie, set_cookie


@pytest.mark.parametrize(("secure", "name"), [(True, "__Host-koubo_staff"), (False, "koubo_staff")])
def test_a_cookie_is_set_read_and_dropped_under_one_name(secure: bool, name: str) -> None:
    app = Flask("bare")
    app.config["SESSION_COOKIE_SECURE"] = secure
    answer = Response()
    with app.test_request_context(headers={"Cookie": f"{name}=token; other=x"}):
        set_cookie(answer, "koubo_staff", "token")
        drop_cookie(answer, "koubo_staff")
        read = read_cookie("koubo_staff")

    put, dropped = answer.headers.getlist("Set-Cookie")
    attributes = "HttpOnly; Path=/; SameSite=Lax"
    assert read == "token"
    assert put == f"{name}=token; {'Secure; ' if secure else ''}{attributes}"
    assert dropped.startswith(f"{name}=;")
    assert "Max-Age=0" in dropped
