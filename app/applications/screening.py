"""What HR does with applications: confirm criteria, accept, search (design 6, 43). Nothing rejects by itself."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import StaffUser
from app.applications import emails
from app.applications.models import Application, ApplicationState
from app.applications.policy import can_accept, can_confirm
from app.applications.rulings import REASON_CHARACTERS, Ruling, needs_reason, overrides
from app.applications.screening_detail import ApplicationView, CriterionView, get_view
from app.applications.screening_models import ApplicantSearch, Confirmation, StageEntry
from app.applications.screening_queries import SEARCH_KEPT
from app.applications.workflow import move
from app.audit.chain import record
from app.core.errors import DomainError, NotFound, StaleWrite
from app.core.model import new_id
from app.extensions import db
from app.jp.numbers import new_examinee_number
from app.openings.models import Opening
from app.openings.queries import stages_of
from app.openings.revision_models import Stage
from app.openings.workflow import require_going_on

_DRAWS = 8
UNSETTLED = (
    "同じメールアドレスの応募がほかにあり、「重複確認中」のため受理できません。応募の画面の「重複の確認」で2件を見比べ、"
    "別人として扱うか、同じ人としてどちらを審査するかを、理由とともに先に記録してください。"
)
SET_ASIDE = (
    "同じ人の応募として、もう一方を審査すると記録されているため受理できません。"
    "こちらを審査するときは、応募の画面の「重複の確認」で記録し直してください。"
)
_MICROSECOND = timedelta(microseconds=1)


class NotConfirmable(DomainError):
    """A criterion of this application cannot be confirmed so."""


class NotAcceptable(DomainError):
    """The application cannot be accepted as it stands."""


def confirm(
    view: ApplicationView, rulings: Mapping[str, Ruling], *, seen: str, by: StaffUser, at: datetime
) -> list[Confirmation]:
    """Record what a person makes of the criteria of the last version; the last word on each counts.

    What says the same as before is not recorded again. Raises: StaleWrite when the page was older than what is there,
    NotConfirmable for a withdrawn application and where a reason is missing, CalledOff.
    """
    view = _held(view, seen)
    require_going_on(view.opening)
    if not can_confirm(view.application, view.standing):
        raise NotConfirmable(
            "辞退した応募、ほかの応募にまとめた応募、重複のため審査しない応募の資格は確認できません。一覧に戻ってください。"
        )
    criteria = {one.content.key: one for one in view.criteria}
    rows = [_confirmation(view, criteria[key], ruling, by=by, at=at) for key, ruling in _new(rulings, criteria).items()]
    db.session.add_all(rows)
    for row in rows:
        _note(view, row, criteria[row.criterion_key].content.label, by=by, at=at)
    db.session.commit()
    return rows


def _note(view: ApplicationView, row: Confirmation, label: str, *, by: StaffUser, at: datetime) -> None:
    said = {"criterion": row.criterion_key, "label": label, "outcome": row.outcome.value}
    what = view.application
    record(db.session, "confirm.criterion", what, by=by.actor, at=at, **said, overrides=row.overrides)


def _held(view: ApplicationView, seen: str) -> ApplicationView:
    """Read the application afresh and hold it until the end of the transaction.

    Raises: StaleWrite when it is no longer what the page showed.
    """
    held = select(Application).where(
        Application.organisation_id == view.application.organisation_id, Application.id == view.application.id
    )
    db.session.scalar(held.with_for_update().execution_options(populate_existing=True))
    fresh = get_view(view.opening.organisation_id, view.opening.id, view.application.id)
    if fresh.seen != seen:
        raise StaleWrite
    return fresh


def _new(rulings: Mapping[str, Ruling], criteria: Mapping[str, CriterionView]) -> dict[str, Ruling]:
    """Leave out what says the same as before. Raises: NotConfirmable for a criterion that the opening has not."""
    if unknown := rulings.keys() - criteria.keys():
        raise NotConfirmable(f"この募集にない要件です（{min(unknown)}）。画面を読み込み直してください。")
    return {key: ruling for key, ruling in rulings.items() if _is_new(criteria[key], ruling)}


def _is_new(criterion: CriterionView, ruling: Ruling) -> bool:
    last = criterion.last
    return last is None or (last.outcome, last.reason) != (ruling.outcome, ruling.reason.strip())


def _confirmation(
    view: ApplicationView, criterion: CriterionView, ruling: Ruling, *, by: StaffUser, at: datetime
) -> Confirmation:
    reason = ruling.reason.strip()
    if len(reason) > REASON_CHARACTERS:
        raise NotConfirmable(f"理由は{REASON_CHARACTERS}文字以内で入力してください。")
    if needs_reason(criterion.content.kind, criterion.computed, ruling.outcome) and not reason:
        raise NotConfirmable(f"「{criterion.content.label}」は計算と違う判定のため、理由を入力してください。")
    return Confirmation(
        id=new_id(),
        organisation_id=view.application.organisation_id,
        application_id=view.application.id,
        application_version_id=view.version.id,
        criterion_key=criterion.content.key,
        outcome=ruling.outcome,
        overrides=overrides(criterion.computed, ruling.outcome),
        reason=reason,
        by=by.id,
        at=max(at, criterion.last.at + _MICROSECOND) if criterion.last else at,  # the last one is always one
    )


def clear_mark(view: ApplicationView, *, by: StaffUser, at: datetime) -> None:
    """Note that a person looked at an application marked as sent by a program; the mark goes."""
    application = _held(view, view.seen).application
    if application.check_reason is not None:
        record(db.session, "clear.mark", application, by=by.actor, at=at, signs=application.check_reason)
        application.check_reason = None
    db.session.commit()


def accept(
    view: ApplicationView,
    *,
    seen: str,
    by: StaffUser,
    at: datetime,
    random: Callable[[int], int] = secrets.randbelow,
) -> Application:
    """Accept an application whose criteria are confirmed: examinee number, entry into the first stage, mail, audit.

    Raises: StaleWrite, NotAcceptable, NoSuchStep, CalledOff.
    """
    for _draw in range(_DRAWS):
        try:
            return _accept_once(view, seen, new_examinee_number(random), by=by, at=at)
        except IntegrityError:  # the number is another's: draw again
            db.session.rollback()
    raise NotAcceptable("受験番号を決められませんでした。もう一度「受理する」を押してください。")


def _accept_once(view: ApplicationView, seen: str, number: str, *, by: StaffUser, at: datetime) -> Application:
    view = _held(view, seen)
    require_going_on(view.opening)
    application = view.application
    if not can_accept(application, view.standing, view.duplicate):
        raise NotAcceptable(_why_not(view))
    move(application, ApplicationState.ACCEPTED)
    application.examinee_number, application.accepted_by, application.accepted_at = number, by.id, at
    stage = _first_stage(view.opening)
    entry = StageEntry(
        id=new_id(),
        organisation_id=application.organisation_id,
        application_id=application.id,
        stage_key=stage.key,
        entered_at=at,
    )
    db.session.add(entry)
    record(db.session, "accept.application", application, by=by.actor, at=at, stage=stage.key, examinee_number=number)
    emails.owe_examinee_number(application, view.opening)
    db.session.commit()
    return application


def _why_not(view: ApplicationView) -> str:
    if view.duplicate is not None and view.duplicate.stops:
        return UNSETTLED if view.duplicate.is_open else SET_ASIDE
    state = "ほかの応募にまとめたもの" if view.application.duplicate_of else view.standing.label
    return f"この応募は「{state}」のため受理できません。必須の要件の確認を終えてください。"


def _first_stage(opening: Opening) -> Stage:
    """The first stage of the revision in force, against which rounds are made."""
    stages = stages_of(opening)
    if not stages:
        raise NotAcceptable("この募集には選考段階がありません。募集の訂正で選考段階を定めてください。")
    return stages[0]


def search(opening: Opening, typed: str, *, by: StaffUser, at: datetime) -> ApplicantSearch:
    """Keep what was typed to find an applicant, so that the address of the result holds no name; old ones go."""
    if not typed.strip():
        raise NotFound
    old = ApplicantSearch.staff_user_id == by.id, ApplicantSearch.at <= at - SEARCH_KEPT
    db.session.execute(delete(ApplicantSearch).where(ApplicantSearch.organisation_id == opening.organisation_id, *old))
    row = ApplicantSearch(
        id=new_id(),
        organisation_id=opening.organisation_id,
        opening_id=opening.id,
        staff_user_id=by.id,
        typed=typed.strip()[:200],
        at=at,
    )
    db.session.add(row)
    db.session.commit()
    return row
