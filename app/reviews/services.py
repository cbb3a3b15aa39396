"""Use cases of those who run a round: prepare, staff, open, lock."""

import secrets
import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime, time

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Membership, RoleGrant, StaffUser
from app.applications.models import Application, ApplicationState
from app.applications.rechecks import awaiting_recheck, recheck_words
from app.audit.chain import record
from app.core.access import Role
from app.core.clock import JST
from app.core.database import add_in_order
from app.core.errors import DomainError, NotFound
from app.core.model import new_id
from app.extensions import db
from app.openings.models import Opening
from app.openings.queries import takes_applications
from app.openings.revision_models import Stage
from app.openings.workflow import require_going_on
from app.reviews import impartial, policy, queries, runs
from app.reviews.assigning import assignments_missing
from app.reviews.changes import record_changes
from app.reviews.models import Assignment, PanelMember, Round, RoundState, ScoreRun
from app.reviews.scoring import FORMULA_VERSION
from app.reviews.workflow import WrongMove, move


class RoundRefused(DomainError):
    """The round cannot be prepared, opened or locked as it is; the message names what is missing."""


class KnowsNames(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "人事担当・配慮担当・決裁者・監査の役割を持つ職員と、この募集の応募者の氏名を見た職員は、採点者や採点主任に"
            "なれません。応募者を知らない職員を選ぶか、新しく職員を招待してください。"
        )


def appoint(opening: Opening, membership_id: uuid.UUID, role: Role, *, by: StaffUser, at: datetime) -> None:
    """Grant a member the role of reviewer or chair for an opening; a role already held stays as it is.

    Raises: NotFound for somebody who is no member; KnowsNames for a member who sees, or saw, who the candidates are.
    """
    if membership_id not in {member.id for member in queries.members(opening.organisation_id, at=at)}:
        raise NotFound
    _require_impartial(opening, {membership_id}, at=at)
    held = {one.membership_id: one.roles for one in queries.candidates(opening.organisation_id, opening.id, at=at)}
    if role not in held.get(membership_id, ()):
        own = {"organisation_id": opening.organisation_id, "membership_id": membership_id}
        grant = RoleGrant(id=new_id(), **own, role=role, opening_id=opening.id, since=at)
        db.session.add(grant)
        record(db.session, "role.grant", grant, by=by.actor, at=at, role=role.value, opening=opening.id)
    db.session.commit()


def prepare_round(
    opening: Opening,
    stage: Stage,
    membership_ids: Collection[uuid.UUID],
    *,
    due_on: date | None,
    by: StaffUser,
    at: datetime,
) -> Round:
    """Prepare the round of a stage: its panel, and one assignment for each reviewer and application.

    Raises: RoundRefused.
    """
    require_going_on(opening)
    _require_panel(opening, stage, membership_ids, at=at)
    round_ = _round(opening, stage, due_on)
    try:
        add_in_order(db.session, [round_, *(_member(round_, one) for one in sorted(membership_ids))])
    except IntegrityError as error:
        raise RoundRefused("この段階の採点期は、すでに用意されています。画面を読み込み直してください。") from error
    made = {"reviewers": len(set(membership_ids)), "assignments": _assign(opening, round_, stage)}
    record(db.session, "prepare.round", round_, by=by.actor, at=at, stage=stage.key, seed=round_.seed, **made)
    db.session.commit()
    return round_


def _round(opening: Opening, stage: Stage, due_on: date | None) -> Round:
    return Round(
        id=new_id(),
        organisation_id=opening.organisation_id,
        opening_id=opening.id,
        revision_id=stage.revision_id,
        stage_key=stage.key,
        seed=secrets.randbelow(2**31),
        due_at=datetime.combine(due_on, time(23, 59, 59), JST) if due_on else None,
    )


def _require_panel(opening: Opening, stage: Stage, membership_ids: Collection[uuid.UUID], *, at: datetime) -> None:
    if not queries.rubric_of(opening.organisation_id, stage.revision_id, stage.key):
        raise RoundRefused("この段階には評価項目がないため、採点期は用意できません。")
    able = {one.membership_id for one in queries.candidates(opening.organisation_id, opening.id, at=at)}
    if not set(membership_ids) <= able:
        raise RoundRefused("採点者の役割がない職員が含まれています。先に採点者に任命してください。")
    _require_impartial(opening, membership_ids, at=at)
    if len(set(membership_ids)) < stage.min_reviewers:
        raise RoundRefused(f"採点者は{stage.min_reviewers}名以上が必要です。採点者を選び直してください。")


