"""An extension is for everyone, public and by two people; a cancellation likewise (design 14, D6)."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.accounts.models import StaffUser
from app.applications.late_models import LateAttempt
from app.applications.models import Application
from app.audit.models import AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.context import bind, staff_of
from app.core.errors import StaleWrite
from app.extensions import db
from app.openings import proposing, services, staff_queries
from app.openings.deadline_models import Extension, Proposal, ProposalState
from app.openings.models import Opening, OpeningState
from app.outbox.models import Announcement
from tests import factories
from tests.applications.telling import call_off
from tests.applications.test_applying import rows
from tests.applications.test_deadline import CLOSES, SECOND, ready, send_at
from tests.browsing import Browser
from tests.screening.arrange import browser

LATER = CLOSES + timedelta(days=1)
REASON = "締切の直前に、応募システムが12分間つながりにくくなったため。"


class Town:
    """A published opening that closes at CLOSES, with an author, an HR officer and two approvers."""

    def __init__(self) -> None:
        self.own = factories.organisation()
        self.row = factories.opening(self.own, opens_at=CLOSES - timedelta(days=7), closes_at=CLOSES)
        self.author = factories.staff(self.own, Role.AUTHOR, Role.APPROVER, display_name="申出 花子")
        self.hr = factories.staff(self.own, Role.HR)
        self.approver = factories.staff(self.own, Role.APPROVER, display_name="決裁 太郎")

    def opening(self) -> Opening:
        """The opening as a new request reads it."""
        db.session.remove()
        bind(db.session, staff_of(self.own.id))
        return staff_queries.get_opening(self.own.id, self.row.id)

    def propose(self, closes_at: datetime = LATER, *, by: StaffUser | None = None, at: datetime = CLOSES) -> Proposal:
        return proposing.propose_extension(self.opening(), closes_at, REASON, by=by or self.author, at=at)

    def decide(self, act: Any, by: StaffUser, *, at: datetime = CLOSES) -> None:
        opening = self.opening()
        proposal = staff_queries.get_proposal(opening)
        more = [opening] if act is proposing.approve else []
        act(*more, proposal, seen=proposal.version, by=by, at=at)


@pytest.fixture
def town(app: Flask) -> Any:
    with time_machine.travel(CLOSES - timedelta(days=3), tick=False):
        yield Town()


@pytest.fixture
def sqlite_town(sqlite_app: Flask) -> Any:
    with time_machine.travel(CLOSES - timedelta(days=3), tick=False):
        yield Town()


def test_two_people_extend_a_deadline_and_both_stand_in_the_record(town: Town) -> None:
    town.propose()
    assert town.opening().closes_at == CLOSES

    town.decide(proposing.approve, town.approver)

    assert town.opening().closes_at == LATER
    [extension] = rows(Extension)
    assert (extension.closed_at, extension.closes_at, extension.reason) == (CLOSES, LATER, REASON)
    assert (extension.requested_by, extension.approved_by) == (town.author.id, town.approver.id)
    [told] = rows(Announcement)
    assert (told.template, told.subject_id, told.finished_at) == ("extended", town.row.id, None)
    done = [(one.action, one.actor) for one in sorted(rows(AuditEvent), key=lambda one: one.seq)]
    assert done == [("propose.extension", town.author.actor), ("extend.opening", town.approver.actor)]


def test_who_prepared_it_never_approves_or_declines_it(town: Town) -> None:
    town.propose()

    for act in (proposing.approve, proposing.decline):
        with pytest.raises(proposing.ProposalRefused):
            town.decide(act, town.author)

    assert town.opening().closes_at == CLOSES
    assert rows(Extension) == rows(Announcement) == []


@pytest.mark.parametrize("closes_at", [CLOSES, CLOSES - SECOND, LATER + timedelta(milliseconds=1)])
def test_a_deadline_never_moves_earlier_nor_to_a_part_of_a_second(town: Town, closes_at: datetime) -> None:
    with pytest.raises(proposing.ProposalRefused):
        town.propose(closes_at)

    assert rows(Proposal) == []


def test_after_the_deadline_it_is_extended_to_what_is_still_to_come(town: Town) -> None:
    after = CLOSES + timedelta(hours=2)
    with pytest.raises(proposing.ProposalRefused):
        town.propose(CLOSES + timedelta(hours=1), at=after)
    town.propose(at=after)

    with pytest.raises(proposing.ProposalRefused):
        town.decide(proposing.approve, town.approver, at=LATER)
    town.decide(proposing.approve, town.approver, at=LATER - SECOND)

    assert town.opening().closes_at == LATER


def test_the_database_refuses_one_person_an_earlier_instant_and_any_change(town: Town) -> None:
    base = {"organisation_id": town.own.id, "opening_id": town.row.id, "reason": "", "at": CLOSES}
    one = {"requested_by": town.author.id, "approved_by": town.approver.id}
    with pytest.raises(IntegrityError):
        factories.save(Extension(closed_at=CLOSES, closes_at=LATER, **base, **one | {"approved_by": town.author.id}))
    with pytest.raises(IntegrityError):
        factories.save(Extension(closed_at=LATER, closes_at=CLOSES, **base, **one))
    factories.save(Extension(closed_at=CLOSES, closes_at=LATER, **base, **one))

    town.opening()
    with pytest.raises(DBAPIError):
        db.session.execute(text("UPDATE extension SET reason = 'x'"))


def test_one_proposal_waits_at_a_time_and_can_be_taken_back_by_its_author(town: Town) -> None:
    town.propose()
    with pytest.raises(proposing.ProposalRefused):
        proposing.propose_cancellation(town.opening(), "予算", by=town.hr, at=CLOSES)
    with pytest.raises(proposing.ProposalRefused):
        town.decide(proposing.take_back, town.hr)

    town.decide(proposing.take_back, town.author)
    town.propose(by=town.hr)
    town.decide(proposing.decline, town.approver)

    assert {one.state for one in rows(Proposal)} == {ProposalState.TAKEN_BACK, ProposalState.DECLINED}
    assert town.opening().closes_at == CLOSES


def test_what_was_decided_meanwhile_is_stale(town: Town) -> None:
    town.propose()
    seen = staff_queries.get_proposal(town.opening())
    town.decide(proposing.decline, town.approver)

    opening = town.opening()
    with pytest.raises(StaleWrite):
        proposing.approve(opening, db.session.get_one(Proposal, seen.id), seen=1, by=town.approver, at=CLOSES)


def test_no_deadline_is_extended_once_a_complete_field_is_scored(sqlite_app: Flask, sqlite_town: Town) -> None:
    opening = sqlite_town.opening()
    asked: list[Opening] = []
    known = sqlite_app.extensions["koubo.has_scoring_begun"]
    sqlite_app.extensions["koubo.has_scoring_begun"] = lambda one: asked.append(one) or True
    try:
        with pytest.raises(proposing.ProposalRefused):
            sqlite_town.propose()
        assert asked[0].id == opening.id
    finally:
        sqlite_app.extensions["koubo.has_scoring_begun"] = known


def test_a_published_call_is_called_off_by_two_and_never_by_one(town: Town) -> None:
    with pytest.raises(services.Published):
        services.withdraw(town.opening(), "予算の都合", by=town.approver, at=CLOSES)
    proposing.propose_cancellation(town.opening(), "予算の都合", by=town.hr, at=CLOSES)
    assert town.opening().state is OpeningState.APPROVED

    town.decide(proposing.approve, town.approver)

    opening = town.opening()
    assert (opening.state, opening.withdrawn_reason) == (OpeningState.WITHDRAWN, "予算の都合")
    assert [one.template for one in rows(Announcement)] == ["called-off"]


TYPED = {"closes_on-year": "2026", "closes_on-month": "12", "closes_on-day": "2", "closes_time": "12:00"}


def test_the_page_says_what_is_wrong_with_a_new_deadline(sqlite_app: Flask, sqlite_town: Town) -> None:
    base, author = (
        f"/staff/{sqlite_town.own.slug}/openings/{sqlite_town.row.id}",
        browser(sqlite_app, sqlite_town.author),
    )
    assert f"{base}/deadline" in author.get(base)
    assert "2026年11月30日（月）17:15" in author.get(f"{base}/deadline")

    past, far = {**TYPED, "closes_on-month": "11", "reason": REASON}, {**TYPED, "closes_on-year": "2126"}
    for typed, words in (
        (past, "いまの締切より後の"),
        (TYPED, "延長の理由を入力してください"),
        ({**far, "reason": REASON}, "1年以内"),
    ):
        assert words in author.post(f"{base}/deadline/extension", typed, status=422).text


def test_the_pages_lead_through_it_and_the_public_reads_both_instants_and_the_reason(
    sqlite_app: Flask, sqlite_town: Town
) -> None:
    base = f"/staff/{sqlite_town.own.slug}/openings/{sqlite_town.row.id}/deadline"
    author, approver = browser(sqlite_app, sqlite_town.author), browser(sqlite_app, sqlite_town.approver)
    author.get(base)
    author.post(f"{base}/extension", {**TYPED, "reason": REASON})
    assert "延長を承認する" not in author.get(base)
    assert "2026年12月2日（水）12:00（正午）" in approver.get(base)
    approver.post(f"{base}/approve", {"seen": "9"}, status=409)
    approver.post(f"{base}/approve", {"seen": "1"})
    assert "もう決まっています" in approver.post(f"{base}/approve", {"seen": "1"}, status=409).text

    shown, record = Browser(sqlite_app).get(f"/openings/{sqlite_town.row.id}"), approver.get(base)
    for words in ("2026年11月30日（月）17:15", "2026年12月2日（水）12:00（正午）", REASON):
        assert words in shown
    assert "申出 花子" in record
    assert "決裁 太郎" in record


def test_a_called_off_opening_says_so_and_keeps_the_draft_readable(sqlite_app: Flask) -> None:
    person, fields = ready(sqlite_app)
    with time_machine.travel(CLOSES - timedelta(minutes=4), tick=False):
        opening = call_off("予算の都合")

        assert "この募集は中止しました" in person.get(f"/openings/{opening.id}")
        page = person.get(person.url("confirm"))
        assert "見本システム株式会社" in page
        assert "応募を送信する</button>" not in page
        assert "中止" in page
        person.send(fields, status=409)
    assert rows(Application) == rows(LateAttempt) == []


def test_what_was_late_is_in_time_for_everyone_after_an_extension_and_sent_by_the_person_again(
    sqlite_app: Flask,
) -> None:
    person, fields = ready(sqlite_app)
    send_at(person, fields, CLOSES + SECOND, status=409)
    [opening] = rows(Opening)
    opening.closes_at = LATER
    factories.save(opening)

    send_at(person, fields, CLOSES + timedelta(hours=3), status=303)

    [application] = rows(Application)
    assert application.received_at == CLOSES + timedelta(hours=3)
    assert len(rows(LateAttempt)) == 1


def test_noon_is_named() -> None:
    from app.core.templating import jst_deadline

    noon = datetime(2026, 12, 2, 3, tzinfo=UTC)
    assert jst_deadline(noon) == "2026年12月2日（水）12:00（正午）"
    assert jst_deadline(noon + timedelta(hours=12)) == "2026年12月3日（木）0:00"
    assert jst_deadline(noon + SECOND) == "2026年12月2日（水）12:00:01"


def test_of_two_who_propose_at_the_same_time_the_second_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "find_proposal", lambda _opening: None)  # as both saw it
    town.propose()

    with pytest.raises(proposing.ProposalRefused, match="承認を待っている申し出があります"):
        town.propose(by=town.hr)

    assert [one.asked_by for one in rows(Proposal)] == [town.author.id]


def test_a_deadline_more_than_a_year_later_is_refused(town: Town) -> None:
    with pytest.raises(proposing.ProposalRefused) as refused:
        town.propose(CLOSES.replace(year=CLOSES.year + 100))

    assert refused.value.message == proposing.TOO_FAR
    assert rows(Proposal) == []


def test_a_deadline_past_announced_dates_names_them_to_both_people(sqlite_app: Flask, sqlite_town: Town) -> None:
    town = sqlite_town
    assert [one.key for one in staff_queries.stages_passed(town.opening(), CLOSES)] == []
    town.propose(datetime(2026, 12, 11, 12, tzinfo=clock.JST))  # the day on which the documents' news is announced
    db.session.remove()
    author, approver = Browser(sqlite_app), Browser(sqlite_app)
    factories.sign_in(author.client, town.author)
    factories.sign_in(approver.client, town.approver)

    for person in (author, approver):
        page = person.get(f"/staff/{town.own.slug}/openings/{town.row.id}/deadline")
        [warning] = re.findall(r"追い越します.*?</ul>", page, re.S)
        assert [name in warning for name in ("書類選考", "面接")] == [True, False]
