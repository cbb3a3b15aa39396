"""HR's pages over applicants: what they show, to whom, what is recorded, and what never leaves."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.applications.models import Application, ApplicationDocument
from app.applications.screening_models import Confirmation, FindingOutcome
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.extensions import db
from app.files.kept import ScanState
from tests import factories
from tests.applications.pdf import pdf
from tests.screening.arrange import MET, City, accept, browser, city, confirm, looks, rows

CANARY = "漏洩見本"


@pytest.fixture
def here(sqlite_app: Flask) -> City:
    return city()


def hr_of(app: Flask, place: City):
    return browser(app, place.staff(Role.HR))


def document_of(application: Application) -> ApplicationDocument:
    [found] = [row for row in rows(ApplicationDocument) if row.organisation_id == application.organisation_id]
    return found


def pages_of(place: City, application: Application) -> list[str]:
    return [
        place.url(),
        place.url(application.id),
        place.url(application.id, "documents", document_of(application).id),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HR])
def test_only_hr_sees_who_applied(sqlite_app: Flask, here: City, role: Role) -> None:
    someone = here.application(family_name=CANARY)
    person = browser(sqlite_app, here.staff(role))

    for url in pages_of(here, someone):
        assert CANARY not in person.get(url, status=404)
    assert CANARY not in person.get(f"/staff/{here.organisation.slug}/")
    person.get("/staff/shinagawa/applications", status=403)
    for url in (here.url(someone.id, "confirm"), here.url(someone.id, "accept"), here.url("search")):
        person.post(url, {"typed": CANARY}, status=404)
    assert looks() == []


def test_another_citys_hr_finds_nothing(sqlite_app: Flask, here: City) -> None:
    there = city("hamamatsu", "浜松市")
    someone = here.application(family_name=CANARY)
    there.application(family_name="浜松")
    other = hr_of(sqlite_app, there)

    for url in pages_of(here, someone):
        assert CANARY not in other.get(url, status=404)
        assert CANARY not in other.get(url.replace("/shinagawa/", "/hamamatsu/"), status=404)
    for url in (there.url(), "/staff/hamamatsu/", "/staff/hamamatsu/applications"):
        assert CANARY not in other.get(url)
    mixed = there.url(someone.id)
    assert CANARY not in other.get(mixed, status=404)
    other.post(there.url(someone.id, "accept"), {"seen": ""}, status=404)
    assert [subject for _action, subject, _rows in looks()] == [f"opening:{there.opening.id}"]


def test_another_openings_address_does_not_show_the_application(sqlite_app: Flask, here: City) -> None:
    someone = here.application(family_name=CANARY)
    other = City(here.organisation, factories.opening(here.organisation))
    hr = hr_of(sqlite_app, here)

    assert CANARY not in hr.get(other.url(someone.id), status=404)
    assert CANARY not in hr.get(other.url())


def test_who_is_not_signed_in_is_asked_to(sqlite_app: Flask, here: City) -> None:
    someone = here.application(family_name=CANARY)
    client = sqlite_app.test_client()

    for url in [*pages_of(here, someone), "/staff/shinagawa/", "/staff/shinagawa/mails", "/staff/shinagawa/audit"]:
        answer = client.get(url)
        assert (answer.status_code, answer.location.partition("?")[0]) == (302, "/staff/sign-in")


def test_every_look_is_recorded(sqlite_app: Flask, here: City) -> None:
    someone = here.application()
    here.application()
    hr, document = hr_of(sqlite_app, here), document_of_first(someone)

    hr.get(here.url())
    hr.get(here.url(someone.id))
    hr.get(here.url(someone.id, "documents", document.id))

    assert looks() == [
        ("list.applications", f"opening:{here.opening.id}", 2),
        ("read.application", f"application:{someone.id}", 1),
        ("open.unscanned_document", f"application_document:{document.id}", 1),
    ]


def document_of_first(application: Application) -> ApplicationDocument:
    from app.applications.models import ApplicationVersion

    [version] = [row for row in rows(ApplicationVersion) if row.application_id == application.id]
    [found] = [row for row in rows(ApplicationDocument) if row.application_version_id == version.id]
    return found


def test_a_file_leaves_as_an_attachment_that_nothing_can_run(sqlite_app: Flask, here: City) -> None:
    someone = here.application()
    document = document_of(someone)

    answer = hr_of(sqlite_app, here).client.get(here.url(someone.id, "documents", document.id))

    assert answer.data[:5] == b"%PDF-"
    assert len(answer.data) == len(pdf(words=re.search(rb"Resume \d+", answer.data)[0].decode()))  # type: ignore[index]
    wanted = {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename=\"document.pdf\"; filename*=UTF-8''"
        "%E8%81%B7%E5%8B%99%E7%B5%8C%E6%AD%B4%E6%9B%B8%EF%BC%88%E8%A6%8B%E6%9C%AC%EF%BC%89.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert {name: answer.headers[name] for name in wanted} == wanted


def test_a_range_is_not_a_way_past_the_question_who_asks(sqlite_app: Flask, here: City) -> None:
    someone = here.application()
    url = here.url(someone.id, "documents", document_of(someone).id)
    reviewer = browser(sqlite_app, here.staff(Role.REVIEWER))

    assert reviewer.client.get(url, headers={"Range": "bytes=0-4"}).status_code == 404


def test_what_was_found_infected_opens_for_nobody(sqlite_app: Flask, here: City) -> None:
    someone = here.application()
    set_scan(ScanState.INFECTED)
    hr = hr_of(sqlite_app, here)

    assert "受け取れません" in hr.get(here.url(someone.id))
    hr.get(here.url(someone.id, "documents", document_of(someone).id), status=404)
    assert [action for action, _subject, _rows in looks()] == ["read.application"]


def test_a_scanned_file_is_not_called_unscanned(sqlite_app: Flask, here: City) -> None:
    someone = here.application()
    hr = hr_of(sqlite_app, here)
    assert "書類未検査 1" in hr.get(here.url())
    assert "未検査" in hr.get(here.url(someone.id))
    set_scan(ScanState.CLEAN)

    assert "書類未検査 1" not in hr.get(here.url())
    hr.get(here.url(someone.id, "documents", document_of(someone).id))
    assert looks()[-1][0] == "open.document"


def set_scan(state: ScanState) -> None:
    from sqlalchemy import update

    from app.applications.models import StoredFile

    db.session.remove()
    bind(db.session, SYSTEM)
    db.session.execute(update(StoredFile).values(scan_state=state))
    db.session.commit()
    db.session.remove()


def table(page: str) -> list[str]:
    """The rows of the page's table as words."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("<tr>")[1:]]


