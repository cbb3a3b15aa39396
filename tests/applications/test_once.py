"""Sent once, whatever is pressed, repeated or raced (S1, S3-S5, I1-I3, I5-I8)."""

import hashlib
import uuid
from datetime import timedelta
from functools import partial

import pytest

from app.accounts.models import Applicant
from app.applications.models import (
    Application,
    ApplicationDocument,
    ApplicationState,
    ApplicationVersion,
    Draft,
    StoredFile,
    Submission,
)
from app.applications.sending_services import Press, submit
from app.audit.chain import verify
from app.core import clock, storage
from app.core.context import SYSTEM, applicant, bind
from app.extensions import db
from app.jp.text import mail_key
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import ANSWERS, Person
from tests.applications.test_applying import rows
from tests.at_once import at_once


@pytest.fixture
def opening(app):
    return factories.opening(factories.organisation())


def one_of_each():
    return {table.__name__: len(rows(table)) for table in (Application, ApplicationVersion, Submission, Mail)}


ONE = {"Application": 1, "ApplicationVersion": 1, "Submission": 1, "Mail": 1}


def test_a_double_click_gives_the_same_receipt(app, opening):
    person = Person(app, opening).start().fill()
    fields = person.ready_to_send()

    places = {person.send(fields).headers["Location"] for _click in range(3)}

    assert len(places) == 1
    assert one_of_each() == ONE


def test_a_second_tab_gives_the_same_receipt(app, opening):
    person = Person(app, opening).start().fill()
    one, other = person.ready_to_send(), person.ready_to_send()
    assert one["key"] != other["key"]

    places = {person.send(fields).headers["Location"] for fields in (one, other, one)}

    assert len(places) == 1
    assert one_of_each() == ONE


@pytest.mark.parametrize("same_key", [True, False])
def test_twenty_submits_at_once_make_one_application_and_one_mail(app, opening, same_key):
    person = Person(app, opening).start().fill()
    [draft] = rows(Draft)
    at, seen = clock.now(), draft.version

    def press(number: int) -> uuid.UUID:
        bind(db.session, applicant(draft.applicant_id))
        return submit(draft.applicant_id, draft.id, Press("key" if same_key else f"key-{number}", seen, at)).id

    found = at_once(app, *(partial(press, number) for number in range(20)))

    assert found == [rows(Submission)[0].id] * 20
    assert one_of_each() == ONE
    assert person.opening.id == rows(Application)[0].opening_id


def test_the_chain_verifies_and_every_document_has_its_bytes(app, opening):
    Person(app, opening).apply()

    bind(db.session, SYSTEM)
    count, fault = verify(db.session)
    assert fault is None
    assert count >= 1
    [document] = rows(ApplicationDocument)
    [kept] = rows(StoredFile)
    assert document.stored_file_id == kept.id
    with storage.open_file(kept.key) as file:
        assert hashlib.sha256(file.read()).hexdigest() == kept.sha256


def test_a_page_of_确認_opened_before_a_change_sends_nothing(app, opening):
    person = Person(app, opening).start().fill()
    old = person.ready_to_send()
    person.save("questions", {"answer_motivation": "書き直しました。"})

    page = person.send(old, status=409).text

    assert "内容が変わりました" in page
    assert f'href="{person.url("confirm")}">確認の画面を開き直す</a>' in page
    assert rows(Application) == []


def test_sending_again_after_a_change_adds_a_version_and_keeps_the_number(app, opening):
    person = Person(app, opening).start().fill()
    person.send()
    [before] = rows(Application)
    person.save("questions", {"answer_motivation": "書き直しました。"})

    receipt = person.get(person.send().headers["Location"])

    [after] = rows(Application)
    assert after.receipt_number == before.receipt_number
    assert after.received_at == before.received_at
    assert sorted((v.number, v.answers["statements"]["motivation"]) for v in rows(ApplicationVersion)) == [
        (1, ANSWERS["questions"]["answer_motivation"]),
        (2, "書き直しました。"),
    ]
    assert "2回目に送った内容です" in receipt
    assert len(rows(Mail)) == 2


def test_what_is_missing_refuses_the_send_on_the_server(app, opening):
    person = Person(app, opening).start()
    person.save("eligibility")
    person.get(person.url("confirm"))
    [draft] = rows(Draft)

    page = person.send({"key": "k", "seen": str(draft.version)}, status=409).text

    assert "まだ送信できません" in page
    assert rows(Application) == []


