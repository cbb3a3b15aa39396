"""A round from its panel to its stored run, on both databases."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.accounts import member_services
from app.accounts.grants import ScoresNow
from app.accounts.models import Applicant, RoleGrant
from app.accounts.queries import get_member
from app.applications.models import Application, ApplicationState
from app.audit.chain import record_look
from app.audit.models import AuditDetail, AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.errors import NotFound, StaleWrite
from app.core.model import new_id
from app.extensions import db
from app.openings.staff_queries import get_approved
from app.reviews import desk_services, impartial, queries, results, runs, services
from app.reviews.desk_services import IncompleteMarks, Mark, RoundClosed
from app.reviews.models import Assignment, PanelMember, Rating, Round, RoundState
from app.reviews.scoring import LineState
from app.reviews.services import KnowsNames, RoundRefused
from app.reviews.workflow import MOVES, WrongMove, move
from tests import factories
from tests.reviews.arrange import Scene, accepted_application, act_for, confirm_last_version, scene


def all_assignments(made: Scene, round_: Round) -> Sequence[Assignment]:
    act_for(made.city)
    return queries.assignments_of(made.city.id, round_.id)


def test_everybody_in_the_panel_scores_everybody_each_in_an_order_of_his_own(app: Flask) -> None:
    made = scene(applications=6)

    round_ = made.prepared()

    rows = all_assignments(made, round_)
    orders = {m: [a.application_id for a in rows if a.panel_member_id == m] for m in {a.panel_member_id for a in rows}}
    assert [len(set(order)) for order in orders.values()] == [6, 6]
    assert len({tuple(order) for order in orders.values()}) == 2
    assert [a.order_no for a in rows] == [*range(1, 7), *range(1, 7)]


def test_a_round_needs_as_many_reviewers_as_its_stage_says(sqlite_app: Flask) -> None:
    made = scene()
    made.reviewers = made.reviewers[:1]

    with pytest.raises(RoundRefused, match="2名以上"):
        made.prepared()


def test_a_stage_has_one_round(app: Flask) -> None:
    made = scene()
    made.prepared()

    with pytest.raises(RoundRefused, match="すでに用意"):
        made.prepared()


def test_who_holds_no_role_for_the_opening_cannot_be_in_its_panel(sqlite_app: Flask) -> None:
    made = scene()
    made.reviewers[1] = made.hr

    with pytest.raises(RoundRefused, match="役割がない"):
        made.prepared()


def test_appointing_grants_a_role_once_and_leaves_a_link_in_the_chain(app: Flask) -> None:
    made = scene()
    member_id = made.member(factories.staff(made.city, Role.AUTHOR))

    for _ in range(2):
        act_for(made.city)
        opening = get_approved(made.city.id, made.opening.id)
        services.appoint(opening, member_id, Role.CHAIR, by=made.hr, at=clock.now())

    act_for(made.city)
    held = select(RoleGrant.role).where(RoleGrant.membership_id == member_id, RoleGrant.opening_id == made.opening.id)
    assert db.session.scalars(held).all() == [Role.CHAIR]
    links = select(AuditEvent.actor).where(AuditEvent.action == "role.grant")
    assert db.session.scalars(links).all() == [made.hr.actor]


@pytest.mark.parametrize(
    "roles", [[Role.HR], [Role.HR, Role.ACCOMMODATION], [Role.APPROVER], [Role.AUDITOR], [Role.AUTHOR, Role.HR]]
)
def test_who_sees_names_by_a_role_is_neither_appointed_nor_offered(sqlite_app: Flask, roles: list[Role]) -> None:
    made = scene(applications=0)
    knowing = factories.staff(made.city, *roles)
    member_id = made.member(knowing)

    act_for(made.city)
    opening = get_approved(made.city.id, made.opening.id)
    offered = impartial.impartial_members(made.city.id, opening.id, at=clock.now())
    with pytest.raises(KnowsNames, match="応募者を知らない職員を選ぶ"):
        services.appoint(opening, member_id, Role.REVIEWER, by=made.hr, at=clock.now())

    assert member_id not in {one.id for one in offered}
    assert {made.member(one) for one in made.reviewers} <= {one.id for one in offered}


@pytest.mark.parametrize("subject", ["opening", "application"])
def test_who_opened_the_applicants_of_an_opening_does_not_score_them(app: Flask, subject: str) -> None:
    made = scene(applications=1)
    looked, other = (factories.staff(made.city, Role.AUTHOR) for _ in range(2))
    about = made.opening.id if subject == "opening" else made.applications[0].id
    action = "list.applications" if subject == "opening" else "read.application"
    for who, what in ((looked, about), (other, new_id())):
        record_look(action, f"{subject}:{what}", by=who.actor, organisation_id=made.city.id)
    looked_id, other_id = made.member(looked), made.member(other)

    act_for(made.city)
    opening = get_approved(made.city.id, made.opening.id)
    services.appoint(opening, other_id, Role.REVIEWER, by=made.hr, at=clock.now())
    act_for(made.city)
    with pytest.raises(KnowsNames):
        services.appoint(opening, looked_id, Role.REVIEWER, by=made.hr, at=clock.now())


def test_a_reviewer_who_became_hr_sits_in_no_panel(sqlite_app: Flask) -> None:
    made = scene()
    made.reviewers[1] = factories.staff(made.city, Role.REVIEWER, Role.HR, opening_id=made.opening.id)

    with pytest.raises(KnowsNames):
        made.prepared()


def test_another_citys_member_cannot_be_appointed(app: Flask) -> None:
    made = scene()
    stranger = factories.staff(factories.organisation("kobe", "神戸市"), Role.HR)
    db.session.remove()
    bind(db.session, SYSTEM)
    from app.accounts.models import Membership

    member_id = db.session.scalar(select(Membership.id).where(Membership.staff_user_id == stranger.id))
    act_for(made.city)
    opening = get_approved(made.city.id, made.opening.id)

    with pytest.raises(NotFound):
        services.appoint(opening, member_id, Role.REVIEWER, by=made.hr, at=clock.now())  # type: ignore[arg-type]


def apply_as_reviewer(made: Scene, *, confirmed_at: datetime | None) -> None:
    """Let the first application be of somebody with the first reviewer's mail address."""
    own = Applicant(
        id=new_id(), mail="x", mail_key=made.reviewers[0].mail_key, confirmed_at=confirmed_at, created_at=clock.now()
    )
    factories.save(own)
    own_id, its = own.id, made.applications[0].id
    db.session.remove()
    bind(db.session, SYSTEM)
    db.session.execute(update(Application).where(Application.id == its).values(applicant_id=own_id))
    db.session.commit()


