"""Two browsers of one person: what both wrote to the city stands in one place, for the person and for HR (22)."""

import io
import re
from datetime import timedelta

import pytest
from flask import Flask

from app.accounts.models import Applicant
from app.applications.models import Application
from app.audit.chain import verify
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.crypto import encrypt
from app.core.model import new_id
from app.correspondence.accommodation_queries import Case
from app.correspondence.models import Accommodation, AccommodationState, Message, MessageThread
from app.correspondence.needs import Need, Needs
from app.correspondence.needs_joined import join_needs
from app.correspondence.services import Crossed, _require_whole
from app.extensions import db
from app.mypage import joining
from app.mypage.own_letters import threads_of, unsent_files_of
from tests import factories
from tests.applications.applying import Person
from tests.applications.pdf import pdf
from tests.applications.test_applying import rows
from tests.browsing import Browser, apart
from tests.correspondence.arrange import hidden
from tests.mypage.test_left_behind import confirm

FIRST, SECOND, THIRD, ANSWER = "はじめの端末の質問", "あとの端末の質問", "はじめの端末の追伸", "区の返事"


class Two:
    """One person who applied in two browsers to one opening, and the city's HR."""

    def __init__(self, app: Flask) -> None:
        self.city = factories.organisation()
        self.opening = factories.opening(self.city)
        self.first, self.second = Person(app, self.opening), Person(app, self.opening)
        self.first.apply()
        self.second.apply(questions={"answer_motivation": "あとの端末の文章です。"})
        self.ids = [str(one.id) for one in sorted(rows(Application), key=lambda one: one.received_at)]
        self.hr = Browser(app)
        factories.sign_in(self.hr.client, factories.staff(self.city, Role.HR, Role.ACCOMMODATION))

    def write(self, which: int, words: str, *, status: int = 303, **files: object) -> None:
        browser, url = (self.first, self.second)[which], f"/my/applications/{self.ids[which]}/messages"
        browser.post(url, {**hidden(browser.get(url)), "body": words, **files}, status=status)

    def theirs(self, which: int, part: str = "messages") -> str:
        return f"/staff/{self.city.slug}/openings/{self.opening.id}/applications/{self.ids[which]}/{part}"

    def answer(self, which: int, words: str = ANSWER, **files: object) -> None:
        url = self.theirs(which)
        self.hr.post(url, {**hidden(self.hr.get(url)), "body": words, **files})

    def ask(self, which: int, **fields: object) -> None:
        browser, url = (self.first, self.second)[which], f"/my/applications/{self.ids[which]}/accommodation"
        browser.post(url, {**hidden(browser.get(url)), **fields})

    def join(self, first: int = 0) -> None:
        browsers = (self.first, self.second)
        confirm(browsers[first])
        confirm(browsers[1 - first])

    def queue(self) -> str:
        return self.hr.get(f"/staff/{self.city.slug}/messages").partition("<main")[2]


def in_order(page: str) -> list[str]:
    return re.findall("|".join((FIRST, SECOND, THIRD, ANSWER)), page.partition("<main")[2])


def in_own_data() -> list[str]:
    """The messages that the one confirmed person is given with the own data."""
    db.session.remove()
    [owner] = [one for one in rows(Applicant) if one.confirmed_at is not None]
    bind(db.session, SYSTEM)
    [own] = threads_of(owner.id).values()
    return [one["body"] for one in own]


@pytest.mark.parametrize("confirms_first", [0, 1])
def test_all_messages_stand_in_one_place_for_both_browsers_and_for_hr(app: Flask, confirms_first: int) -> None:
    two = Two(app)
    two.write(0, FIRST)
    two.write(1, SECOND)
    two.answer(0)
    two.write(0, THIRD)

    two.join(confirms_first)

    said = [FIRST, SECOND, ANSWER, THIRD]
    for browser in (two.first, two.second):
        assert in_order(browser.get(f"/my/applications/{two.ids[0]}/messages")) == said
    assert in_order(two.hr.get(two.theirs(0))) == said
    assert in_order(two.hr.get(two.theirs(1))) == said  # the later application leads to the earlier
    assert two.queue().count(f"/staff/{two.city.slug}/messages/") == 1
    for thread in rows(MessageThread):
        assert in_order(two.hr.get(f"/staff/{two.city.slug}/messages/{thread.id}")) == said
    two.answer(0, "もう一つの返事")
    assert "もう一つの返事" in two.second.get(f"/my/applications/{two.ids[0]}/messages")
    two.write(0, "あとから")
    assert in_own_data() == [*said, "もう一つの返事", "あとから"]
    assert verify(db.session)[1] is None


