"""Drafts, sends and mails around an amendment: nothing typed goes, nothing is sent unseen (note 038)."""

import re
from datetime import timedelta
from typing import Any

import time_machine
from flask import Flask

from app.applications.announcing import tell_due
from app.applications.models import Application, ApplicationVersion
from app.core import clock
from app.openings.models import Opening
from app.openings.revision_models import Revision
from app.organisations.models import Organisation
from app.outbox.models import Mail
from tests import factories
from tests.applications import telling
from tests.applications.applying import Person
from tests.applications.joint import Seeker, joint
from tests.applications.test_applying import rows
from tests.openings.test_amendments import REASON, Town, asked, terms
from tests.world import database_digest

NOW = clock.now().replace(microsecond=0)
AGAIN = "書きはじめたあとに訂正されました"


def town_of(opening: Any) -> Town:
    [own] = [one for one in rows(Organisation) if one.id == opening.organisation_id]
    return Town(own, opening)


def amend(opening: Any, section: str = "terms", *, after: timedelta = timedelta(minutes=10), **changes: Any) -> None:
    """Amend the opening some time after now, by two people."""
    with time_machine.travel(clock.now() + after, tick=False):
        town_of(opening).amend(section, **changes)


def declared(text: str) -> list[dict[str, Any]]:
    """The criteria with another text to declare to."""
    found = factories.content().as_json()["criteria"]
    return [one | {"params": one["params"] | {"text": text}} if one["kind"] == "declaration" else one for one in found]


def later() -> Any:
    return time_machine.travel(clock.now() + timedelta(minutes=30), tick=False)


def test_a_draft_keeps_its_texts_and_says_which_steps_to_look_at_again(sqlite_app: Flask) -> None:
    opening = factories.opening(factories.organisation())
    person = Person(sqlite_app, opening).start().fill()
    amend(opening, "asked", questions=[asked(label="この区でしたいこと")], criteria=declared("新しい文に当たりません"))

    with later():
        before = database_digest()
        steps = {step: person.get(person.url(step)) for step in ("eligibility", "contact", "career", "questions")}
        check = person.get(person.url("confirm"))
        assert database_digest() == before
        assert [AGAIN in page for page in steps.values()] == [True, False, False, True]
        assert "来なくても済むものに" in steps["questions"]
        assert 'value="yes" checked' not in steps["eligibility"]
        assert [words in check for words in (AGAIN, REASON, "志望動機", "この区でしたいこと")] == [True] * 4
        assert "応募を送信する</button>" not in check  # what was declared to another text is asked anew

        person.save("eligibility")
        assert AGAIN not in person.get(person.url("eligibility"))
        assert AGAIN in person.get(person.url("questions"))
        person.save("questions")
        assert AGAIN not in person.get(person.url("questions"))
        person.send()

    assert received() == [(rows(Opening)[0].revision_id, False)]


def received() -> list[tuple[Any, bool]]:
    """By version, the revision that it answers, and whether what only a draft notes came with it."""
    return [(one.revision_id, "read" in one.answers) for one in rows(ApplicationVersion)]


def test_who_stands_on_confirm_is_shown_what_changed_before_anything_is_sent(sqlite_app: Flask) -> None:
    opening = factories.opening(factories.organisation())
    person = Person(sqlite_app, opening).start().fill()
    fields = person.ready_to_send()
    amend(opening, terms=terms(headcount="3名程度"))

    with later():
        page = person.send(fields, status=409).text
        assert "この募集が訂正されました。まだ送信していません" in page
        assert rows(Application) == []
        check = person.get(person.url("confirm"))
        assert [words in check for words in (AGAIN, "1名", "3名程度", "来なくても済むものに")] == [True] * 4
        person.send()
        assert AGAIN not in person.get(person.url("confirm"))  # it was sent to this text

    assert [one.revision_id for one in rows(ApplicationVersion)] == [rows(Opening)[0].revision_id]


