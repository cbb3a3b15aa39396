"""A press looks before it holds anybody up; what changes until it writes is looked at again (S1, S3, I2)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from app.applications.late_models import LateAttempt
from app.applications.models import Application, ApplicationState, ApplicationVersion, Draft, Submission
from app.applications.sending_rules import Late, NotReady, NotTakingApplications
from app.applications.sending_services import Press, submit
from app.core import clock
from app.core.context import SYSTEM, applicant, bind
from app.core.database import own_transaction
from app.extensions import db
from app.openings.models import Opening, OpeningState
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import Person
from tests.applications.test_applying import rows

TABLES = (Application, ApplicationVersion, Submission, Mail, LateAttempt)


@pytest.fixture
def person(app):
    return Person(app, factories.opening(factories.organisation())).start().fill()


def press_while(change: Callable[[Draft], object]) -> Submission:
    """Press, and let something happen after the look and before the transaction that writes."""
    [draft] = rows(Draft)
    db.session.remove()
    bind(db.session, applicant(draft.applicant_id))
    commits = iter(range(10))

    def look_is_over(_session: object) -> None:
        if next(commits) == 1:  # the first ends what was open before
            change(draft)

    session = db.session()
    event.listen(session, "after_commit", look_is_over)
    try:
        return submit(draft.applicant_id, draft.id, Press("key", draft.version, clock.now()))
    finally:
        event.remove(session, "after_commit", look_is_over)
        db.session.remove()


def change_row(app, table, row_id, **values):
    with own_transaction(app.extensions["koubo.engine"], SYSTEM) as session:
        session.execute(update(table).where(table.id == row_id).values(version=table.version + 1, **values))


def counts():
    return [len(rows(table)) for table in TABLES]


def test_a_quiet_press_sends_once(person):
    press_while(lambda draft: None)

    assert counts() == [1, 1, 1, 1, 0]


def test_an_answer_saved_meanwhile_sends_nothing(app, person):
    with pytest.raises(NotReady):
        press_while(lambda draft: change_row(app, Draft, draft.id))

    assert counts() == [0, 0, 0, 0, 0]


def test_an_opening_that_is_called_off_meanwhile_takes_nothing(app, person):
    with pytest.raises(NotTakingApplications):
        press_while(lambda draft: change_row(app, Opening, draft.opening_id, state=OpeningState.WITHDRAWN))

    assert counts() == [0, 0, 0, 0, 0]


def test_an_opening_whose_deadline_moved_meanwhile_keeps_a_late_attempt(app, person):
    ended = clock.now().replace(microsecond=0) - timedelta(hours=1)

    with pytest.raises(Late):
        press_while(lambda draft: change_row(app, Opening, draft.opening_id, closes_at=ended))

    assert counts() == [0, 0, 0, 1, 1]  # the mail says that it is kept


def test_the_same_draft_sent_meanwhile_gives_back_what_was_sent(person):
    sent = []

    def send(_draft: Draft) -> None:
        sent.append(person.send(person.ready_to_send()).headers["Location"].rsplit("/", 1)[1])

    found = press_while(send)

    assert [str(found.id)] == sent
    assert counts() == [1, 1, 1, 1, 0]


def test_an_application_withdrawn_meanwhile_is_sent_again_and_stands(app, person):
    person.send()
    [made] = rows(Application)
    person.fill(contact={"family_name": "別名"})

    press_while(lambda draft: change_row(app, Application, made.id, state=ApplicationState.WITHDRAWN))

    [application] = rows(Application)
    assert application.state is ApplicationState.SUBMITTED
    assert sorted(one.number for one in rows(ApplicationVersion)) == [1, 2]