def _require_impartial(opening: Opening, membership_ids: Collection[uuid.UUID], *, at: datetime) -> None:
    """Hold the members: whoever gives one of them a role that shows names waits, and then finds the panel."""
    own = Membership.organisation_id == opening.organisation_id, Membership.id.in_(membership_ids)
    db.session.execute(select(Membership.id).where(*own).order_by(Membership.id).with_for_update())
    able = {one.id for one in impartial.impartial_members(opening.organisation_id, opening.id, at=at)}
    if not set(membership_ids) <= able:
        raise KnowsNames


def _member(round_: Round, membership_id: uuid.UUID) -> PanelMember:
    return PanelMember(
        id=new_id(), organisation_id=round_.organisation_id, round_id=round_.id, membership_id=membership_id
    )


def _assign(opening: Opening, round_: Round, stage: Stage) -> int:
    made = assignments_missing(opening, round_, least=stage.min_reviewers)
    db.session.add_all(made)
    db.session.flush()
    return len(made)


def add_reviewer(opening: Opening, round_: Round, membership_id: uuid.UUID, *, by: StaffUser, at: datetime) -> None:
    """Add a reviewer to the panel: to everybody before opening, to those who lack reviewers after it.

    Raises: RoundRefused; WrongMove once the round is locked.
    """
    require_going_on(opening)
    round_ = _locked_row(round_)
    if not policy.can_assign(round_):
        raise WrongMove(round_.state)
    stage = queries.get_stage(opening, round_.stage_key)
    able = {one.membership_id for one in queries.candidates(opening.organisation_id, opening.id, at=at)}
    panel = {one.membership_id for one in queries.panel_of(round_.organisation_id, round_.id)}
    if membership_id not in able or membership_id in panel:
        raise RoundRefused("この職員は、採点者の役割がないか、すでに採点者に加わっています。")
    _require_impartial(opening, {membership_id}, at=at)
    db.session.add(_member(round_, membership_id))
    db.session.flush()
    made = _assign(opening, round_, stage)
    record(db.session, "add.reviewer", round_, by=by.actor, at=at, assignments=made)
    db.session.commit()


def discard_round(_opening: Opening, round_: Round, *, by: StaffUser, at: datetime) -> None:
    """Take a prepared round back with its panel and assignments, so that it can be prepared anew.

    Raises: WrongMove once it was opened; RoundRefused where somebody rated.
    """
    round_ = _locked_row(round_)
    if not policy.can_discard(round_):
        raise WrongMove(round_.state)
    assigned = queries.assignments_of(round_.organisation_id, round_.id)
    if queries.has_ratings(round_.organisation_id, round_.id):
        raise RoundRefused("すでに評点のある採点期は取りやめられません。")
    made = {"stage": round_.stage_key, "opening": round_.opening_id, "assignments": len(assigned)}
    record(db.session, "discard.round", round_, by=by.actor, at=at, **made)
    for table in (Assignment, PanelMember):
        of_it = table.organisation_id == round_.organisation_id, table.round_id == round_.id
        db.session.execute(delete(table).where(*of_it).execution_options(synchronize_session=False))
    db.session.delete(round_)
    db.session.commit()


def open_round(opening: Opening, round_: Round, *, early_reason: str = "", by: StaffUser, at: datetime) -> None:
    """Open a prepared round, applications accepted meanwhile included.

    Raises: WrongMove; RoundRefused without anybody to score, while an application is to be confirmed again, or
    without a reason while the opening still takes applications.
    """
    require_going_on(opening)
    round_ = _locked_row(round_)
    _require_rechecked(round_)
    _assign(opening, round_, queries.get_stage(opening, round_.stage_key))
    move(round_, RoundState.OPEN, at=at)
    if takes_applications(opening, at):
        if not early_reason.strip():
            raise RoundRefused("応募の受付が続いています。締切の前に採点を始める理由を入力してください。")
        round_.early_reason = early_reason.strip()
    if not queries.assignments_of(round_.organisation_id, round_.id):
        raise RoundRefused("この段階に進んだ応募がないため、採点を始められません。")
    early = {"early_reason": round_.early_reason} if round_.early_reason else {}
    record(db.session, "open.round", round_, by=by.actor, at=at, **early)
    db.session.commit()


