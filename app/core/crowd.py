"""Who may stay on the line when there are many (V4): a slow client holds a connection only, and never somebody else's.

Nobody is turned away for being many: 300 applicants may sit behind one network address. Where connections run out, of
that address or of the serving process, those go that do least: idle lines first, then the slowest requests.
"""

import time
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Protocol

GRACE_SECONDS = 5.0  # nobody is called slow before
GO_AT_ONCE = 16  # looking for the slowest of 2,000 takes a millisecond
SLOW_SECONDS, SLOW_BYTES = 120.0, 6_000  # a body that brings less in that time is cut; a tunnel may last a minute


class Line(Protocol):
    """A connection as far as the crowd knows it."""

    address: str
    will_close: bool

    def pace(self, now: float) -> float | None:
        """Give the bytes a second that its request came with so far, 0 for idle; None while it is not to be judged."""


@dataclass
class Crowd:
    """The open lines of a serving process; `per_address` 0: behind a proxy all come from one address."""

    most: int
    per_address: int = 0
    lines: dict[str, set[Line]] = field(default_factory=lambda: defaultdict(set))
    count: int = 0

    def add(self, line: Line) -> None:
        """Take in a new line; one of an address that has its number takes the place of its slowest, else it goes."""
        of_address = self.lines[line.address]
        if self.per_address and len(of_address) >= self.per_address and not self._close_slowest(of_address):
            line.will_close = True
            return
        of_address.add(line)
        self.count += 1

    def drop(self, line: Line) -> None:
        """Forget a line that was closed."""
        of_address = self.lines.get(line.address, set())
        if line in of_address:
            of_address.remove(line)
            self.count -= 1
        if not of_address:
            self.lines.pop(line.address, None)

    def has_room(self) -> bool:
        """Say whether one more may come; where none may, the slowest are told to go."""
        return self.count < self.most or self._close_slowest([line for group in self.lines.values() for line in group])

    def _close_slowest(self, among: Collection[Line]) -> bool:
        now = time.monotonic()
        judged = [(pace, id(line), line) for line in among if (pace := line.pace(now)) is not None]
        for _pace, _id, line in nsmallest(GO_AT_ONCE, judged):
            line.will_close = True
            self.drop(line)
        return bool(judged)


@dataclass
class Trickle:
    """How much of a body came lately."""

    since: float
    had: int = 0

    def is_too_slow(self, now: float, have: int) -> bool:
        """Say so of a body that brought next to nothing for SLOW_SECONDS; each such time begins where one ended."""
        if now - self.since < SLOW_SECONDS:
            return False
        came, self.since, self.had = have - self.had, now, have
        return came < SLOW_BYTES
