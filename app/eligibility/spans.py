"""Sets of days as sorted lists of spans `(first, last)` of day ordinals, both ends included."""

from __future__ import annotations

from collections.abc import Iterable

Span = tuple[int, int]


def merge(spans: Iterable[Span]) -> list[Span]:
    """Join spans that overlap or touch (the next begins on the day after, or sooner), sorted by first day."""
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            if last > merged[-1][1]:
                merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return merged


def subtract(spans: list[Span], holes: list[Span]) -> list[Span]:
    """Return the days of `spans` that no hole covers; both are merged and sorted, and so is the answer."""
    if not holes:
        return spans
    left: list[Span] = []
    for first, last in spans:
        for hole_first, hole_last in holes:
            if hole_last < first:
                continue
            if hole_first > last:
                break
            if hole_first > first:
                left.append((first, hole_first - 1))
            first = hole_last + 1
        if first <= last:
            left.append((first, last))
    return left
