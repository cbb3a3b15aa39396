"""Work that several people do at the same moment."""

import threading
from collections.abc import Callable
from contextvars import Context
from typing import Any

from flask import Flask

from app.extensions import db


def at_once(app: Flask, *works: Callable[[], Any]) -> list[Any]:
    """Do every work in a thread of its own, all begun together; give, in order, what each returned or raised."""
    together = threading.Barrier(len(works))
    said: list[Any] = [None] * len(works)

    def run(place: int) -> None:
        with app.app_context():
            together.wait(30)
            try:
                said[place] = works[place]()
            except Exception as error:
                said[place] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=Context().run, args=(run, place)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said
