import re
import uuid
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import StaffUser
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.extensions import db
from app.openings import employment
from app.openings.content import CriterionKind, OpeningContent
from app.openings.forms_criterion import CriterionEntry
from app.openings.models import Opening
from app.openings.sections import SECTIONS
from app.organisations.models import Organisation
from app.organisations.texts import first_texts
from tests import factories
from tests.browsing import Browser
from tests.forms_read import form_with

INPUT = re.compile(r"<(input|textarea|select)\b([^>]*)>(.*?)(?=<(?:input|textarea|select)\b|$)", re.S)
NAME, VALUE, OPTION = (
    re.compile(p) for p in (r'name="([^"]*)"', r'value="([^"]*)"', r'<option selected value="([^"]*)"')
)


def city(slug: str = "shinagawa", name: str = "品川区") -> Organisation:
    own = factories.organisation(slug, name)
    factories.save(*employment.rows_for(own.id), *first_texts(own.id, city=name, effective_on=clock.today()))
    return own


def signed_in(app: Flask, user: StaffUser) -> Browser:
    browser = Browser(app)
    factories.sign_in(browser.client, user)
    return browser


def stored(opening_id: Any) -> Opening:
    db.session.remove()
    bind(db.session, SYSTEM)
    found = db.session.get(Opening, opening_id)
    assert found is not None
    db.session.expunge(found)
    db.session.remove()
    return found


def filled(page: str) -> dict[str, Any]:
    """What the editor's form would send as it stands."""
    form = page[page.index('<form class="form"') :]
    form = form[: form.index("</form>")]
    fields: dict[str, Any] = {}
    for tag, attributes, rest in INPUT.findall(form):
        name, value = NAME.search(attributes), VALUE.search(attributes)
        if name is None or ("checkbox" in attributes and "checked" not in attributes):
            continue
        if tag == "textarea":
            text = rest.split("</textarea>")[0].lstrip("\r\n")
        elif tag == "select":
            chosen = OPTION.search(rest)
            text = chosen.group(1) if chosen else ""
        else:
            text = value.group(1) if value else ""
        fields.setdefault(name.group(1), []).append(text)
    return fields


def test_every_page_of_an_author_stands(sqlite_app: Flask) -> None:
    own = city()
    author = signed_in(sqlite_app, factories.staff(own, Role.AUTHOR))
    draft = factories.opening(own, approved=False)
    base = f"/staff/{own.slug}/openings"

    pages = [author.get(url) for url in (base, f"{base}/new", f"{base}/{draft.id}", f"{base}/{draft.id}/preview")]

    assert "DX推進担当" in pages[0]
    assert "公開前の点検" in pages[2]
    assert "段階1の姿" in pages[3]


TABLE = {
    "rule": {"as_of": "2026-11-30"},
    "of_which": {"threshold_months": 36, "fields": ["digital"]},
    "by_education": [{"education": "graduate", "months": 60}, {"education": "university", "months": 84}],
    "excluded_employers": {"names": ["見本商事", "例示商店"], "headquartered_in": "山形県"},
}
BARS = [{"scheme": "toeic_lr", "level": None, "score": "900"}, {"scheme": "eiken", "level": "1", "score": None}]
SCHOOLS = {"any_of": ["university", "junior_college"]}
PAPERS = [
    {"name": "基本情報技術者試験", "aliases": ["第二種情報処理技術者試験"]},
    {"name": "ITパスポート", "aliases": []},
]
EVERY_OTHER_KIND = [
    {"key": key, "kind": kind, "label": key, "params": params}
    for key, kind, params in (
        ("table", "experience", TABLE),
        ("school", "education", {**SCHOOLS, "expected_by": "2027-03-31", "or_equivalent": True}),
        ("papers", "qualification", {"any_of": PAPERS, "or_equivalent": True, "expected_by": None}),
        ("tests", "language", {"any_of": BARS, "or_equivalent": False}),
        ("days", "availability", {"least": 20, "most": None}),
        ("nation", "nationality", {"text": "日本国籍を有します"}),
        ("home", "residence", {"text": "採用の日までに市内に住みます", "at": "application"}),
        ("yes", "declaration", {"text": "当たりません"}),
        ("people", "person", {}),
    )
]