def test_files_of_both_threads_open_for_both_browsers_and_for_hr(app: Flask) -> None:
    two = Two(app)
    for which, name in enumerate(("はじめの.pdf", "あとの.pdf")):
        two.write(which, FIRST, files=(io.BytesIO(pdf(which + 1)), name))
        two.write(which, "", files=(io.BytesIO(pdf(3)), f"送る前の{name}"), status=422)
    two.answer(1, files=(io.BytesIO(pdf(4)), "区の.pdf"))

    two.join()

    mine = f"/my/applications/{two.ids[0]}/messages"
    for browser, url in ((two.first, mine), (two.second, mine), (two.hr, two.theirs(0))):
        page = browser.get(url)
        links = re.findall(
            r'href="([^"]+/files/[0-9a-f-]{36})">([^<]+)<', page.partition("<main")[2].partition("<form")[0]
        )
        assert [name for _url, name in links] == ["はじめの.pdf", "あとの.pdf", "区の.pdf"]
        found = [apart(browser.client.get, link).data for link, _name in links]
        assert found == [pdf(1), pdf(2), pdf(4)]
        assert page.count("送る前の") == (0 if browser is two.hr else 4)  # each named twice
    [owner] = [one for one in rows(Applicant) if one.confirmed_at is not None]
    db.session.remove()
    bind(db.session, SYSTEM)
    [own] = threads_of(owner.id).values()
    assert [file["file_name"] for one in own for file in one["files"]] == ["はじめの.pdf", "あとの.pdf", "区の.pdf"]
    assert [len(one) for one in unsent_files_of(owner.id).values()] == [2]


def test_joining_again_writes_nothing_twice(app: Flask) -> None:
    two = Two(app)
    two.write(0, FIRST)
    two.write(1, SECOND)
    two.join()
    owner, *others = sorted(rows(Applicant), key=lambda one: one.confirmed_at is None)

    for other in others:
        joining.merge(other.id, owner.id, at=clock.now())

    assert in_order(two.first.get(f"/my/applications/{two.ids[0]}/messages")) == [FIRST, SECOND]
    assert len(rows(Message)) == 3


def test_what_nobody_answered_waits_on_whatever_was_answered_beside_it(app: Flask) -> None:
    two = Two(app)
    two.write(1, SECOND)
    two.write(0, FIRST)
    two.answer(0)

    two.join()

    assert "未返信" in two.hr.get(two.theirs(0))
    assert "返事を待っているメッセージ" in two.hr.get(f"/staff/{two.city.slug}/")
    assert two.queue().count(f"/staff/{two.city.slug}/messages/") == 1
    [asked] = {one.sent_at for one in rows(Message) if one.body == SECOND}
    [whole] = [one for one in rows(MessageThread) if one.joined_to is None]
    assert whole.waits_since == asked
    two.answer(0, "二つ目の返事")
    assert "返信済み" in two.hr.get(two.theirs(0))
    assert two.queue().count(f"/staff/{two.city.slug}/messages/") == 0


def test_what_a_side_has_not_read_is_still_new_afterwards(sqlite_app: Flask) -> None:
    two = Two(sqlite_app)
    two.write(1, SECOND)
    two.answer(1)
    two.write(0, FIRST)
    two.answer(0)
    two.first.get(f"/my/applications/{two.ids[0]}/messages")  # read there; the answer on the other device was not

    two.join()

    assert "未読のメッセージがあります（2件）" in two.first.get(f"/my/applications/{two.ids[0]}")


def test_what_was_read_on_both_is_not_new_again(sqlite_app: Flask) -> None:
    two = Two(sqlite_app)
    for which, browser in enumerate((two.second, two.first)):
        two.write(1 - which, FIRST)
        two.answer(1 - which)
        browser.get(f"/my/applications/{two.ids[1 - which]}/messages")

    two.join()

    assert "未読のメッセージがあります" not in two.first.get(f"/my/applications/{two.ids[0]}")


