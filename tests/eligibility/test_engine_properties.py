"""Properties that every count has, on made-up rules and histories."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.eligibility.engine import evaluate, parse_history, parse_rule
from tests.eligibility.experience_oracle import days_between, oracle, oracle_window

FIRST = date(2018, 1, 1)
KINDS = ["regular", "regular", "contract"]
LEAVE_KINDS = ["sick", "childcare"]
calm = settings(max_examples=150, deadline=None, derandomize=True)

edges = st.sampled_from([30, 31, 58, 59, 60, 89, 90, 364, 365, 424, 425, 730])
offsets = st.one_of(st.integers(0, 800), edges)


def iso(offset):
    return (FIRST + timedelta(days=offset)).isoformat()


@st.composite
def periods(draw, longest=500, may_be_open=True):
    start = draw(offsets)
    end = start + draw(st.one_of(st.integers(0, 70), st.integers(0, longest)))
    is_open = may_be_open and draw(st.integers(0, 5)) == 0
    return {"start": iso(start), "end": None if is_open else iso(end)}


@st.composite
def leaves(draw):
    return {"kind": draw(st.sampled_from(LEAVE_KINDS)), **draw(periods(longest=200))}


@st.composite
def jobs(draw, with_leaves=True):
    return {
        "employer": draw(st.sampled_from("ABC")),
        "kind": draw(st.sampled_from(KINDS)),
        "fields": draw(st.sampled_from([["digital"], ["digital", "sales"], ["sales"], []])),
        "weekly_hours": draw(st.sampled_from([40, 40, 40, 30, 29.75, None])),
        "student": draw(st.integers(0, 9)) == 9,
        **draw(periods()),
        "leaves": draw(st.lists(leaves(), max_size=3)) if with_leaves else [],
    }


def histories(with_leaves=True, most=5):
    births = st.sampled_from([None, "1996-04-01", "1996-04-02", "1997-01-15"])
    return st.builds(
        lambda birth, made: {"birth_date": birth, "engagements": made},
        births,
        st.lists(jobs(with_leaves), max_size=most),
    )


windows = st.one_of(
    st.none(),
    st.builds(lambda years: {"last_years": years}, st.integers(1, 3)),
    st.builds(lambda a, b: {"from": iso(min(a, b)), "to": iso(max(a, b))}, offsets, offsets),
)
leave_rules = st.one_of(
    st.none(),
    st.fixed_dictionaries(
        {
            "kinds": st.lists(st.sampled_from(LEAVE_KINDS), max_size=2),
            "min_months": st.integers(0, 3),
        }
    ),
)
earliests = st.one_of(
    st.none(), st.builds(lambda day: {"date": iso(day)}, offsets), st.just({"age": 22}), st.just({"age": 23})
)
rules = st.fixed_dictionaries(
    {"threshold_months": st.integers(0, 24), "as_of": st.builds(iso, offsets)},
    optional={
        "window": windows,
        "kinds": st.sampled_from([[], ["regular"], ["regular", "contract"]]),
        "fields": st.lists(st.just("digital"), max_size=1),
        "min_weekly_hours": st.sampled_from([None, 30]),
        "min_continuous_months": st.integers(0, 8),
        "min_continuous_in_window": st.booleans(),
        "one_continuous_months": st.integers(0, 8),
        "excluded_leave": leave_rules,
        "exclude_student": st.booleans(),
        "earliest": earliests,
        "combine": st.sampled_from(["sum", "longest"]),
        "day_rounding": st.sampled_from(["carry_30", "drop", "half_up_15"]),
    },
)


def counted(rule, history):
    return evaluate(parse_rule(rule), parse_history(history))


@settings(max_examples=600, deadline=None, derandomize=True)
@given(rules, histories())
def test_engine_agrees_with_the_oracle(rule, history):
    assert counted(rule, history).to_json() == oracle(rule, history)


@calm
@given(rules, histories())
def test_counted_days_lie_within_the_window_and_the_date(rule, history):
    result = counted(rule, history)
    first, last = oracle_window(rule, date.fromisoformat(rule["as_of"]))
    days = [day for row in result.counted for piece in row.pieces for day in days_between(*piece)]

    assert all(first <= day <= last and day <= date.fromisoformat(rule["as_of"]) for day in days)
    assert rule.get("combine") == "longest" or len(days) == len(set(days))


@calm
@given(rules, histories())
def test_every_job_is_counted_or_has_a_reason_never_both(rule, history):
    result = counted(rule, history)
    indexes = [i for row in result.counted for i in row.indexes]

    assert sorted(indexes + [row.index for row in result.excluded]) == list(range(len(history["engagements"])))


@calm
@given(rules, histories(), st.randoms(use_true_random=False))
def test_order_of_entry_changes_nothing_where_first_days_differ(rule, history, chance):
    unlike = {(job["start"]): job for job in history["engagements"]}
    entered = {**history, "engagements": list(unlike.values())}
    shuffled = {**history, "engagements": chance.sample(entered["engagements"], len(unlike))}
    rule = {**rule, "earliest": None}

    one, other = counted(rule, entered), counted(rule, shuffled)

    assert (one.total_months, one.days, one.outcome) == (other.total_months, other.days, other.outcome)


@calm
@given(histories(with_leaves=False), jobs(with_leaves=False))
def test_one_more_job_without_overlap_never_lowers_the_sum(history, more):
    rule = {"threshold_months": 12, "as_of": "2025-12-31"}
    later = {**more, "employer": "new", "start": "2023-01-10", "end": "2023-12-05"}
    closed = [{**job, "end": job["end"] or "2022-12-31"} for job in history["engagements"]]

    before = counted(rule, {**history, "engagements": closed})
    after = counted(rule, {**history, "engagements": [*closed, later]})

    assert (after.total_months, after.days) > (before.total_months, before.days)


@calm
@given(histories(), jobs())
def test_one_more_job_never_uncovers_a_day(history, more):
    rule = {"threshold_months": 12, "as_of": "2021-12-31", "excluded_leave": {"kinds": ["sick"], "min_months": 1}}

    def days_of(result):
        return {day for row in result.counted for piece in row.pieces for day in days_between(*piece)}

    before = counted(rule, history)
    after = counted(rule, {**history, "engagements": [*history["engagements"], more]})

    assert days_of(before) <= days_of(after)


@calm
@given(rules, histories())
def test_what_lies_after_the_date_changes_nothing(rule, history):
    as_of = date.fromisoformat(rule["as_of"])
    earlier = {**history, "engagements": [job for job in history["engagements"] if job["start"] <= rule["as_of"]]}
    cut = [
        {**job, "end": None} if job["end"] and date.fromisoformat(job["end"]) >= as_of else job
        for job in earlier["engagements"]
    ]

    assert counted(rule, earlier).to_json() == counted(rule, {**earlier, "engagements": cut}).to_json()


@calm
@given(rules, histories())
def test_a_higher_threshold_never_turns_the_outcome_for_the_better(rule, history):
    order = {"does_not_meet": 0, "check": 1, "meets": 2}
    higher = {**rule, "threshold_months": rule["threshold_months"] + 1}

    assert order[counted(higher, history).outcome] <= order[counted(rule, history).outcome]


@calm
@given(rules, histories())
def test_rule_and_history_survive_being_written(rule, history):
    parsed_rule, parsed_history = parse_rule(rule), parse_history(history)

    assert parse_rule(parsed_rule.to_json()) == parsed_rule
    assert parse_history(parsed_history.to_json()) == parsed_history
