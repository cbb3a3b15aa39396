"""What the applicant's papers say, laid out from one application and re-read at each serving (reliability R5, S8)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from app.applications import queries as own
from app.applications.answers import Answers, FileAnswer
from app.applications.models import Application, ApplicationState, ApplicationVersion
from app.applications.queries import Call
from app.applications.ranks import ranks_of
from app.applications.summary import Section, sections
from app.core import clock
from app.core.errors import NotFound
from app.eligibility.criteria import Assessed, assess
from app.extensions import db
from app.mypage.queries import entry_of
from app.openings.content import StageContent


@dataclass(frozen=True)
class Receipt:
    """The copy of one version of an application (応募の控え)."""

    application: Application
    version: ApplicationVersion
    call: Call
    version_count: int
    sections: list[Section]
    files: list[tuple[str, FileAnswer]]  # the kind's label and what was received
    assessed: list[Assessed]
    rank: int | None  # as the city was shown it; else the person's own order now

    @property
    def is_last(self) -> bool:
        """Whether this version is the one that the selection reads."""
        return self.version.number == self.version_count


def receipt(applicant_id: uuid.UUID, application_id: uuid.UUID, number: int | None) -> Receipt:
    """Lay out what this applicant sent, the version of a number or the last one. Raises: NotFound."""
    application = own.get_application(applicant_id, application_id)
    versions = own.versions_of(application)
    chosen = [one for one in versions if number in (None, one.number)][:1]
    if not chosen:
        raise NotFound
    return _receipt(application, chosen[0], len(versions))


def _receipt(application: Application, version: ApplicationVersion, count: int) -> Receipt:
    call, answers = own.call_of(application, version), Answers.model_validate(version.answers)
    day = version.received_at.astimezone(clock.JST).date()
    documents = [(kind.label, answers.documents.get(kind.key)) for kind in call.content.documents]
    return Receipt(
        application,
        version,
        call,
        count,
        sections(call.content, answers, lambda _step: None),
        [(label, file) for label, file in documents if file is not None],
        [assess(criterion, answers, today=day) for criterion in call.content.criteria],
        version.rank or ranks_of(application.applicant_id).get(application.opening_id),
    )


@dataclass(frozen=True)
class Ticket:
    """The examinee's paper (受験票): one person's number for one opening and what comes next; no photo."""

    application: Application
    call: Call
    stage: StageContent | None  # the next one, as announced

    @property
    def name(self) -> str:
        return f"{self.application.family_name} {self.application.given_name}"


def ticket(applicant_id: uuid.UUID, application_id: uuid.UUID, *, at: datetime) -> Ticket:
    """Lay out the 受験票 of this applicant. Raises: NotFound without an examinee number and after a withdrawal.

    It names a next stage to those alone who go on: to a reserve (補欠) it would read as an invitation.
    """
    entry = entry_of(own.get_application(applicant_id, application_id), at=at)
    application = entry.application
    if application.examinee_number is None or application.state is ApplicationState.WITHDRAWN:
        raise NotFound
    ahead = () if entry.call.is_called_off else entry.ahead
    coming = [stage for stage in entry.call.content.stages if stage.key in ahead]
    return Ticket(application, entry.call, next(iter(coming), None))


def require_own(paper: Ticket | Receipt, applicant_id: uuid.UUID) -> None:
    """Ask once more, when a paper is handed out, that it is this applicant's. Raises: NotFound."""
    if paper.application.applicant_id != applicant_id:
        raise NotFound


def end_reading() -> None:
    """Give the connection back before a paper is rendered: that takes long and needs no database."""
    db.session.close()