def test_both_requests_for_accommodation_are_one_with_all_that_was_said(app: Flask) -> None:
    two = Two(app)
    two.ask(0, chosen=["braille"], words=FIRST)
    two.ask(1, chosen=["seat", "braille"], words=SECOND, contact="電話で")

    two.join()

    for browser in (two.first, two.second):
        page = browser.get(f"/my/applications/{two.ids[0]}/accommodation")
        assert in_order(page) == [FIRST, SECOND]
        assert all(f'value="{one}" checked' in page for one in ("braille", "seat"))
        assert "電話で" in page
    [row] = rows(Accommodation)
    assert (row.state, row.told_until) == (AccommodationState.ASKED, None)
    assert in_order(two.hr.get(two.theirs(0, "accommodation"))) == [FIRST, SECOND]


def test_what_is_about_an_application_that_stays_behind_stays_with_it(app: Flask) -> None:
    two = Two(app)
    two.write(0, FIRST)
    two.write(1, SECOND)
    two.ask(1, words=THIRD)
    confirm(two.first)
    kept = next(one for one in rows(Application) if str(one.id) == two.ids[1])
    kept.mail = kept.mail_key = "hoka@example.jp"
    factories.save(kept)

    confirm(two.second)

    assert in_order(two.first.get(f"/my/applications/{two.ids[0]}/messages")) == [FIRST]
    assert THIRD not in two.first.get(f"/my/applications/{two.ids[0]}/accommodation")
    assert in_order(two.hr.get(two.theirs(1))) == [SECOND]


def test_nothing_is_written_into_a_thread_that_has_joined_another(app: Flask) -> None:
    two = Two(app)
    two.write(0, FIRST)
    two.write(1, SECOND)
    two.join()
    [joined] = [one for one in rows(MessageThread) if one.joined_to is not None]
    db.session.remove()
    bind(db.session, SYSTEM)

    with pytest.raises(Crossed):
        _require_whole(joined)

    db.session.remove()


def asked(words: str, state: AccommodationState, *, days: int = 0, answer: str = "") -> Accommodation:
    at = clock.now() + timedelta(days=days)
    gone = state is AccommodationState.WITHDRAWN
    sealed = "" if gone else encrypt(Needs((Need.SEAT,), words).as_text())
    return Accommodation(
        id=new_id(),
        state=state,
        sealed=sealed,
        answer_sealed=encrypt(answer) if answer else "",
        asked_at=at,
        changed_at=at,
        answered_at=at if answer else None,
        told_until=at,
    )


@pytest.mark.parametrize(
    ("given", "own", "words", "state", "answer", "is_told"),
    [
        (("a", "asked", ""), ("b", "settled", "はい"), "b\na", "asked", "はい", False),
        (("a", "settled", "いいえ"), ("b", "settled", "はい"), "b\na", "settled", "はい\n\nいいえ", False),
        (("a", "asked", ""), ("a", "settled", "はい"), "a", "settled", "はい", True),
        (("a", "settled", "はい"), ("a", "asked", ""), "a", "settled", "はい", True),
        (("a", "withdrawn", ""), ("b", "talking", ""), "b", "talking", "", True),
        (("a", "talking", "はい"), ("b", "withdrawn", ""), "a", "talking", "はい", True),
    ],
)
def test_nothing_said_or_answered_is_lost_and_the_lesser_progress_stands(
    sqlite_app: Flask, given: tuple, own: tuple, words: str, state: str, answer: str, is_told: bool
) -> None:
    theirs = asked(given[0], AccommodationState(given[1]), days=1, answer=given[2])
    mine = asked(own[0], AccommodationState(own[1]), answer=own[2])

    join_needs(theirs, mine)

    case = Case(None, None, new_id(), None, mine)  # type: ignore[arg-type]
    assert (case.needs.words, mine.state, case.answer) == (words, AccommodationState(state), answer)
    assert (mine.told_until is not None) is is_told


def test_what_no_key_opens_stays_with_the_giver(sqlite_app: Flask) -> None:
    two = Two(sqlite_app)
    two.ask(0, words=FIRST)
    two.ask(1, words=SECOND)
    confirm(two.first)
    [owner] = [one.id for one in rows(Applicant) if one.confirmed_at is not None]
    [row] = [one for one in rows(Accommodation) if one.applicant_id != owner]
    row.sealed = f"gone:{row.sealed.partition(':')[2]}"
    factories.save(row)

    confirm(two.second)

    assert len(rows(Accommodation)) == 2
    assert FIRST in two.first.get(f"/my/applications/{two.ids[0]}/accommodation")
