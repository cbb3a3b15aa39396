"""応募資格セルフチェック: dates in, arithmetic and outcome out, and nothing stays behind."""

import logging
import re
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask

from app.core.limits import Limit
from app.core.model import new_id
from app.eligibility import routes
from app.openings.models import Campaign
from tests import factories
from tests.browsing import Browser
from tests.world import database_digest

RULE = {"threshold_months": 60, "as_of": "2026-11-30", "kinds": ["regular"]}
YEARS = {"key": "years", "kind": "experience", "label": "正規5年以上", "params": {"rule": RULE}}
ARTICLE = {"key": "a16", "kind": "declaration", "label": "欠格条項", "params": {"text": "欠格条項に当たりません"}}
BORN = {"key": "born", "kind": "birth_date", "label": "生年月日", "params": {"from": "1963-04-02", "to": None}}
FE = {"key": "fe", "kind": "qualification", "label": "基本情報", "params": {"any_of": [{"name": "基本情報技術者試験"}]}}
BY_PEOPLE = {"key": "skill", "kind": "person", "label": "調整力"}
JOB = {
    "jobs-0-kind": "regular",
    "jobs-0-start-year": "2015",
    "jobs-0-start-month": "4",
    "jobs-0-start-day": "1",
    "jobs-0-is_current": "y",
}
REFUSING = ("不合格", "失格", "応募できません", "満たしていません", "却下")


def opening(*criteria: dict[str, Any], city: Any = None, **values: Any) -> Any:
    said = factories.content(criteria=[*criteria])
    return factories.opening(city or factories.organisation(), content=said, **values)


def a_campaign(host: Any) -> Campaign:
    values = {"host_organisation_id": host.id, "title": "合同公募", "published_at": factories.LONG_AGO}
    campaign: Campaign = factories.save(Campaign(id=new_id(), slug="dx-call", max_choices=2, **values))
    return campaign


def check(browser: Browser, url: str, fields: dict[str, str]) -> str:
    browser.get(url)
    return browser.press(url, {"check": "1", **fields})


def test_dates_go_in_and_the_arithmetic_comes_out(app: Flask) -> None:
    url = f"/openings/{opening(YEARS, BY_PEOPLE).id}/check"
    short = {**JOB, "jobs-0-start-year": "令和4", "jobs-0-start-month": "12"}

    enough = check(Browser(app), url, JOB)
    lacking = check(Browser(app), url, short)
    unclear = check(
        Browser(app), url, {**JOB, "jobs-0-start-year": "2021", "jobs-0-start-month": "12", "jobs-0-start-day": ""}
    )

    assert "通算は11年8か月0日で、必要な5年以上に達しています" in enough
    assert "計算できる必須の条件1件をすべて満たしています" in enough
    assert "あと1年" in lacking
    assert "職歴1（勤務先1）：始まりと終わりの日（日まで）を確認します" in unclear
    assert not [word for word in REFUSING for page in (enough, lacking, unclear) if word in page]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            {"jobs-0-end-year": "2050", "jobs-0-end-month": "1"},
            "終了が先の年月です。いまも続いている仕事は、終了を空欄にして",
        ),
        (
            {"jobs-0-start-year": "2040", "jobs-0-end-year": "2041", "jobs-0-end-month": "1"},
            "開始が1年より先の年月です。",
        ),
        ({"jobs-0-kind": "", "jobs-0-is_current": "y"}, "雇用の形を選んでください"),
    ],
)
def test_a_job_of_the_future_and_one_without_its_kind_are_refused(
    sqlite_app: Flask, typed: dict[str, str], said: str
) -> None:
    job = {name: value for name, value in JOB.items() if name != "jobs-0-is_current"}

    page = check(Browser(sqlite_app), f"/openings/{opening(YEARS).id}/check", {**job, **typed})

    assert said in page
    assert "計算の結果" not in page


def test_a_job_expected_to_end_before_the_day_of_counting_is_counted(sqlite_app: Flask) -> None:
    rule = {**RULE, "as_of": "2099-03-31"}
    url = f"/openings/{opening({**YEARS, 'params': {'rule': rule}}).id}/check"
    job = {name: value for name, value in JOB.items() if name != "jobs-0-is_current"}

    assert "計算の結果" in check(Browser(sqlite_app), url, {**job, "jobs-0-end-year": "2099", "jobs-0-end-month": "3"})


