"""Reads of a reviewer's own assignments; rows go in, frozen values come out."""

import uuid
from collections.abc import Collection, Sequence

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.applications.answers import Answers
from app.applications.models import Application, ApplicationDocument, ApplicationState, ApplicationVersion
from app.applications.policy import can_open
from app.core import clock
from app.core.context import SYSTEM
from app.core.database import reading_beside
from app.core.errors import NotFound
from app.extensions import db
from app.jp.postal import reading
from app.openings.models import Opening
from app.openings.policy import goes_on
from app.openings.revision_models import DocumentKind, Question, RubricItem, Stage
from app.organisations.file_rule import unscanned_files
from app.organisations.models import Organisation
from app.reviews import policy, queries
from app.reviews.blind import BlindApplication, blind_application, named_application
from app.reviews.desk import Desk, ItemView, LevelView, OtherSheet, OwnMark, Queue, QueueEntry
from app.reviews.masking import city_spellings, city_words
from app.reviews.models import Assignment, PanelMember, Rating, Round, RoundState
from app.reviews.renewed import renewed
from app.reviews.runs import latest_ratings


def get_own_assignment(
    organisation_id: uuid.UUID, membership_id: uuid.UUID, assignment_id: uuid.UUID
) -> tuple[Assignment, Round]:
    """Get a reviewer's own assignment that is open to him, with its round. Raises: NotFound."""
    found = db.session.execute(
        select(Assignment, Round)
        .join(Round, Round.id == Assignment.round_id)
        .join(PanelMember, PanelMember.id == Assignment.panel_member_id)
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Assignment.organisation_id == organisation_id,
            Assignment.id == assignment_id,
            PanelMember.membership_id == membership_id,
            Application.state == ApplicationState.ACCEPTED,
        )
    ).one_or_none()
    if found is None or not policy.can_see_desk(found[1], found[0]):
        raise NotFound
    return found[0], found[1]


def queues(organisation_id: uuid.UUID, membership_id: uuid.UUID, opening_ids: Collection[uuid.UUID]) -> list[Queue]:
    """The reviewer's queues of rounds that are open or locked, of these openings; open ones first, by date due."""
    rounds = db.session.execute(
        select(Round, Opening, Stage.name, PanelMember.id)
        .join(PanelMember, PanelMember.round_id == Round.id)
        .join(Opening, Opening.id == Round.opening_id)
        .join(Stage, (Stage.revision_id == Round.revision_id) & (Stage.key == Round.stage_key))
        .where(
            Round.organisation_id == organisation_id,
            Round.opening_id.in_(opening_ids),
            Round.state != RoundState.PREPARED,
            PanelMember.membership_id == membership_id,
        )
    ).all()
    entries = _entries(organisation_id, [row[3] for row in rounds])
    made = [
        Queue(r.id, r.opening_id, o.title, name, r.state, r.due_at, tuple(entries[member_id]), not goes_on(o))
        for r, o, name, member_id in rounds
    ]
    return sorted(
        made, key=lambda q: (q.is_called_off, q.state is RoundState.LOCKED, q.due_at is None, q.due_at, q.opening_title)
    )


def _entries(organisation_id: uuid.UUID, member_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[QueueEntry]]:
    found = db.session.execute(
        select(Assignment, Application.examinee_number)
        .join(Application, Application.id == Assignment.application_id)
        .where(
            Assignment.organisation_id == organisation_id,
            Assignment.panel_member_id.in_(member_ids),
            Assignment.excluded_reason.is_(None),
            Application.state == ApplicationState.ACCEPTED,
        )
        .order_by(Assignment.order_no)
    )
    by_member: dict[uuid.UUID, list[QueueEntry]] = {member_id: [] for member_id in member_ids}
    newer = renewed(organisation_id, member_ids)
    for assignment, number in found:
        entry = QueueEntry(assignment.id, number or "", assignment.submitted_at is not None, assignment.id in newer)
        by_member[assignment.panel_member_id].append(entry)
    return by_member


def get_desk(assignment: Assignment, round_: Round, membership_id: uuid.UUID) -> Desk:
    """Lay out one application before its reviewer; others' marks only once the round is locked (032)."""
    rubric = queries.rubric_of(round_.organisation_id, round_.revision_id, round_.stage_key)
    keys = {item.id: item.key for item in rubric}
    own = latest_ratings(assignment.organisation_id, [assignment.id])[assignment.id]
    [queue] = [
        one
        for one in queues(assignment.organisation_id, membership_id, [round_.opening_id])
        if one.round_id == round_.id
    ]
    return Desk(
        assignment_id=assignment.id,
        version=assignment.version,
        submitted=assignment.submitted_at is not None,
        can_score=policy.can_score(round_, assignment) and not queue.is_called_off,
        application=_application(assignment, round_),
        rubric=tuple(_item(item, place) for place, item in enumerate(rubric)),
        own=_marks(own, keys),
        comment=assignment.comment,
        internal_note=assignment.internal_note,
        others=_others(assignment, keys) if policy.can_see_others(round_, assignment) else (),
        queue=queue,
        renewed_at=renewed(assignment.organisation_id, [assignment.panel_member_id]).get(assignment.id),
    )