def reasons_of(made: Scene, round_: Round) -> dict[bool, str | None]:
    """Why the first reviewer (True) and the others (False) do not score."""
    first = made.member(made.reviewers[0])
    act_for(made.city)
    panel = {m.id: m.membership_id for m in queries.panel_of(made.city.id, round_.id)}
    rows = queries.assignments_of(made.city.id, round_.id)
    return {(panel[a.panel_member_id] == first): a.excluded_reason for a in rows}


def test_an_address_that_nobody_proved_takes_no_reviewer_out(sqlite_app: Flask) -> None:
    made = scene()
    apply_as_reviewer(made, confirmed_at=None)

    assert reasons_of(made, made.prepared()) == {True: None, False: None}


def test_a_reviewer_who_applies_in_the_call_is_out_and_the_city_is_not_told_why(app: Flask) -> None:
    made = scene()
    apply_as_reviewer(made, confirmed_at=clock.now())

    assert reasons_of(made, made.prepared()) == {True: "利害関係", False: None}
    details = db.session.execute(text("SELECT body FROM audit_detail")).scalars().all()
    assert made.reviewers[0].mail_key not in str(details)


def test_marks_are_kept_as_numbered_rows_and_the_last_ones_count(app: Flask) -> None:
    made = scene()
    round_ = made.opened()

    made.submit(round_, 0, 0, (4, 2))
    made.submit(round_, 0, 0, (4, None))
    made.submit(round_, 0, 0, (4, None))

    act_for(made.city)
    rows = db.session.execute(
        select(Rating.number, Rating.value, Rating.not_ratable).order_by(Rating.number, Rating.value)
    )
    assert sorted(tuple(row) for row in rows if row.number == 1) == [(1, 2, False), (1, 4, False)]
    last = runs.latest_ratings(made.city.id, [made.assignment(round_, 0, 0).id])
    assert sorted((r.value or 0, r.number, r.not_ratable) for rows in last.values() for r in rows) == [
        (0, 2, True),
        (4, 1, False),
    ]


