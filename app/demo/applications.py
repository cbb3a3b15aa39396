"""The made-up applicants apply through the use cases that real people's requests reach: draft, file, submit."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from sqlalchemy import select

from app.accounts.models import Applicant
from app.applications import drafting, queries, starting
from app.applications.answers import Answers, Person
from app.applications.choice_queries import get_calls
from app.applications.choices import Calls
from app.applications.sending_services import Press, submit
from app.applications.steps import Step, declarations, step_digest
from app.core.context import PUBLIC, SYSTEM, bind
from app.core.context import applicant as context_of
from app.demo.loader import openings_by_source
from app.demo.papers import pdf
from app.demo.people import DemoApplicant, applicants
from app.eligibility.facts import Availability, JobEntry, Qualification
from app.extensions import db
from app.openings.models import Opening

UNSAID = "（見本の応募のため、本文はありません）"
APART = timedelta(hours=3)  # between one made-up application and the next, back from the fresh start

WRITTEN_IN = timedelta(minutes=25)  # from the beginning of a draft to its sending


def load_applicants(*, at: datetime) -> int:
    """Let each made-up person apply to the chosen openings that are open; return how many applications came."""
    bind(db.session, SYSTEM)
    openings, count = openings_by_source(), 0
    db.session.remove()
    for person in applicants():
        person_at = at - APART * (count + 1)
        applicant = None
        for source_id in person.applies_to:
            opening = openings.get(source_id)
            if opening is not None and _is_open(opening, person_at - WRITTEN_IN) and _is_open(opening, person_at):
                applicant = _apply(person, opening, applicant, at=person_at)
                count += 1
    db.session.remove()
    return count


def _is_open(opening: Opening, at: datetime) -> bool:
    return bool(opening.opens_at and opening.closes_at and opening.opens_at <= at <= opening.closes_at)


def _apply(person: DemoApplicant, opening: Opening, applicant: Applicant | None, *, at: datetime) -> Applicant:
    db.session.remove()
    bind(db.session, PUBLIC if applicant is None else context_of(applicant.id))
    begun = at - WRITTEN_IN
    draft = starting.start(queries.get_call(opening.id, at=begun), applicant=applicant, at=begun).draft
    calls, before = get_calls(draft, at=at), queries.answers_of(draft)
    seen = step_digest(Step.ELIGIBILITY, before)
    drafting.save_step(draft, Step.ELIGIBILITY, _answers(person, calls, before), seen=seen, at=at)
    for kind in calls.content.documents:
        if kind.required and kind.key not in before.documents:
            paper = pdf([kind.label, "（見本・架空の人の書類です）", *_history_lines(person)])
            drafting.attach(draft, kind, f"{kind.label}（{person.sei}）.pdf", BytesIO(paper), at=at)
    found = db.session.scalar(select(Applicant).where(Applicant.id == draft.applicant_id))
    if found is None:
        raise LookupError(draft.applicant_id)
    to = frozenset(call.opening.id for call in calls.calls)
    submit(found.id, draft.id, Press(f"demo-{draft.version}-{draft.id}", draft.version, at, to))
    return found


def _answers(person: DemoApplicant, calls: Calls, before: Answers) -> Answers:
    jobs = [_job(job) for job in person.jobs]
    own = {slot: key for call in calls.calls for key, slot in calls.slots(call.content.questions).items()}
    return Answers(
        documents=before.documents,
        person=Person(
            family_name=person.sei,
            given_name=person.mei,
            family_kana=person.sei_kana,
            given_kana=person.mei_kana,
            mail=person.mail,
            birth_date=person.birth_date,
            phone=person.phone,
            postal_code=person.postal_code,
            address=person.address,
        ),
        history=jobs,
        qualifications=[Qualification(name="ITパスポート試験")],  # kept only where a criterion looks at it
        availability=Availability(most=50),
        declarations={criterion.key: True for criterion in declarations(calls.content)},
        statements={slot: person.answers.get(key) or UNSAID for slot, key in own.items()},
        steps_done=[step.value for step in Step],
    )


def _job(job: dict[str, Any]) -> JobEntry:
    said = {name: value for name, value in job.items() if name != "duties"}
    return JobEntry(**said, description=job.get("duties") or "")


def _history_lines(person: DemoApplicant) -> list[str]:
    lines = []
    for job in person.jobs:
        period = f"{job['start']} から {job['end'] or '現在'}"
        lines += [f"{period}　{job['employer']}", *str(job.get("duties") or "").split("。")]
    return [line[:48] for line in lines if line]
