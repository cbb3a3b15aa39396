"""What the applicant's papers say, laid out from one application and re-read at each serving (reliability R5, S8)."""

import uuid
from dataclasses import dataclass

from app.applications import queries as own
from app.applications.answers import Answers, FileAnswer
from app.applications.models import Application, ApplicationVersion
from app.applications.queries import Call
from app.applications.summary import Section, sections
from app.core import clock
from app.core.errors import NotFound
from app.eligibility.criteria import Assessed, assess
from app.extensions import db


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
    )


def end_reading() -> None:
    """Give the connection back before a paper is rendered: that takes long and needs no database."""
    db.session.close()
