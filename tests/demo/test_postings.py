import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.demo.people import applicants, staff
from app.demo.postings import ABSENT_FIELDS, DemoCriterionKind, DemoPosting, LoadAs, organisations, postings
from app.demo.values import DEMO_VALUES, JST
from app.jp import text
from app.jp.municipality import is_valid_code

CLOSING_SOON = next(posting.source_id for posting in postings() if posting.load_as is LoadAs.CLOSING_SOON)
START = datetime(2026, 11, 23, 15, 30, 5, 123456, tzinfo=UTC)  # half past midnight of the 24th in Japan
JOINT = {"shinagawa-2311", "osaka-2311", "kobe-2311", "sapporo-2311"}
KINDS = {"city", "ward", "prefecture", "other"}
HUES = {f"hue-{name}" for name in ("blue", "cyan", "green", "orange", "purple", "magenta", "gray")}
FORMS = {
    None,
    "specific_fixed_term",
    "general_fixed_term",
    "short_time_fixed_term",
    "fiscal_year",
    "special_part_time",
    "outsourcing",
    "commission",
    "unpaid",
    "permanent",
}
OCCUPATIONS = {"dx_planning", "cio", "data", "network", "uiux", "security", "pr", "bpr", "other"}

NOT_SHOWN_BY_ANY_SOURCE: dict[str, str] = json.loads(
    Path(__file__).with_name("absent_fields.json").read_text(encoding="utf-8")
)


def by_id() -> dict[str, DemoPosting]:
    return {posting.source_id: posting for posting in postings()}


def rules() -> list[tuple[str, dict[str, Any]]]:
    """Return source id and params of every computed criterion."""
    return [
        (posting.source_id, criterion.params)
        for posting in postings()
        for criterion in posting.required or ()
        if criterion.kind is DemoCriterionKind.EXPERIENCE
    ]


def test_there_are_33_postings_of_22_organisations() -> None:
    assert len(by_id()) == len(postings()) == 33
    assert {posting.organisation for posting in postings()} == {body.slug for body in organisations()}
    assert len(organisations()) == 22


def test_every_organisation_but_one_has_a_valid_code() -> None:
    codes = [body.code for body in organisations() if body.code is not None]

    assert len(set(codes)) == len(codes) == 21
    assert all(is_valid_code(code) for code in codes)
    assert [body.slug for body in organisations() if body.code is None] == ["digital-agency-prep"]


def test_organisations_can_be_told_apart() -> None:
    bodies = organisations()

    assert len({body.short_name for body in bodies}) == len({body.slug for body in bodies}) == 22
    for body in bodies:
        assert len(body.short_name) == 3
        assert body.short_name.isascii()
        assert body.short_name.isupper()
        assert body.slug.isascii()
        assert body.slug == body.slug.lower()
        assert len(body.mark) == 1
        assert body.mark in body.name
        assert body.kind in KINDS
        assert body.hue in HUES


@pytest.mark.parametrize("source_id", list(NOT_SHOWN_BY_ANY_SOURCE))
def test_what_no_source_showed_is_no_fact_and_what_one_showed_is(source_id: str) -> None:
    assert by_id()[source_id].absent() == set(NOT_SHOWN_BY_ANY_SOURCE[source_id].split())


def test_the_table_of_absent_fields_covers_every_posting() -> None:
    assert list(NOT_SHOWN_BY_ANY_SOURCE) == [posting.source_id for posting in postings()]
    assert set(" ".join(NOT_SHOWN_BY_ANY_SOURCE.values()).split()) <= set(ABSENT_FIELDS)


def test_an_employment_form_is_a_fact_only_where_a_source_names_it() -> None:
    forms = Counter(posting.employment_form for posting in postings())

    assert set(forms) <= FORMS
    assert forms[None] == 20
    assert all(posting.form_words for posting in postings() if posting.employment_form)


def test_words_and_keys_of_a_posting() -> None:
    for posting in postings():
        assert posting.summary.endswith("。")
        assert posting.summary.count("。") == 1
        assert all(duty.endswith("ます。") for duty in posting.duties or ())
        assert posting.occupation in OCCUPATIONS
        assert posting.source_url.startswith("http")
        assert posting.source_kind in {"official_page", "recruiter_page", "press_or_secondary"}
        assert posting.remote is None or posting.remote.kind in {"full", "partial", "office"}
        assert all(len(criterion.label_ja) <= 200 for criterion in posting.required or ())


