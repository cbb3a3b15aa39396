"""An amendment is the next revision by two people; what was published stays readable (design 5, 32, L-10)."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.accounts.models import StaffUser
from app.applications.models import ApplicationVersion
from app.audit.models import AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.context import bind, staff_of
from app.core.errors import StaleWrite
from app.extensions import db
from app.openings import amending, proposing, staff_queries
from app.openings.amendment_models import Amendment, AmendmentState
from app.openings.amendment_queries import get_amendment
from app.openings.content import OpeningContent
from app.openings.differences import differences
from app.openings.models import Opening
from app.openings.revision_models import Question, Revision, RevisionKind
from app.openings.revisions import revision_rows
from app.organisations.models import Organisation
from app.outbox.models import Announcement
from tests import factories
from tests.applications.telling import call_off
from tests.applications.test_applying import rows
from tests.applications.test_deadline import CLOSES, ready, send_at
from tests.browsing import Browser
from tests.screening.arrange import browser

REASON = "採用予定人数の誤りを改めるため。"
NOW = CLOSES - timedelta(days=3)


class Town:
    """A published opening with two authors and two approvers."""

    def __init__(self, own: Any = None, row: Any = None) -> None:
        self.own = own or factories.organisation()
        self.row = row or factories.opening(self.own, opens_at=CLOSES - timedelta(days=7), closes_at=CLOSES)
        self.author = factories.staff(self.own, Role.AUTHOR, Role.APPROVER, display_name="起案 花子")
        self.other = factories.staff(self.own, Role.AUTHOR)
        self.approver = factories.staff(self.own, Role.APPROVER, display_name="決裁 太郎")

    def opening(self) -> Opening:
        """The opening as a new request reads it."""
        db.session.remove()
        bind(db.session, staff_of(self.own.id))
        return staff_queries.get_opening(self.own.id, self.row.id)

    def under_way(self) -> tuple[Opening, Amendment]:
        opening = self.opening()
        return opening, get_amendment(opening)

    def write(self, section: str = "terms", *, by: StaffUser | None = None, **changes: Any) -> None:
        amending.begin(self.opening(), by=by or self.author, at=clock.now())
        opening, amendment = self.under_way()
        content = OpeningContent.model_validate(amendment.content | changes)
        seen = amendment.version
        amending.save(opening, amendment, content, section=section, seen=seen, by=by or self.author, at=clock.now())

    def ask(self, *, by: StaffUser | None = None) -> None:
        opening, amendment = self.under_way()
        seen = amendment.version
        amending.ask(opening, self.own, amendment, REASON, seen=seen, by=by or self.author, at=clock.now())

    def approve(self, *, by: StaffUser | None = None, at: datetime | None = None) -> None:
        opening, amendment = self.under_way()
        seen, at = amendment.version, at or clock.now()
        amending.approve(opening, self.own, amendment, seen=seen, by=by or self.approver, at=at)

    def amend(self, section: str = "terms", **changes: Any) -> None:
        self.write(section, **changes)
        self.ask()
        self.approve()


def terms(**values: Any) -> dict[str, Any]:
    return factories.content().terms.model_dump(mode="json") | values


def asked(**values: Any) -> dict[str, Any]:
    return factories.content().questions[0].model_dump(mode="json") | values


@pytest.fixture
def town(app: Flask) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield Town()


@pytest.fixture
def sqlite_town(sqlite_app: Flask) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield Town()


def test_two_people_put_the_next_revision_in_force_and_the_first_stays(town: Town) -> None:
    before = town.opening().revision_id
    town.write(terms=terms(headcount="3名程度"))
    assert town.opening().content["terms"]["headcount"] == "1名"
    town.ask()
    assert town.opening().revision_id == before

    town.approve()

    opening = town.opening()
    first, second = sorted(rows(Revision), key=lambda one: one.number)
    assert (first.id, first.content["terms"]["headcount"]) == (before, "1名")
    assert (opening.revision_id, second.kind, second.reason) == (second.id, RevisionKind.AMENDMENT, REASON)
    assert (second.author_id, second.approver_id) == (town.author.id, town.approver.id)
    assert opening.content == second.content
    assert second.content["terms"]["headcount"] == "3名程度"
    assert (opening.closes_at, opening.content_sha256) == (CLOSES, second.sha256)
    [told] = rows(Announcement)
    assert (told.template, told.audience, told.said["reason"]) == ("amended", "drafts-and-applications", REASON)
    done = [(one.action, one.actor) for one in sorted(rows(AuditEvent), key=lambda one: one.seq)]
    author, approver = town.author.actor, town.approver.actor
    assert done == [
        ("begin.amendment", author),
        ("edit.amendment", author),
        ("ask.amendment", author),
        ("amend.opening", approver),
    ]


def test_who_asked_never_approves_or_sends_back(town: Town) -> None:
    town.write(terms=terms(headcount="3名程度"))
    town.ask()

    with pytest.raises(amending.AmendmentRefused, match="別の職員"):
        town.approve(by=town.author)
    opening, amendment = town.under_way()
    with pytest.raises(amending.AmendmentRefused, match="別の職員"):
        amending.send_back(amendment, "直して", seen=amendment.version, by=town.author, at=NOW)
    with pytest.raises(IntegrityError):
        factories.save(_row(opening, AmendmentState.APPROVED, asked=town.author, decided=town.author))
    with pytest.raises(IntegrityError):
        factories.save(_row(opening, AmendmentState.DRAFT, asked=None, decided=None))
    assert len(rows(Revision)) == 1


def _row(opening: Opening, state: AmendmentState, *, asked: StaffUser | None, decided: StaffUser | None) -> Amendment:
    return Amendment(
        organisation_id=opening.organisation_id,
        opening_id=opening.id,
        base_id=opening.revision_id,
        content=opening.content,
        reason=REASON,
        state=state,
        begun_by=(opening.submitted_by),
        begun_at=NOW,
        asked_by=asked and asked.id,
        decided_by=decided and decided.id,
    )


def test_of_two_at_once_the_second_is_told_and_nothing_is_overwritten(town: Town, monkeypatch: Any) -> None:
    town.write(terms=terms(headcount="3名程度"))
    opening, amendment = town.under_way()
    stale = amendment.version - 1
    with pytest.raises(StaleWrite):
        amending.save(
            opening,
            amendment,
            OpeningContent.model_validate(amendment.content | {"summary": "別の人の文"}),
            section="basic",
            seen=stale,
            by=town.other,
            at=NOW,
        )
    with monkeypatch.context() as both:
        both.setattr(amending, "find_amendment", lambda _opening: None)  # as both saw it
        with pytest.raises(amending.AmendmentRefused, match="ほかの職員"):
            amending.begin(town.opening(), by=town.other, at=NOW)
    town.ask()
    seen = town.under_way()[1].version
    town.approve()
    opening, amendment = town.opening(), rows(Amendment)[0]
    with pytest.raises(StaleWrite):
        amending.approve(opening, town.own, amendment, seen=seen, by=town.approver, at=NOW)
    assert len(rows(Revision)) == 2


def test_a_revision_that_moved_meanwhile_refuses_a_proposal_and_keeps_its_text(sqlite_town: Town) -> None:
    town = sqlite_town
    town.write(terms=terms(headcount="3名程度"))
    town.ask()
    amendment = rows(Amendment)[0]
    town.approve()
    late = _row(town.opening(), AmendmentState.ASKED, asked=town.author, decided=None)
    late.base_id = amendment.base_id  # of the first revision, while the second is in force
    late.content = amendment.content | {"summary": "残る文"}
    factories.save(late)

    with pytest.raises(amending.AmendmentRefused, match="書いた内容は残っています"):
        town.approve()

    assert town.under_way()[1].content["summary"] == "残る文"


def test_it_is_sent_back_with_a_reason_taken_back_and_given_up(sqlite_town: Town) -> None:
    town = sqlite_town
    town.write()
    with pytest.raises(amending.AmendmentRefused, match="変わったところがありません"):
        town.ask()
    town.write(terms=terms(headcount="3名程度"))
    town.ask()
    amending.send_back((one := town.under_way()[1]), "数を確かめて", seen=one.version, by=town.approver, at=NOW)
    one = town.under_way()[1]
    assert (one.state, one.returned_reason, one.reason) == (AmendmentState.DRAFT, "数を確かめて", REASON)
    town.ask(by=town.other)
    with pytest.raises(amending.AmendmentRefused, match="依頼した本人"):
        amending.take_back((one := town.under_way()[1]), seen=one.version, by=town.author, at=NOW)
    amending.take_back((one := town.under_way()[1]), seen=one.version, by=town.other, at=NOW)
    amending.drop((one := town.under_way()[1]), seen=one.version, by=town.author, at=NOW)

    assert [one.state for one in rows(Amendment)] == [AmendmentState.DROPPED]
    assert len(rows(Revision)) == 1
    town.amend(summary="訂正した説明")
    assert sorted(one.number for one in rows(Revision)) == [1, 2]


def test_before_anybody_applied_what_is_asked_may_change_and_keys_are_never_used_again(sqlite_town: Town) -> None:
    town = sqlite_town
    town.amend("asked", questions=[asked(), asked(key="question_1", label="足した設問")])
    town.amend("asked", questions=[asked()])
    town.amend("asked", questions=[asked(), asked(key="question_1", label="別の設問")])  # the next free key of the form

    last = max(rows(Revision), key=lambda one: one.number)
    found = sorted((one for one in rows(Question) if one.revision_id == last.id), key=lambda one: one.seq)
    assert [(one.key, one.label) for one in found] == [("motivation", "志望動機"), ("question_2", "別の設問")]


@pytest.fixture
def applied(sqlite_app: Flask) -> Any:
    """An opening to which one person has applied."""
    person, fields = ready(sqlite_app)
    send_at(person, fields, CLOSES - timedelta(minutes=4), status=303)
    [row], [own] = rows(Opening), rows(Organisation)
    with time_machine.travel(CLOSES - timedelta(minutes=2), tick=False):
        yield Town(own, row)


def _harder(content: dict[str, Any]) -> dict[str, Any]:
    added = {"key": "criterion_9", "kind": "person", "label": "足した要件", "required": True, "params": {}}
    return {"criteria": [*content["criteria"], added]}


def _weights(content: dict[str, Any]) -> dict[str, Any]:
    first, *rest = content["stages"]
    items = [item | {"weight": weight} for item, weight in zip(first["rubric"], (50, 50), strict=True)]
    return {"stages": [first | {"rubric": items}, *rest]}


FROZEN = {
    "a stricter criterion": _harder,
    "a wider one": lambda content: {"criteria": content["criteria"][:-1]},
    "another question": lambda content: {"questions": [asked(label="別の問い")]},
    "fewer documents": lambda content: {"documents": []},
    "weights": _weights,
    "a tie rule": lambda content: {"tie_rule": "くじで決めます。"},
    "the form of employment": lambda content: {"terms": content["terms"] | {"form_key": "fiscal_part"}},
}


@pytest.mark.parametrize("change", FROZEN.values(), ids=FROZEN.keys())
def test_once_somebody_applied_nobody_is_asked_or_judged_otherwise(applied: Town, change: Any) -> None:
    applied.write(**change(applied.opening().content))

    with pytest.raises(amending.NotAmendable, match="応募が届いているため"):
        applied.ask()


def test_an_application_that_comes_before_the_approval_stops_a_change_of_criteria(
    applied: Town, sqlite_app: Flask
) -> None:
    known = sqlite_app.extensions["koubo.is_under_way"]
    sqlite_app.extensions["koubo.is_under_way"] = lambda _opening: False  # as when it was asked for
    try:
        applied.write("criteria", **_harder(applied.opening().content))
        applied.ask()
    finally:
        sqlite_app.extensions["koubo.is_under_way"] = known

    with pytest.raises(amending.NotAmendable, match="応募資格"):
        applied.approve()

    assert len(rows(Revision)) == 1


def test_what_was_received_is_judged_by_the_revision_of_its_time(applied: Town) -> None:
    with pytest.raises(amending.AmendmentRefused, match="応募が届いているため"):
        applied.write("criteria", summary="この項目の欄は開けません")
    received = rows(ApplicationVersion)[0].revision_id

    amending_stages = [stage | {"method": "市役所で行います"} for stage in applied.opening().content["stages"]]
    applied.write("stages", stages=amending_stages)
    applied.ask()
    applied.approve()

    opening = applied.opening()
    assert rows(ApplicationVersion)[0].revision_id == received != opening.revision_id
    assert opening.content["stages"][0]["method"] == "市役所で行います"


def test_an_extension_in_between_stays_and_a_called_off_opening_is_not_amended(sqlite_town: Town) -> None:
    town, later = sqlite_town, CLOSES + timedelta(days=2)
    town.write(terms=terms(headcount="3名程度"))
    town.ask()
    proposing.propose_extension(town.opening(), later, "障害のため", by=town.author, at=NOW)
    opening = town.opening()
    proposing.approve(opening, staff_queries.get_proposal(opening), seen=1, by=town.approver, at=NOW)
    town.approve()
    assert town.opening().closes_at == later

    town.write(terms=terms(headcount="5名"))
    town.ask()
    call_off()
    with pytest.raises(amending.AmendmentRefused, match="中止していない"):
        town.approve()
    with pytest.raises(amending.AmendmentRefused, match="中止していない"):
        amending.begin(town.opening(), by=town.author, at=NOW)
    assert len(rows(Revision)) == 2


def test_the_pages_lead_through_it(sqlite_app: Flask, sqlite_town: Town) -> None:
    town = sqlite_town
    base = f"/staff/{town.own.slug}/openings/{town.row.id}"
    author, approver = browser(sqlite_app, town.author), browser(sqlite_app, town.approver)
    assert f"{base}/amendment" in author.get(base)
    author.get(f"{base}/amendment")
    author.post(f"{base}/amendment/begin", {})
    page = author.get(f"{base}/amendment/edit/schedule")
    assert "訂正では変えられません" in page
    assert "closes_on" not in page
    page = author.get(f"{base}/amendment/edit/basic")
    assert "公開している内容はまだ変わりません" in page
    version = re.search(r'name="version"[^>]* value="(\d+)"', page)[1]
    said = {"title": "DX推進担当", "summary": "訂正した説明です。", "occupation": "dx_planning", "version": version}
    author.post(f"{base}/amendment/edit/basic", said | {"duties": "情報戦略の立案\n業務の見直し"})
    author.post(f"{base}/amendment/edit/basic", said, status=409)  # a second page with the version before
    author.post(f"{base}/amendment/ask", {"seen": "2"}, status=422)
    page = author.get(f"{base}/amendment")
    assert "区の行政DXを前に進める仕事です。" in page
    assert "訂正した説明です。" in page
    assert "訂正した説明です。" in author.get(f"{base}/amendment/preview")
    author.post(f"{base}/amendment/ask", {"seen": "2", "reason": REASON})
    assert "この訂正を公開する" not in author.get(f"{base}/amendment")
    shown = approver.get(f"{base}/amendment")
    assert [words in shown for words in ("この訂正を公開する", REASON, "訂正した説明です。")] == [True] * 3
    approver.post(f"{base}/amendment/return", {"seen": "3"}, status=422)
    approver.post(f"{base}/amendment/approve", {"seen": "2"}, status=409)
    approver.post(f"{base}/amendment/approve", {"seen": "3"})
    approver.post(f"{base}/amendment/approve", {"seen": "3"}, status=409)
    assert "訂正前の版を読む" in author.get(base)
    assert "起案 花子" in author.get(f"{base}/amendment")


def test_the_public_reads_both_texts(sqlite_app: Flask, sqlite_town: Town) -> None:
    town, public = sqlite_town, Browser(sqlite_app)
    town.write(summary="訂正した説明です。")
    town.ask()
    town.approve()

    now = public.get(f"/openings/{town.row.id}")
    assert [words in now for words in ("訂正した説明です。", "この募集を訂正しました（第2版）", REASON)] == [True] * 3
    second = public.get(f"/openings/{town.row.id}/revisions/2")
    assert [words in second for words in ("いま公開している版です", "区の行政DXを前に進める仕事です。")] == [True] * 2
    first = public.get(f"/openings/{town.row.id}/revisions/1")
    assert "いまの募集ではありません" in first
    assert "訂正した説明です。" not in first
    public.get(f"/openings/{town.row.id}/revisions/3", status=404)


def test_no_revision_of_a_draft_or_of_a_voided_approval_is_public(sqlite_app: Flask, sqlite_town: Town) -> None:
    town, public = sqlite_town, Browser(sqlite_app)
    hidden = factories.opening(town.own, published_at=NOW + timedelta(hours=1))
    public.get(f"/openings/{hidden.id}/revisions/1", status=404)

    people = {"author_id": town.author.id, "approver_id": town.approver.id}
    again = revision_rows(town.row, factories.content(), number=2, **people, at=NOW, sha256="0" * 64)
    factories.save(*again)  # approved once more before publication: the first was voided
    town.row.revision_id = again[0].id
    factories.save(town.row)

    public.get(f"/openings/{town.row.id}/revisions/1", status=404)
    assert "いま公開している版です（第2版）" in public.get(f"/openings/{town.row.id}/revisions/2")


def test_whatever_differs_has_a_line() -> None:
    """Each field of a content by itself: nothing is approved that was not shown."""
    said = factories.content(background="背景", contact="人事課", tie_rule="合議", terms=factories.content().terms)
    whole = said.model_dump(mode="json")
    for path in _leaves(whole):
        changed = OpeningContent.model_validate(_other(whole, path))
        assert changed == said or differences(said, changed), path


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Any:
    if isinstance(value, dict):
        for key, one in value.items():
            if key not in {"demo_values", "params", "key", "media"}:
                yield from _leaves(one, (*path, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _leaves(one, (*path, place))
    else:
        yield path


OTHERS = {"kind": "person", "occupation": "data", "remote": "full", "carry": "carry", "source_url": "https://e.jp/"}


def _other(whole: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    """The content with another value in one place."""
    import copy

    changed = copy.deepcopy(whole)
    *way, last = path
    place: Any = changed
    for step in way:
        place = place[step]
    before, other = place[last], OTHERS.get(str(last))
    if path[0] == "stages" and last == "kind":
        other = "task"
    if path == ("terms", "pay", "kind"):
        other = "daily"
    if str(last).endswith("_on"):
        other = "2027-05-01"
    if isinstance(before, bool):
        other = not before
    elif isinstance(before, int) or last in {"term_months", "days_min", "days_max"}:
        other = (before or 2) + 1 if last != "value" else 9
    place[last] = other if other is not None else "別の文"
    return changed
