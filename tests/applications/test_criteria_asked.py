"""What criteria look at is asked once for all cities, and each city gets only what its own criteria look at."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.applications.choice_rules import still_done
from app.applications.models import ApplicationVersion
from app.applications.queries import find_calls
from app.applications.screening_models import Finding
from app.applications.steps import Step
from app.core.context import SYSTEM, bind
from app.extensions import db
from tests import factories
from tests.applications.applying import Person

RULE = {"threshold_months": 60, "as_of": "2026-11-30"}
EVERY_KIND = [
    {
        "key": "years",
        "kind": "experience",
        "label": "学歴に応じた年数",
        "params": {
            "rule": {"as_of": "2026-11-30"},
            "by_education": [{"education": "university", "months": 84}],
            "of_which": {"threshold_months": 36, "fields": ["digital"]},
        },
    },
    {"key": "fe", "kind": "qualification", "label": "基本情報", "params": {"any_of": [{"name": "基本情報技術者試験"}]}},
    {
        "key": "english",
        "kind": "language",
        "label": "英語",
        "params": {"any_of": [{"scheme": "toeic_lr", "score": 900}]},
    },
    {"key": "days", "kind": "availability", "label": "週2日以上", "params": {"least": 20}},
    {"key": "nation", "kind": "nationality", "label": "日本国籍", "params": {"text": "日本国籍を有します"}},
    {"key": "article16", "kind": "declaration", "label": "欠格条項", "params": {"text": "当たりません"}},
]
CAREER = {
    "jobs-0-fields": "digital",
    "education-level": "university",
    "education-graduated_on-year": "2013",
    "education-graduated_on-month": "3",
    "qualifications-0-name": "基本情報技術者",
    "languages-0-result": "toeic_lr:",
    "languages-0-score": "９００点",
}
ELIGIBILITY = {"declare_nation": "yes", "availability-most": "20"}


def person(app: Flask, criteria: list[dict[str, Any]]) -> Person:
    return Person(app, factories.opening(factories.organisation(), content=factories.content(criteria=criteria)))


def sent() -> tuple[dict[str, Any], dict[str, str]]:
    bind(db.session, SYSTEM)
    version = db.session.scalars(select(ApplicationVersion)).one()
    findings = db.session.scalars(select(Finding).where(Finding.organisation_id == version.organisation_id)).all()
    return version.answers, {one.criterion_key: one.outcome.value for one in findings}


def test_each_kind_is_asked_answered_and_found(app: Flask) -> None:
    applicant = person(app, EVERY_KIND)

    applicant.start().fill(eligibility=ELIGIBILITY, career=CAREER)
    check = applicant.get(applicant.url("confirm"))
    applicant.send()

    answers, outcomes = sent()
    assert "大学（2013年3月卒業）" in check
    assert "TOEIC Listening &amp; Reading 900点" in check
    assert outcomes == dict.fromkeys(["years", "fe", "english", "days", "nation", "article16"], "meets")
    assert answers["education"] == {"level": "university", "graduated_on": "2013-03", "is_expected": False}
    assert answers["declarations"] == {"nation": True, "article16": True}


@pytest.mark.parametrize(("criteria", "is_asked"), [(EVERY_KIND, True), (EVERY_KIND[5:], False)])
def test_the_notice_of_purpose_says_whether_nationality_is_asked(
    sqlite_app: Flask, criteria: list[dict[str, Any]], is_asked: bool
) -> None:
    applicant = person(sqlite_app, criteria).start()

    page = applicant.get(applicant.url("eligibility"))

    assert ("要件に当たるかどうかだけをお聞きします" in page, "性別、国籍、本籍" in page) == (is_asked, not is_asked)


def test_what_is_left_out_is_named_and_the_step_is_not_done(sqlite_app: Flask) -> None:
    applicant = person(sqlite_app, EVERY_KIND).start()

    applicant.refused("eligibility", {"declare_nation": "yes", "declare_article16": "no"})
    applicant.save("eligibility", {"declare_nation": "yes", "declare_article16": "no", "availability-most": "20"})
    page = applicant.get(applicant.url("confirm"))

    for missing in ("最終学歴を選んでください", "資格を入力してください", "語学の結果を入力してください"):
        assert missing in page


def test_none_is_an_answer_and_beside_an_entry_it_is_not(sqlite_app: Flask) -> None:
    applicant = person(sqlite_app, EVERY_KIND).start()
    none = {"no_history": "y", "no_languages": "y", "no_qualifications": "y", "education-level": "other"}

    answer = applicant.refused("career", {**none, "qualifications-0-name": "基本情報"})
    applicant.refused("career", none)  # the résumé is still to come
    page = applicant.get(applicant.url("confirm"))

    assert "資格を入力したときは、「入力する資格はありません」の選択を外してください" in answer
    assert "入力する語学の結果はありません" in page


def test_a_preferred_criterion_asks_and_does_not_insist(sqlite_app: Flask) -> None:
    wished = [{**EVERY_KIND[1], "required": False}, EVERY_KIND[5]]
    applicant = person(sqlite_app, wished)

    applicant.apply()

    assert sent()[1] == {"fe": "check", "article16": "meets"}


def test_a_city_keeps_only_what_its_own_criteria_look_at(sqlite_app: Flask) -> None:
    from app.applications.answers import Answers
    from app.applications.answers import Person as Writer
    from app.applications.queries import get_call
    from app.applications.receiving import frozen
    from app.core import clock
    from app.eligibility.facts import Availability, Education, LanguageTest, Qualification

    opening = factories.opening(factories.organisation(), content=factories.content(criteria=[EVERY_KIND[1]]))
    answers = Answers(
        person=Writer(birth_date="1990-01-01"),
        education=Education(level="university"),
        qualifications=[Qualification(name="基本情報技術者試験")],
        languages=[LanguageTest(scheme="toeic_lr")],
        no_languages=False,
        availability=Availability(most=20),
    )
    bind(db.session, SYSTEM)

    kept = frozen(answers, get_call(opening.id, at=clock.now()))

    assert kept["qualifications"] == [{"name": "基本情報技術者試験", "acquired_on": None, "is_expected": False}]
    assert (kept["education"], kept["languages"], kept["availability"]) == (None, [], None)
    assert kept["person"]["birth_date"] is None


def test_a_city_added_later_opens_the_career_again_where_it_looks_at_more(sqlite_app: Flask) -> None:
    city = factories.organisation()
    wished = factories.content(criteria=[{**EVERY_KIND[1], "required": False}, EVERY_KIND[5]])
    plain, more = factories.opening(city), factories.opening(city, content=wished)
    bind(db.session, SYSTEM)
    calls = find_calls([plain.id, more.id])
    done = [Step.CONTACT.value, Step.CAREER.value]

    assert still_done(done, [calls[more.id]], [calls[more.id], calls[more.id]]) == done
    assert still_done(done, [calls[plain.id]], [calls[plain.id], calls[more.id]]) == [Step.CONTACT.value]