def test_a_submitted_mark_that_is_changed_stands_on_record_with_both_values_once_the_round_is_locked(
    app: Flask,
) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    made.submit(round_, 0, 0, (4, 3))
    made.submit(round_, 0, 1, (2, 2))
    made.submit(round_, 0, 0, (2, None))
    while_open = recorded(made)

    made.run(services.lock_round, round_)

    assert [action for action, _detail in while_open if "ratings" in action] == [
        *("submit.ratings", "submit.ratings", "change.ratings")
    ]
    assert "→" not in str(while_open)  # who reads the record may not know the values of an open round (design 34)
    assert recorded(made)[-1] == (
        "list.changed_ratings",
        {"changes": "デジタルの専門性 4→2、業務改革の実績 3→評価不能"},
    )
    assert changes_shown(made, round_) == [["デジタルの専門性 4→2", "業務改革の実績 3→評価不能"], []]


def changes_shown(made: Scene, round_: Round) -> list[list[str]]:
    """What the ranking says was changed of each reviewer's sheet of the first application."""
    act_for(made.city)
    row = queries.get_round(made.city.id, made.opening.id, round_.id)
    sheets = results.get_ranking(row).lines[0].sheets
    return [[change.words for change in sheet.changes] for sheet in sheets]


def recorded(made: Scene) -> list[tuple[str, dict[str, object]]]:
    """What the record says of the scene's city, in order."""
    act_for(made.city)
    query = select(AuditEvent.action, AuditDetail.body).join(AuditDetail, AuditDetail.event_id == AuditEvent.id)
    return [(action, body) for action, body in db.session.execute(query.order_by(AuditEvent.seq))]


def test_ratings_cannot_be_changed_or_removed(app: Flask) -> None:
    made = scene()
    round_ = made.opened()
    made.submit(round_, 0, 0, (4, 2))

    for statement in ("UPDATE rating SET value = 5", "DELETE FROM rating"):
        act_for(made.city)
        with pytest.raises(DBAPIError):
            db.session.execute(text(statement))
        db.session.rollback()


@pytest.mark.parametrize(
    "marks",
    [
        {"documents_expertise": Mark(4)},
        {"documents_expertise": Mark(6), "documents_reform": Mark(1)},
        {"documents_expertise": Mark(0), "documents_reform": Mark(1)},
        {"documents_expertise": Mark(1), "documents_reform": Mark(1), "interview_reform": Mark(1)},
    ],
)
def test_marks_must_be_whole_and_of_the_rubric(sqlite_app: Flask, marks: dict[str, Mark]) -> None:
    made = scene()
    round_ = made.opened()
    act_for(made.city)
    row = made.assignment(round_, 0, 0)

    with pytest.raises(IncompleteMarks):
        desk_services.submit_marks(
            row, marks, comment="", internal_note="", version=row.version, by=made.reviewers[0], at=clock.now()
        )