def names(page: str) -> list[str]:
    return [row.split()[0] for row in table(page)]


def test_the_list_says_what_stands_of_each_applicant(sqlite_app: Flask, here: City) -> None:
    at = datetime(2026, 11, 3, 1, 2, 3, tzinfo=UTC)
    someone = here.application(at=at, findings={"regular_years": "check"}, confirmed=False)
    confirm(here, someone, here.staff(Role.HR), article16="meets")

    [row] = table(hr_of(sqlite_app, here).get(here.url()))

    assert row == (
        f"見本 太郎 みほん たろう 確認待ち 2026/11/03 10:02:03 {someone.receipt_number}"
        " 要確認 満たす 確認済み 要確認 メール未確認 書類未検査 1"
    )


def test_the_list_goes_by_kana_by_receipt_and_by_outcome(sqlite_app: Flask, here: City) -> None:
    start = clock.now()
    people = [
        ("上田", "うえだ", "meets"),
        ("浅井", "あさい", "check"),
        ("阿部", "あべ", "does_not_meet"),
        ("馬場", "ばば", "meets"),
    ]
    for n, (name, kana, outcome) in enumerate(people):
        here.application(
            family_name=name,
            family_kana=kana,
            at=start + timedelta(minutes=n),
            findings={"regular_years": outcome, "knowledge": "meets"},
        )
    hr = hr_of(sqlite_app, here)

    assert names(hr.get(here.url())) == ["上田", "浅井", "阿部", "馬場"]
    assert names(hr.get(here.url() + "?order=desc")) == ["馬場", "阿部", "浅井", "上田"]
    assert names(hr.get(here.url() + "?sort=kana")) == ["浅井", "阿部", "上田", "馬場"]
    assert names(hr.get(here.url() + "?sort=outcome")) == ["阿部", "浅井", "上田", "馬場"]
    assert names(hr.get(here.url() + "?sort=nonsense&page=x&standing=y&search=z")) == ["上田", "浅井", "阿部", "馬場"]


