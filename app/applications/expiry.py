"""Let go of what nobody needs: drafts 30 days after their last deadline, with the files never sent (design 21): a job.

What was sent stays: a draft that was sent, or sent late, keeps its row and loses what is written in it. Bytes go after
the rows, so that a crash in between leaves bytes without a row, never the reverse.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, ColumnElement, and_, delete, exists, func, or_, select, update

from app.accounts.models import Applicant, ApplicantSession, SignInCode
from app.applications.answers import Answers
from app.applications.file_queries import held_alone
from app.applications.models import Draft, DraftChoice, StoredFile
from app.core import storage
from app.core.model import Base
from app.extensions import db
from app.openings.models import Opening

DRAFT_DAYS = 30
CODE_DAYS = 1
SESSION_DAYS = 30  # as long as the cookie
BATCH = 200
EMPTIED = datetime(1970, 1, 1, tzinfo=UTC)


def let_go(*, at: datetime) -> None:
    """Delete expired drafts, then spent codes, then applicants of whom nothing is left."""
    while ids := _expired(at):
        _let_go_of(ids)
    _let_go_of_codes(at)
    _let_go_of_nobodies(at)


def _expired(at: datetime) -> Sequence[uuid.UUID]:
    """List a batch of drafts whose last deadline is 30 days past and in which something is still written.

    One that is kept, empty, says so by an impossible `saved_at`.
    """
    chosen = select(DraftChoice.opening_id).where(DraftChoice.draft_id == Draft.id)
    named = or_(Opening.id == Draft.opening_id, Opening.id.in_(chosen))
    last = select(func.max(Opening.closes_at)).where(named).scalar_subquery()
    limit = at - timedelta(days=DRAFT_DAYS)
    no_deadline = and_(last.is_(None), Draft.saved_at < limit)
    query = select(Draft.id).where(or_(last < limit, no_deadline), or_(~_is_kept(), Draft.saved_at > EMPTIED))
    return db.session.scalars(query.order_by(Draft.id).limit(BATCH)).all()


def _pointing_at(table: str, *but: str) -> list[Column[uuid.UUID]]:
    """List the columns of all rooms, those to the right included, that point at a table."""
    return [
        key.parent
        for one in Base.metadata.sorted_tables
        for key in one.foreign_keys
        if key.column.table.name == table and one.name not in but
    ]


def _is_kept() -> ColumnElement[bool]:
    """The condition that something which was sent hangs from a draft."""
    columns = _pointing_at("draft", DraftChoice.__tablename__)
    return or_(*(exists().where(column == Draft.id) for column in columns))


def _let_go_of(ids: Sequence[uuid.UUID]) -> None:
    drafts = db.session.scalars(select(Draft).where(Draft.id.in_(ids)).with_for_update()).all()
    kept = set(db.session.scalars(select(Draft.id).where(Draft.id.in_(ids), _is_kept())))
    keys = [key for draft in drafts for key in _unsent_files(draft, ids)]
    for draft in drafts:
        if draft.id in kept:
            empty = {"answers": Answers().model_dump(mode="json"), "saved_at": EMPTIED}
            db.session.execute(update(Draft).where(Draft.id == draft.id).values(**empty, version=Draft.version + 1))
    gone = [draft.id for draft in drafts if draft.id not in kept]
    db.session.execute(delete(DraftChoice).where(DraftChoice.draft_id.in_(gone)))
    db.session.execute(delete(Draft).where(Draft.id.in_(gone)).execution_options(synchronize_session=False))
    db.session.commit()
    for key in keys:
        storage.drop(key)


def _unsent_files(draft: Draft, going: Sequence[uuid.UUID]) -> list[str]:
    """Delete the rows of the files that go with a draft; give the keys of their bytes."""
    own = StoredFile.applicant_id == draft.applicant_id, StoredFile.id.in_(held_alone(draft, going))
    rows = db.session.execute(select(StoredFile.id, StoredFile.key).where(*own)).all()
    db.session.execute(delete(StoredFile).where(StoredFile.id.in_([row.id for row in rows])))
    return [row.key for row in rows]


def _let_go_of_codes(at: datetime) -> None:
    """Delete sign-in codes that have been over for a day."""
    db.session.execute(delete(SignInCode).where(SignInCode.expires_at < at - timedelta(days=CODE_DAYS)))
    db.session.commit()


def _let_go_of_nobodies(at: datetime) -> None:
    """Delete applicants who have neither draft nor file nor anything sent, and no browser seen for 30 days."""
    limit = at - timedelta(days=SESSION_DAYS)
    seen = exists().where(ApplicantSession.applicant_id == Applicant.id, ApplicantSession.seen_at >= limit)
    columns = _pointing_at("applicant", ApplicantSession.__tablename__)
    has = [exists().where(column == Applicant.id) for column in columns]
    nobody = select(Applicant.id).where(Applicant.created_at < limit, ~seen, *(~one for one in has)).limit(BATCH)
    while ids := db.session.scalars(nobody).all():
        db.session.execute(delete(ApplicantSession).where(ApplicantSession.applicant_id.in_(ids)))
        db.session.execute(delete(Applicant).where(Applicant.id.in_(ids)))
        db.session.commit()
    db.session.rollback()