def _item(item: RubricItem, place: int) -> ItemView:
    levels = tuple(LevelView(level.value, level.anchor, level.evidence_required) for level in item.levels)
    return ItemView(item.key, f"item_{place}", item.label, item.weight, levels)


def _marks(ratings: Sequence[Rating], keys: dict[uuid.UUID, str]) -> dict[str, OwnMark]:
    return {keys[rating.rubric_item_id]: OwnMark(rating.value, rating.evidence) for rating in ratings}


def _others(assignment: Assignment, keys: dict[uuid.UUID, str]) -> tuple[OtherSheet, ...]:
    found = db.session.scalars(
        select(Assignment)
        .where(
            Assignment.organisation_id == assignment.organisation_id,
            Assignment.round_id == assignment.round_id,
            Assignment.application_id == assignment.application_id,
            Assignment.id != assignment.id,
            Assignment.submitted_at.is_not(None),
            Assignment.excluded_reason.is_(None),
        )
        .order_by(Assignment.panel_member_id)
    ).all()
    ratings = latest_ratings(assignment.organisation_id, [other.id for other in found])
    return tuple(
        OtherSheet(f"ほかの採点者{place}", _marks(ratings[other.id], keys), other.comment)
        for place, other in enumerate(found, 1)
    )


def _application(assignment: Assignment, round_: Round) -> BlindApplication:
    """The version that counts, as this stage may see it."""
    number, version = _latest_version(assignment)
    blind = db.session.scalar(
        select(Stage.blind).where(
            Stage.organisation_id == round_.organisation_id,
            Stage.revision_id == round_.revision_id,
            Stage.key == round_.stage_key,
        )
    )
    shown = number, Answers.model_validate(version.answers), _questions(version), _documents(version)
    if blind is False:
        return named_application(*shown)
    return blind_application(*shown, _other_cities(round_.organisation_id, round_.opening_id))


def _other_cities(organisation_id: uuid.UUID, opening_id: uuid.UUID) -> tuple[str, ...]:
    """What the other cities of the campaign are called, whether or not the person applied there too.

    Were they blanked only in joint applications, the blank would tell of the other one.
    """
    campaign = select(Opening.campaign_id).where(Opening.id == opening_id).scalar_subquery()
    takes_part = Organisation.id.in_(select(Opening.organisation_id).where(Opening.campaign_id == campaign))
    named = select(Organisation.name, Organisation.name_en)
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        ours = session.scalars(select(Organisation.name).where(Organisation.id == organisation_id)).one()
        others = session.execute(named.where(takes_part, Organisation.id != organisation_id)).all()
    words = [city_words(name, ours) for name, _english in others]
    spelt = [city_spellings(reading(name), english or "", reading(ours)) for name, english in others]
    return tuple(sorted({word for some in (*words, *spelt) for word in some}))


def _latest_version(assignment: Assignment) -> tuple[str, ApplicationVersion]:
    found = (
        db.session.execute(
            select(Application.examinee_number, ApplicationVersion)
            .join(ApplicationVersion, ApplicationVersion.application_id == Application.id)
            .where(
                Application.organisation_id == assignment.organisation_id, Application.id == assignment.application_id
            )
            .order_by(ApplicationVersion.number.desc())
            .limit(1)
            .options(joinedload(ApplicationVersion.documents).joinedload(ApplicationDocument.stored_file))
        )
        .unique()
        .first()
    )
    if found is None or found[0] is None:
        raise NotFound
    return found[0], found[1]


def _questions(version: ApplicationVersion) -> list[tuple[str, str]]:
    found = db.session.execute(
        select(Question.key, Question.label)
        .where(Question.organisation_id == version.organisation_id, Question.revision_id == version.revision_id)
        .order_by(Question.seq)
    )
    return [(key, label) for key, label in found]


def _documents(version: ApplicationVersion) -> list[tuple[str, str | None]]:
    """Give label and text of each file; no text of one that staff may not open."""
    found = db.session.execute(
        select(DocumentKind.key, DocumentKind.label).where(
            DocumentKind.organisation_id == version.organisation_id, DocumentKind.revision_id == version.revision_id
        )
    )
    labels = {key: label for key, label in found}  # rows are no pairs for dict() in the types
    unscanned = unscanned_files(version.organisation_id, at=clock.now())
    return [
        (
            labels.get(one.kind_key, "書類"),
            one.stored_file.extracted_text if can_open(one.stored_file, unscanned) else None,
        )
        for one in version.documents
    ]