def test_what_arrived_before_the_approval_is_taken_by_the_words_of_its_time(sqlite_app: Flask) -> None:
    opening = factories.opening(factories.organisation())
    person = Person(sqlite_app, opening).start().fill()
    fields, at = person.ready_to_send(), clock.now() + timedelta(minutes=10)
    amend(opening, terms=terms(headcount="3名程度"))

    with later():
        person.send(fields, environ_overrides={"koubo.received_at": at - timedelta(seconds=1)})

    first = min(rows(Revision), key=lambda one: one.number)
    assert [one.revision_id for one in rows(ApplicationVersion)] == [first.id]


def test_of_several_openings_a_question_in_new_words_keeps_its_text_for_both(sqlite_app: Flask) -> None:
    found = joint()
    person = Seeker(sqlite_app, found.first)
    person.start()
    person.add(found.second).names |= Seeker(sqlite_app, found.first, found.second).names
    person.fill(questions={"answer_city": "大阪の窓口を減らします。"})
    person.save("questions", {"answer_motivation": "どちらにも書いた文です。", "answer_city": "大阪の文です。"})
    amend(found.first, "asked", questions=[asked(label="この区でしたいこと")])

    with later():
        page = person.get(person.url("questions"))
        boxes = re.findall(r"<textarea[^>]*>\s*([^<]*?)\s*</textarea>", page)
        assert sorted(boxes) == ["どちらにも書いた文です。", "どちらにも書いた文です。", "大阪の文です。"]
        assert "品川区：この手順で聞くことが変わりました" in page
        person.names |= Seeker(sqlite_app, rows_of(found.first), found.second).names
        fields = dict(re.findall(r'name="(answer_[^"]+)"[^>]*>\s*([^<]*?)\s*</textarea>', page))
        person.save("questions", fields)
        assert AGAIN not in person.get(person.url("questions"))


def rows_of(opening: Any) -> Any:
    [found] = [one for one in rows(Opening) if one.id == opening.id]
    return found


DRAFTING = {"begun@example.jp": False, "own@example.jp": True}  # whether the address was confirmed


def test_everybody_with_a_draft_or_an_application_is_told_once(sqlite_app: Flask) -> None:
    opening = factories.opening(factories.organisation())
    for who, is_confirmed in DRAFTING.items():
        telling.draft(opening, who, confirmed=is_confirmed)
    person = Person(sqlite_app, opening)
    person.apply()
    amend(opening, terms=terms(headcount="3名程度"))

    with later():
        telling.work(tell_due)
        telling.work(tell_due)

    found = {one.recipient: one for one in rows(Mail) if one.kind.startswith("amended")}
    kinds = {who: one.kind for who, one in found.items()}
    assert kinds == dict.fromkeys(DRAFTING, "amended-draft") | {"mihon@example.jp": "amended-application"}
    [application] = rows(Application)
    assert "応募のあとに訂正されました" in person.get(f"/my/applications/{application.id}")
    for mail in found.values():
        assert f"/openings/{opening.id}/revisions/2" in mail.body
        assert REASON in mail.body
        assert "品川区】" in mail.subject
        assert "住民" not in mail.body
    assert found["begun@example.jp"].organisation_id is None


def test_after_the_deadline_only_those_who_applied_are_told(sqlite_app: Flask) -> None:
    opening = factories.opening(factories.organisation())
    telling.draft(opening, "begun@example.jp")
    Person(sqlite_app, opening).apply()
    after = opening.closes_at - clock.now() + timedelta(hours=1)
    stages = [stage | {"result_on": "2027-02-01"} for stage in opening.content["stages"]]
    amend(opening, "stages", after=after, stages=stages)

    with time_machine.travel(opening.closes_at + timedelta(hours=2), tick=False):
        telling.work(tell_due)

    [mail] = [one for one in rows(Mail) if one.kind.startswith("amended")]
    assert (mail.recipient, "送り直せます" in mail.body) == ("mihon@example.jp", False)
