"""The announced dates of one application as a calendar file: the opening and the receipt number, no other words."""

from datetime import date, timedelta

from icalendar import Calendar, Event

from app.core import clock
from app.mypage.queries import Entry
from app.openings.queries import extensions

ZONE = "Asia/Tokyo"


def dates_of(entry: Entry, *, base_url: str) -> bytes:
    """Write the day of each announced result, and the last instant for sending again, as iCalendar.

    Taken in again after an amendment or an extension, the same events move: each has one UID for good.
    """
    made, moved = Calendar(), _times_moved(entry)
    made.add("prodid", "-//Koubo//JA")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-timezone", ZONE)
    for stage in entry.call.content.stages:
        if stage.result_on is not None:
            made.add_component(_result(entry, stage.key, stage.name, stage.result_on, base_url))
    if entry.call.last_instant is not None:
        made.add_component(_deadline(entry, base_url))
    for event in made.events:
        event.add("sequence", moved)
    made.add_missing_timezones()
    return bytes(made.to_ical())


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


def _result(entry: Entry, key: str, name: str, on: date, base_url: str) -> Event:
    one = _event(entry, key, f"{name}の結果（予定）", base_url)
    one.add("dtstart", on)
    one.add("dtend", on + timedelta(days=1))
    return one


def _deadline(entry: Entry, base_url: str) -> Event:
    one, last = _event(entry, "closes", "受付の終了", base_url), entry.call.last_instant
    if last is not None:
        one.add("dtstart", last.astimezone(clock.JST))
        one.add("dtend", last.astimezone(clock.JST))
    return one