def test_dates_that_nobody_can_have_are_asked_about_and_not_refused(sqlite_app: Flask) -> None:
    browser, url = Browser(sqlite_app), f"/openings/{opening(YEARS, BORN).id}/check"
    born = {"birth_date-year": "2001", "birth_date-month": "5", "birth_date-day": "1"}

    long = check(browser, url, {**JOB, "jobs-0-start-year": "昭和20"})
    early = check(browser, url, {**JOB, **born})

    assert "職歴1（勤務先1）は、60年より長く続いています。開始と終了の年を確かめてください。" in long
    assert "職歴1（勤務先1）は、15歳になる前に始まっています。開始の年と生年月日を確かめてください。" in early
    assert "計算の結果" in long
    assert "年月を確かめてください" not in check(
        browser, url, {**JOB, **born, "jobs-0-start-year": "2016", "jobs-0-start-month": "5"}
    )


def test_the_page_says_that_nothing_is_decided_and_nothing_kept(sqlite_app: Flask) -> None:
    page = Browser(sqlite_app).get(f"/openings/{opening(YEARS).id}/check")

    assert "この結果で選考は決まりません。入力した内容は保存しません" in page
    assert "最後の確認は、応募のあとに職員が行います。結果にかかわらず応募できます" in page


def test_nothing_is_written_kept_or_logged(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    url = f"/openings/{opening(YEARS, ARTICLE, BORN, FE).id}/check"
    browser = Browser(app)
    browser.get(url)
    before, cookies = database_digest(), sorted(cookie.key for cookie in browser.client._cookies.values())
    secret = {**JOB, "jobs-0-employer": "ひみつ商事", "qualifications-0-name": "ひみつ検定", "birth_date-year": "1970"}

    with caplog.at_level(logging.DEBUG):
        answer = browser.post(url, secret | {"birth_date-month": "1", "birth_date-day": "1"})
        page = browser.get(answer.headers["Location"])

    assert answer.headers["Cache-Control"] == "no-store"
    assert database_digest() == before
    assert sorted(cookie.key for cookie in browser.client._cookies.values()) == cookies
    assert "ひみつ" in page
    assert "ひみつ" not in caplog.text
    assert "ひみつ" not in browser.get(url)


def test_the_result_stands_at_its_own_address_for_the_browser_that_asked_alone(sqlite_app: Flask) -> None:
    url = f"/openings/{opening(YEARS).id}/check"
    browser, other = Browser(sqlite_app), Browser(sqlite_app)
    browser.get(url)
    other.get(url)
    place = browser.post(url, {**JOB, "jobs-0-employer": "ひみつ商事"}).headers["Location"]

    pages = [browser.get(place) for _reload in range(2)]
    others = [other.get(where) for where in (place, place.replace("typed=", "typed=x"), f"{url}?typed=k1:x")]

    assert ["計算の結果" in page and "ひみつ商事" in page for page in pages] == [True, True]
    assert ["計算の結果" in page or "ひみつ" in page for page in others] == [False, False, False]
    assert "ひみつ" not in unquote(place)


def test_what_is_too_long_for_an_address_is_answered_at_once(sqlite_app: Flask) -> None:
    url = f"/openings/{opening(YEARS).id}/check"
    browser = Browser(sqlite_app)
    browser.get(url)
    long = {
        f"jobs-{n}-employer": "".join(chr(0x4E00 + (7919 * n + 31 * i) % 20000) for i in range(200)) for n in range(9)
    }

    assert long["jobs-8-employer"] in browser.post(url, long, status=200).text


def test_the_database_itself_refuses_a_write_during_the_check(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import DBAPIError

    from app.accounts.models import Applicant
    from app.core import clock
    from app.extensions import db

    def write(*_arguments: Any, **_named: Any) -> None:
        with pytest.raises(DBAPIError):
            db.session.execute(Applicant.__table__.insert().values(id=new_id(), created_at=clock.now()))
        refused.append(True)

    refused: list[bool] = []
    url = f"/openings/{opening(YEARS).id}/check"
    browser = Browser(app)
    browser.get(url)
    monkeypatch.setattr(routes, "check", lambda *_a, **_n: write() or [])

    browser.press(url, JOB)

    assert refused == [True]


def test_rows_come_and_go_by_buttons_and_what_was_typed_stays(sqlite_app: Flask) -> None:
    url = f"/openings/{opening(YEARS, ARTICLE).id}/check"
    browser = Browser(sqlite_app)
    browser.get(url)
    declared = re.findall(r'name="(declare_[^"]+)"', browser.get(url))[0]
    typed = {**JOB, "jobs-0-employer": "見本商事", declared: "yes"}

    two = browser.press(url, {**typed, "add": "jobs"})
    one = browser.press(url, {**typed, "jobs-1-employer": "例示商店", "remove": "jobs-0"})

    assert ("見本商事" in two, 'name="jobs-1-employer"' in two, "計算の結果" in two) == (True, True, False)
    assert two.index('id="jobs-1"') < two.index('id="here"') < two.index('name="jobs-1-employer"')
    assert 'value="2015"' in two
    assert f'name="{declared}" value="yes" checked' in two
    assert ("見本商事" in one, "例示商店" in one) == (False, True)


def test_what_cannot_be_read_is_said_beside_it_and_kept(sqlite_app: Flask) -> None:
    page = check(Browser(sqlite_app), f"/openings/{opening(YEARS).id}/check", {**JOB, "jobs-0-start-month": "13"})

    assert "開始の月は1から12で入力してください" in page
    assert 'value="13"' in page
    assert "計算の結果" not in page


def test_nothing_typed_is_no_failure(sqlite_app: Flask) -> None:
    page = check(Browser(sqlite_app), f"/openings/{opening(YEARS, ARTICLE, BORN, FE).id}/check", {})

    for missing in (
        "職歴を確認します",
        "下の欄で答えると、結果に入ります",
        "資格を確認します",
    ):
        assert missing in page


def test_a_campaign_is_checked_at_once_and_a_common_text_is_asked_once(app: Flask) -> None:
    one, other = factories.organisation(), factories.organisation("kobe", "神戸市")
    campaign = a_campaign(one)
    ten = {**YEARS, "params": {"rule": {**RULE, "threshold_months": 120}}}
    opening(YEARS, ARTICLE, city=one, campaign_id=campaign.id)
    opening(ten, ARTICLE, city=other, campaign_id=campaign.id)
    opening(YEARS, city=other, campaign_id=campaign.id, closes_at=factories.clock.now() - factories.minutes(1))
    browser = Browser(app)

    asked = browser.get("/campaigns/dx-call/check")
    page = browser.press("/campaigns/dx-call/check", {**JOB, "jobs-0-start-year": "2019"})

    assert asked.count("欠格条項に当たりません") == 1
    assert "通算は7年8か月0日で、必要な5年以上に達しています" in page
    assert "必要な10年以上まであと2年4か月です" in page
    assert page.count("応募する<span") == 2
    assert "/campaigns/dx-call/check" in browser.get("/campaigns/dx-call")


def test_only_what_is_published_and_can_be_checked_has_a_check(sqlite_app: Flask) -> None:
    city = factories.organisation()
    draft = factories.opening(city, approved=False)
    by_people = opening(BY_PEOPLE, city=city)
    computed = opening(YEARS, city=city)
    browser = Browser(sqlite_app)

    assert f"/openings/{computed.id}/check" in browser.get(f"/openings/{computed.id}")
    assert f"/openings/{by_people.id}/check" not in browser.get(f"/openings/{by_people.id}")
    for one in (draft, by_people):
        browser.get(f"/openings/{one.id}/check", status=404)


def test_an_opening_that_is_closed_is_checked_and_not_offered(sqlite_app: Flask) -> None:
    closed = opening(YEARS, closes_at=factories.clock.now() - factories.minutes(1))

    page = check(Browser(sqlite_app), f"/openings/{closed.id}/check", JOB)

    assert "計算の結果" in page
    assert "/apply/openings/" not in page


def test_one_address_checks_only_so_often(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "CHECKS_PER_ADDRESS", Limit("eligibility.check", 0, 3600))
    url = f"/openings/{opening(YEARS).id}/check"
    browser = Browser(sqlite_app)
    browser.get(url)

    browser.post(url, JOB, status=429)


def test_what_was_typed_begins_a_draft_only_when_the_person_asks(app: Flask) -> None:
    from app.applications.answers import Answers
    from app.applications.models import Draft
    from app.core.context import SYSTEM, bind
    from app.extensions import db

    one = opening(YEARS, ARTICLE, BORN)
    browser = Browser(app)
    declared = re.findall(r'name="(declare_[^"]+)"', browser.get(f"/openings/{one.id}/check"))[0]
    typed = {**JOB, "jobs-0-employer": "見本商事", declared: "yes", "birth_date-year": "昭和50", "check": "1"}

    place = browser.post(f"/apply/openings/{one.id}/checked", {**typed, "mail": "ほかの欄"}).headers["Location"]
    step = browser.get(place)
    career = browser.get(place.replace("eligibility", "career"))
    profile = browser.get(place.replace("eligibility", "profile"))

    bind(db.session, SYSTEM)
    answers = Answers.model_validate(db.session.query(Draft).one().answers)
    assert 'name="declare_a16" value="yes" checked' in step
    assert 'value="見本商事"' in career
    assert 'value="昭和50"' in profile
    assert (answers.history, answers.declarations, answers.steps_done) == ([], {}, [])
    assert "ほかの欄" not in str(answers)


def test_a_draft_that_was_begun_keeps_what_it_has(sqlite_app: Flask) -> None:
    one = opening(YEARS, ARTICLE)
    browser = Browser(sqlite_app)
    browser.get(f"/openings/{one.id}/check")
    url = f"/apply/openings/{one.id}/checked"

    browser.post(url, {**JOB, "jobs-0-employer": "先に書いた会社"})
    place = browser.post(url, {**JOB, "jobs-0-employer": "あとの会社"}).headers["Location"]

    assert "先に書いた会社" in browser.get(place.replace("eligibility", "career"))


ALL_KINDS = (
    {**YEARS, "params": {"rule": {**RULE, "min_weekly_hours": 20, "exclude_student": True, "fields": ["digital"]}}},
    {
        "key": "by_school",
        "kind": "experience",
        "label": "学歴ごとの年数",
        "params": {"rule": {"as_of": "2026-11-30"}, "by_education": [{"education": "high_school", "months": 100}]},
    },
    {"key": "days", "kind": "availability", "label": "日数", "params": {"least": 20, "most": 40}},
    {"key": "lang", "kind": "language", "label": "語学", "params": {"any_of": [{"scheme": "hsk", "level": "6"}]}},
    *(ARTICLE, BORN, FE, BY_PEOPLE),
)
STRANGE = (
    "0000",
    "9999",
    "令和99",
    "9" * 5000,
    "-1",
    "1e9",
    "nan",
    "٣",
    "x" * 3000,
    "other:",
    "::",
    "hsk:",
    "30",
)


@pytest.mark.parametrize("month", ["1", "12"])
@pytest.mark.parametrize("strange", STRANGE)
def test_whatever_is_sent_is_answered_beside_its_field(sqlite_app: Flask, strange: str, month: str) -> None:
    url = f"/openings/{opening(*ALL_KINDS).id}/check"
    browser = Browser(sqlite_app)
    page = browser.get(url)
    names = set(re.findall(r'name="([a-z_]+-[a-z0-9_-]+|[a-z_]+)"', page)) - {"csrf_token", "add", "remove"}
    more = {"languages-0-result", "languages-0-score", "qualifications-0-name", "qualifications-0-acquired_on-year"}
    fields = dict.fromkeys(names | more, strange) | {name: month for name in names | more if name.endswith("-month")}

    assert "エラー：" in browser.press(url, fields)


def test_what_is_the_same_for_several_openings_is_said_once_below_an_overview(sqlite_app: Flask) -> None:
    city, osaka = factories.organisation(), factories.organisation("osaka", "大阪市")
    call = a_campaign(city)
    other = {**YEARS, "key": "more", "params": {"rule": {**RULE, "threshold_months": 240}}}
    for one, criteria in ((city, (YEARS, ARTICLE, BY_PEOPLE)), (osaka, (YEARS, other, ARTICLE, BY_PEOPLE))):
        opening(*criteria, city=one, campaign_id=call.id)

    page = check(Browser(sqlite_app), "/campaigns/dx-call/check", JOB)

    result = page[page.index('id="result"') : page.index('id="typed"')]
    assert [
        result.count(words) for words in ("必要な5年以上に達しています", "必要な20年以上", "すべての募集に共通")
    ] == [1, 1, 3]
    assert "2件のうち、満たしているもの1件、まだ答えていないもの1件です。ほかに、職員が書類から確認する必須の" in result
    assert result.count(">未回答<") == 1
    assert 'href="#typed">下の欄で答えると、結果に入ります。' in result
    assert result.count('<button class="btn btn--primary btn--small" form="check"') == 2


def test_the_text_that_is_asked_about_stands_beside_the_question(sqlite_app: Flask) -> None:
    said = factories.content(criteria=[ARTICLE], disqualification_text="次のどれかに当たる人は応募できません。")
    page = Browser(sqlite_app).get(f"/openings/{factories.opening(factories.organisation(), content=said).id}/check")

    assert page.index("欠格条項に当たりません") < page.index("次のどれかに当たる人は応募できません。")