def test_counts_are_the_rows_behind_them(sqlite_app: Flask, here: City) -> None:
    user = here.staff(Role.HR)
    _waiting, ready, ineligible, accepted, anew, gone = (here.application() for _ in range(6))
    for one in (ready, accepted, anew):
        confirm(here, one, user)
    from app.applications.rulings import Ruling

    confirm(here, ineligible, user, given={"regular_years": Ruling(FindingOutcome.DOES_NOT_MEET, "期間が短い")})
    accept(here, accepted, user)
    accept(here, anew, user)
    factories.another_version(anew)
    factories.withdrawn(gone)
    hr = browser(sqlite_app, user)

    listed = {}
    for standing in ("waiting", "ready", "ineligible", "recheck", "accepted", "withdrawn"):
        page = hr.get(here.url() + f"?standing={standing}")
        listed[standing] = len(table(page))
        assert f'<b class="due num">{listed[standing]}件</b>' in page
    assert listed == dict.fromkeys(listed, 1)
    assert len(table(hr.get(here.url()))) == 6
    for page in (hr.get("/staff/shinagawa/"), hr.get("/staff/shinagawa/applications")):
        [row] = table(page)
        assert re.findall(r"(\d+) 件", row) == ["6", "1", "1", "1", "1", "1", "1"]


def test_three_rows_cost_as_many_queries_as_one(sqlite_app: Flask, here: City) -> None:
    user = here.staff(Role.HR)
    someone = here.application()
    confirm(here, someone, user)
    hr = browser(sqlite_app, user)
    hr.get(here.url())
    urls = [here.url(), "/staff/shinagawa/applications", "/staff/shinagawa/"]
    one = [hr.statements_of(url) for url in urls]
    for _ in range(2):
        confirm(here, here.application(), user)
    City(here.organisation, factories.opening(here.organisation)).application()

    assert [hr.statements_of(url) for url in urls] == one


