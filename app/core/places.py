"""Places for work that takes seconds of a processor (reliability V7): few work, few wait, the rest is told at once.

A serving process has a handful of threads for everybody's pages; looking into files and making PDFs must never hold
more than half of them, or one person with a few hostile files stops the site for all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore


class NoPlace(Exception):
    """Too many work and wait already."""


class Places:
    """So many of a serving process at work at once, so many more in line, each for so many seconds."""

    def __init__(self, at_work: int, in_line: int, seconds: float) -> None:
        self.seconds = seconds
        self._inside, self._working = BoundedSemaphore(at_work + in_line), BoundedSemaphore(at_work)
        self._last = BoundedSemaphore(1)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a place, after a turn in line where that is not full. Raises: NoPlace."""
        with _held(self._inside, 0), _held(self._working, self.seconds):
            yield

    @contextmanager
    def last(self) -> Iterator[None]:
        """Hold the one place for those who had more than their share, if it is free; the others stay for the rest.

        Raises: NoPlace.
        """
        with _held(self._last, 0), _held(self._inside, 0), _held(self._working, 0):
            yield


@contextmanager
def _held(places: BoundedSemaphore, seconds: float) -> Iterator[None]:
    if not places.acquire(timeout=seconds):
        raise NoPlace
    try:
        yield
    finally:
        places.release()