def test_the_joint_call_and_shizuoka_are_open() -> None:
    assert {posting.source_id for posting in postings() if posting.is_joint} == JOINT
    assert set(DEMO_VALUES.campaign.openings) == JOINT
    assert {by_id()[name].load_as for name in JOINT | {"shizuoka-swc-2105"}} == {LoadAs.OPEN}


def test_every_state_of_an_opening_is_there_and_exactly_one_closes_soon() -> None:
    count = Counter(posting.load_as for posting in postings())

    assert set(count) == set(LoadAs)
    assert count[LoadAs.CLOSING_SOON] == 1


def test_without_code_or_lawful_form_a_call_does_not_run() -> None:
    codes = {body.slug: body.code for body in organisations()}
    for posting in postings():
        filled, _ = DEMO_VALUES.filled(posting)
        if posting.load_as.is_running:
            assert codes[posting.organisation] is not None
            assert filled.employment_form not in (None, "permanent")


def test_a_window_says_what_the_posting_loads_as() -> None:
    for posting in postings():
        window = DEMO_VALUES.window(posting.source_id, START)
        assert (window is not None) == posting.load_as.is_running
        if window is not None:
            assert posting.load_as in _states(*window)


def _states(opens_at: datetime, closes_at: datetime) -> set[LoadAs]:
    if opens_at > START:
        return {LoadAs.UPCOMING}
    return {LoadAs.CLOSED} if closes_at < START else {LoadAs.OPEN, LoadAs.CLOSING_SOON}


def test_a_window_is_counted_from_the_day_in_japan() -> None:
    opens_at, closes_at = DEMO_VALUES.windows["open_evening"].instants(START)

    assert opens_at == datetime(2026, 11, 10, 9, 0, tzinfo=JST)
    assert closes_at == datetime(2026, 12, 1, 17, 15, tzinfo=JST)


def test_one_opening_closes_ten_minutes_after_a_fresh_start() -> None:
    window = DEMO_VALUES.window(CLOSING_SOON, START)

    assert window is not None
    assert window[1] == START.replace(minute=41, second=0, microsecond=0)


def test_the_instants_of_the_demo_are_whole_minutes() -> None:
    windows = [pattern.instants(START) for pattern in DEMO_VALUES.windows.values()]

    assert {(at.second, at.microsecond) for window in windows for at in window} == {(0, 0)}
    whole = START.replace(second=0, microsecond=0)
    closes = DEMO_VALUES.windows[DEMO_VALUES.window_of[CLOSING_SOON]].instants(whole)[1]
    assert closes == whole + timedelta(minutes=10)


def test_the_campaign_does_not_claim_what_the_calls_do_not_say() -> None:
    assert "同じ条件" not in DEMO_VALUES.campaign.summary


def test_closing_times_are_those_of_real_calls() -> None:
    times = {pattern.closes_time for pattern in DEMO_VALUES.windows.values() if pattern.closes_time}

    assert {clock.isoformat("minutes") for clock in times} == {"12:00", "17:15", "18:00"}
    assert set(DEMO_VALUES.window_of.values()) == set(DEMO_VALUES.windows)


@pytest.mark.parametrize("kind", ["documents", "interview"])
def test_a_rubric_weighs_a_hundred_and_says_what_each_level_looks_like(kind: str) -> None:
    items = DEMO_VALUES.rubric[kind]

    assert 4 <= len(items) <= 5
    assert sum(item.weight for item in items) == 100
    for item in items:
        assert [level.value for level in item.levels] == [1, 2, 3, 4, 5]
        assert len({level.anchor for level in item.levels}) == 5
        assert all(level.anchor.endswith("。") for level in item.levels)


def test_every_running_posting_has_stages_that_its_rubric_rates() -> None:
    for posting in postings():
        stages = DEMO_VALUES.stages(posting.source_id)
        assert bool(stages) == posting.load_as.is_running
        assert {stage.kind for stage in stages} <= set(DEMO_VALUES.rubric)
        assert [stage.result_days for stage in stages] == sorted(stage.result_days for stage in stages)


def test_demo_terms_fill_only_what_is_absent() -> None:
    for source_id, terms in DEMO_VALUES.terms.items():
        posting = by_id()[source_id]
        filled, names = DEMO_VALUES.filled(posting)

        assert names == set(terms)
        assert all(getattr(posting, name) is None and getattr(filled, name) is not None for name in names)