@pytest.mark.parametrize("mark", ["／", "/", "、", "，", " ／ "])
def test_earlier_names_stand_after_any_mark_that_people_type(sqlite_app: Flask, mark: str) -> None:
    with sqlite_app.test_request_context():
        entry = CriterionEntry(data={"qualifications": (f"基本情報{mark}第二種{mark}", mark.strip())})

    assert entry.named() == [{"name": "基本情報", "aliases": ["第二種"]}]


EVERY_PART = {
    "threshold_months": 60,
    "as_of": "2026-11-30",
    "kinds": ["regular", "contract"],
    "fields": ["digital"],
    "min_weekly_hours": 29.5,
    "min_continuous_months": 12,
    "min_continuous_in_window": True,
    "one_continuous_months": 36,
    "window": {"last_years": 10},
    "excluded_leave": {"kinds": ["sick"], "min_months": 1},
    "exclude_student": True,
    "earliest": {"age": 22},
    "combine": "longest",
    "day_rounding": "drop",
}
EVERY_KIND = [
    {"key": "years", "kind": "experience", "label": "5年以上", "params": {"rule": EVERY_PART}},
    {"key": "born", "kind": "birth_date", "label": "生年月日", "params": {"from": "1980-04-02", "to": None}},
    *EVERY_OTHER_KIND,
]


@pytest.mark.parametrize("section", SECTIONS)
def test_saving_a_section_as_it_stands_changes_nothing(sqlite_app: Flask, section: str) -> None:
    own = city()
    author = signed_in(sqlite_app, factories.staff(own, Role.AUTHOR))
    words = {"source_url": "https://example.jp/", "contact": "人事課", "background": "背景\n二行目"}
    said = factories.content(criteria=EVERY_KIND, **words)
    draft = factories.opening(own, approved=False, content=said)
    before = stored(draft.id)
    url = f"/staff/{own.slug}/openings/{draft.id}/edit/{section}"

    author.post(url, filled(author.get(url)))

    after = stored(draft.id)
    assert OpeningContent.model_validate(after.content) == said
    assert (after.published_at, after.opens_at, after.closes_at) == (
        before.published_at,
        before.opens_at,
        before.closes_at,
    )


def test_a_count_of_years_asks_for_its_day_beside_the_boxes(sqlite_app: Flask) -> None:
    own = city()
    author = signed_in(sqlite_app, factories.staff(own, Role.AUTHOR))
    draft = factories.opening(own, approved=False)
    url = f"/staff/{own.slug}/openings/{draft.id}/edit/criteria"
    fields = filled(author.get(url)) | dict.fromkeys([f"criteria-0-rule-as_of-{part}" for part in AS_OF], "")

    refused = author.post(url, fields, status=422).text

    assert refused.count("年数をいつまで数えるか、基準日を入力してください") == 2  # in the summary and beside the boxes
    assert 'href="#criteria-0-rule-as_of-year"' in refused


AS_OF = {"year": "2026", "month": "11", "day": "30"}


def test_an_author_adds_a_criterion_of_each_kind_and_saves_them_at_once(sqlite_app: Flask) -> None:
    own = city()
    author = signed_in(sqlite_app, factories.staff(own, Role.AUTHOR))
    draft = factories.opening(own, approved=False, content=factories.content(criteria=[]))
    url = f"/staff/{own.slug}/openings/{draft.id}/edit/criteria"
    author.get(url)
    blank = form_with(author.post(url, {"add": "criteria"}, status=200).text, "criteria-0-kind").pairs()
    kinds = list(CriterionKind)
    typed = {
        name.replace("criteria-0", f"criteria-{number}"): value for number in range(len(kinds)) for name, value in blank
    }
    for number, kind in enumerate(kinds):
        typed |= {f"criteria-{number}-label": f"資格{number}", f"criteria-{number}-kind": kind.value}

    typed |= {"criteria-0-rule-threshold_months": "60"} | {f"criteria-0-rule-as_of-{k}": n for k, n in AS_OF.items()}

    answer = author.client.post(url, data={"csrf_token": author.token} | typed)  # as a browser sends what has no file

    assert answer.status_code == 303
    found = OpeningContent.model_validate(stored(draft.id).content).criteria
    assert [(one.label, one.kind) for one in found] == [(f"資格{number}", kind) for number, kind in enumerate(kinds)]


