"""One of the six facts that every opening shows in one fixed order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Fact:
    """What a page shows of one fact: its text, a smaller note, the instant of a deadline, and whether it is made up."""

    text: str | None = None
    note: str | None = None
    at: datetime | None = None
    is_soon: bool = False
    is_demo_value: bool = False


def as_fact(value: Any) -> Fact:
    """Take a fact as text, mapping, instant or None (要項に記載なし)."""
    if isinstance(value, Fact):
        return value
    if isinstance(value, Mapping):
        return Fact(**value)
    if isinstance(value, datetime):
        return Fact(at=value)
    return Fact(text=value or None)
