"""Accommodation (合理的配慮): sealed, apart, for HR with the grant alone, accepted late (design 22, 40, 45; P-12)."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import text

from app.accounts.models import Applicant, Membership, RoleGrant
from app.applications.expiry import let_go
from app.applications.models import Draft
from app.audit.models import AuditDetail, AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.database import reading_beside
from app.core.model import Base, new_id
from app.correspondence.accommodation_services import forget_left_behind
from app.correspondence.models import Accommodation, AccommodationState
from app.correspondence.needs import Need, Needs
from app.extensions import db
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import Person
from tests.correspondence.arrange import Place, hidden, holding, place
from tests.screening.arrange import browser, city, looks, rows

CANARY, ANSWER, CONTACT = "漏洩見本の手話通訳", "漏洩見本の当日の対応", "漏洩見本の連絡先"
TYPED = {"chosen": ["sign_or_writing", "more_time"], "words": CANARY, "contact": CONTACT}
WITH_GRANT = (Role.HR, Role.ACCOMMODATION)


@pytest.fixture
def here(sqlite_app) -> Place:
    return place(sqlite_app)


def ask(here: Place, status: int = 303, **fields):
    url = here.mine("accommodation")
    return here.person.post(url, {**hidden(here.person.get(url)), **TYPED, **fields}, status=status)


def case_url(here: Place) -> str:
    return here.theirs.replace("messages", "accommodation")


def answer(here: Place, one, state: str = "settled", words: str = ANSWER, status: int = 303):
    url = case_url(here)
    return one.post(url, {**hidden(one.get(url)), "state": state, "words": words}, status=status)


def stored(app) -> bytes:
    """Every byte of the database: the file of SQLite with its log, every value of every table of PostgreSQL."""
    settings = app.extensions["koubo.settings"]
    with reading_beside(app.extensions["koubo.engine"], SYSTEM) as session:
        rows_of = [session.execute(text(f"SELECT * FROM {table.name}")).all() for table in Base.metadata.sorted_tables]
    values = repr(rows_of).encode()
    files = Path(settings.data_dir).glob("koubo.sqlite*")
    return values + b"".join(file.read_bytes() for file in files)


def test_what_was_said_stands_nowhere_in_the_clear(app, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    here = place(app)
    hr = here.staff(*WITH_GRANT)

    ask(here)
    answer(here, hr)

    found = stored(app)
    for canary in (CANARY, ANSWER, CONTACT, "sign_or_writing", "手話"):
        assert canary.encode() not in found
        assert canary.encode("unicode_escape") not in found
        assert canary not in caplog.text
    assert str(here.application.receipt_number).encode() in found  # the search itself finds what is there
    assert CANARY in hr.get(case_url(here))
    assert ANSWER in here.person.get(here.mine("accommodation"))
    assert "correspondence.ask_accommodation 303" in caplog.text


def test_mails_and_the_record_tell_nothing(here: Place) -> None:
    ask(here)
    answer(here, here.staff(*WITH_GRANT))

    [mail] = [one for one in rows(Mail) if one.kind == "message-news"]
    assert "お知らせがあります" in mail.subject
    assert "配慮" not in mail.subject + mail.body
    assert "accommodation" not in mail.body + mail.kind + mail.dedupe_key
    acts = {one.action: one for one in rows(AuditEvent) if "accommodation" in one.action}
    assert sorted(acts) == ["answer.accommodation", "ask.accommodation"]
    assert acts["ask.accommodation"].actor == "applicant"
    details = [one.body for one in rows(AuditDetail) if one.event_id in {act.id for act in acts.values()}]
    assert details == [{}, {}]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ACCOMMODATION])
def test_without_the_grant_it_is_what_exists_nowhere(here: Place, role: Role) -> None:
    one, another = here.staff(role), here.city.application()
    factories.staff(here.city.organisation, *WITH_GRANT)
    one.get("/staff/shinagawa/")
    nothing = one.get(case_url(here), status=404)
    ask(here)
    before = looks()

    assert _without_number(one.get(case_url(here), status=404)) == _without_number(nothing)
    assert one.post(case_url(here), {"state": "settled", "words": "x"}, status=404).status_code == 404
    one.get("/staff/shinagawa/accommodations", status=403)
    urls = ["/staff/shinagawa/", here.city.url(), *(here.city.url(each.id) for each in (here.application, another))]

    for page in (one.client.get(url).text for url in urls):
        assert CANARY not in page
        assert "配慮" not in page
        assert "/accommodation" not in page
    assert [look for look in looks() if "accommodation" in look[0]] == [
        look for look in before if "accommodation" in look[0]
    ]


def _without_number(page: str) -> str:
    return page.partition("お問い合わせの際は")[0]


def test_with_the_grant_it_is_read_answered_and_every_look_recorded(app) -> None:
    here = place(app)
    ask(here)
    hr = here.staff(*WITH_GRANT)
    [row] = rows(Accommodation)

    assert "選考での配慮の申し出" in hr.get("/staff/shinagawa/")
    assert "配慮：受け付けました" in hr.get(here.city.url())
    assert "配慮：受け付けました" in hr.get(here.city.url(here.application.id))
    listed = hr.get("/staff/shinagawa/accommodations")
    assert CANARY not in listed
    page = hr.get(case_url(here))
    assert all(said in page for said in (CANARY, CONTACT, "手話通訳・筆談、時間の延長"))
    answer(here, hr, "talking", "")
    assert "相談中" in here.person.get(here.mine("accommodation"))
    assert "決まった内容" in answer(here, hr, "settled", "", status=422).text
    answer(here, hr)

    page = here.person.get(here.mine("accommodation"))
    assert "決まりました" in page
    assert ANSWER in page
    assert "決まりました" in here.person.get(here.mine())
    assert ("read.accommodation", f"accommodation:{row.id}", 1) in looks()
    assert ("list.accommodations", f"organisation:{here.city.organisation.id}", 1) in looks()


def test_the_grant_of_another_city_opens_nothing(app) -> None:
    here, there = place(app), place(app, "hamamatsu", "浜松市")
    ask(here)
    one = there.staff(*WITH_GRANT)
    one.get("/staff/hamamatsu/")

    one.get(case_url(here).replace("shinagawa", "hamamatsu"), status=404)
    one.get(case_url(here), status=404)
    assert here.application.receipt_number not in one.get("/staff/hamamatsu/accommodations")
    there.person.get(there.mine("messages"))
    there.person.get(here.mine("accommodation"), status=404)
    there.person.post(here.mine("accommodation"), TYPED, status=404)
    there.person.post(here.mine("accommodation", "withdraw"), status=404)


def test_a_change_is_asked_anew_and_taking_back_blanks_everything(app) -> None:
    here = place(app)
    ask(here)
    hr = here.staff(*WITH_GRANT)
    answer(here, hr)

    ask(here, words="変えた内容")
    assert rows(Accommodation)[0].state is AccommodationState.ASKED
    page = here.person.get(here.mine("accommodation"))
    assert "変えた内容" in page
    assert ANSWER in page
    here.person.post(here.mine("accommodation", "withdraw"))

    [row] = rows(Accommodation)
    assert (row.state, row.sealed, row.answer_sealed) == (AccommodationState.WITHDRAWN, "", "")
    hr.get(case_url(here), status=404)
    assert "配慮：" not in hr.get(here.city.url())
    ask(here)
    assert rows(Accommodation)[0].state is AccommodationState.ASKED


def test_pressing_twice_changes_nothing_and_crossing_loses_nothing(here: Place) -> None:
    url = here.mine("accommodation")
    fields = {**hidden(here.person.get(url)), **TYPED}
    for _press in range(2):
        here.person.post(url, fields)
    [row] = rows(Accommodation)
    assert row.version == 1
    stale = hidden(here.person.get(url))
    answer(here, here.staff(*WITH_GRANT))

    page = here.person.post(url, {**stale, **TYPED, "words": "行き違った内容"}, status=422).text

    assert "行き違った内容" in page
    assert ANSWER in page
    assert rows(Accommodation)[0].state is AccommodationState.SETTLED
    here.person.post(url, {**hidden(page), **TYPED, "words": "行き違った内容"})
    assert rows(Accommodation)[0].state is AccommodationState.ASKED


def test_nothing_chosen_or_too_much_is_said_beside_the_field(here: Place) -> None:
    url = here.mine("accommodation")
    fields = hidden(here.person.get(url))
    page = here.person.post(url, fields, status=422).text
    assert "必要なものを選ぶか、くわしい内容を入力してください" in page
    page = here.person.post(url, {**fields, "words": "長" * 1001}, status=422).text
    assert "長" * 1001 in page
    here.person.post(url, {**fields, "chosen": "\r\n"}, status=422)
    assert rows(Accommodation) == []


def test_a_late_request_is_accepted_and_marked(here: Place) -> None:
    with time_machine.travel(clock.now() + timedelta(days=8)):
        here.person = holding(here.app, here.application.applicant_id)
        ask(here)
        hr = here.staff(*WITH_GRANT)
        assert "締切後" in hr.get("/staff/shinagawa/accommodations")
        assert "締切後の申し出" in hr.get(case_url(here))


def test_beside_a_draft_it_waits_for_the_application_and_stays_out_of_it(app) -> None:
    here = city()
    hr = browser(app, factories.staff(here.organisation, *WITH_GRANT))
    person = Person(app, here.opening).start().fill()
    page = person.get(person.url("questions"))
    url = f"/apply/drafts/{person.draft}/openings/{here.opening.id}/accommodation"
    assert url in page

    person.post(url, {**hidden(person.get(url)), **TYPED})

    assert "応募を送信するまで、自治体には届きません" in person.get(url)
    assert "配慮の申し出はありません" in hr.get("/staff/shinagawa/accommodations")
    assert not [one for one in rows(AuditEvent) if "accommodation" in one.action]
    person.send()
    assert "受け付けました" in hr.get("/staff/shinagawa/accommodations")
    assert CANARY.encode() not in stored(app)
    assert CANARY not in person.get(person.url("confirm"))


def test_what_was_asked_beside_a_draft_goes_with_it_and_nothing_else(app) -> None:
    kept = place(app)
    ask(kept)
    person = Person(app, kept.city.opening).start()
    url = f"/apply/drafts/{person.draft}/openings/{kept.city.opening.id}/accommodation"
    person.post(url, {**hidden(person.get(url)), **TYPED})
    forget()
    assert len(rows(Accommodation)) == 2

    with time_machine.travel(clock.now() + timedelta(days=40)):
        db.session.remove()
        bind(db.session, SYSTEM)
        let_go(at=clock.now())
        forget()

    assert [one.applicant_id for one in rows(Accommodation)] == [kept.application.applicant_id]


def test_what_was_asked_of_a_city_stays_whatever_becomes_of_the_draft(here: Place) -> None:
    ask(here)
    at = clock.now()
    somebody = factories.save(Applicant(id=new_id(), created_at=at))
    for one in rows(Draft):
        one.applicant_id = somebody.id
        factories.save(one)

    forget()

    assert [one.applicant_id for one in rows(Accommodation)] == [here.application.applicant_id]


def forget() -> None:
    db.session.remove()
    bind(db.session, SYSTEM)
    forget_left_behind(at=clock.now())
    db.session.remove()


def test_a_draft_of_somebody_else_and_an_opening_not_in_it_are_not_there(sqlite_app) -> None:
    here, elsewhere = city(), city("hamamatsu", "浜松市")
    person, other = Person(sqlite_app, here.opening).start(), Person(sqlite_app, here.opening).start()
    other.get(other.url("contact"))
    url = f"/apply/drafts/{person.draft}/openings/{here.opening.id}/accommodation"

    other.get(url, status=404)
    other.post(url, TYPED, status=404)
    other.post(f"{url}/withdraw", status=404)
    person.get(url.replace(str(here.opening.id), str(elsewhere.opening.id)), status=404)


def test_text_typed_after_the_session_has_run_out_is_kept(here: Place) -> None:
    url = here.mine("accommodation")
    fields = {**hidden(here.person.get(url)), **TYPED}

    with time_machine.travel(clock.now() + timedelta(hours=2, minutes=2)):
        page = here.person.post(url, fields, status=422).text

    assert CANARY in page
    assert 'value="more_time" checked' in page
    assert rows(Accommodation) == []


def test_needs_come_back_as_they_were_said() -> None:
    said = Needs((Need.BRAILLE, Need.OTHER), "髙\U000e0100\nさん", "FAX")

    assert Needs.of_text(said.as_text()) == said
    assert Needs.of_text('{"chosen": ["gone"], "words": "", "contact": ""}').chosen == (Need.OTHER,)


def test_the_grant_is_given_beside_hr_alone(sqlite_app) -> None:
    here = city()
    admin = browser(sqlite_app, factories.staff(here.organisation, Role.ADMIN))
    author = factories.staff(here.organisation, Role.AUTHOR, display_name="新任")
    [member] = [one.id for one in rows(Membership) if one.staff_user_id == author.id]
    url = f"/staff/shinagawa/members/{member}"
    assert "配慮担当" in admin.get(url)

    admin.post(url, {"roles": ["accommodation"]}, status=409)
    assert {one.role for one in rows(RoleGrant) if one.membership_id == member and one.until is None} == {Role.AUTHOR}
    admin.get(url)
    admin.post(url, {"roles": ["accommodation", "hr"]})
    assert {one.role for one in rows(RoleGrant) if one.membership_id == member and one.until is None} == set(WITH_GRANT)
    admin.get(url)
    admin.post(url, {"roles": ["accommodation"]}, status=409)