def catch_up(opening: Opening, round_: Round, *, by: StaffUser, at: datetime) -> int:
    """Assign applications that came into the stage after the round was prepared; return how many assignments were made.

    Raises: WrongMove once the round is locked.
    """
    require_going_on(opening)
    round_ = _locked_row(round_)
    if not policy.can_assign(round_):
        raise WrongMove(round_.state)
    made = _assign(opening, round_, queries.get_stage(opening, round_.stage_key))
    if made:
        record(db.session, "assign.round", round_, by=by.actor, at=at, assignments=made)
    db.session.commit()
    return made


def lock_round(opening: Opening, round_: Round, *, by: StaffUser, at: datetime) -> ScoreRun:
    """Lock a round and store the computed run; no value changes afterwards.

    Raises: WrongMove; RoundRefused while a rating is missing (R1), an application has too few reviewers (R-05) or is to
    be confirmed again.
    """
    require_going_on(opening)
    round_ = _locked_row(round_)
    _require_rechecked(round_)
    stage = queries.get_stage(opening, round_.stage_key)
    assignments = queries.assignments_of(round_.organisation_id, round_.id)
    _exclude_withdrawn(round_, assignments)
    _require_complete(round_, stage, assignments)
    move(round_, RoundState.LOCKED, at=at)
    db.session.flush()
    run = _run(round_, by=by, at=at)
    db.session.add(run)
    record(db.session, "lock.round", round_, by=by.actor, at=at, input=run.input_sha256, lines=len(run.lines))
    record_changes(round_, assignments, by=by, at=at)
    db.session.commit()
    return run


def _run(round_: Round, *, by: StaffUser, at: datetime) -> ScoreRun:
    computed = runs.compute(round_)
    return ScoreRun(
        id=new_id(),
        organisation_id=round_.organisation_id,
        round_id=round_.id,
        formula_version=FORMULA_VERSION,
        input_sha256=computed.sha256,
        lines=[runs.as_json(line) for line in computed.lines],
        at=at,
        by=by.id,
    )


def _locked_row(round_: Round) -> Round:
    """The round as it stands, held until the end of the transaction: nobody submits or locks meanwhile."""
    found = db.session.scalar(
        select(Round)
        .where(Round.organisation_id == round_.organisation_id, Round.id == round_.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _require_rechecked(round_: Round) -> None:
    if numbers := awaiting_recheck(round_.organisation_id, round_.opening_id, round_.stage_key):
        raise RoundRefused(recheck_words(numbers))


def _exclude_withdrawn(round_: Round, assignments: Sequence[Assignment]) -> None:
    gone = set(
        db.session.scalars(
            select(Application.id).where(
                Application.organisation_id == round_.organisation_id,
                Application.opening_id == round_.opening_id,
                Application.state == ApplicationState.WITHDRAWN,
            )
        )
    )
    for assignment in assignments:
        if assignment.application_id in gone and assignment.excluded_reason is None:
            assignment.excluded_reason = "辞退"


def _require_complete(round_: Round, stage: Stage, assignments: Sequence[Assignment]) -> None:
    active = [a for a in assignments if a.excluded_reason is None]
    missing = sum(1 for a in active if a.submitted_at is None)
    if missing:
        raise RoundRefused(f"提出されていない採点が{missing}件あります。すべて提出されてから締め切ってください。")
    held = Counter(a.application_id for a in active)
    applications = queries.standing(round_.organisation_id, round_.opening_id, round_.stage_key)
    short = [a.examinee_number or "" for a in applications if held[a.id] < stage.min_reviewers]
    if short:
        raise RoundRefused(
            f"採点者が{stage.min_reviewers}名に足りない応募があります（受験番号 {'、'.join(short[:10])}）。"
            "採点者を加えるか、応募を割り当ててから締め切ってください。"
        )
