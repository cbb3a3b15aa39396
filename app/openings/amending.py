"""Use cases around an amendment (訂正) of a published opening: one person writes, another approves (design 5, 32).

The approval alone changes anything: it writes the next revision, which is in force from then on, and tells everybody.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import StaffUser
from app.audit.chain import record
from app.core.errors import DomainError, StaleWrite
from app.core.model import new_id
from app.extensions import db
from app.openings import policy
from app.openings.amendable import FROZEN, with_new_keys
from app.openings.amendment_models import Amendment, AmendmentState
from app.openings.amendment_queries import base_content, contents_before, find_amendment
from app.openings.checklist import amendment_checklist, is_under_way
from app.openings.columns import copy_for_lists
from app.openings.content import OpeningContent, digest
from app.openings.models import Opening
from app.openings.publication import blocking
from app.openings.queries import takes_applications
from app.openings.revising import add_revision
from app.openings.revision_models import Revision
from app.organisations.models import Organisation
from app.outbox.announcing import announce
from app.outbox.models import Announcement


class AmendmentRefused(DomainError):
    """What was asked for cannot be done, or not by this person; the sentence says why."""


NOT_PUBLISHED = "公開していて、中止していない募集だけを訂正できます。書いた内容は残っています。"
ONE_AT_A_TIME = "この募集の訂正は、ほかの職員が書いているか、承認を待っています。画面を読み込み直してください。"
NOT_A_DRAFT = "この訂正は、承認を待っているか、もう終わっています。画面を読み込み直して、いまの状態を確かめてください。"
NOTHING_CHANGED = "公開している内容から変わったところがありません。直してから、承認を依頼してください。"
MOVED = (
    "書いているあいだに、公開している内容が変わりました。書いた内容は残っています。取りやめて、もう一度始めてください。"
)
ANOTHER_PERSON = "訂正の承認と差戻しは、依頼した人とは別の職員が行います。"
OWN_ONLY = "依頼を取り下げられるのは、依頼した本人です。"
FROZEN_NOW = "応募が届いているため、この項目は訂正できません。全員が同じ条件で応募し、同じ基準で選ばれるためです。"


class NotAmendable(AmendmentRefused):
    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__(f"この訂正は公開できません。{'。'.join(texts[:3])}。書いた内容は残っています。")


def begin(opening: Opening, *, by: StaffUser, at: datetime) -> Amendment:
    """Begin an amendment with the content that is in force; who presses twice gets one.

    Raises: AmendmentRefused.
    """
    _require_published(opening, at)
    if found := find_amendment(opening):
        return found
    amendment = _copy(opening, by=by, at=at)
    db.session.add(amendment)
    try:
        record(db.session, "begin.amendment", amendment, by=by.actor, at=at, opening=str(opening.id))
        db.session.commit()
    except IntegrityError as error:  # a colleague began at the same moment
        db.session.rollback()
        raise AmendmentRefused(ONE_AT_A_TIME) from error
    return amendment


def _copy(opening: Opening, *, by: StaffUser, at: datetime) -> Amendment:
    """Make an amendment that changes nothing yet."""
    return Amendment(
        id=new_id(),
        organisation_id=opening.organisation_id,
        opening_id=opening.id,
        base_id=opening.revision_id,
        content=_in_force(opening).content,
        state=AmendmentState.DRAFT,
        begun_by=by.id,
        begun_at=at,
    )


def _in_force(opening: Opening) -> Revision:
    own = Revision.organisation_id == opening.organisation_id
    return db.session.scalars(select(Revision).where(own, Revision.id == opening.revision_id)).one()


def _require_published(opening: Opening, at: datetime) -> None:
    if not policy.can_amend(opening, at):
        raise AmendmentRefused(NOT_PUBLISHED)


def _require_open_section(opening: Opening, section: str) -> None:
    """Raises: AmendmentRefused for what nobody amends once somebody has applied."""
    if section in FROZEN and is_under_way(opening):
        raise AmendmentRefused(FROZEN_NOW)


def save(
    opening: Opening,
    amendment: Amendment,
    content: OpeningContent,
    *,
    section: str,
    seen: int,
    by: StaffUser,
    at: datetime,
) -> None:
    """Save what an author wrote into an amendment. Raises: AmendmentRefused, StaleWrite."""
    _require_seen(amendment, seen)
    require_draft(opening, amendment, at=at)
    _require_open_section(opening, section)
    before = OpeningContent.model_validate(amendment.content)
    content = with_new_keys(before, content, contents_before(opening))
    if content == before:
        return
    amendment.content = content.as_json()
    record(db.session, "edit.amendment", amendment, by=by.actor, at=at, opening=str(opening.id))
    db.session.commit()


def require_draft(opening: Opening, amendment: Amendment, *, at: datetime) -> None:
    """Require that an amendment may still be written. Raises: AmendmentRefused."""
    _require_published(opening, at)
    if amendment.state is not AmendmentState.DRAFT:
        raise AmendmentRefused(NOT_A_DRAFT)


def _require_seen(amendment: Amendment, seen: int) -> None:
    if amendment.version != seen:
        raise StaleWrite


def ask(
    opening: Opening,
    organisation: Organisation,
    amendment: Amendment,
    reason: str,
    *,
    seen: int,
    by: StaffUser,
    at: datetime,
) -> None:
    """Ask another person to approve an amendment for this reason, which the public reads.

    Raises: AmendmentRefused, NotAmendable, StaleWrite.
    """
    _require_seen(amendment, seen)
    require_draft(opening, amendment, at=at)
    _require_good(opening, organisation, amendment, at=at)
    amendment.state, amendment.reason, amendment.returned_reason = AmendmentState.ASKED, reason, None
    amendment.asked_by, amendment.asked_at = by.id, at
    record(db.session, "ask.amendment", amendment, by=by.actor, at=at, opening=str(opening.id))
    db.session.commit()


def _require_good(opening: Opening, organisation: Organisation, amendment: Amendment, *, at: datetime) -> None:
    """Require that the opening is as it was when the amendment was begun, and that it may become what it says."""
    _require_published(opening, at)
    if amendment.base_id != opening.revision_id:
        raise AmendmentRefused(MOVED)
    before, after = base_content(amendment), OpeningContent.model_validate(amendment.content)
    if before == after:
        raise AmendmentRefused(NOTHING_CHANGED)
    if lacking := blocking(amendment_checklist(opening, organisation, before, after, at=at)):
        raise NotAmendable([item.text for item in lacking])


def approve(
    opening: Opening, organisation: Organisation, amendment: Amendment, *, seen: int, by: StaffUser, at: datetime
) -> None:
    """Put an amendment in force, as seen by its version: the next revision, the opening's lists, the notice to all.

    Raises: AmendmentRefused for the same person or when it is no longer possible, NotAmendable when somebody applied
    meanwhile, StaleWrite.
    """
    _require_asked(amendment, seen)
    if not policy.can_decide_amendment(by, amendment):
        raise AmendmentRefused(ANOTHER_PERSON)
    _require_good(opening, organisation, amendment, at=at)
    revision = _put_in_force(opening, organisation, amendment, by=by, at=at)
    _decide(amendment, AmendmentState.APPROVED, by=by, at=at)
    said = {"revision": revision.number, "sha256": revision.sha256, "asked_by": f"staff:{amendment.asked_by}"}
    record(db.session, "amend.opening", opening, by=by.actor, at=at, **said)
    db.session.commit()


def _require_asked(amendment: Amendment, seen: int) -> None:
    if amendment.state is not AmendmentState.ASKED or amendment.version != seen:
        raise StaleWrite


def _put_in_force(
    opening: Opening, organisation: Organisation, amendment: Amendment, *, by: StaffUser, at: datetime
) -> Revision:
    """Write the revision and announce it; the opening's version refuses whoever changed it meanwhile."""
    content, author_id = OpeningContent.model_validate(amendment.content), amendment.asked_by or by.id
    instants = opening.published_at, opening.opens_at, opening.closes_at, opening.grace_seconds
    people = {"author_id": author_id, "approver_id": by.id}
    sha256 = digest(content, *instants)
    revision = add_revision(opening, content, **people, at=at, sha256=sha256, amends=amendment.reason)
    copy_for_lists(opening, content, city=organisation.name)
    opening.revision_id, opening.content_sha256 = revision.id, sha256
    opening.submitted_by, opening.submitted_at, opening.approved_by = author_id, amendment.asked_at, by.id
    db.session.add(_notice(opening, amendment, revision, at=at))
    return revision


