"""Errors are our own Japanese pages and tell nothing of the inside; logs tell no personal data (C10, O4, O5)."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort, request
from sqlalchemy import text
from sqlalchemy.orm.exc import StaleDataError

from app import create_app
from app.core.access import allows
from app.core.context import SYSTEM, bind
from app.core.errors import DomainError, NotFound, TooManyTries
from app.core.request_id import JsonLines
from app.extensions import db
from tests.conftest import test_settings
from tests.page_checks import check_page

SECRET = "hanako@example.jp"
CODES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 501, 503)


class TooLate(DomainError):
    def __init__(self) -> None:
        super().__init__("締切を過ぎています。募集の一覧から、受付中の募集をご覧ください。")


def raises(kind: str) -> str:
    if kind.isdigit():
        abort(int(kind))
    if kind == "database":
        db.session.execute(text(f"SELECT * FROM none WHERE mail = '{SECRET}'"))
    raise {
        "domain": TooLate(),
        "none": NotFound(),
        "tries": TooManyTries(90),
        "stale": StaleDataError("UPDATE statement"),
        "value": ValueError(SECRET),
        "attribute": AttributeError("'NoneType' object has no attribute 'x'"),
    }[kind]


@pytest.fixture(scope="module")
def failing_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with addresses that fail in every way."""
    app = create_app(test_settings(tmp_path_factory.mktemp("failing")))
    app.get("/fail/<kind>", endpoint="fail")(allows("service.health")(raises))
    app.post("/large", endpoint="large")(allows("service.health")(lambda: str(len(request.form))))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    with app.app_context():
        db.engine.dispose()


def fail(app: Flask, kind: str, **options: object) -> tuple[int, str]:
    answer = app.test_client().get(f"/fail/{kind}", **options)
    check_page(answer.text, f"/fail/{kind}", status=answer.status_code)
    for inside in (SECRET, "Traceback", "sqlalchemy", "werkzeug", "Flask", ".py", "/tmp", "SELECT"):
        assert inside not in answer.text
    return answer.status_code, answer.text


@pytest.mark.parametrize("code", CODES)
def test_every_status_has_a_page_of_ours(failing_app: Flask, code: int) -> None:
    assert fail(failing_app, str(code))[0] == code


def test_a_broken_rule_is_told_in_its_own_words(failing_app: Flask) -> None:
    status, page = fail(failing_app, "domain")

    assert status == 409
    assert "締切を過ぎています。募集の一覧から、受付中の募集をご覧ください。" in page


def test_what_is_not_there_is_404(failing_app: Flask) -> None:
    assert fail(failing_app, "none")[0] == 404


def test_too_many_tries_say_when_to_come_back(failing_app: Flask) -> None:
    answer = failing_app.test_client().get("/fail/tries")

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "90")
    assert "約2分後にもう一度お試しください。" in answer.text


def test_a_lost_update_asks_to_read_again(failing_app: Flask) -> None:
    status, page = fail(failing_app, "stale")

    assert status == 409
    assert "ほかの画面で先に保存されました。" in page


@pytest.mark.parametrize(("kind", "status"), [("value", 500), ("attribute", 500), ("database", 503)])
def test_a_fault_of_ours_shows_nothing_of_the_inside(failing_app: Flask, kind: str, status: int) -> None:
    assert fail(failing_app, kind)[0] == status


def test_a_locked_database_asks_to_come_back(failing_app: Flask) -> None:
    assert failing_app.test_client().get("/fail/database").headers["Retry-After"] == "10"


def test_a_wrong_method_says_which_are_right(failing_app: Flask) -> None:
    answer = failing_app.test_client().delete("/livez")
    check_page(answer.text, "/livez", status=405)

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("length", [1_100_000, 33 * 1024 * 1024])
def test_a_form_that_is_too_large_has_a_page(failing_app: Flask, length: int) -> None:
    answer = failing_app.test_client().post("/large", data={"x": "x" * length}, content_type="multipart/form-data")
    check_page(answer.text, "/large", status=413)

    assert answer.status_code == 413


def test_the_page_gives_the_number_that_the_log_has(failing_app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "koubo"):
        answer = failing_app.test_client().get("/fail/value")

    assert answer.headers["X-Request-Id"] in answer.text


def lines(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(JsonLines().format(record) for record in caplog.records)


@pytest.mark.parametrize("kind", ["value", "attribute", "database", "domain", "none"])
def test_no_log_line_tells_what_a_person_typed(failing_app: Flask, caplog: pytest.LogCaptureFixture, kind: str) -> None:
    client = failing_app.test_client()
    with caplog.at_level(logging.DEBUG):
        client.get(f"/fail/{kind}?mail={SECRET}", headers={"Referer": f"http://localhost/?q={SECRET}"})

    logged = lines(caplog)
    assert "GET fail" in logged
    assert SECRET not in logged
    assert "mail=" not in logged


def test_a_fault_is_logged_with_its_place_and_a_programming_error_with_its_words(
    failing_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("ERROR", "koubo"):
        failing_app.test_client().get("/fail/value")
        failing_app.test_client().get("/fail/attribute")

    traces = [json.loads(JsonLines().format(record))["trace"] for record in caplog.records if record.exc_info]
    assert [trace[-1] for trace in traces] == ["ValueError", "AttributeError: 'NoneType' object has no attribute 'x'"]
    assert all(f"{Path(__file__).name}:" in trace[-2] for trace in traces)


def test_an_error_of_the_database_is_logged_without_its_values(
    sqlite_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    from tests import factories

    factories.organisation()
    bind(db.session, SYSTEM)
    log = logging.getLogger("koubo.test")
    with caplog.at_level("ERROR", "koubo"):
        try:
            factories.organisation(name=SECRET)
        except Exception:
            log.exception("failed")

    assert SECRET not in lines(caplog)
    assert "IntegrityError" in lines(caplog)


def test_each_line_is_json_with_a_time_in_utc_and_the_request(
    failing_app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "koubo"), failing_app.test_client() as client:
        answer = client.get("/livez")
        line = json.loads(JsonLines().format(caplog.records[-1]))

    assert set(line) == {"at", "level", "logger", "request", "message"}
    assert line["at"].endswith("+00:00")
    assert (line["logger"], line["message"]) == ("koubo.access", "GET health.livez 200")
    assert line["request"] == answer.headers["X-Request-Id"]
