"""A deploy in a rush (S12): what is in is finished, no answered send is lost, the others are sent again."""

import os
import signal
import threading
import time

from flask import Flask

from app.core import clock
from app.extensions import db
from tests import factories
from tests.crash import Server, serving, wait
from tests.forms_read import Pairs
from tests.invariants import check_invariants
from tests.serving import served
from tests.test_invariants import outside_of
from tests.wire import Applicant, Lost

PEOPLE = 10


def prepared(app: Flask, opening: str) -> list[tuple[Applicant, Pairs]]:
    """People who stand on 確認."""
    people = []
    with served(app) as port:
        for number in range(PEOPLE):
            mail = {"mail": f"person{number}@applicant.example.jp"}
            person = Applicant(port, f"person{number}", opening=opening, typed=mail)
            person.fill(person.start())
            people.append((person, person.ready()))
            person.hang_up()
    return people


def stop(server: Server) -> None:
    """Ask the server to stop, as an operator does, and wait until it has."""
    os.kill(server.child, signal.SIGTERM)
    code, server.child = wait(server.child), 0
    assert code == 0


def press_all(server: Server, people: list[tuple[Applicant, Pairs]]) -> list[tuple[Applicant, Pairs]]:
    """Let everybody send at once, and stop the server meanwhile; give those who got no answer."""
    lost, began = [], threading.Barrier(PEOPLE + 1)

    def press(person: Applicant, pairs: Pairs) -> None:
        person.port = server.port
        began.wait()
        try:
            person.press(pairs)
        except Lost:
            lost.append((person, pairs))
        person.hang_up()

    threads = [threading.Thread(target=press, args=one) for one in people]
    for thread in threads:
        thread.start()
    began.wait()
    while not any(person.seen for person, _pairs in people):
        time.sleep(0.005)
    stop(server)
    server.start()
    for thread in threads:
        thread.join()
    return lost


def test_a_stop_while_everybody_sends_loses_nothing(app: Flask) -> None:
    opening = str(factories.opening(factories.organisation()).id)
    db.session.remove()
    people = prepared(app, opening)
    with serving(app) as server:
        server.threads = 4
        server.start()
        lost = press_all(server, people)
        for person, pairs in lost:
            person.press(pairs)
            person.hang_up()

    seen = [one for person, _pairs in people for one in person.seen]
    assert {one.person for one in seen} == {person.name for person, _pairs in people}
    assert check_invariants(outside_of(app), now=clock.now(), seen=seen) == []