def test_a_page_older_than_the_last_save_is_refused(app: Flask) -> None:
    made = scene()
    round_ = made.opened()
    act_for(made.city)
    old = made.assignment(round_, 0, 0).version
    made.submit(round_, 0, 0, (5, 5))
    act_for(made.city)
    row = made.assignment(round_, 0, 0)
    marks = {"documents_expertise": Mark(1), "documents_reform": Mark(1)}

    with pytest.raises(StaleWrite):
        desk_services.submit_marks(
            row, marks, comment="", internal_note="", version=old, by=made.reviewers[0], at=clock.now()
        )


def test_a_round_is_not_locked_while_a_mark_is_missing(app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    made.submit(round_, 0, 0, (5, 5))

    with pytest.raises(RoundRefused, match="1件"):
        made.run(services.lock_round, round_)

    assert all_assignments(made, round_)[0].round_id == round_.id
    act_for(made.city)
    assert queries.get_round(made.city.id, made.opening.id, round_.id).state is RoundState.OPEN


def test_a_locked_round_takes_no_marks_reviewers_or_ties(app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.locked({})

    with pytest.raises(RoundClosed):
        made.submit(round_, 0, 0, (5, 5))
    with pytest.raises(WrongMove):
        made.run(services.catch_up, round_)
    with pytest.raises(WrongMove):
        made.run(services.lock_round, round_)
    act_for(made.city)
    with pytest.raises(RoundClosed):
        desk_services.declare_tie(made.assignment(round_, 0, 0), "family", by=made.reviewers[0], at=clock.now())


def test_a_prepared_round_takes_no_marks_yet(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.prepared()

    with pytest.raises(RoundClosed):
        made.submit(round_, 0, 0, (5, 5))


def test_the_stored_run_computes_again_and_shows_a_change(app: Flask) -> None:
    made = scene()
    round_ = made.locked({(0, 0): (5, 5), (0, 1): (4, 3), (1, 0): (None, 3)})

    act_for(made.city)
    row = queries.get_round(made.city.id, made.opening.id, round_.id)
    run = runs.find_run(made.city.id, round_.id)
    assert run is not None
    lines = [(made_line.total, made_line.rank, made_line.state) for made_line in runs.lines_of(run)]
    assert lines == [
        (Decimal("86.00"), 1, LineState.SCORED),
        (Decimal("60.00"), 2, LineState.SCORED),
        (None, None, LineState.NOT_RATABLE),
    ]
    assert runs.verify_run(row, run)
    rating = db.session.scalars(select(Rating)).first()
    assert rating is not None
    db.session.add(
        Rating(
            organisation_id=made.city.id, assignment_id=rating.assignment_id, rubric_item_id=rating.rubric_item_id,
            number=9, value=1, not_ratable=False, at=clock.now(),
        )
    )  # fmt: skip
    db.session.flush()
    assert not runs.verify_run(row, run)


def test_a_declared_tie_takes_the_reviewer_out_and_another_comes_in_for_that_application(app: Flask) -> None:
    made = scene()
    round_ = made.opened()
    act_for(made.city)
    desk_services.declare_tie(made.assignment(round_, 0, 0), "family", by=made.reviewers[0], at=clock.now())
    for a, r in [(0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]:
        made.submit(round_, a, r, (3, 3))
    with pytest.raises(RoundRefused, match=str(made.applications[0].examinee_number)):
        made.run(services.lock_round, round_)
    made.reviewers.append(factories.staff(made.city, Role.REVIEWER, opening_id=made.opening.id))

    made.run(services.add_reviewer, round_, membership_id=made.member(made.reviewers[2]))

    third = [a for a in all_assignments(made, round_) if a.application_id == made.applications[0].id]
    assert sorted(str(a.excluded_reason) for a in third) == ["None", "None", "利害関係"]
    assert len(all_assignments(made, round_)) == 7
    made.submit(round_, 0, 2, (5, 5))
    run = made.run(services.lock_round, round_)
    assert [line.total for line in runs.lines_of(run)] == [Decimal("80.00"), Decimal("60.00"), Decimal("60.00")]


def test_who_comes_into_the_stage_later_is_assigned_on_demand(app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    made.applications.append(accepted_application(made.opening))

    assert made.run(services.catch_up, round_) == 2
    assert made.run(services.catch_up, round_) == 0


def test_who_withdrew_is_left_out_at_the_lock(app: Flask) -> None:
    made = scene(applications=2)
    round_ = made.opened()
    for r in (0, 1):
        made.submit(round_, 0, r, (3, 3))
    db.session.remove()
    bind(db.session, SYSTEM)
    db.session.execute(
        update(Application).where(Application.id == made.applications[1].id).values(state=ApplicationState.WITHDRAWN)
    )
    db.session.commit()

    run = made.run(services.lock_round, round_)

    assert [line.state for line in runs.lines_of(run)] == [LineState.SCORED, LineState.NO_REVIEWER]


@pytest.mark.parametrize("old", RoundState)
@pytest.mark.parametrize("new", RoundState)
def test_a_round_moves_only_as_the_table_says(old: RoundState, new: RoundState) -> None:
    round_ = Round(state=old)
    at = clock.now()

    if new in MOVES[old]:
        move(round_, new, at=at)
        assert round_.state is new
    else:
        with pytest.raises(WrongMove):
            move(round_, new, at=at)


def test_the_table_of_moves() -> None:
    assert {(old, new) for old, found in MOVES.items() for new in found} == {
        (RoundState.PREPARED, RoundState.OPEN),
        (RoundState.OPEN, RoundState.LOCKED),
    }


def test_a_version_that_nobody_confirmed_holds_up_opening_and_locking(sqlite_app: Flask) -> None:
    made = scene(applications=2)
    round_ = made.prepared()
    changed = made.applications[1]
    factories.another_version(changed)

    with pytest.raises(RoundRefused, match=f"再確認待ち.*1件.*受験番号 {changed.examinee_number}）.*確認を記録"):
        made.run(services.open_round, round_)
    confirm_last_version(made.opening, changed)
    made.run(services.open_round, round_)
    for a in range(2):
        for r in range(2):
            made.submit(round_, a, r, (4, 4))
    factories.another_version(changed)
    with pytest.raises(RoundRefused, match=f"受験番号 {changed.examinee_number}）"):
        made.run(services.lock_round, round_)
    confirm_last_version(made.opening, changed)

    assert len(made.run(services.lock_round, round_).lines) == 2


def test_a_prepared_round_is_taken_back_whole_and_prepared_anew(app: Flask) -> None:
    made = scene(applications=2)
    round_ = made.prepared()

    made.run(services.discard_round, round_)

    act_for(made.city)
    assert [db.session.scalars(select(table)).all() for table in (Round, PanelMember, Assignment)] == [[], [], []]
    made.opened()
    act_for(made.city)
    [again] = db.session.scalars(select(Round)).all()
    with pytest.raises(WrongMove):
        made.run(services.discard_round, again)
    assert len(all_assignments(made, again)) == 4


def test_who_is_to_score_is_given_no_role_that_shows_names_until_the_round_is_locked(app: Flask) -> None:
    made = scene()
    boss = factories.staff(made.city, Role.ADMIN)
    round_, member_id = made.prepared(), made.member(made.reviewers[0])

    def give(*roles: Role) -> None:
        act_for(made.city)
        member = get_member(made.city, member_id, at=clock.now())
        member_services.change_roles(member, roles, by=boss, at=clock.now())

    for role in (Role.HR, Role.APPROVER, Role.AUDITOR):
        with pytest.raises(ScoresNow, match="採点の締切が済んでいない募集の採点者です（DX推進担当）"):
            give(role)
    give(Role.AUTHOR)
    made.run(services.open_round, round_)
    with pytest.raises(ScoresNow):
        give(Role.HR)
    act_for(made.city)
    db.session.execute(update(Round).values(state=RoundState.LOCKED))
    db.session.commit()
    give(Role.HR)
