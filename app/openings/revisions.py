"""Make the rows of a revision from an approved content. The rows are insert-only; keys stay the same over revisions."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.core.model import new_id
from app.openings.content import OpeningContent, StageContent
from app.openings.models import Opening
from app.openings.revision_models import (
    Carry,
    Criterion,
    DocumentKind,
    Question,
    Revision,
    RevisionKind,
    RubricItem,
    RubricLevel,
    Stage,
    StageKind,
)


def revision_rows(
    opening: Opening,
    content: OpeningContent,
    *,
    number: int,
    author_id: uuid.UUID,
    approver_id: uuid.UUID,
    at: datetime,
    sha256: str,
    amends: str = "",
) -> list[Any]:
    """Make a revision and everything it owns, the revision first; adds nothing to a session.

    `amends` is the public reason of an amendment; what is approved again before publication is none.
    """
    revision = Revision(
        id=new_id(),
        organisation_id=opening.organisation_id,
        opening_id=opening.id,
        number=number,
        kind=RevisionKind.AMENDMENT if amends else RevisionKind.FIRST,
        reason=amends,
        author_id=author_id,
        approver_id=approver_id,
        approved_at=at,
        content=content.as_json(),
        sha256=sha256,
    )
    return [revision, *_owned(revision, content)]


def _owned(revision: Revision, content: OpeningContent) -> Iterator[Any]:
    own = {"organisation_id": revision.organisation_id, "revision_id": revision.id}
    for seq, criterion in enumerate(content.criteria, 1):
        yield Criterion(id=new_id(), seq=seq, **own, **criterion.model_dump(mode="json"))
    for seq, question in enumerate(content.questions, 1):
        yield Question(id=new_id(), seq=seq, **own, **question.model_dump(mode="json"))
    for seq, document in enumerate(content.documents, 1):
        yield DocumentKind(id=new_id(), seq=seq, **own, **document.model_dump(mode="json"))
    for seq, stage in enumerate(content.stages, 1):
        values = stage.model_dump(exclude={"rubric", "kind", "carry"})
        kind, carry = StageKind(stage.kind), Carry(stage.carry)
        yield Stage(id=new_id(), seq=seq, kind=kind, carry=carry, **own, **values)
        yield from _rubric(stage, own)


def _rubric(stage: StageContent, own: dict[str, Any]) -> Iterator[Any]:
    for seq, item in enumerate(stage.rubric, 1):
        row = RubricItem(
            id=new_id(),
            seq=seq,
            stage_key=stage.key,
            key=f"{stage.key}_{item.key}"[:40],
            label=item.label,
            weight=item.weight,
            **own,
        )
        yield row
        for level in item.levels:
            yield RubricLevel(
                id=new_id(), organisation_id=own["organisation_id"], rubric_item_id=row.id, **level.model_dump()
            )
