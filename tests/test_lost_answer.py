"""The line is cut after some bytes of a send or its answer; the browser sends again and gets the same receipt (S4).

bench/lost_answer.py cuts at every byte.
"""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.core import clock
from app.extensions import db
from tests import factories
from tests.cutting import Cutting, cutting
from tests.invariants import check_invariants, look
from tests.schedules import double_versions
from tests.serving import served
from tests.test_invariants import outside_of
from tests.wire import Applicant, Lost, Refused


@pytest.fixture
def proxy(app: Flask) -> Iterator[Cutting]:
    with served(app) as port, cutting(port) as made:
        yield made


def cut(proxy: Cutting, person: Applicant, number: int, after: int) -> bool:
    """Change something and send it through a line that is cut; then send again. Say whether the answer was lost."""
    form = person.open_step(f"/apply/drafts/{person.draft}/questions")
    next(one for one in form.fields if one.kind == "textarea").value = f"{number}回目の文"
    person.send_step(form)
    pairs, was_lost = person.ready(), False
    person.hang_up()
    proxy.cut_after(after)
    try:
        person.send(pairs)
    except Lost:
        was_lost = True
    except Refused as refused:
        was_lost = refused.status == 303  # the line was cut within the address that the answer names
        if not was_lost:
            raise
    proxy.cut_after(None)
    person.hang_up()
    person.press(pairs)
    return was_lost


def test_the_same_send_after_a_lost_answer_gives_the_same_receipt(app: Flask, proxy: Cutting) -> None:
    person = Applicant(proxy.port, "somebody", opening=str(factories.opening(factories.organisation()).id))
    db.session.remove()
    person.apply()
    person.hang_up()

    lost = [cut(proxy, person, number, after) for number, after in enumerate((0, 1, 500, 900, 1200, 1500, 10**7))]

    person.hang_up()
    found = look(outside_of(app), now=clock.now())
    assert (lost[0], lost[-1]) == (True, False)
    assert check_invariants(outside_of(app), now=clock.now(), seen=person.seen) == []
    assert len({seen.receipt for seen in person.seen}) == 1
    assert (double_versions(found), len(found.rows["application_version"])) == ([], 1 + len(lost))
