"""Last year's opening as the start of this year's: every date a year later, the words as they were (F12)."""

from datetime import date, datetime
from typing import Any

from app.core.clock import JST
from app.openings.content import CriterionContent, OpeningContent

DATED = ("as_of", "from", "to", "date")  # where a rule or a range of birth dates holds a day


def a_year_later(day: date) -> date:
    """The same day of the next year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def shift_instant(at: datetime | None) -> datetime | None:
    """The same Japanese day and time of the next year."""
    if at is None:
        return None
    local = at.astimezone(JST)
    return datetime.combine(a_year_later(local.date()), local.timetz())


def shift(content: OpeningContent) -> OpeningContent:
    """A copy of a content with its dates a year later; dates inside free texts stay and are the author's to mend."""
    stages = tuple(
        stage.model_copy(update={"result_on": a_year_later(stage.result_on) if stage.result_on else None})
        for stage in content.stages
    )
    appointed_on = a_year_later(content.appointed_on) if content.appointed_on else None
    criteria = tuple(_shift_criterion(one) for one in content.criteria)
    return content.model_copy(update={"stages": stages, "appointed_on": appointed_on, "criteria": criteria})


def _shift_criterion(criterion: CriterionContent) -> CriterionContent:
    return criterion.model_copy(update={"params": _shift_days(criterion.params)})


def _shift_days(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        name: a_year_later(date.fromisoformat(given)).isoformat()
        if name in DATED and isinstance(given, str)
        else _shift_days(given)
        for name, given in value.items()
    }
