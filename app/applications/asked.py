"""What of a person's answers one opening asks: a city receives nothing that only another one asked. Pure."""

from typing import Any

from app.applications.answers import Answers
from app.eligibility.criteria import Asked, asked_of, rules_of
from app.eligibility.facts import JobEntry
from app.openings.content import OpeningContent

FACTS = {  # what a person states once for all openings, by what a criterion asks
    Asked.EDUCATION: ("education",),
    Asked.QUALIFICATIONS: ("qualifications", "no_qualifications"),
    Asked.LANGUAGES: ("languages", "no_languages"),
    Asked.AVAILABILITY: ("availability",),
}


def only_asked(content: OpeningContent, answers: Answers) -> Answers:
    """Give the answers without what this opening asks of nobody."""
    asked, parts = asked_of(content.criteria), job_parts(content)
    unasked = {name: _empty(name) for fact, names in FACTS.items() if fact not in asked for name in names}
    born = answers.person.birth_date if Asked.BIRTH_DATE in asked else None
    own: dict[str, Any] = {
        "person": answers.person.model_copy(update={"birth_date": born}),
        "history": [_job(job, parts) for job in answers.history],
    }
    return answers.model_copy(update=unasked | own)


def _empty(name: str) -> Any:
    return Answers.model_fields[name].get_default(call_default_factory=True)


def job_parts(content: OpeningContent) -> frozenset[str]:
    """Name what the experience rules look at in a job besides employer, form and dates."""
    rules = rules_of(content.criteria)
    parts = {f"field:{name}" for rule in rules for name in rule.fields}
    parts |= {"weekly_hours"} if any(rule.min_weekly_hours for rule in rules) else set()
    parts |= {"student"} if any(rule.exclude_student for rule in rules) else set()
    return frozenset(parts | ({"leaves"} if any(rule.excluded_leave for rule in rules) else set()))


def _job(job: JobEntry, parts: frozenset[str]) -> JobEntry:
    return job.model_copy(
        update={
            "fields": [name for name in job.fields if f"field:{name}" in parts],
            "weekly_hours": job.weekly_hours if "weekly_hours" in parts else None,
            "student": job.student and "student" in parts,
            "leaves": job.leaves if "leaves" in parts else [],
        }
    )