def test_an_author_writes_a_draft_from_nothing(sqlite_app: Flask) -> None:
    own = city()
    author = signed_in(sqlite_app, factories.staff(own, Role.AUTHOR))
    author.get(f"/staff/{own.slug}/openings/new")
    page = author.post(f"/staff/{own.slug}/openings/new", {"title": "データ分析担当"}).headers["Location"]
    base = page.rsplit("/edit/", 1)[0]
    opening_id = base.rsplit("/", 1)[1]
    author.post(page, filled(author.get(page)) | {"summary": "分析の仕事です", "duties": "集計\r\n\r\n可視化"})
    asked = f"{base}/edit/asked"
    added = author.post(asked, filled(author.get(asked)) | {"add": "questions"}, status=200).text

    author.post(
        asked, filled(added) | {"questions-0-label": "志望動機", "questions-0-max_characters": "八百"}, status=422
    )
    author.post(asked, filled(added) | {"questions-0-label": "志望動機", "questions-0-max_characters": "800"})

    content = OpeningContent.model_validate(stored(uuid.UUID(opening_id)).content)
    assert (content.title, content.duties) == ("データ分析担当", ("集計", "可視化"))
    assert [(one.key, one.label, one.max_characters) for one in content.questions] == [("question_1", "志望動機", 800)]


def test_bad_input_keeps_what_was_typed(sqlite_app: Flask) -> None:
    own = city()
    author = signed_in(sqlite_app, factories.staff(own, Role.AUTHOR))
    draft = factories.opening(own, approved=False)
    url = f"/staff/{own.slug}/openings/{draft.id}/edit/schedule"
    typed = filled(author.get(url)) | {"closes_time": "25時", "closes_on-day": "31x"}

    page = author.post(url, typed, status=422).text

    assert 'value="25時"' in page
    assert 'value="31x"' in page
    assert "時刻は 17:15 のように入力してください" in page


def test_a_row_can_be_taken_away(sqlite_app: Flask) -> None:
    own = city()
    author = signed_in(sqlite_app, factories.staff(own, Role.AUTHOR))
    draft = factories.opening(own, approved=False)
    url = f"/staff/{own.slug}/openings/{draft.id}/edit/stages"
    page = author.post(url, filled(author.get(url)) | {"remove": "stages-0"}, status=200).text

    author.post(url, filled(page))

    assert [stage["key"] for stage in stored(draft.id).content["stages"]] == ["interview"]


def test_markup_in_a_title_is_shown_and_never_run(sqlite_app: Flask) -> None:
    own = city()
    author = signed_in(sqlite_app, factories.staff(own, Role.AUTHOR))
    evil = "<script>alert(1)</script>"
    said = factories.content(title=evil, summary=evil, background=evil, duties=[evil])
    shown = factories.opening(own, content=said)
    base = f"/staff/{own.slug}/openings"

    pages = [author.get(url) for url in ("/", "/openings", f"/openings/{shown.id}", base, f"{base}/{shown.id}/preview")]

    assert [page.count("<script>alert") for page in pages] == [0] * 5
    assert all("&lt;script&gt;" in page for page in pages)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CHAIR, Role.HR, Role.APPROVER, Role.AUDITOR, Role.ADMIN])
def test_only_authors_edit(sqlite_app: Flask, role: Role) -> None:
    own = city()
    draft = factories.opening(own, approved=False)
    other = signed_in(sqlite_app, factories.staff(own, role, opening_id=draft.id))

    other.get(f"/staff/{own.slug}/openings/{draft.id}/edit/basic", status=404)
    other.get(f"/staff/{own.slug}/openings/new", status=403)