def test_a_file_whose_bytes_are_gone_refuses_the_send(app, opening):
    person = Person(app, opening).start().fill()
    fields = person.ready_to_send()
    storage.drop(rows(StoredFile)[0].key)

    page = person.send(fields, status=409).text

    assert "職務経歴書.pdf" in page
    assert rows(Application) == []


def test_an_error_in_the_middle_leaves_nothing(app, opening, monkeypatch):
    person = Person(app, opening).start().fill()
    fields = person.ready_to_send()
    with monkeypatch.context() as patched:
        patched.setattr("app.applications.sending_services.emails.receipt", lambda *_a, **_k: 1 / 0)
        person.send(fields, status=500)
    assert rows(Application) == rows(Submission) == rows(Mail) == []

    person.send(fields)

    assert one_of_each() == ONE


def test_an_old_submit_of_another_person_is_nobody_elses(app, opening):
    first, second = Person(app, opening).start().fill(), Person(app, opening).start().fill()
    place = first.send().headers["Location"]

    second.get(place, status=404)
    second.get(first.url("confirm"), status=404)

    assert clock.now() - rows(Application)[0].received_at < timedelta(minutes=1)


def test_a_key_that_was_used_gives_its_receipt_also_after_a_change(app, opening):
    person = Person(app, opening).start().fill()
    fields = person.ready_to_send()
    place = person.send(fields).headers["Location"]
    person.save("questions", {"answer_motivation": "書き直しました。"})

    assert person.send(fields).headers["Location"] == place
    assert one_of_each() == ONE


def test_what_was_saved_after_the_arrival_but_sent_counts_as_sent(app, opening):
    person = Person(app, opening).start().fill()
    [draft] = rows(Draft)
    early = {"koubo.received_at": draft.saved_at - timedelta(seconds=1)}
    one, other = person.ready_to_send(), person.ready_to_send()
    place = person.send(one, environ_overrides=early).headers["Location"]

    assert person.send(other).headers["Location"] == place
    assert one_of_each() == ONE


def test_sending_again_after_withdrawing_takes_the_withdrawal_back(app, opening):
    person = Person(app, opening)
    person.apply()
    [application] = rows(Application)
    own = f"/my/applications/{application.id}"
    person.get(f"{own}/withdraw")
    person.post(f"{own}/withdraw", {"reason": ""})
    person.save("questions", {"answer_motivation": "やはり応募します。"})
    assert rows(Application)[0].state is ApplicationState.WITHDRAWN

    person.send()

    [after] = rows(Application)
    assert (after.state, after.receipt_number) == (ApplicationState.SUBMITTED, application.receipt_number)
    assert sorted(version.number for version in rows(ApplicationVersion)) == [1, 2]


def test_applying_again_after_withdrawing_needs_no_change_and_a_late_double_click_is_no_application(app, opening):
    person = Person(app, opening)
    person.start().fill()
    stale = person.ready_to_send()
    person.send(stale)
    [application] = rows(Application)
    own = f"/my/applications/{application.id}"
    person.get(f"{own}/withdraw")
    person.post(f"{own}/withdraw", {"reason": ""})
    person.send(stale)
    person.send({**stale, "key": "another"}, status=409)
    assert (rows(Application)[0].state, len(rows(ApplicationVersion))) == (ApplicationState.WITHDRAWN, 1)

    assert "辞退を取り消して、もう一度応募します" in person.get(person.url("confirm"))
    person.send()

    [after] = rows(Application)
    assert (after.state, after.receipt_number) == (ApplicationState.SUBMITTED, application.receipt_number)
    assert sorted(version.number for version in rows(ApplicationVersion)) == [1, 2]


@pytest.mark.parametrize(("owned", "is_confirmed"), [("MIHON@example.jp", True), ("hoka@example.jp", False)])
def test_only_the_address_that_the_person_owns_counts_as_confirmed(app, opening, owned, is_confirmed):
    person = Person(app, opening).start()
    [holder] = rows(Applicant)
    holder.mail, holder.mail_key, holder.confirmed_at = owned, mail_key(owned), clock.now()
    factories.save(holder)

    person.fill().send()

    [application] = rows(Application)
    assert application.mail == "mihon@example.jp"
    assert application.mail_confirmed_at == (holder.confirmed_at if is_confirmed else None)


def test_going_back_and_sending_what_stands_there_is_no_second_version(app, opening):
    person = Person(app, opening).start().fill()
    place = person.send().headers["Location"]
    person.save("questions")

    page = person.get(person.url("confirm"))

    assert "この内容は送信済みです" in page
    assert f'href="{place}"' in page
    assert one_of_each() == ONE
