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
class Count:
    """One count of a criterion; `label` is empty for the whole, and says what a part is of."""

    label: str
    threshold: str | None
    tables: list[tuple[str, list[Sum]]]  # caption and rows; two where a day is missing and the readings differ
    jobs: list[dict[str, Any]]
    notes: list[str]


@dataclass(frozen=True)
class Working:
    """What a page shows of one finding; a criterion that counts nothing has a sentence and what to check."""

    sentence: str
    checks: list[str]
    counts: list[Count]
    unread: str | None


def read_working(raw: dict[str, Any]) -> Working:
    """Read the working of a finding; those of the first engine have their checks in the explanation."""
    said = raw.get("explanation") or {}
    return Working(
        sentence=raw.get("sentence", ""),
        checks=raw.get("checks", said.get("checks", [])),
        counts=[_count(one) for one in (raw, *raw.get("more", [])) if one.get("result")],
        unread=raw.get("unread"),
    )


def _count(raw: dict[str, Any]) -> Count:
    said, label = raw.get("explanation") or {}, raw.get("label", "")
    return Count(
        label=label,
        threshold=said.get("threshold"),
        tables=[(f"{label}：{caption}" if label else caption, rows) for caption, rows in _tables(raw["result"])],
        jobs=said.get("jobs", []),
        notes=said.get("notes", []),
    )


def _tables(result: dict[str, Any]) -> list[tuple[str, list[Sum]]]:
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
