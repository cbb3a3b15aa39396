"""The public pages in English: one click away, whole, and what a city wrote marked as Japanese (design 43, 52)."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import html5lib
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask import Flask
from sqlalchemy import select

from app.core import clock, language
from app.demo.loader import load
from app.extensions import db
from app.openings.models import Campaign, Opening, OpeningState
from app.organisations.models import Organisation
from tests import factories
from tests.browsing import Browser
from tests.eligibility.test_check_pages import ALL_KINDS, JOB, YEARS, opening

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages"
JAPANESE = re.compile(r"[\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff]")


def japanese_parts(html: str) -> list[str]:
    """The Japanese texts of a page that are not marked as such."""
    root = html5lib.HTMLParser(namespaceHTMLElements=False).parse(html)
    found: list[str] = []

    def walk(element: Any, is_marked: bool) -> None:
        marked = is_marked or (element.get("lang") or "").startswith("ja")
        for text in (element.text, *(child.tail for child in element)):
            if text and not marked and JAPANESE.search(text):
                found.append(text.strip())
        for name in ("aria-label", "title", "alt"):
            if not marked and JAPANESE.search(element.get(name) or ""):
                found.append(f"{name}: {element.get(name)}")
        for child in element:
            if isinstance(child.tag, str) and child.tag not in {"title", "script"}:
                walk(child, marked)

    walk(root, False)
    return found


def catalogue() -> Any:
    with CATALOGUE.with_suffix(".po").open("rb") as file:
        return read_po(file, locale="en")


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    """The one form of a text, or those of one that depends on a number."""
    return (text,) if isinstance(text, str) else tuple(text)


def collected() -> set[str | tuple[str, ...]]:
    """The words that bin/words collects."""
    with (ROOT / "translations" / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {"_": None, "gettext": None, "word": None, "sentence": None, "counted": (1, 1)}
    return {text for _f, _l, text, _c, _x in extract_from_dir(str(ROOT), methods, options, keywords)}


def test_collecting_the_words_again_loses_none() -> None:
    kept = {forms(message.id)[0] for message in catalogue() if message.id}

    assert kept - {forms(text)[0] for text in collected()} == set(), "name their module in translations/babel.cfg"


def test_every_word_of_the_public_pages_has_its_english() -> None:
    english = {message.id: message.string for message in catalogue() if message.id}
    english |= {forms(text)[0]: said for text, said in english.items()}  # one with plural forms serves without a number

    assert {text for text in collected() if not all(forms(english.get(text) or ""))} == set(), (
        "run bin/words and fill what is empty"
    )


def test_the_compiled_catalogue_is_that_of_the_words() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = {forms(message.id): forms(message.string) for message in read_mo(file) if message.id}

    words = {forms(message.id): forms(message.string) for message in catalogue() if message.id}
    assert compiled == words, "run bin/words"


def test_a_translation_names_the_same_values_as_its_source() -> None:
    named = re.compile(r"%\((\w+)\)s|<(\w+)")

    said = [(forms(m.id)[0], one) for m in catalogue() if m.id for one in forms(m.string)]
    off = [ours for ours, one in said if set(named.findall(ours)) - {("", "wbr")} != set(named.findall(one))]

    assert off == []


def test_no_public_page_of_the_demo_leaves_japanese_unmarked(sqlite_app: Flask) -> None:
    load(at=clock.now())
    openings = list(db.session.scalars(select(Opening).where(Opening.state == OpeningState.APPROVED)))
    cities, campaigns = list(db.session.scalars(select(Organisation))), list(db.session.scalars(select(Campaign)))
    paths = ["/", "/openings", "/openings?state=closed&q=DX", "/openings?q=nothing-like-it", "/privacy", "/terms"]
    paths += ["/accessibility", "/my/received", *(f"/openings/{one.id}" for one in openings)]
    paths += [f"/apply/openings/{one.id}" for one in openings]
    paths += [*(f"/cities/{city.slug}/" for city in cities[:3]), f"/cities/{cities[0].slug}/privacy"]
    paths += [f"/campaigns/{one.slug}{more}" for one in campaigns for more in ("", "/check")]
    browser = Browser(sqlite_app)

    left = {path: japanese_parts(browser.get(f"/en{path}")) for path in paths}

    own = {"日本語"}  # the way back names itself in its own language, and says so
    assert {path: found for path, found in left.items() if set(found) - own} == {}


@pytest.mark.parametrize("first", [False, True])
def test_a_button_named_on_a_page_is_marked_whichever_language_was_asked_for_first(
    sqlite_app: Flask, first: bool
) -> None:
    template, said = sqlite_app.jinja_env.from_string('{{ "送信する"|japanese }}'), {}
    for is_english in (first, not first):
        before = language._english.set(is_english)
        said[is_english] = template.render()
        language._english.reset(before)

    assert said == {False: "送信する", True: '<span lang="ja">送信する</span>'}


def test_the_other_language_is_one_click_away_on_the_same_page(sqlite_app: Flask) -> None:
    city = factories.organisation()
    opening = factories.opening(city)
    browser = Browser(sqlite_app)

    japanese = browser.get("/openings?q=DX&state=open")
    english = browser.get(f"/en/openings/{opening.id}")

    assert 'href="/en/openings?q=DX&amp;state=open" lang="en"' in japanese
    assert f'href="/openings/{opening.id}" lang="ja"' in english
    assert 'href="/en/my/received" lang="en"' in browser.get("/my/received")
    assert 'href="/my/resume"' in browser.get("/en/my/received")
    assert f'href="/en/cities/{city.slug}/privacy"' in english
    assert f'href="/en/apply/openings/{opening.id}"' in english


def test_my_page_is_reached_over_a_page_that_says_in_english_that_it_is_japanese(sqlite_app: Flask) -> None:
    browser = Browser(sqlite_app)

    page = browser.get("/en/my/", follow=True)

    assert 'href="/en/my/received"' in page
    assert page.index("It is in Japanese.") < page.index('href="/my/"')


NOTHING = {"education-level": "", "availability-most": "", "availability-least": ""}  # as a browser sends it
EVERYTHING = NOTHING | {
    "jobs-0-kind": "regular",
    "jobs-0-employer": "見本商事",
    "jobs-0-start-year": "2021",
    "jobs-0-start-month": "12",
    "jobs-0-weekly_hours": "10",
    "jobs-0-is_current": "y",
    "education-level": "university",
    "education-graduated_on-year": "2014",
    "education-graduated_on-month": "3",
    "qualifications-0-name": "基本情報",
    "languages-0-result": "hsk:5",
    "birth_date-year": "1980",
    "birth_date-month": "5",
    "birth_date-day": "1",
    "availability-most": "50",
}
WRONG = EVERYTHING | {"jobs-0-start-month": "13", "jobs-0-kind": "", "birth_date-day": "", "languages-0-score": "x"}


def test_the_self_check_asks_computes_and_explains_in_english(sqlite_app: Flask) -> None:
    url = f"/en/openings/{opening(*ALL_KINDS).id}/check"
    browser = Browser(sqlite_app)

    asked = browser.get(url)
    empty, typed, wrong = (browser.press(url, {"check": "1", **sent}) for sent in (NOTHING, EVERYTHING, WRONG))

    assert [japanese_parts(page) for page in (asked, empty, typed, wrong)] == [[], [], [], []]
    for page, words in (
        (asked, "Jobs need the year and month in which they began and ended."),
        (empty, "You have not entered a job yet."),
        (typed, "Not counted: this field of work does not count here."),
        (typed, "You can work up to 5 days a week; the position takes 2 days a week or more, up to 4 days a week."),
        (typed, 'Staff check whether “<span lang="ja">基本情報</span>” is one of the qualifications asked for.'),
        (wrong, "<title>Error: Eligibility self-check"),
        (wrong, "Started: please enter a month from 1 to 12"),
        (wrong, "Please check 4 entries"),
    ):
        assert words in page


def test_the_count_is_said_in_whole_english_sentences(sqlite_app: Flask) -> None:
    url = f"/en/openings/{opening(YEARS).id}/check"
    browser = Browser(sqlite_app)

    browser.get(url)
    enough = browser.press(url, JOB)
    short = browser.press(url, {**JOB, "jobs-0-start-year": "2022", "jobs-0-start-month": "12"})

    assert (
        "In total 11 years 8 months 0 days: this reaches the required 5 years. This calculation alone never" in enough
    )
    assert "By what you entered, you meet the 1 required condition that can be computed." in enough
    assert "Job 1 employer 1" in enough
    assert "In total 4 years 0 months 0 days: 1 year short of the required 5 years." in short
    assert "Counted up to 30 Nov 2026." in short


def test_the_start_page_says_in_english_that_the_form_is_japanese_before_leading_there(sqlite_app: Flask) -> None:
    opening = factories.opening(factories.organisation())

    page = Browser(sqlite_app).get(f"/en/apply/openings/{opening.id}")

    assert japanese_parts(page) == []
    assert page.index("From here on, everything is in Japanese") < page.index("Start the form (in Japanese)")
    assert f'<form action="/apply/openings/{opening.id}" method="post">' in page


@pytest.mark.parametrize(
    "path", ["/my/sign-in", "/staff/sign-in", "/apply/drafts/00000000-0000-4000-8000-000000000000/confirm"]
)
def test_pages_without_an_english_form_lead_to_the_japanese_one(sqlite_app: Flask, path: str) -> None:
    answer = sqlite_app.test_client().get(f"/en{path}?a=1")

    assert (answer.status_code, answer.headers["Location"]) == (302, f"{path}?a=1")


@pytest.mark.parametrize("name", ["endpoint", "_anchor", "_external", "_scheme", "_method", "opening_id"])
def test_a_query_is_copied_whatever_its_names_mean_to_flask(sqlite_app: Flask, name: str) -> None:
    opening = factories.opening(factories.organisation())
    client = sqlite_app.test_client()

    page = client.get(f"/openings/{opening.id}?{name}=1&{name}=2").text
    answer = client.get(f"/en/my/sign-in?{name}=1")

    assert f'href="/en/openings/{opening.id}?{name}=1&amp;{name}=2" lang="en"' in page
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/my/sign-in?{name}=1")


def test_what_is_sent_below_the_english_root_is_sent_on_as_it_is(sqlite_app: Flask) -> None:
    answer = sqlite_app.test_client().post("/en/my/sign-in?next=/my/", data={"mail": "a@example.jp"})

    assert (answer.status_code, answer.headers["Location"]) == (308, "/my/sign-in?next=%2Fmy%2F")


def test_an_unknown_english_address_is_not_found_in_english(sqlite_app: Flask) -> None:
    page = Browser(sqlite_app).get("/en/nothing", status=404)

    assert "This page cannot be found" in page
    assert Browser(sqlite_app).get("/en/en/openings", status=404)


def test_the_japanese_pages_hold_no_english_word_of_the_catalogue(sqlite_app: Flask) -> None:
    factories.opening(factories.organisation())
    browser = Browser(sqlite_app)
    browser.get("/en/openings")

    page = browser.get("/openings")

    assert "Not stated" not in page
    assert "募集一覧" in page
