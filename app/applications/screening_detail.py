"""All that HR reads of one application: versions, criteria with findings and confirmations, documents, doubles."""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy import select

from app.accounts.queries import staff_names
from app.applications.answers import Answers
from app.applications.changes import Change, changes
from app.applications.duplicates import Double, DuplicateState, duplicates_among, worst
from app.applications.models import Application, ApplicationVersion
from app.applications.queries import versions_of
from app.applications.rulings import COMPUTED_BY_NOBODY
from app.applications.screening_models import BY_ENGINE, Confirmation, Finding, FindingOutcome
from app.applications.screening_queries import with_last_version
from app.applications.standing import SETTLED, Standing, standing_column, standing_of
from app.applications.working import Working, read_working
from app.core.errors import NotFound
from app.extensions import db
from app.jp.text import spaced_phone
from app.openings.content import CriterionContent, OpeningContent
from app.openings.models import Opening
from app.openings.revision_models import Revision

NOTHING_COMPUTED = "計算の結果はありません。提出した内容をもとに確認してください。"


@dataclass(frozen=True)
class CriterionView:
    """One criterion of the version: what was computed and what people made of it, the last first."""

    content: CriterionContent
    finding: Finding | None
    confirmations: tuple[Confirmation, ...]  # of this version
    earlier: tuple[Confirmation, ...]  # of versions before it: they no longer count

    @property
    def voided(self) -> Confirmation | None:
        """What the version before was confirmed as, while nobody has said anything of this one."""
        last = self.earlier[0] if self.earlier and not self.confirmations else None
        return last if last and last.outcome in SETTLED else None

    @property
    def computed(self) -> FindingOutcome:
        return self.finding.outcome if self.finding else FindingOutcome.CHECK

    @property
    def last(self) -> Confirmation | None:
        return self.confirmations[0] if self.confirmations else None

    @property
    def settled(self) -> FindingOutcome | None:
        """What it is confirmed as; None: not confirmed, or taken back."""
        return self.last.outcome if self.last and self.last.outcome in SETTLED else None

    @property
    def is_for_people(self) -> bool:
        return self.content.kind == COMPUTED_BY_NOBODY

    @property
    def is_pressing(self) -> bool:
        """Nobody decided yet, and the computed outcome is not that it is met: the working is shown at once."""
        return self.settled is None and self.computed is not FindingOutcome.MEETS

    @property
    def working(self) -> Working:
        return read_working(self.finding.working if self.finding else {"sentence": NOTHING_COMPUTED})


@dataclass(frozen=True)
class ApplicationView:
    """One application as HR reads it; everything but contact data is of its last version (design 20)."""

    application: Application
    opening: Opening
    versions: tuple[ApplicationVersion, ...]  # the last first
    content: OpeningContent  # of the revision that the last version answered
    criteria: tuple[CriterionView, ...]
    doubles: tuple[Double, ...]
    names: dict[uuid.UUID, str]  # of the staff who confirmed or accepted
    is_last: bool = True  # whether its first version is the one that counts

    @property
    def version(self) -> ApplicationVersion:
        return self.versions[0]

    @property
    def numbers(self) -> dict[uuid.UUID, int]:
        """The number of each version by its id."""
        return {one.id: one.number for one in self.versions}

    @property
    def changed_contact(self) -> list[tuple[str, str]]:
        """The live contact data that differs from what the last version says (design 20)."""
        sent, now = self.answers.person, self.application
        both = (
            ("電話番号", spaced_phone(sent.phone), spaced_phone(now.phone)),
            ("郵便番号", sent.postal_code, now.postal_code),
        )
        pairs = (*both, ("住所", sent.address, now.address), ("メールアドレス", sent.mail, now.mail))
        return [(label, live) for label, said, live in pairs if live != said and self.is_last]

    @cached_property
    def answers(self) -> Answers:
        return Answers.model_validate(self.version.answers)

    @property
    def duplicate(self) -> DuplicateState | None:
        """What stands in its way of the applications with the same address."""
        return worst(self.doubles)

    @property
    def standing(self) -> Standing:
        required = {one.content.key: one.settled for one in self.criteria if one.content.required}
        return standing_of(self.application.state, required, self.duplicate)

    @property
    def seen(self) -> str:
        """Digest what a decision rests on, so that one made on an older page is refused."""
        said = (str(one.id) for criterion in self.criteria for one in criterion.confirmations)
        parts = (str(self.version.id), str(self.application.version), *said)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]

    @property
    def is_changed_since_acceptance(self) -> bool:
        accepted = self.application.accepted_at
        return accepted is not None and self.version.received_at > accepted