def test_another_citys_author_finds_nothing(sqlite_app: Flask) -> None:
    own, osaka = city(), city("osaka", "大阪市")
    draft = factories.opening(own, approved=False)
    stranger = signed_in(sqlite_app, factories.staff(osaka, Role.AUTHOR, Role.APPROVER))
    stranger.get(f"/staff/{osaka.slug}/openings/new")

    for slug in (own.slug, osaka.slug):
        base = f"/staff/{slug}/openings/{draft.id}"
        for path in ("", "/edit/basic", "/preview"):
            stranger.get(base + path, status=404)
        for path in ("/edit/basic", "/submit", "/approve", "/return", "/withdraw", "/archive", "/duplicate"):
            stranger.post(base + path, {"reason": "x"}, status=404)
    assert "DX推進担当" not in stranger.get(f"/staff/{osaka.slug}/openings")


def test_nobody_without_a_session_gets_in(sqlite_app: Flask) -> None:
    own = city()
    draft = factories.opening(own, approved=False)

    for path in ("", "/new", f"/{draft.id}", f"/{draft.id}/edit/basic"):
        answer = sqlite_app.test_client().get(f"/staff/{own.slug}/openings{path}")
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/staff/sign-in")


def test_the_list_of_staff_asks_equally_often_for_one_and_three_rows(sqlite_app: Flask) -> None:
    own = city()
    author = signed_in(sqlite_app, factories.staff(own, Role.AUTHOR))
    factories.opening(own)
    url = f"/staff/{own.slug}/openings"
    author.get(url)
    one = author.statements_of(url)
    factories.opening(own)
    factories.opening(own, approved=False)

    assert author.statements_of(url) == one


def test_a_whole_life_through_the_pages(sqlite_app: Flask) -> None:
    from tests.openings.test_approval import City

    town = City()
    base = f"/staff/{town.own.slug}/openings/{town.draft_id}"
    author, approver = signed_in(sqlite_app, town.author), signed_in(sqlite_app, town.approver)
    page = author.get(base)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None
    author.post(f"{base}/submit", {"version": version.group(1)})
    author.post(f"{base}/submit", {"version": version.group(1)}, status=409)
    seen = re.search(r'name="seen" value="(\w{64})"', approver.get(base))
    assert seen is not None
    waiting = author.get(base)
    assert "承認は別の職員が行います" in waiting
    assert "依頼を取り下げて編集に戻る" in waiting
    author.post(f"{base}/approve", {"seen": seen.group(1)}, status=409)
    approver.post(f"{base}/return", {"reason": ""}, status=422)
    approver.post(f"{base}/approve", {"seen": seen.group(1)})
    approver.post(f"{base}/approve", {"seen": seen.group(1)}, status=409)
    approver.post(f"{base}/withdraw", {"reason": "予算の都合"})

    assert stored(town.draft_id).state.value == "withdrawn"


def test_a_published_opening_says_what_can_be_done_about_a_mistake(sqlite_app: Flask) -> None:
    city = factories.organisation()
    opening = factories.opening(city)
    author = Browser(sqlite_app)
    factories.sign_in(author.client, factories.staff(city, Role.AUTHOR))

    page = author.get(f"/staff/shinagawa/openings/{opening.id}")

    ways = ("訂正：新しい版として", "締切の延長：すべての人の", "中止して、新しく募集", "/amendment")
    assert [words in page for words in ways] == [True] * 4


def test_asking_for_approval_is_the_chief_act_only_when_nothing_is_missing(sqlite_app: Flask) -> None:
    own = city()
    author = signed_in(sqlite_app, factories.staff(own, Role.AUTHOR))
    author.get(f"/staff/{own.slug}/openings/new")
    edit = author.post(f"/staff/{own.slug}/openings/new", {"title": "データ分析担当"}).headers["Location"]

    page = author.get(edit.rsplit("/edit/", 1)[0])

    assert re.findall(r'<button class="([^"]*)"[^>]*>承認を依頼する', page) == ["btn btn--plain btn--wide"]
    assert re.search(r"あと\d+件を直すと依頼できます", page)


def test_what_publication_needs_is_marked_in_the_editor(sqlite_app: Flask) -> None:
    from tests.openings.test_approval import City

    town = City()
    author = signed_in(sqlite_app, town.author)
    base = f"/staff/{town.own.slug}/openings/{town.draft_id}/edit"

    marks = [author.get(f"{base}/{section}").count("公開に必要</span>") for section in ("basic", "terms", "schedule")]

    assert marks == [3, 3, 6]