def test_fifty_stand_on_a_page(sqlite_app: Flask, here: City, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.applications import applicant_list

    assert applicant_list.PER_PAGE == (50, 100, 200)
    monkeypatch.setattr(applicant_list, "PER_PAGE", (2,))
    for _ in range(3):
        here.application()
    hr = hr_of(sqlite_app, here)

    first, second, beyond = (table(hr.get(here.url() + f"?page={n}")) for n in (1, 2, 9))

    assert (len(first), len(second), beyond) == (2, 1, second)
    assert set(first).isdisjoint(second)


@pytest.mark.parametrize(
    "typed",
    [
        "浜田 さくら",
        "浜田さくら",
        "ハマダ",
        "ﾊﾏﾀﾞ　さくら",
        "さくら",
        "SAKURA@Applicant.example.jp",
        "090-1111-2222",
        "受付番号",
    ],
)
def test_a_person_is_found_by_what_hr_has(sqlite_app: Flask, here: City, typed: str) -> None:
    wanted = here.application(
        family_name="濵田", given_name="さくら", family_kana="はまだ", given_kana="さくら",
        mail="sakura@applicant.example.jp", phone="09011112222",
    )  # fmt: skip
    here.application(family_name="別人")
    hr = hr_of(sqlite_app, here)
    hr.get(here.url())
    if typed == "受付番号":
        typed = wanted.receipt_number.lower().replace("-", " ")

    answer = hr.post(here.url("search"), {"typed": typed})

    assert re.fullmatch(r".*\?search=[0-9a-f-]{36}", answer.location)
    assert names(hr.get(answer.location)) == ["濵田"]
    assert looks()[-1] == ("search.applications", f"opening:{here.opening.id}", 1)


def test_a_search_that_finds_nobody_says_so_and_an_empty_one_asks(sqlite_app: Flask, here: City) -> None:
    here.application()
    hr = hr_of(sqlite_app, here)
    hr.get(here.url())

    assert "当てはまる応募者はいません" in hr.get(hr.post(here.url("search"), {"typed": "だれもいない"}).location)
    again = hr.post(here.url("search"), {"typed": " "})
    assert again.location == here.url()
    assert "探す言葉" in hr.get(again.location)


def test_a_search_of_a_colleague_is_not_there(sqlite_app: Flask, here: City) -> None:
    here.application()
    hr, colleague = hr_of(sqlite_app, here), hr_of(sqlite_app, here)
    hr.get(here.url())
    location = hr.post(here.url("search"), {"typed": "みほん"}).location

    colleague.get(location, status=404)


def test_two_with_one_unconfirmed_mail_are_shown_as_doubles(sqlite_app: Flask, here: City) -> None:
    first = here.application(mail="one@applicant.example.jp")
    second = here.application(mail="one@applicant.example.jp", confirmed=False)
    third = here.application()
    hr = hr_of(sqlite_app, here)

    assert ["重複確認中" in row for row in table(hr.get(here.url()))] == [True, True, False]
    assert second.receipt_number in hr.get(here.url(first.id))
    assert "重複" not in hr.get(here.url(third.id))
    factories.withdrawn(second)
    assert "重複" not in hr.get(here.url(first.id))


def calculation(page: str) -> list[str]:
    """The rows of the arithmetic, as words."""
    calc = page.partition('class="table table--read calc"')[2].partition("</table>")[0]
    words = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in calc.split("<tr")[2:]]
    return [row.split("> ")[-1].lstrip("> ") for row in words]


def test_the_page_of_one_shows_the_answers_and_the_arithmetic(sqlite_app: Flask, here: City) -> None:
    jobs = [
        {"employer": "甲社", "start": "2012-04-01", "end": "2014-09-15", "weekly_hours": 38.75},
        {"employer": "乙社", "start": "2016-01-10", "end": "2019-03-31", "weekly_hours": 38.75},
        {"employer": "丙社", "kind": "part_time", "start": "2019-05-01", "end": "2020-03-31", "weekly_hours": 20},
    ]
    someone = here.application(family_name=CANARY, answers={"history": jobs})

    page = hr_of(sqlite_app, here).get(here.url(someone.id))

    assert calculation(page) == ["職歴1 甲社 2 5 15", "職歴2 乙社 3 2 22", "通算 5 8 7"]
    for said in (
        CANARY,
        "見本の回答です。",
        "東京都品川区広町2-1-36",
        "職務経歴書（見本）.pdf",
        "数えていません",
        "基準日は2026年11月30日",
    ):
        assert said in page


def test_after_acceptance_the_page_says_what_a_corrected_judgement_changes(sqlite_app: Flask, here: City) -> None:
    user = here.staff(Role.HR)
    accepted, waiting = here.application(), here.application()
    confirm(here, accepted, user)
    accept(here, accepted, user)
    hr = browser(sqlite_app, user)

    pages = [hr.get(here.url(one.id)) for one in (accepted, waiting)]

    assert ["受験番号も変わりません" in page for page in pages] == [True, False]
    assert [page.count("<summary>判定を直す") for page in pages] == [len(MET), 0]
    assert ["直した判定を記録する" in page for page in pages] == [True, False]


def seen_on(page: str) -> str:
    return re.search(r'name="seen" value="(\w+)"', page)[1]  # type: ignore[index]


def test_a_judgement_unlike_the_arithmetic_needs_a_reason_and_nothing_typed_is_lost(
    sqlite_app: Flask, here: City
) -> None:
    someone = here.application(findings={"regular_years": "does_not_meet"})
    hr = hr_of(sqlite_app, here)
    fields = {"seen": seen_on(hr.get(here.url(someone.id))), **{f"outcome_{key}": "meets" for key in MET}}

    wrong = hr.post(here.url(someone.id, "confirm"), {**fields, "reason_knowledge": "面談の記録"}, status=422)

    assert wrong.text.count("要件1の理由を入力してください（計算と違う判定です）") == 2
    assert "面談の記録" in wrong.text
    assert rows(Confirmation) == []