def _notice(opening: Opening, amendment: Amendment, revision: Revision, *, at: datetime) -> Announcement:
    """Tell everybody who applied, and who holds a draft as long as it can still be sent."""
    is_open = takes_applications(opening, at)
    return announce(
        f"amendment:{amendment.id}",
        organisation_id=opening.organisation_id,
        about=("opening", opening.id),
        audience="drafts-and-applications" if is_open else "applications",
        template="amended",
        said={"reason": amendment.reason, "number": revision.number, "is_open": is_open},
        at=at,
    )


def _decide(amendment: Amendment, state: AmendmentState, *, by: StaffUser, at: datetime) -> None:
    amendment.state, amendment.decided_by, amendment.decided_at = state, by.id, at


def send_back(amendment: Amendment, reason: str, *, seen: int, by: StaffUser, at: datetime) -> None:
    """Send an amendment back to its authors with a reason; its text stays. Raises: AmendmentRefused, StaleWrite."""
    _require_asked(amendment, seen)
    if not policy.can_decide_amendment(by, amendment):
        raise AmendmentRefused(ANOTHER_PERSON)
    _to_draft(amendment)
    amendment.returned_reason = reason
    record(db.session, "return.amendment", amendment, by=by.actor, at=at, opening=str(amendment.opening_id))
    db.session.commit()


def take_back(amendment: Amendment, *, seen: int, by: StaffUser, at: datetime) -> None:
    """Take back what one asked for oneself, to write on. Raises: AmendmentRefused, StaleWrite."""
    _require_asked(amendment, seen)
    if not policy.can_take_amendment_back(by, amendment):
        raise AmendmentRefused(OWN_ONLY)
    _to_draft(amendment)
    record(db.session, "take_back.amendment", amendment, by=by.actor, at=at, opening=str(amendment.opening_id))
    db.session.commit()


def _to_draft(amendment: Amendment) -> None:
    amendment.state, amendment.asked_by, amendment.asked_at = AmendmentState.DRAFT, None, None


def drop(amendment: Amendment, *, seen: int, by: StaffUser, at: datetime) -> None:
    """Give up an amendment that waits for nobody; its row keeps what it said.

    Raises: AmendmentRefused, StaleWrite.
    """
    _require_seen(amendment, seen)
    if amendment.state is not AmendmentState.DRAFT:
        raise AmendmentRefused(NOT_A_DRAFT)
    _decide(amendment, AmendmentState.DROPPED, by=by, at=at)
    record(db.session, "drop.amendment", amendment, by=by.actor, at=at, opening=str(amendment.opening_id))
    db.session.commit()
