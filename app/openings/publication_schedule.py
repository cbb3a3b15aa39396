"""The instants of an opening and the items of the list before publication about them (L-07, design 13)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.clock import JST
from app.openings.publication_asked import Item


@dataclass(frozen=True)
class Window:
    """The three instants of an opening, aware."""

    published_at: datetime | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def schedule_items(window: Window, at: datetime) -> Iterator[Item]:
    """List what the three instants lack or break."""
    names = (("published_at", "公開"), ("opens_at", "受付開始"), ("closes_at", "締切"))
    for name, label in names:
        if getattr(window, name) is None:
            yield Item("L-07", "schedule", f"{label}の日時を決めてください")
    if window.closes_at is not None:
        yield from _closing(window, window.closes_at, at)
    if window.published_at and window.opens_at and window.opens_at < window.published_at:
        yield Item("L-07", "schedule", "受付開始が公開より前です")
    if window.published_at is not None and window.published_at <= at:
        yield Item("L-07", "schedule", "公開の日時が過ぎています。承認のときにすぐ公開されます", blocks=False)


def _closing(window: Window, closes_at: datetime, at: datetime) -> Iterator[Item]:
    if closes_at.microsecond:
        yield Item("L-07", "schedule", "締切は秒の単位までで決めてください")
    if window.opens_at is not None and closes_at <= window.opens_at:
        yield Item("L-07", "schedule", "締切が受付開始より前です")
    if closes_at <= at:
        yield Item("L-07", "schedule", "締切が過ぎています")
    elif closes_at - at < timedelta(days=7):
        yield Item("L-07", "schedule", "締切まで7日ありません", blocks=False)
    if closes_at.astimezone(JST).weekday() >= 5:
        yield Item("L-07", "schedule", "締切が土曜日か日曜日です。このままでも公開できます", blocks=False)
