"""The calendar file names only what still lies ahead of its person, and tells nothing before a release."""

from datetime import datetime, timedelta

import time_machine
from flask import Flask
from icalendar import Calendar

from app.applications.models import ApplicationState
from tests.browsing import apart
from tests.correspondence.arrange import holding
from tests.reviews.arrange import set_state
from tests.selection.arrange import FAIL, PASS, RESERVE, Meeting, meeting

DOCUMENTS, INTERVIEW = "書類選考の結果（予定）", "面接の結果（予定）"


def listed(app: Flask, made: Meeting, n: int, at: datetime) -> list[str]:
    """The result days that the file of an application names at an instant."""
    application = made.scene.applications[n]
    with time_machine.travel(at, tick=False):
        person = holding(app, application.applicant_id)
        own = f"/my/applications/{application.id}"
        is_offered, answer = f'href="{own}/dates.ics"' in person.get(own), apart(person.client.get, f"{own}/dates.ics")
    assert (answer.status_code, is_offered) in ((200, True), (303, False))
    data = answer.data if is_offered else Calendar().to_ical()
    found = [str(event["summary"]) for event in Calendar.from_ical(data).walk("VEVENT")]
    return [words.partition("：")[2] for words in found if "結果" in words]


def test_after_a_release_only_who_passed_has_dates_ahead(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, RESERVE, FAIL)
    instant = made.approved().release_at

    before = [listed(sqlite_app, made, n, instant - timedelta(seconds=1)) for n in range(3)]
    after = [listed(sqlite_app, made, n, instant) for n in range(3)]

    assert before == [[DOCUMENTS, INTERVIEW]] * 3
    assert after == [[INTERVIEW], [], []]


def test_who_withdrew_has_no_result_ahead_until_it_is_undone(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, FAIL, FAIL)
    instant, gone = made.approved().release_at, made.scene.applications[0].id
    set_state(gone, ApplicationState.WITHDRAWN)
    withdrawn = listed(sqlite_app, made, 0, instant)
    set_state(gone, ApplicationState.ACCEPTED)

    assert (withdrawn, listed(sqlite_app, made, 0, instant)) == ([], [INTERVIEW])


def test_the_ticket_of_a_reserve_names_no_next_stage_and_that_of_who_passed_does(sqlite_app: Flask) -> None:
    made = meeting()
    made.decided(PASS, RESERVE, FAIL)
    instant = made.approved().release_at

    with time_machine.travel(instant, tick=False):
        people = [(one.id, holding(sqlite_app, one.applicant_id)) for one in made.scene.applications]
        pages = [person.get(f"/my/applications/{key}/ticket") for key, person in people]

    assert ["面接" in page for page in pages] == [True, False, False]
