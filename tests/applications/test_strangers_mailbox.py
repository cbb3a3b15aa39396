"""A city's mail carries nobody's words to an address that nobody has confirmed, and does not fill its mailbox."""

from pathlib import Path

import pytest
from sqlalchemy import select

from app.applications import announcing, emails
from app.applications.models import Application, ApplicationVersion
from app.core import clock
from app.core.context import SYSTEM, bind
from app.correspondence.emails import erasure_news
from app.correspondence.request_queries import Erasure
from app.extensions import db
from app.outbox.holding import HELD_BACK, TO_UNCONFIRMED
from app.outbox.models import Mail, MailState
from app.selection.emails import owe_news
from tests import factories
from tests.applications.applying import Person
from tests.applications.telling import extended
from tests.applications.test_applying import rows
from tests.mypage.test_left_behind import confirm

EVIL = {
    "family_name": "【重要】応募手数料5000円を",
    "given_name": "https://evil.example/pay で本日中にお支払いください。見本",
}
LONG = {"family_name": "Carreño Quiñones", "given_name": "María José"}
NOBODY = "応募された方へ\n\n品川区です。"
ENOUGH = TO_UNCONFIRMED.times


@pytest.fixture
def city(sqlite_app):
    return factories.organisation()


@pytest.fixture
def opening(city):
    return factories.opening(city)


def mails(*kinds):
    found = [one for one in rows(Mail) if one.kind in kinds]
    return sorted(found, key=lambda one: one.created_at)


def again(person, n):
    """Send a changed text; give the receipt page."""
    person.save("questions", {"answer_motivation": f"直した文章です（{n}）。"})
    return person.get(person.send().headers["Location"])


def test_what_a_stranger_typed_as_a_name_reaches_nobody(sqlite_app, opening):
    person = Person(sqlite_app, opening)
    person.apply(contact=EVIL)
    own = f"/my/applications/{rows(Application)[0].id}"
    for act in ("receipt-mail", "withdraw", "reinstate"):
        person.post(f"{own}/{act}")

    kinds = {"application-received", "receipt-copy", "application-withdrawn", "application-reinstated"}
    assert {one.kind for one in rows(Mail)} == kinds
    assert [one.body[: len(NOBODY)] for one in rows(Mail)] == [NOBODY] * 4
    assert [one.kind for one in rows(Mail) if "evil" in one.subject + one.body] == []


def tell_all(city, opening, application):
    """Queue every mail about an application that a city's own acts owe."""
    extended(opening)
    db.session.remove()
    bind(db.session, SYSTEM)
    one = db.session.scalars(select(Application).where(Application.id == application.id)).one()
    emails.owe_examinee_number(one, opening)
    emails.owe_joined(db.session, one, one, to=one.mail)
    owe_news(application, one, city, opening)
    db.session.add(erasure_news(Erasure(city, opening, one, (), {}, False), one))
    db.session.commit()
    announcing.tell_due(at=clock.now())
    db.session.remove()
    return {one.kind: one.body.partition("\n")[0] for one in rows(Mail)}


@pytest.mark.parametrize(
    ("name", "confirmed", "greeting"),
    [
        (EVIL, False, "応募された方へ"),
        (EVIL, True, "応募された方へ"),
        (LONG, False, "応募された方へ"),
        (LONG, True, "Carreño Quiñones María José 様"),
    ],
)
def test_a_citys_own_mails_greet_whom_they_know(city, opening, name, confirmed, greeting):
    application = factories.application(city, opening, confirmed=confirmed, **name)

    said = tell_all(city, opening, application)

    kinds = ["application-joined", "examinee-number", "extended-application", "message-news", "result-news"]
    assert said == dict.fromkeys(kinds, greeting)


def test_no_other_template_greets_an_applicant_by_itself():
    staff = {"grant-missing", "staff-changed", "staff-invitation", "staff-joined", "staff-news", "staff-password-reset"}

    found = {path.name for path in Path("templates/email").glob("*.txt") if "様" in path.read_text()}

    assert found == {"_greeting.txt", *(f"{kind}-body.txt" for kind in staff)}


def test_twelve_sends_are_all_received_and_half_of_their_mails_are_held_back(sqlite_app, opening):
    person = Person(sqlite_app, opening)
    pages = [person.apply(), *(again(person, n) for n in range(2, 13))]

    assert len(rows(ApplicationVersion)) == 12
    states = [(one.state, one.last_error) for one in mails("application-received")]
    assert states == [(MailState.QUEUED, "")] * ENOUGH + [(MailState.CANCELLED, HELD_BACK)] * (12 - ENOUGH)
    assert ["まだメールで送っていません" in page for page in pages] == [False] * ENOUGH + [True] * (12 - ENOUGH)
    assert ["控えのメールをもう一度送る" in page for page in pages] == [True] * ENOUGH + [False] * (12 - ENOUGH)


def test_other_browsers_and_other_acts_count_for_the_same_address_and_no_other_address_does(sqlite_app, opening):
    for _n in range(ENOUGH):
        Person(sqlite_app, opening).apply()
    person, other = Person(sqlite_app, opening), Person(sqlite_app, opening)
    person.apply(contact={"mail": "Mihon@EXAMPLE.jp"})
    other.apply(contact={"mail": "betsu@example.jp"})
    own = next(one for one in rows(Application) if one.mail == "Mihon@EXAMPLE.jp")

    refused = person.post(f"/my/applications/{own.id}/receipt-mail", status=409).text
    person.post(f"/my/applications/{own.id}/withdraw")

    assert "メールアドレスを確認すると送れます" in refused
    held = [one.kind for one in rows(Mail) if one.state is MailState.CANCELLED]
    assert sorted(held) == ["application-received", "application-withdrawn"]
    assert [one.state for one in rows(Mail) if one.recipient == "betsu@example.jp"] == [MailState.QUEUED]


def test_once_the_address_is_confirmed_the_mail_goes(sqlite_app, opening):
    person = Person(sqlite_app, opening)
    person.apply()
    for n in range(ENOUGH):
        again(person, n)
    done = max(rows(ApplicationVersion), key=lambda one: one.number).submission_id
    confirm(person)

    page = person.get(f"/apply/submissions/{done}")
    person.post(f"/my/applications/{rows(Application)[0].id}/receipt-mail")

    assert ("まだメールで送っていません" in page, "控えのメールをもう一度送る" in page) == (True, True)
    [copy] = mails("receipt-copy")
    assert (copy.state, copy.body.partition("\n")[0]) == (MailState.QUEUED, "見本 春香 様")
    assert "まだメールで送っていません" not in person.get(f"/apply/submissions/{done}")
