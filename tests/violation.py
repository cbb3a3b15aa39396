"""What the rules of tests/invariant_*.py yield."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from tests.invariants import Row


@dataclass(frozen=True)
class Violation:
    """What does not hold, by the name of its invariant."""

    invariant: str
    what: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.what}"


def by_id(rows: "list[Row]") -> "dict[UUID, Row]":
    return {row["id"]: row for row in rows}
