"""Use cases of staff around one opening. Each is one transaction with its audit row; nothing here sends mail."""

import hmac
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import StaffUser
from app.audit.chain import record
from app.core.clock import JST
from app.core.errors import DomainError, StaleWrite
from app.core.model import new_id
from app.extensions import db
from app.jp.fiscal import fiscal_year
from app.openings import next_year, policy
from app.openings.checklist import checklist
from app.openings.columns import copy_for_lists
from app.openings.content import OpeningContent, digest
from app.openings.models import Opening, OpeningState
from app.openings.publication import blocking
from app.openings.publication_schedule import Window
from app.openings.revising import add_revision
from app.openings.workflow import MoveRefused, move
from app.organisations.models import LegalTextKind, Organisation
from app.organisations.queries import find_text

_DRAWS = 5  # of a number, where colleagues begin openings at the same moment


class Published(DomainError):
    def __init__(
        self, message: str = "公開されているため、ここでは変えられません。「訂正」の画面から改めてください。"
    ) -> None:
        super().__init__(message)


class NotReady(DomainError):
    def __init__(self, count: int) -> None:
        super().__init__(f"公開に必要なことが{count}件足りません。「公開前の点検」を見て直してください。")


class AnotherPerson(DomainError):
    def __init__(self) -> None:
        super().__init__("承認・差戻し・中止は、承認を依頼した人とは別の職員が行います。")


class ContentChanged(DomainError):
    def __init__(self) -> None:
        super().__init__(
            "画面に示した内容と、承認を依頼された内容が違います。読み込み直して、もう一度確かめてください。"
        )


def create(organisation: Organisation, title: str, *, by: StaffUser, at: datetime) -> Opening:
    """Begin a draft with the next number of this fiscal year and the city's own text of 欠格条項."""
    text = find_text(organisation.id, LegalTextKind.DISQUALIFICATION, on=at.astimezone(JST).date())
    content = OpeningContent(title=title, disqualification_text=text.body if text else "")
    return _begin(organisation, content, Window(), by=by, at=at)


def duplicate(source: Opening, organisation: Organisation, *, by: StaffUser, at: datetime) -> Opening:
    """Begin a draft from another opening of the organisation with every date a year later; it is approved anew.

    A copy that nobody has touched yet is given again: who presses twice gets one.
    """
    if untouched := _untouched_copy(source):
        return untouched
    content = next_year.shift(OpeningContent.model_validate(source.content))
    instants = (next_year.shift_instant(one) for one in (source.published_at, source.opens_at, source.closes_at))
    return _begin(organisation, content, Window(*instants), by=by, at=at, source=source)


def _untouched_copy(source: Opening) -> Opening | None:
    """The copy not edited since it was made; holds the source, so that of two at one moment the later finds it."""
    own = Opening.organisation_id == source.organisation_id
    db.session.execute(select(Opening.id).where(own, Opening.id == source.id).with_for_update())
    fresh = Opening.copied_from == source.id, Opening.state == OpeningState.DRAFT, Opening.version == 1
    return db.session.scalar(select(Opening).where(own, *fresh).order_by(Opening.number.desc()).limit(1))


def _begin(
    organisation: Organisation,
    content: OpeningContent,
    window: Window,
    *,
    by: StaffUser,
    at: datetime,
    source: Opening | None = None,
) -> Opening:
    opening = Opening(
        id=new_id(),
        organisation_id=organisation.id,
        fiscal_year=fiscal_year((window.opens_at or at).astimezone(JST).date()),
        state=OpeningState.DRAFT,
        copied_from=source.id if source else None,
        grace_seconds=source.grace_seconds if source else 0,
    )
    _write(opening, content, window, organisation)
    _add_numbered(opening)
    record(db.session, "create.opening", opening, by=by.actor, at=at, copied_from=str(source.id) if source else None)
    db.session.commit()
    return opening


def _add_numbered(opening: Opening) -> None:
    """Add an opening under the next number of its city and year, drawn again where a colleague was first with it."""
    of_year = Opening.organisation_id == opening.organisation_id, Opening.fiscal_year == opening.fiscal_year
    for _draw in range(_DRAWS):
        opening.number = (db.session.scalar(select(func.max(Opening.number)).where(*of_year)) or 0) + 1
        try:
            with db.session.begin_nested():
                db.session.add(opening)
        except IntegrityError:
            continue
        return
    raise StaleWrite


def _write(opening: Opening, content: OpeningContent, window: Window, organisation: Organisation) -> None:
    copy_for_lists(opening, content, city=organisation.name)
    instants = (window.published_at, window.opens_at, window.closes_at)
    opening.published_at, opening.opens_at, opening.closes_at = (one and one.astimezone(UTC) for one in instants)