def get_view(organisation_id: uuid.UUID, opening_id: uuid.UUID, application_id: uuid.UUID) -> ApplicationView:
    """Get one application of an opening with all that its page shows. Raises: NotFound."""
    own = Application.organisation_id == organisation_id, Opening.organisation_id == organisation_id
    query = select(Application, Opening).join(Opening, Opening.id == Application.opening_id).where(*own)
    row = db.session.execute(query.where(Opening.id == opening_id, Application.id == application_id)).first()
    if row is None:
        raise NotFound
    application, opening = row
    versions = versions_of(application)
    if not versions:
        raise NotFound
    said = _confirmations(application)
    content = content_of_version(versions[0])
    return ApplicationView(
        application=application,
        opening=opening,
        versions=tuple(versions),
        content=content,
        criteria=tuple(_criteria(versions, content, said)),
        doubles=tuple(duplicates_among(organisation_id, [application]).get(application.id, ())),
        names=staff_names([*(one.by for one in said), application.accepted_by]),
    )


def get_earlier(view: ApplicationView, number: int) -> ApplicationView:
    """Get an application as it stood when one of its versions was the last. Raises: NotFound."""
    versions = tuple(one for one in view.versions if one.number <= number)
    if not versions or versions[0].number != number:
        raise NotFound
    content = content_of_version(versions[0])
    criteria = _criteria(versions, content, _confirmations(view.application))
    is_last = view.is_last and number == view.version.number
    return replace(view, versions=versions, content=content, criteria=tuple(criteria), is_last=is_last)


def changes_between(before: ApplicationVersion, after: ApplicationVersion) -> list[Change]:
    """List what one version says differently from another."""
    old, new = (Answers.model_validate(one.answers) for one in (before, after))
    return changes(old, content_of_version(before), new, content_of_version(after))


def changes_of_last(view: ApplicationView) -> list[Change]:
    """List what the last version says differently from the one before it; nothing for a first version."""
    return changes_between(view.versions[1], view.version) if len(view.versions) > 1 else []


def content_of_version(version: ApplicationVersion) -> OpeningContent:
    """Read what the opening asked when a version answered it."""
    query = select(Revision.content).where(
        Revision.organisation_id == version.organisation_id, Revision.id == version.revision_id
    )
    return OpeningContent.model_validate(db.session.scalars(query).one())


def _confirmations(application: Application) -> Sequence[Confirmation]:
    query = select(Confirmation).where(
        Confirmation.organisation_id == application.organisation_id, Confirmation.application_id == application.id
    )
    return db.session.scalars(query.order_by(Confirmation.at.desc(), Confirmation.id)).all()


def _criteria(
    versions: Sequence[ApplicationVersion], content: OpeningContent, said: Sequence[Confirmation]
) -> list[CriterionView]:
    """Look at the criteria of the first of these versions, the last first."""
    version, older = versions[0], {one.id for one in versions[1:]}
    query = select(Finding).where(
        Finding.organisation_id == version.organisation_id, Finding.application_version_id == version.id
    )
    findings = {one.criterion_key: one for one in db.session.scalars(query.order_by(*BY_ENGINE))}
    return [
        CriterionView(
            content=criterion,
            finding=findings.get(criterion.key),
            confirmations=tuple(c for c in of_it if c.application_version_id == version.id),
            earlier=tuple(c for c in of_it if c.application_version_id in older),
        )
        for criterion in content.criteria
        for of_it in [[c for c in said if c.criterion_key == criterion.key]]
    ]


def find_next(view: ApplicationView) -> uuid.UUID | None:
    """Find the next application to the opening that waits for somebody, by receipt and round to the first."""
    waiting = standing_column().in_([standing.value for standing in Standing if standing.is_open])
    query = with_last_version(view.opening.organisation_id, Application.id, Application.received_at)
    query = query.where(Application.opening_id == view.opening.id, Application.id != view.application.id, waiting)
    rows = db.session.execute(query.order_by(Application.received_at, Application.id)).all()
    place = (view.application.received_at, view.application.id)
    after = [application_id for application_id, received_at in rows if (received_at, application_id) > place]
    return next(iter(after), rows[0][0] if rows else None)
