"""What one version of an application says differently from another, line by line: for 確認 before it is sent. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.applications.answers import Answers
from app.applications.summary import sections
from app.openings.content import OpeningContent

Key = tuple[str, int]  # a label, and which of several alike it is


@dataclass(frozen=True)
class Change:
    """One thing that changes; None: nothing was or nothing will be there."""

    label: str
    before: str | None
    after: str | None


def changes(before: Answers, asked: OpeningContent, after: Answers, asks: OpeningContent) -> list[Change]:
    """List what differs, in the order of the steps: answers of `asked` before, of `asks` afterwards."""
    old, new = _lines(before, asked), _lines(after, asks)
    files = _files(before, asked), _files(after, asks)
    keys = [*new, *(key for key in old if key not in new)]
    found = [Change(key[0], old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)]
    alike = [label for label in files[1] if old.get((label, 0)) == new.get((label, 0))]  # same name and size
    swapped = [label for label in alike if files[0].get(label) != files[1][label]]
    return found + [Change(label, *(f"SHA-256 {hashes.get(label, '')[:16]}…" for hashes in files)) for label in swapped]


def _lines(answers: Answers, content: OpeningContent) -> dict[Key, str | None]:
    found: dict[Key, str | None] = {}
    for label, value in _rows(answers, content):
        place = sum(key[0] == label for key in found)
        found[(label, place)] = value
    return found


def _rows(answers: Answers, content: OpeningContent) -> Iterator[tuple[str, str | None]]:
    for section in sections(content, answers, lambda _step: None):
        yield from ((row.label, row.value) for row in section.rows)


def _files(answers: Answers, content: OpeningContent) -> dict[str, str]:
    """The SHA-256 of each file, by what the opening calls it."""
    return {
        kind.label: answers.documents[kind.key].sha256 for kind in content.documents if kind.key in answers.documents
    }
