"""The record on screen: in words, whole or not, of one city alone."""

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.audit import chain, queries, words
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.extensions import db
from tests import factories
from tests.audit.test_chain import tamper
from tests.screening.arrange import browser

APP = Path(__file__).resolve().parents[2] / "app"
CANARY = "kanaria-4711"


@pytest.fixture
def city(sqlite_app: Flask) -> Any:
    return factories.organisation()


def note(city: Any, action: str, *, by: str = "system", **detail: Any) -> None:
    db.session.remove()
    bind(db.session, SYSTEM)
    chain.record(db.session, action, city, by=by, **detail)
    db.session.commit()
    db.session.remove()


def table(page: str) -> list[str]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    found = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("<tr>")[1:]]
    return [re.sub(r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d", "TIME", row) for row in found]


def auditor(app: Flask, city: Any, role: Role = Role.AUDITOR) -> Any:
    return browser(app, factories.staff(city, role, display_name="見本 監査"))


def test_changes_stand_in_words_with_the_names_of_staff(sqlite_app: Flask, city: Any) -> None:
    hr = factories.staff(city, Role.HR, display_name="見本 花子")
    note(city, "confirm.criterion", by=hr.actor, criterion="years", outcome="does_not_meet", overrides=True)
    note(city, "submit.application", by="applicant:4", version=1)
    note(city, "some.novelty")

    page = auditor(sqlite_app, city).get("/staff/shinagawa/audit")

    place = "自治体 品川区"
    assert table(page) == [
        f"3 TIME システム some.novelty {place} なし",
        f"2 TIME 応募者 応募を送信 {place} 版：1",
        f"1 TIME 見本 花子 応募資格を確認 {place} 要件：years、判定：満たさない、計算と違う判定：はい",
    ]
    assert "改ざんなし" in page
    assert "3件の記録" in page


def test_tampering_is_named_with_its_link(sqlite_app: Flask, city: Any) -> None:
    for number in range(4):
        note(city, "edit.opening", number=number)
    tamper(sqlite_app, "UPDATE audit_event SET actor = 'staff:someone' WHERE seq = 3")

    page = auditor(sqlite_app, city).get("/staff/shinagawa/audit")

    assert "改ざんなし" not in page
    assert "3番：記録が書き換えられています。2件目までは正しくつながっています" in page


def test_a_cut_off_end_is_seen(sqlite_app: Flask, city: Any) -> None:
    for number in range(3):
        note(city, "edit.opening", number=number)
    tamper(sqlite_app, "DELETE FROM audit_detail", "DELETE FROM audit_event WHERE seq = 3")

    assert "最後の記録がありません" in auditor(sqlite_app, city).get("/staff/shinagawa/audit")


def test_another_citys_links_are_neither_shown_nor_needed(sqlite_app: Flask, city: Any) -> None:
    other = factories.organisation("hamamatsu", "浜松市")
    note(city, "edit.opening", reason=CANARY)
    note(other, "edit.opening", number=1)

    page = auditor(sqlite_app, other).get("/staff/hamamatsu/audit")

    assert CANARY not in page
    assert len(table(page)) == 1
    assert "改ざんなし" in page


def test_a_long_chain_is_checked_when_asked(sqlite_app: Flask, city: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.audit import staff_routes

    assert staff_routes.CHECKED_AT_ONCE == 2_000
    monkeypatch.setattr(staff_routes, "CHECKED_AT_ONCE", 1)
    for number in range(2):
        note(city, "edit.opening", number=number)
    reader = auditor(sqlite_app, city)

    page = reader.get("/staff/shinagawa/audit")

    assert "改ざんなし" not in page
    assert "記録は2件あります" in page
    assert "改ざんなし" in reader.get("/staff/shinagawa/audit?check=1")


def test_a_disposed_detail_says_so_and_breaks_nothing(sqlite_app: Flask, city: Any) -> None:
    note(city, "edit.opening", reason=CANARY)
    tamper(sqlite_app, "DELETE FROM audit_detail")

    page = auditor(sqlite_app, city).get("/staff/shinagawa/audit")

    assert table(page)[0].endswith("廃棄済み")
    assert "改ざんなし" in page


def test_looks_are_listed_with_who_and_how_many(sqlite_app: Flask, city: Any) -> None:
    hr = factories.staff(city, Role.HR, display_name="見本 花子")
    other = factories.organisation("hamamatsu", "浜松市")
    chain.record_look("list.applications", "opening:12345678-9", by=hr.actor, organisation_id=city.id, rows=38)
    chain.record_look("list.applications", f"{CANARY}:1", by=hr.actor, organisation_id=other.id, rows=7)

    page = auditor(sqlite_app, city).get("/staff/shinagawa/audit/looks")

    assert table(page) == ["TIME 見本 花子 応募者一覧を表示 募集 12345678 38"]
    assert CANARY not in page


def test_fifty_links_stand_on_a_page(sqlite_app: Flask, city: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert queries.PER_PAGE == 50
    monkeypatch.setattr(queries, "PER_PAGE", 2)
    for number in range(3):
        note(city, "edit.opening", number=number)
    reader = auditor(sqlite_app, city)

    assert [row[0] for row in table(reader.get("/staff/shinagawa/audit"))] == ["3", "2"]
    assert [row[0] for row in table(reader.get("/staff/shinagawa/audit?page=2"))] == ["1"]


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMIN, Role.AUDITOR}])
def test_the_record_is_for_admin_and_auditor(sqlite_app: Flask, city: Any, role: Role) -> None:
    for url in ("/staff/shinagawa/audit", "/staff/shinagawa/audit/looks"):
        auditor(sqlite_app, city, role).get(url, status=403)


def test_another_citys_auditor_finds_no_record(sqlite_app: Flask, city: Any) -> None:
    other = factories.organisation("hamamatsu", "浜松市")

    auditor(sqlite_app, other).get("/staff/shinagawa/audit", status=404)


def said_in(folder: Path, function: str, place: int) -> set[str]:
    """The words that the code gives to a function at one place of its arguments."""
    calls = (
        node
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and function in (getattr(node.func, "id", ""), getattr(node.func, "attr", ""))
    )
    given = [call.args[place] for call in calls if len(call.args) > place]
    return {str(one.value) for one in given if isinstance(one, ast.Constant)}


def composed_in(folder: Path, subjects: tuple[str, ...]) -> list[re.Pattern[str]]:
    """The acts on these subjects that the code puts together (f"propose.{kind}"), as patterns."""
    joined = (
        node
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
    )
    texts = (
        "".join(str(part.value) if isinstance(part, ast.Constant) else "\0" for part in one.values) for one in joined
    )
    return [
        re.compile(re.escape(text).replace("\0", "[a-z_]+"))
        for text in texts
        if text.endswith(subjects) or text.startswith("propose.")
    ]


def test_every_change_that_a_city_reads_of_has_a_word() -> None:
    said = said_in(APP, "record", 1) | said_in(APP, "_record", 1)
    said = {act for act in said if not act.startswith("staff_user.")}  # those: the platform's
    composed = composed_in(APP, (".proposal", ".late_attempt", ".duplicate"))

    assert "submit.application" in said
    assert said - words.ACTIONS.keys() == set()
    unsaid = words.ACTIONS.keys() - said
    assert {act for act in unsaid if not any(one.fullmatch(act) for one in composed)} == set()
    assert [one.pattern for one in composed if not any(one.fullmatch(act) for act in words.ACTIONS)] == []


def test_every_detail_has_a_word() -> None:
    calls = (
        node
        for path in APP.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record"
    )
    said = {str(one.arg) for call in calls for one in call.keywords if one.arg} - {"by", "at"}

    assert "examinee_number" in said
    assert said - words.DETAILS.keys() == set()


def test_every_look_has_a_word() -> None:
    said = said_in(APP, "record_look", 0) | said_in(APP, "note_look", 0)

    assert "read.application" in said
    assert said - words.LOOKS.keys() == set()


def test_every_fault_of_a_citys_chain_has_words() -> None:
    faults = {
        node.value.value
        for node in ast.walk(ast.parse(inspect.getsource(chain._wrong)))
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and node.value.value
    }

    assert faults | {"the chain ends before its head"} == words.FAULTS.keys()
