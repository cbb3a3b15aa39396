"""Totals and ranks: exact, the same whatever the order, never a zero for what is missing."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.scoring import Item, Line, LineState, Sheet, input_digest, round_half_up, score

ITEMS = (Item("a", 60, 5), Item("b", 40, 5))


def sheets(*rows: tuple[str, str, int | None, int | None]) -> list[Sheet]:
    return [Sheet(application, reviewer, {"a": a, "b": b}) for application, reviewer, a, b in rows]


def test_the_total_is_the_mean_of_the_reviewers_weighted_sums() -> None:
    lines = score(ITEMS, sheets(("x", "r1", 4, 3), ("x", "r2", 5, 5)), ["x"])

    assert lines == [Line("x", LineState.SCORED, Decimal("86.00"), 1)]


def test_halves_are_rounded_up() -> None:
    third = round_half_up(Fraction(200, 3))
    half = round_half_up(Fraction(1005, 1000))

    assert (third, half) == (Decimal("66.67"), Decimal("1.01"))


def test_ties_share_a_rank_and_the_next_one_is_skipped() -> None:
    rows = sheets(("p", "r", 5, 5), ("q", "r", 3, 3), ("s", "r", 3, 3), ("t", "r", 1, 1))

    lines = score(ITEMS, rows, ["t", "s", "q", "p"])

    assert [(line.application, line.rank) for line in lines] == [("p", 1), ("q", 2), ("s", 2), ("t", 4)]


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([Sheet("x", "r1", {"a": 5, "b": 5}), Sheet("x", "r2", None)], LineState.UNSCORED),
        ([Sheet("x", "r1", {"a": 5})], LineState.UNSCORED),
        ([Sheet("x", "r1", {"a": 5, "b": None})], LineState.NOT_RATABLE),
        ([Sheet("x", "r1", {"a": None, "b": 1}), Sheet("x", "r2", None)], LineState.UNSCORED),
        ([], LineState.NO_REVIEWER),
    ],
)
def test_what_is_missing_has_no_total_and_takes_nobodys_rank(rows: list[Sheet], state: LineState) -> None:
    lines = score(ITEMS, [*rows, Sheet("y", "r1", {"a": 1, "b": 1})], ["x", "y"])

    assert lines == [Line("y", LineState.SCORED, Decimal("20.00"), 1), Line("x", state, None, None)]


@st.composite
def rounds(draw: st.DrawFn) -> tuple[tuple[Item, ...], list[Sheet], list[str]]:
    count = draw(st.integers(1, 6))
    items = tuple(Item(f"i{n}", draw(st.integers(1, 100)), draw(st.integers(2, 9))) for n in range(count))
    applications = [f"a{n}" for n in range(draw(st.integers(1, 6)))]
    found = [
        Sheet(key, f"r{n}", {item.key: draw(st.one_of(st.none(), st.integers(1, item.highest))) for item in items})
        for key in applications
        for n in range(draw(st.integers(0, 4)))
    ]
    return items, found, applications


@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_of_ratings_does_not_matter(
    made: tuple[tuple[Item, ...], list[Sheet], list[str]], dice: object
) -> None:
    items, found, applications = made
    turned = [Sheet(s.application, s.reviewer, dict(reversed((s.values or {}).items()))) for s in found]
    dice.shuffle(turned)  # type: ignore[attr-defined]

    assert score(tuple(reversed(items)), turned, reversed(applications)) == score(items, found, applications)
    assert input_digest(reversed(items), turned, reversed(applications)) == input_digest(items, found, applications)


@given(rounds())
def test_totals_stay_between_the_lowest_and_a_hundred_and_only_whole_applications_have_one(
    made: tuple[tuple[Item, ...], list[Sheet], list[str]],
) -> None:
    items, found, applications = made

    for line in score(items, found, applications):
        own = [s.values or {} for s in found if s.application == line.application]
        whole = bool(own) and all(v is not None for values in own for v in values.values())
        assert (line.total is not None) == whole == (line.rank is not None)
        assert line.total is None or Decimal(0) < line.total <= 100


@given(rounds())
def test_the_lowest_levels_give_the_lowest_total_and_the_highest_a_hundred(
    made: tuple[tuple[Item, ...], list[Sheet], list[str]],
) -> None:
    items, _found, _applications = made
    lowest = Sheet("low", "r", {item.key: 1 for item in items})
    highest = Sheet("high", "r", {item.key: item.highest for item in items})

    lines = score(items, [lowest, highest], ["low", "high"])

    assert [(line.application, line.rank) for line in lines] == [("high", 1), ("low", 2)]
    assert lines[0].total == Decimal("100.00")


@given(rounds(), st.data())
def test_a_higher_value_never_lowers_a_total_or_worsens_a_rank(
    made: tuple[tuple[Item, ...], list[Sheet], list[str]], data: st.DataObject
) -> None:
    items, found, applications = made
    rated = [(s, item) for s in found for item in items if ((s.values or {}).get(item.key) or 99) < item.highest]
    if not rated:
        return
    sheet, item = data.draw(st.sampled_from(rated))
    better = Sheet(sheet.application, sheet.reviewer, {**(sheet.values or {}), item.key: item.highest})

    before = {line.application: line for line in score(items, found, applications)}[sheet.application]
    swapped = [better if s is sheet else s for s in found]
    after = {line.application: line for line in score(items, swapped, applications)}[sheet.application]

    if before.total is not None and after.total is not None and before.rank and after.rank:
        assert after.total >= before.total
        assert after.rank <= before.rank


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=5))
def test_the_total_equals_a_long_division_by_hand(values: list[tuple[int, int]]) -> None:
    rows = [Sheet("x", f"r{n}", {"a": a, "b": b}) for n, (a, b) in enumerate(values)]

    by_hand = sum((Decimal(60 * a + 40 * b) / 5 for a, b in values), Decimal(0)) / len(values)

    assert score(ITEMS, rows, ["x"])[0].total == by_hand.quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(rounds(), st.data())
def test_the_digest_changes_with_any_value(
    made: tuple[tuple[Item, ...], list[Sheet], list[str]], data: st.DataObject
) -> None:
    items, found, applications = made
    if not found:
        return
    sheet = data.draw(st.sampled_from(found))
    item = data.draw(st.sampled_from(items))
    value = (sheet.values or {})[item.key]
    other = Sheet(sheet.application, sheet.reviewer, {**(sheet.values or {}), item.key: 1 if value is None else None})

    changed = [other if s is sheet else s for s in found]

    assert input_digest(items, changed, applications) != input_digest(items, found, applications)


def test_the_digest_changes_with_the_weights_the_highest_levels_and_who_is_ranked() -> None:
    rows = sheets(("x", "r1", 4, 3))
    given = input_digest(ITEMS, rows, ["x"])

    assert input_digest((Item("a", 61, 5), ITEMS[1]), rows, ["x"]) != given
    assert input_digest((Item("a", 60, 6), ITEMS[1]), rows, ["x"]) != given
    assert input_digest(ITEMS, rows, ["x", "y"]) != given
    assert input_digest(ITEMS, [*rows, Sheet("x", "r2", None)], ["x"]) != given
