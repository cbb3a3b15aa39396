"""The rules of 併願 (design 19): how many openings of a campaign, until when their order changes. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from app.applications.answers import Answers
from app.applications.asked import job_parts
from app.applications.choices import Calls, criteria_of, deadlines, slot_keys
from app.applications.queries import Call
from app.applications.steps import CAREER_FACTS, Step, asks_birth_date
from app.core.language import counted, named
from app.eligibility.criteria import asked_of
from app.openings.content import OpeningContent
from app.openings.models import Campaign


def holding(taken: Iterable[Call]) -> list[Call]:
    """List those that take a place: not an opening that its city called off."""
    return [one for one in taken if not one.is_called_off]


def too_many(campaign: Campaign, taken: Collection[Call], new: Call) -> str | None:
    """Say why an opening cannot be added to those chosen or applied to already; None when it can."""
    taken = holding(taken)
    if len(taken) >= campaign.max_choices:
        return counted(
            "この公募では、合わせて%(n)s件まで応募できます。ほかの募集を希望から外すか、"
            "応募済みのものを辞退してから、加えてください。",
            campaign.max_choices,
        )
    same = [one for one in taken if one.organisation.id == new.organisation.id]
    if len(same) >= campaign.max_per_organisation:
        return counted(
            "この公募では、1つの自治体に%(n)s件まで応募できます。"
            "%(city)sのほかの募集を希望から外すか、応募済みのものを辞退してから、加えてください。",
            campaign.max_per_organisation,
            city=named(new.organisation),
        )
    return None


def order_until(chosen: Iterable[Call]) -> datetime | None:
    """The last instant at which the order may change: the earliest deadline among the chosen openings."""
    return next(iter(deadlines(chosen)), None)


def can_reorder(calls: Calls, *, at: datetime) -> bool:
    """Say whether the person may change the order of what is chosen."""
    until = order_until(calls.chosen)
    return calls.campaign is not None and calls.campaign.ranked and until is not None and at <= until


def still_done(done: Sequence[str], before: Sequence[Call], after: Sequence[Call]) -> list[str]:
    """Keep the steps as done in which nothing new is asked."""
    return [step for step in done if asked_in(Step(step), after) <= asked_in(Step(step), before)]


def done_for(saved_for: Mapping[str, Sequence[Call]], asking: Sequence[Call]) -> list[str]:
    """List the steps that were saved for openings which asked all that is asked now."""
    return [step for step in Step if step in saved_for and asked_in(step, asking) <= asked_in(step, saved_for[step])]


def noted_for(answers: Answers, calls: Calls, step: str) -> Answers:
    """Note for which openings of a campaign a step was saved."""
    if calls.campaign is None:
        return answers
    asking = sorted(str(call.opening.id) for call in calls.calls)
    return answers.model_copy(update={"saved_for": {**answers.saved_for, step: asking}})


def asked_in(step: Step, calls: Sequence[Call]) -> frozenset[str]:
    """Name what these openings ask in a step, apart from what every opening asks."""
    return frozenset().union(*(_asked(step, call.content) for call in calls))


def _asked(step: Step, content: OpeningContent) -> frozenset[str]:
    if step is Step.ELIGIBILITY:
        return frozenset(slot_keys(criteria_of(content)).values())
    if step is Step.PROFILE:
        return frozenset({"birth_date"} if asks_birth_date(content) else ())
    if step is Step.CAREER:
        papers = {fact.value for fact in asked_of(content.criteria) if fact.value in CAREER_FACTS}
        return job_parts(content) | papers | frozenset(slot_keys(content.documents).values())
    return frozenset(slot_keys(content.questions).values() if step is Step.QUESTIONS else ())
