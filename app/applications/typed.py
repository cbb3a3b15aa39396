"""What a person has typed into a step, as name-value pairs: kept to the character, entries added and removed. Pure."""

import re
from collections.abc import Iterable

from werkzeug.datastructures import MultiDict

from app.applications.answers import Typed
from app.applications.suspicion import TRAP

ACTIONS = frozenset(
    {
        "csrf_token",
        "seen",
        "turn",
        "next",
        "check",
        "via",
        "pause",
        "add",
        "remove",
        "restore",
        "upload",
        "remove-file",
        "fill",
        "place",
        "mend-mail",
        "apart",
        "together",
        TRAP,
    }
)
_NEW = "new"  # a name that only says that an entry is there


def typed_pairs(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Take the boxes of a posted form without its buttons."""
    return [(name, value) for name, value in pairs if name not in ACTIONS]


def as_form(pairs: Iterable[tuple[str, str]]) -> MultiDict[str, str]:
    """Give pairs as a form reads them."""
    return MultiDict(list(pairs))


def with_entry(pairs: list[tuple[str, str]], list_name: str) -> list[tuple[str, str]]:
    """Add a blank entry at the end of a list of entries."""
    return [*pairs, (f"{list_name}-{_next(pairs, list_name)}-{_NEW}", "1")]


def without_entry(pairs: list[tuple[str, str]], entry: str) -> list[tuple[str, str]]:
    """Remove an entry such as `jobs-1` with all that stands in it."""
    return [(name, value) for name, value in pairs if not name.startswith(f"{entry}-")]


def entry_fields(pairs: list[tuple[str, str]], entry: str) -> list[tuple[str, str]]:
    """Take what stands in an entry."""
    return [(name, value) for name, value in pairs if name.startswith(f"{entry}-")]


def with_restored(
    pairs: list[tuple[str, str]], entry: str, fields: list[tuple[str, str]]
) -> tuple[list[tuple[str, str]], str]:
    """Put a removed entry back in its place, or last where something stands there by now; say where."""
    place = entry
    if any(says_something(*pair) for pair in entry_fields(pairs, entry)):
        list_name = entry.rpartition("-")[0]
        place = f"{list_name}-{_next(pairs, list_name)}"
    back = [(place + name.removeprefix(entry), value) for name, value in fields]
    return without_entry(pairs, place) + back, place


def says_something(name: str, value: str) -> bool:
    """Say whether a box holds what a person put there: a kind is chosen from the start."""
    return bool(value.strip()) and not name.endswith("-kind")


def with_domain(pairs: list[tuple[str, str]], domain: str | None) -> list[tuple[str, str]]:
    """Put the domain that was meant behind the @ of the mail address."""
    if domain is None:
        return pairs
    return [(name, f"{value.rpartition('@')[0]}@{domain}" if name == "mail" else value) for name, value in pairs]


def last_entry(pairs: list[tuple[str, str]], list_name: str) -> str:
    """Name the last entry of a list, as the address of a page jumps to it."""
    return f"{list_name}-{_next(pairs, list_name) - 1}"


def _next(pairs: list[tuple[str, str]], list_name: str) -> int:
    numbered = re.compile(re.escape(list_name) + r"-([0-9]{1,3})-")
    taken = [int(found[1]) for name, _value in pairs if (found := numbered.match(name))]
    return max(taken, default=-1) + 1


def shown(typed: Typed | None) -> MultiDict[str, str] | None:
    """Give what was put aside of a step for its form; None when the saved answers are all there is."""
    return as_form(typed.fields) if typed else None