def test_the_joint_call_has_all_the_terms_of_a_notice() -> None:
    for source_id in JOINT | {"shizuoka-swc-2105"}:
        filled, _ = DEMO_VALUES.filled(by_id()[source_id])
        needed = (filled.term, filled.pay, filled.headcount, filled.work_place, filled.remote, filled.required)
        assert None not in needed


def test_questions_depend_on_side_job_and_occupation() -> None:
    keys = {name: [q.key for q in DEMO_VALUES.questions_for(by_id()[name])] for name in by_id()}

    assert keys["osaka-2311"] == ["motivation", "reform"]
    assert keys["shizuoka-swc-2105"] == ["motivation", "reform", "availability"]
    assert keys["fukuoka-dxd-2020"] == ["motivation", "reform", "work_sample"]


def test_every_organisation_has_a_contact_under_a_reserved_domain() -> None:
    assert set(DEMO_VALUES.contacts) == {body.slug for body in organisations()}
    assert all(contact.mail.endswith(".example.jp") for contact in DEMO_VALUES.contacts.values())


def test_every_rule_is_one_that_the_counting_reads() -> None:
    engine = pytest.importorskip("app.eligibility.engine")

    assert len(rules()) == 8
    for source_id, params in rules():
        assert "as_of" not in params["rule"], source_id
        assert engine.parse_rule({"as_of": params.get("as_of", "2026-11-30"), **params["rule"]})


def test_applicants_have_the_outcome_that_the_demo_shows() -> None:
    engine = pytest.importorskip("app.eligibility.engine")
    precision = pytest.importorskip("app.eligibility.precision")
    shown: Counter[str] = Counter()
    for person in applicants():
        for source_id, params in rules():
            for as_of in (date(2026, 11, 30), date(2031, 3, 31)) if source_id in person.applies_to else ():
                rule = engine.parse_rule({"as_of": as_of.isoformat(), **params["rule"]})
                outcome = str(precision.evaluate_imprecise(rule, person.history()).outcome)
                assert person.expected[source_id] == outcome, (person.key, source_id, as_of)
                shown[outcome] += 1

    assert set(shown) == {"meets", "does_not_meet", "check"}


def test_applicants_are_marked_as_made_up_and_typed_strictly() -> None:
    assert len(applicants()) == 12
    assert len({person.mail for person in applicants()}) == len(applicants())
    for person in applicants():
        assert {"見本", "例示"} & {person.sei, person.mei}
        assert text.clean_name(person.sei) == person.sei
        assert text.clean_name(person.mei) == person.mei
        assert text.is_hiragana_name(person.sei_kana)
        assert text.is_hiragana_name(person.mei_kana)
        assert text.phone(person.phone) == person.phone
        assert text.postal_code(person.postal_code) == person.postal_code
        assert person.mail.endswith(".example.jp")


def test_applicants_answer_every_question_of_open_calls_within_its_length() -> None:
    for person in applicants():
        for source_id in person.applies_to:
            posting = by_id()[source_id]
            assert posting.load_as is LoadAs.OPEN
            for question in DEMO_VALUES.questions_for(posting):
                assert len(person.answers[question.key]) <= question.max_characters


def test_names_hold_characters_that_systems_lose() -> None:
    names = "".join(person.sei + person.mei for person in applicants())

    assert {"髙", "﨑", "𠮷", "邉", "\U000e0100"} <= set(names)


@pytest.mark.parametrize("slug", ["shinagawa", "osaka", "shizuoka-pref"])
def test_three_organisations_have_every_role(slug: str) -> None:
    count = Counter(account.role for account in staff() if account.organisation == slug)

    assert set(count) - {"accommodation"} == {"admin", "author", "hr", "approver", "auditor", "reviewer", "chair"}
    assert count["reviewer"] >= 2


def test_staff_accounts_are_one_role_each_under_a_reserved_domain() -> None:
    mails = [account.mail for account in staff()]

    assert len(set(mails)) == len(mails)
    assert all(mail.endswith(".example.jp") for mail in mails)
    assert "hr@shinagawa.example.jp" in mails
    for body in organisations():
        own = {account.role: account.mail for account in staff() if account.organisation == body.slug}
        assert own["author"] != own["approver"]
