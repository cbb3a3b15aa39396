"""The items of the list before publication about stages, dates and rubrics (L-07, L-10)."""

from collections.abc import Iterator
from datetime import date, datetime

from app.core.clock import JST
from app.openings.content import OpeningContent, StageContent
from app.openings.publication_asked import Item

WHOLE = 100


def stage_items(content: OpeningContent, closes_at: datetime | None) -> Iterator[Item]:
    """List what the stages and their rubrics lack."""
    if not content.stages:
        yield Item("L-07", "stages", "選考段階を決めてください")
    if not content.announcement:
        yield Item("L-07", "stages", "合格発表の方法を書いてください")
    before = closes_at.astimezone(JST).date() if closes_at else None
    for stage in content.stages:
        yield from _dates(stage, before)
        yield from _rubric(stage)
        before = stage.result_on or before
    if content.appointed_on and before and content.appointed_on < before:
        yield Item("L-07", "schedule", "任用日が最後のお知らせより前です")


def _dates(stage: StageContent, before: date | None) -> Iterator[Item]:
    name = f"「{stage.name}」"
    if not stage.method:
        yield Item("L-07", "stages", f"{name}の方法と場所を書いてください")
    if stage.result_on is None:
        yield Item("L-07", "stages", f"{name}の結果をお知らせする日を決めてください")
    elif before is not None and stage.result_on < before:
        yield Item("L-07", "stages", f"{name}のお知らせの日が、その前の日程より前です")


def _rubric(stage: StageContent) -> Iterator[Item]:
    name = f"「{stage.name}」"
    if not stage.rubric:
        yield Item("L-10", "stages", f"{name}の採点基準を書いてください")
        return
    total = sum(item.weight for item in stage.rubric)
    if total != WHOLE:
        yield Item("L-10", "stages", f"{name}の採点基準の重みの合計が{total}%です。{WHOLE}%にしてください")
    for item in stage.rubric:
        if len(item.levels) < 2:
            yield Item("L-10", "stages", f"{name}の「{item.label}」に、段階を2つ以上書いてください")
    if stage.min_reviewers < 2:
        yield Item("L-10", "stages", f"{name}の採点者が1人です。2人以上を勧めます", blocks=False)