def save(
    opening: Opening,
    organisation: Organisation,
    content: OpeningContent,
    window: Window,
    *,
    version: int,
    by: StaffUser,
    at: datetime,
) -> None:
    """Save what an author wrote; in review or approved but not yet published, this voids the approval.

    Raises: Published, StaleWrite.
    """
    _require_current(opening, version)
    if not policy.can_edit(opening, at):
        raise Published
    before = _digest(opening)
    _write(opening, content, window, organisation)
    if _digest(opening) == before:
        return
    if voided := opening.state is not OpeningState.DRAFT:
        _void(opening)
    record(db.session, "edit.opening", opening, by=by.actor, at=at, approval_voided=voided)
    db.session.commit()


def _require_current(opening: Opening, version: int) -> None:
    if opening.version != version:
        raise StaleWrite


def _digest(opening: Opening) -> str:
    content = OpeningContent.model_validate(opening.content)
    return digest(content, opening.published_at, opening.opens_at, opening.closes_at, opening.grace_seconds)


def _void(opening: Opening) -> None:
    """Take an opening back to its author; a revision already made stays as a record and is in force no more."""
    move(opening, OpeningState.DRAFT)
    opening.revision_id = opening.content_sha256 = opening.approved_by = None
    opening.submitted_by = opening.submitted_at = None


def submit(opening: Opening, organisation: Organisation, *, version: int, by: StaffUser, at: datetime) -> None:
    """Ask for approval of exactly what stands now, by its hash.

    Raises: NotReady, MoveRefused, StaleWrite.
    """
    _require_current(opening, version)
    if lacking := blocking(checklist(opening, organisation, at=at)):
        raise NotReady(len(lacking))
    move(opening, OpeningState.IN_REVIEW)
    opening.content_sha256 = _digest(opening)
    opening.submitted_by, opening.submitted_at, opening.returned_reason = by.id, at, None
    record(db.session, "submit.opening", opening, by=by.actor, at=at, sha256=opening.content_sha256)
    db.session.commit()


def approve(opening: Opening, organisation: Organisation, *, seen: str, by: StaffUser, at: datetime) -> None:
    """Approve what was submitted, as seen by its hash: writes the revision; visible from `published_at`, or at once.

    Raises: AnotherPerson, ContentChanged, NotReady (a date has passed meanwhile), MoveRefused, StaleWrite.
    """
    _require_other_person(opening, by)
    if not hmac.compare_digest(seen, opening.content_sha256 or "") or _digest(opening) != seen:
        raise ContentChanged
    if lacking := blocking(checklist(opening, organisation, at=at)):
        raise NotReady(len(lacking))
    content, author_id = OpeningContent.model_validate(opening.content), opening.submitted_by or by.id
    revision = add_revision(opening, content, author_id=author_id, approver_id=by.id, at=at, sha256=seen)
    move(opening, OpeningState.APPROVED)
    opening.revision_id, opening.approved_by = revision.id, by.id
    opening.published_at = max(opening.published_at or at, at)
    record(db.session, "approve.opening", opening, by=by.actor, at=at, revision=revision.number, sha256=seen)
    db.session.commit()


def _require_other_person(opening: Opening, user: StaffUser) -> None:
    if policy.is_submitter(user, opening):
        raise AnotherPerson


def return_to_author(opening: Opening, reason: str, *, by: StaffUser, at: datetime) -> None:
    """Send an opening that waits for approval back to its author with a reason.

    Raises: AnotherPerson; MoveRefused in any other state, above all once it is approved.
    """
    _require_other_person(opening, by)
    if not policy.can_approve(by, opening):
        raise MoveRefused(opening, OpeningState.DRAFT)
    move(opening, OpeningState.DRAFT)
    opening.returned_reason = reason
    opening.content_sha256 = opening.submitted_by = opening.submitted_at = None
    record(db.session, "return.opening", opening, by=by.actor, at=at)
    db.session.commit()


def withdraw(opening: Opening, reason: str, *, by: StaffUser, at: datetime) -> None:
    """Call an approved opening off (中止) before its publication; the public never sees it.

    Raises: AnotherPerson, MoveRefused; Published once it is public: two people call that off (`proposing`).
    """
    _require_other_person(opening, by)
    if policy.can_change_deadline(opening, at):
        raise Published("公開した募集の中止は、「締切の延長・中止」の画面で申し出て、別の職員が承認します。")
    move(opening, OpeningState.WITHDRAWN)
    opening.withdrawn_reason, opening.withdrawn_at, opening.published_at = reason, at, None
    record(db.session, "withdraw.opening", opening, by=by.actor, at=at, was_published=False)
    db.session.commit()


def archive(opening: Opening, *, version: int, by: StaffUser, at: datetime) -> None:
    """Put a draft away.

    Raises: MoveRefused, StaleWrite.
    """
    _require_current(opening, version)
    move(opening, OpeningState.ARCHIVED)
    record(db.session, "archive.opening", opening, by=by.actor, at=at)
    db.session.commit()


def restore(opening: Opening, *, version: int, by: StaffUser, at: datetime) -> None:
    """Take an opening that was put away as a draft again.

    Raises: MoveRefused, StaleWrite.
    """
    _require_current(opening, version)
    move(opening, OpeningState.DRAFT)
    record(db.session, "restore.opening", opening, by=by.actor, at=at)
    db.session.commit()
