"""Totals and ranks from ratings: pure, exact, reproducible (rules R-10 and R-13, reliability R3).

A reviewer's total is Σ weight × value ÷ highest level, the weights of the stage counted as 100; an application's total
is the mean over its reviewers. Arithmetic is in fractions; the total is then rounded half up to two digits, and ranks
compare the rounded totals, so that what looks equal on paper is equal. Missing is never zero: without every rating
there is no total.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

FORMULA_VERSION = "share-of-highest-1"
DIGITS = 2


class LineState(StrEnum):
    """Whether an application has a total, and why not."""

    SCORED = "scored"
    UNSCORED = "unscored"  # a reviewer has not submitted yet
    NOT_RATABLE = "not_ratable"  # a reviewer judged that an item cannot be rated
    NO_REVIEWER = "no_reviewer"  # every assignment is excluded

    @property
    def label(self) -> str:
        return {
            "scored": "採点済",
            "unscored": "未採点",
            "not_ratable": "評価不能",
            "no_reviewer": "採点対象外",
        }[self.value]


@dataclass(frozen=True)
class Item:
    """A rubric item as the formula needs it."""

    key: str
    weight: int
    highest: int


@dataclass(frozen=True)
class Sheet:
    """One reviewer's values for one application by item key; a value None is 評価不能, values None: not submitted."""

    application: str
    reviewer: str
    values: Mapping[str, int | None] | None


@dataclass(frozen=True)
class Line:
    """One application's total out of 100 with two digits, and its rank; both None unless it is scored."""

    application: str
    state: LineState
    total: Decimal | None
    rank: int | None


def formula_text() -> str:
    """Say the formula in the words that stand on result sheets."""
    return (
        "採点者ごとの合計は、評価項目ごとの「重み × 段階 ÷ 最高段階」を足した点です（重みの合計を100とします）。"
        "総合点は、採点者ごとの合計の平均で、100点満点です。小数第3位を四捨五入し、その点で順位を付けます。"
        "同点は同じ順位とします（例：1位、2位、2位、4位）。"
        "採点がそろわない応募と評価不能のある応募には、総合点と順位を付けません。0点とはみなしません。"
    )


def sheet_total(items: Iterable[Item], values: Mapping[str, int | None]) -> Fraction | None:
    """Add up one reviewer's values, out of 100; None when an item is missing or not ratable."""
    items = tuple(items)
    marks = [(item, values.get(item.key)) for item in items]
    if any(value is None for _item, value in marks):
        return None
    points = sum((Fraction(item.weight * (value or 0), item.highest) for item, value in marks), Fraction(0))
    return points * 100 / sum(item.weight for item in items)


def round_half_up(exact: Fraction) -> Decimal:
    """Round an exact value of at least zero to two digits, a half away from zero."""
    whole = (exact * 10**DIGITS + Fraction(1, 2)).__floor__()
    return Decimal(whole).scaleb(-DIGITS)


def score(items: Iterable[Item], sheets: Iterable[Sheet], applications: Iterable[str]) -> list[Line]:
    """Compute the line of every application, by rank, those without a rank last; equal ones by their key.

    `sheets` are those of assignments that are not excluded; their order does not matter.
    """
    every = tuple(items)
    by_application: dict[str, list[Sheet]] = {key: [] for key in applications}
    for sheet in sheets:
        by_application[sheet.application].append(sheet)
    totals = {key: _total(every, own) for key, own in by_application.items()}
    ranks = _ranks([total for _state, total in totals.values() if total is not None])
    lines = [Line(key, state, total, None if total is None else ranks[total]) for key, (state, total) in totals.items()]
    return sorted(lines, key=lambda line: (line.rank is None, line.rank or 0, line.application))


def _total(items: tuple[Item, ...], sheets: list[Sheet]) -> tuple[LineState, Decimal | None]:
    if not sheets:
        return LineState.NO_REVIEWER, None
    submitted = [sheet.values for sheet in sheets if sheet.values is not None]
    if len(submitted) < len(sheets) or any(item.key not in values for values in submitted for item in items):
        return LineState.UNSCORED, None
    totals = [total for values in submitted if (total := sheet_total(items, values)) is not None]
    if len(totals) < len(sheets):
        return LineState.NOT_RATABLE, None
    return LineState.SCORED, round_half_up(sum(totals, Fraction(0)) / len(totals))


def _ranks(totals: list[Decimal]) -> dict[Decimal, int]:
    """Give each total its rank, ties sharing it: 1, 2, 2, 4."""
    ordered = sorted(totals, reverse=True)
    return {total: ordered.index(total) + 1 for total in set(ordered)}


def input_digest(items: Iterable[Item], sheets: Iterable[Sheet], applications: Iterable[str]) -> str:
    """Digest everything that the totals depend on, in a canonical form that does not know the order of its parts."""
    canonical = {
        "formula": FORMULA_VERSION,
        "items": sorted([item.key, item.weight, item.highest] for item in items),
        "applications": sorted(applications),
        "sheets": sorted(
            (
                [sheet.application, sheet.reviewer, None if sheet.values is None else sorted(sheet.values.items())]
                for sheet in sheets
            ),
            key=lambda row: (row[0], row[1]),
        ),
    }
    text = json.dumps(canonical, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
