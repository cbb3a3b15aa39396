"""What sending a draft would do at each of its openings, against what each city has now: one rule for all pages."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.applications import queries
from app.applications.answers import Answers
from app.applications.changes import Change, changes
from app.applications.choice_queries import applications_to, calls_of
from app.applications.choices import Calls
from app.applications.models import Application, ApplicationState, ApplicationVersion, Draft
from app.applications.queries import Call
from app.applications.receiving import Parcel, digest, frozen, held, parcel_of


@dataclass(frozen=True)
class Outlook:
    """What one opening would receive; `last` is the version it has, `held` what it knows, None where it has nothing."""

    parcel: Parcel
    application: Application | None
    last: ApplicationVersion | None
    held: Answers | None
    changes: list[Change]

    @property
    def call(self) -> Call:
        return self.parcel.call

    @property
    def is_back(self) -> bool:
        """Whether sending takes a withdrawal back."""
        return self.application is not None and self.application.state is ApplicationState.WITHDRAWN

    @property
    def is_amended(self) -> bool:
        """Whether the opening was amended since; what was received answers its earlier words."""
        return self.last is not None and self.last.revision_id != self.call.revision.id

    @property
    def new_rank(self) -> int | None:
        """The rank that the city would be told, where that is another than it knows."""
        return self.parcel.rank if self.last is not None and self.last.rank != self.parcel.rank else None

    @property
    def says_the_same(self) -> bool:
        """Whether the opening holds in a standing application what the draft says."""
        if self.last is None or self.held is None or self.is_back or self.last.rank != self.parcel.rank:
            return False
        return digest(frozen(self.held, self.call)) == self.parcel.sha256

    @property
    def has_arrived(self) -> bool:
        """Whether the opening would receive exactly what it has: then it gets no new version."""
        return self.says_the_same and not self.is_amended


def outlook_of(parcel: Parcel, application: Application | None) -> Outlook:
    """Compare what one opening would receive with what it has."""
    if application is None:
        return Outlook(parcel, None, None, None, [])
    last = queries.versions_of(application)[0]
    asked, known = queries.call_of(application, last).content, held(application, last)
    found = changes(known, asked, parcel.answers, parcel.call.content)
    return Outlook(parcel, application, last, known, found)


def outlooks(calls: Calls, answers: Answers, applied: Mapping[uuid.UUID, Application]) -> list[Outlook]:
    """Compare all openings that a draft would be sent to with the applications that stand, by opening."""
    parcels = (parcel_of(calls, call, answers) for call in calls.calls)
    return [outlook_of(one, applied.get(one.call.opening.id)) for one in parcels]


def is_sent(answers: Answers, found: list[Outlook]) -> bool:
    """Say whether all openings hold what the draft says, and nothing in it is half written."""
    return not answers.typed and all(one.says_the_same for one in found)


def unsent_changes(applicant_id: uuid.UUID, *, at: datetime) -> dict[uuid.UUID, Draft]:
    """Give the drafts changed since they were sent, by each opening that holds something else than they say."""
    drafts = {draft.id: draft for draft in queries.changed_drafts(applicant_id).values()}
    found: dict[uuid.UUID, Draft] = {}
    for draft_id, calls in calls_of(list(drafts.values()), at=at).items():
        draft = drafts[draft_id]
        answers = queries.answers_of(draft)
        seen = outlooks(calls, answers, applications_to(applicant_id, calls))
        found |= {one.call.opening.id: draft for one in seen if answers.typed or not one.says_the_same}
    return found
