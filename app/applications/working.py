"""The working that a finding keeps, as rows and lines for staff. Pure; reads what `criteria.assess` wrote."""

from dataclasses import dataclass
from typing import Any

READINGS = (("least", "日を最も短く読んだ場合"), ("most", "日を最も長く読んだ場合"))


@dataclass(frozen=True)
class Sum:
    """One line of a sum of experience."""

    label: str
    years: int
    months: int
    days: int
    is_sum: bool = False


@dataclass(frozen=True)
class Working:
    """What a page shows of one finding; a criterion that counts nothing has a sentence alone."""

    sentence: str
    jobs: list[dict[str, Any]]
    checks: list[str]
    notes: list[str]
    threshold: str | None
    tables: list[tuple[str, list[Sum]]]  # caption and rows; two where a day is missing and the readings differ
    unread: str | None


def read_working(raw: dict[str, Any]) -> Working:
    """Read the working of a finding."""
    said = raw.get("explanation") or {}
    return Working(
        sentence=raw.get("sentence", ""),
        jobs=said.get("jobs", []),
        checks=said.get("checks", []),
        notes=said.get("notes", []),
        threshold=said.get("threshold"),
        tables=_tables(raw.get("result") or {}),
        unread=raw.get("unread"),
    )


def _tables(result: dict[str, Any]) -> list[tuple[str, list[Sum]]]:
    if not result:
        return []
    if result["least"]["total"] == result["most"]["total"]:
        return [("通算の計算", _sums(result["least"]))]
    return [(caption, _sums(result[key])) for key, caption in READINGS]


def _sums(count: dict[str, Any]) -> list[Sum]:
    rows = [
        Sum(
            f"職歴{'・'.join(str(i + 1) for i in row['indexes'])} {row['employer']}",
            *_parts(row["months"], row["days"]),
        )
        for row in count["counted"]
    ]
    total = count["total"]
    return [*rows, Sum("通算", total["years"], total["months"], total["days"], is_sum=True)]


def _parts(months: int, days: int) -> tuple[int, int, int]:
    return months // 12, months % 12, days