def test_confirming_and_accepting_by_the_page(sqlite_app: Flask, here: City) -> None:
    someone = here.application(findings={"regular_years": "does_not_meet"})
    hr = hr_of(sqlite_app, here)
    seen = seen_on(hr.get(here.url(someone.id)))
    said = {f"outcome_{key}": "meets" for key in MET} | {"reason_regular_years": "戸籍の旧姓で在職証明を確認"}

    assert hr.post(here.url(someone.id, "confirm"), {"seen": seen, **said}).location == here.url(someone.id)
    page = hr.get(here.url(someone.id))
    for words in ("3件の確認を記録しました", "戸籍の旧姓で在職証明を確認", "（計算と違う判定）"):
        assert words in page
    asked = page[page.index('id="accept"') : page.index('id="criteria"')]
    assert "計算と違う判定です。受理する前に" in asked
    assert "戸籍の旧姓で在職証明を確認" in asked

    assert "ほかの画面で先に保存されました" in hr.post(here.url(someone.id, "accept"), {"seen": seen}, status=409).text
    hr.get(here.url(someone.id))
    hr.post(here.url(someone.id, "accept"), {"seen": seen_on(page)})
    page = hr.get(here.url(someone.id))
    [row] = rows(Application)
    assert f"受験番号は {row.examinee_number} です" in page
    assert "受理する" not in page


def test_a_ruling_that_no_page_offers_is_none(sqlite_app: Flask, here: City) -> None:
    someone = here.application()
    hr = hr_of(sqlite_app, here)
    fields = {"seen": seen_on(hr.get(here.url(someone.id)))}

    hr.post(here.url(someone.id, "confirm"), {**fields, "outcome_knowledge": "excellent"}, status=422)
    hr.post(here.url(someone.id, "confirm"), {**fields, "outcome_knowledge": "\r\n"})

    assert "knowledge" not in {one.criterion_key for one in rows(Confirmation)}


def test_a_withdrawn_application_can_be_read_and_not_confirmed(sqlite_app: Flask, here: City) -> None:
    someone = here.application()
    factories.withdrawn(someone)
    hr = hr_of(sqlite_app, here)

    page = hr.get(here.url(someone.id))

    assert "確認を記録する" not in page
    seen = factories_seen(here, someone)
    hr.post(here.url(someone.id, "confirm"), {"seen": seen, "outcome_knowledge": "meets"}, status=409)


def factories_seen(place: City, application: Application) -> str:
    from tests.screening.arrange import view_of

    seen: str = view_of(place, application.id).seen
    db.session.remove()
    return seen


def test_a_preselected_answer_is_never_a_negative_one(sqlite_app: Flask, here: City) -> None:
    someone = here.application(findings={"regular_years": "does_not_meet", "knowledge": "check"})

    page = hr_of(sqlite_app, here).get(here.url(someone.id))

    assert re.findall(r'name="(outcome_\w+)" value="(\w+)" checked', page) == [("outcome_article16", "meets")]


def test_next_goes_round_those_who_wait(sqlite_app: Flask, here: City) -> None:
    start = clock.now()
    first, second, third = (here.application(at=start + timedelta(minutes=n)) for n in range(3))
    factories.withdrawn(second)
    hr = hr_of(sqlite_app, here)

    def following(one: Application) -> list[str]:
        return re.findall(r'href="([^"]+)">次の確認待ちへ', hr.get(here.url(one.id)))

    assert (following(first), following(third)) == ([here.url(third.id)], [here.url(first.id)])
    factories.withdrawn(first)
    assert following(third) == []


def test_an_opening_without_applications_says_so(sqlite_app: Flask, here: City) -> None:
    hr = hr_of(sqlite_app, here)

    assert "応募はまだありません" in hr.get(here.url())
    draft = factories.opening(here.organisation, approved=False)
    hr.get(City(here.organisation, draft).url(), status=404)
