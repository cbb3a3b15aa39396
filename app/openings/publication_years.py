"""Days left in another year than the window, as in a copy whose schedule alone was moved: to look at again."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from app.core.clock import JST
from app.jp.fiscal import fiscal_year
from app.openings.content import OpeningContent
from app.openings.publication_asked import Item

YEAR = timedelta(days=365)


def year_items(content: OpeningContent, closes_at: datetime | None) -> Iterator[Item]:
    """Point at result days and days of reckoning that are far from the closing; none of them keeps a notice back."""
    if closes_at is None:
        return
    closes_on = closes_at.astimezone(JST).date()
    for stage in content.stages:
        if stage.result_on is not None and (fault := _far(stage.result_on, closes_on)):
            yield Item("L-07", "stages", f"「{stage.name}」のお知らせの日が{fault}。確かめてください", blocks=False)
    for criterion in content.criteria:
        if _is_far_reckoning(criterion.params, closes_on, content.appointed_on):
            words = f"「{criterion.label}」の基準日が、任用日か締切よりずっと後です。確かめてください"
            yield Item("L-07", "criteria", words, blocks=False)


def _far(day: date, closes_on: date) -> str:
    if abs(day - closes_on) > YEAR:
        return "締切から1年以上離れています"
    return "締切と別の年度です" if fiscal_year(day) != fiscal_year(closes_on) else ""


def _is_far_reckoning(params: dict[str, Any], closes_on: date, appointed_on: date | None) -> bool:
    rule = params.get("rule")
    given = rule.get("as_of") if isinstance(rule, dict) else None
    try:
        as_of = date.fromisoformat(given) if given else None
    except (TypeError, ValueError):
        return False
    return as_of is not None and as_of > (appointed_on or closes_on + YEAR)
