"""Pages of a list."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Page:
    """One page: `number` and `last` count from 1, `first_row` and `last_row` are what it shows (0 for none)."""

    number: int
    last: int
    total: int
    per_page: int

    @classmethod
    def of(cls, number: int, total: int, per_page: int) -> Self:
        """Take the asked page, or the last there is."""
        last = max(1, -(-total // per_page))
        return cls(min(max(1, number), last), last, total, per_page)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.per_page

    @property
    def first_row(self) -> int:
        return self.offset + 1 if self.total else 0

    @property
    def last_row(self) -> int:
        return min(self.offset + self.per_page, self.total)
