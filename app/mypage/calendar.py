"""The announced dates of one application as a calendar file: the opening and the receipt number, no other words."""

from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from app.core import clock
from app.mypage.queries import Entry
from app.openings.content import StageContent
from app.openings.queries import extensions

ZONE = "Asia/Tokyo"


def has_dates(entry: Entry, *, at: datetime) -> bool:
    """Say whether anything with a day still lies ahead of this person; a calendar with no event is no file."""
    return bool(_stages(entry)) or _is_to_close(entry, at)


def dates_of(entry: Entry, *, at: datetime, base_url: str) -> bytes:
    """Write the day of each result that the person waits for, and the last instant for sending again, as iCalendar.

    Taken in again after an amendment or an extension, the same events move: each has one UID for good.
    """
    made, moved = Calendar(), _times_moved(entry)
    made.add("prodid", "-//Koubo//JA")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-timezone", ZONE)
    for stage, on in _stages(entry):
        made.add_component(_result(entry, stage, on, base_url))
    if _is_to_close(entry, at):
        made.add_component(_deadline(entry, base_url))
    for event in made.events:
        event.add("sequence", moved)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _stages(entry: Entry) -> list[tuple[StageContent, date]]:
    return [
        (stage, stage.result_on)
        for stage in entry.call.content.stages
        if stage.key in entry.ahead and stage.result_on is not None
    ]


def _is_to_close(entry: Entry, at: datetime) -> bool:
    return entry.call.last_instant is not None and at <= entry.call.last_instant


def _times_moved(entry: Entry) -> int:
    """Count what may have moved the dates since they were first announced, so that a calendar takes the later ones."""
    return entry.call.revision.number - 1 + len(extensions(entry.call.opening)) + entry.call.is_called_off


def _event(entry: Entry, key: str, summary: str, base_url: str) -> Event:
    city, one = entry.call.organisation, Event()
    one.add("uid", f"{entry.application.id}.{key}@koubo")
    one.add("dtstamp", entry.application.received_at)
    if entry.call.is_called_off:
        one.add("status", "CANCELLED")
    one.add("summary", f"{city.name} {entry.call.content.title}：{summary}")
    one.add("description", f"受付番号 {entry.application.receipt_number}\n{base_url}/my/")
    one.add("transp", "TRANSPARENT")
    return one


def _result(entry: Entry, stage: StageContent, on: date, base_url: str) -> Event:
    one = _event(entry, stage.key, f"{stage.name}の結果（予定）", base_url)
    one.add("dtstart", on)
    one.add("dtend", on + timedelta(days=1))
    return one


def _deadline(entry: Entry, base_url: str) -> Event:
    one, last = _event(entry, "closes", "受付の終了", base_url), entry.call.last_instant
    if last is not None:
        one.add("dtstart", last.astimezone(clock.JST))
        one.add("dtend", last.astimezone(clock.JST))
    return one
