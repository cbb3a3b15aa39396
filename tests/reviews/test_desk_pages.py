"""The reviewer's pages: his own queue only, blind, independent, and whole without scripts."""

import re
from dataclasses import is_dataclass
from typing import Any

from flask import Flask, template_rendered
from sqlalchemy import select, update

from app.accounts.models import RoleGrant
from app.core import clock
from app.core.access import Role
from app.core.model import Base
from app.extensions import db
from app.openings.models import Opening
from app.reviews import desk_queries, desk_services, queries, services
from app.reviews.desk_services import Mark
from app.reviews.models import Assignment, Conflict, Rating
from tests import factories
from tests.at_once import at_once
from tests.reviews.arrange import Scene, accepted_application, act_as_system, act_for, scene

CANARIES = {
    "family_name": "鰐淵",
    "given_name": "蘭之介",
    "family_kana": "わにぶち",
    "given_kana": "らんのすけ",
    "mail": "canary.wani@mail.example.jp",
    "birth_date": "1987-06-05",
    "phone": "08098765432",
    "postal_code": "9998877",
    "address": "東京都品川区金糸雀町7-8-9",
}
LEAKS = [
    *("鰐淵", "蘭之介", "わにぶち", "らんのすけ", "ワニブチ", "ﾜﾆﾌﾞﾁ", "canary.wani", "0809876", "9876-5432", "金糸雀"),
    *("1987", "昭和62", "9998877", "999-8877", "カナリア商会", "秘密の履歴書"),
]
TELLING = (
    "鰐淵 蘭之介（ワニブチ・ﾗﾝﾉｽｹ、わにぶち）です。株式会社カナリア商会で働きました。"
    "連絡は canary.wani@mail.example.jp か ０８０－９８７６－５４３２ へ。"
    "昭和62年6月5日生まれ、〒999-8877 金糸雀町７－８－９ に住んでいます。窓口の待ち時間を半分にしました。"
)
OWN = {"item_0": "4", "item_1": "3", "comment": "調整が具体的", "internal_note": "私のメモ"}


def canary_answers() -> dict[str, Any]:
    job = {"employer": "株式会社カナリア商会", "start": "2015-04", "end": None, "description": TELLING}
    return {"person": CANARIES, "history": [job], "statements": {"motivation": TELLING}}


def with_canary(**values: Any) -> tuple[Scene, Any]:
    made = scene(applications=0)
    personal = {key: CANARIES[key] for key in ("family_name", "given_name", "mail", "phone", "postal_code", "address")}
    file_name = "秘密の履歴書_鰐淵.pdf"
    made.applications.append(
        accepted_application(
            made.opening,
            answers=canary_answers(),
            mail_key=CANARIES["mail"],
            kana_key="わにふちらんのすけ",
            **({"extracted_text": TELLING, "file_name": file_name} | personal | values),
        )
    )
    return made, made.opened()


def test_nothing_of_the_person_stands_on_any_page_of_the_reviewer(sqlite_app: Flask) -> None:
    made, round_ = with_canary()
    browser = made.browser(sqlite_app, made.reviewers[0])
    url = made.url(f"/scoring/{made.assignment_id(round_, 0, 0)}")

    pages = [browser.get(made.url("/scoring")), browser.get(url), browser.post(url, OWN | {"version": "1"}).text]
    pages += [browser.get(url), browser.post(url, {"version": "2"}, status=422).text]

    page = pages[1]
    assert '2015年4月から現在まで　<span class="blank">勤務先A' in page
    assert "窓口の待ち時間を半分にしました。" in page
    for text in pages:
        assert [leak for leak in LEAKS if leak in text] == []
        assert made.applications[0].receipt_number not in text
        assert str(made.applications[0].id) not in text


def test_the_score_page_is_rendered_without_any_row(sqlite_app: Flask) -> None:
    made, round_ = with_canary()
    browser = made.browser(sqlite_app, made.reviewers[0])
    url = made.url(f"/scoring/{made.assignment_id(round_, 0, 0)}")
    seen: list[dict[str, Any]] = []

    def note(_sender: Any, template: Any, context: dict[str, Any], **_extra: Any) -> None:
        if str(template.name).startswith("staff_reviews/"):
            seen.append(context)

    with template_rendered.connected_to(note, sqlite_app):
        browser.get(url)

    frame = {"organisation", "staff_user", "current_user", "g", "request", "session", "config"}
    assert [type(context["desk"]).__name__ for context in seen] == ["Desk"]
    assert [n for context in seen for n, value in context.items() if n not in frame and rows_in(value)] == []


def rows_in(value: Any) -> bool:
    """Say whether a row of the database can be reached from a value that a template receives."""
    if isinstance(value, Base):
        return True
    if is_dataclass(value) and not isinstance(value, type):
        return any(rows_in(inner) for inner in vars(value).values())
    if isinstance(value, dict):
        return any(rows_in(inner) for inner in value.values())
    return isinstance(value, list | tuple) and any(rows_in(inner) for inner in value)


def test_a_document_without_text_is_withheld(sqlite_app: Flask) -> None:
    made, round_ = with_canary(extracted_text=None)
    browser = made.browser(sqlite_app, made.reviewers[0])

    page = browser.get(made.url(f"/scoring/{made.assignment_id(round_, 0, 0)}"))

    assert "文字情報がない書類は黒塗りした写しが届くまで、" in page
    assert "鰐淵" not in page


def test_a_stage_that_is_not_blind_shows_the_name_and_no_contact_data(sqlite_app: Flask) -> None:
    made = scene(applications=0)
    made.applications.append(
        accepted_application(made.opening, stage_key="interview", answers={"person": CANARIES, "statements": {}})
    )
    round_ = made.opened("interview")
    browser = made.browser(sqlite_app, made.reviewers[0])

    page = browser.get(made.url(f"/scoring/{made.assignment_id(round_, 0, 0)}"))

    assert "鰐淵 蘭之介" in page
    assert [leak for leak in LEAKS if leak in page and leak not in ("鰐淵", "蘭之介")] == []


def test_saving_goes_on_to_the_next_without_marks_and_at_last_to_the_queue(sqlite_app: Flask) -> None:
    made = scene(applications=2)
    made.opened()
    browser = made.browser(sqlite_app, made.reviewers[0])
    found = re.findall(r'href="([^"]*/scoring/[^"]+)"', browser.get(made.url("/scoring")))
    first, second = dict.fromkeys(found)

    browser.get(first)
    after_first = browser.post(first, OWN | {"version": "1"}).location
    browser.get(second)
    after_second = browser.post(second, OWN | {"version": "1"}).location

    assert (after_first, after_second) == (second, made.url("/scoring"))
    act_for(made.city)
    assert len(db.session.scalars(select(Rating)).all()) == 4
    assert "2/2" in browser.get(made.url("/scoring"))


def test_the_page_asks_for_every_item_beside_it_and_in_the_summary_and_keeps_what_was_typed(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    browser = made.browser(sqlite_app, made.reviewers[0])
    url = made.url(f"/scoring/{made.assignment_id(round_, 0, 0)}")
    browser.get(url)

    page = browser.post(url, {"version": "1", "item_0": "5", "comment": "書きかけ"}, status=422).text

    assert page.count("「業務改革の実績」の段階を選んでください") == 2
    assert "「デジタルの専門性」の段階" not in page
    assert "書きかけ" in page
    assert 'name="item_0" value="5" checked' in page
    assert "<title>エラー：" in page


def test_evidence_is_asked_for_levels_that_the_rubric_marks(sqlite_app: Flask) -> None:
    levels = [{"value": n, "anchor": f"段階{n}", "evidence_required": n in (1, 5)} for n in range(1, 6)]
    stage = {"key": "documents", "kind": "documents", "name": "書類選考"}
    rubric = [{"key": "expertise", "label": "専門性", "weight": 100, "levels": levels}]
    made = scene(applications=1, stages=[stage | {"rubric": rubric}])
    round_ = made.opened()
    browser = made.browser(sqlite_app, made.reviewers[0])
    url = made.url(f"/scoring/{made.assignment_id(round_, 0, 0)}")
    browser.get(url)

    refused = browser.post(url, {"version": "1", "item_0": "5"}, status=422).text
    browser.post(url, {"version": "1", "item_0": "5", "evidence_0": "3部門の調整を主導"})

    assert "「専門性」の根拠を入力してください" in refused
    act_for(made.city)
    rows = db.session.execute(select(Rating.value, Rating.evidence)).all()
    assert [tuple(row) for row in rows] == [(5, "3部門の調整を主導")]


def test_others_marks_show_only_once_nothing_can_change_and_without_a_name(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    mine, his = (made.browser(sqlite_app, user) for user in made.reviewers)
    my_url, his_url = (made.url(f"/scoring/{made.assignment_id(round_, 0, r)}") for r in (0, 1))
    his.get(his_url)
    his.post(
        his_url, {"version": "1", "item_0": "1", "item_1": "2", "comment": "彼のコメント", "internal_note": "彼のメモ"}
    )

    before = mine.get(my_url)
    mine.post(my_url, OWN | {"version": "1"})
    submitted = mine.get(my_url)
    made.run(services.lock_round, round_)
    locked = mine.get(my_url)

    for page in (before, submitted):
        assert ("彼のコメント" in page, 'id="others"' in page) == (False, False)
    assert "ほかの採点者の点は、採点が締め切られてから見られます。" in submitted
    assert ("彼のコメント" in locked, 'id="others"' in locked) == (True, True)
    assert "採点 2号" not in locked
    assert "彼のメモ" not in locked


def test_others_marks_do_not_even_reach_the_template_before_the_lock(app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    made.submit(round_, 0, 1, (1, 1))
    made.submit(round_, 0, 0, (5, 5))
    member = made.member(made.reviewers[0])

    def others() -> int:
        act_for(made.city)
        row, its_round = made.assignment(round_, 0, 0), queries.get_round(made.city.id, made.opening.id, round_.id)
        return len(desk_queries.get_desk(row, its_round, member).others)

    before = others()
    made.run(services.lock_round, round_)

    assert (before, others()) == (0, 1)


def test_a_reviewer_may_change_his_marks_until_the_lock_and_not_after(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    browser = made.browser(sqlite_app, made.reviewers[0])
    url = made.url(f"/scoring/{made.assignment_id(round_, 0, 0)}")
    browser.get(url)
    browser.post(url, OWN | {"version": "1"})
    stale = browser.post(url, OWN | {"version": "1", "item_0": "1"}, status=409).text
    browser.get(url)
    browser.post(url, OWN | {"version": "2", "item_0": "5"})
    made.submit(round_, 0, 1, (3, 3))
    made.run(services.lock_round, round_)

    page = browser.get(url)
    browser.post(url, OWN | {"version": "3", "item_0": "1"}, status=409)

    assert "ほかの画面で先に保存されました" in stale
    assert "締切済み・変更できません" in page
    assert "<fieldset disabled>" in page
    act_for(made.city)
    numbers = select(Rating.number, Rating.value).where(Rating.value.in_([4, 5])).order_by(Rating.number)
    assert [tuple(row) for row in db.session.execute(numbers)] == [(1, 4), (2, 5)]


def test_a_declared_tie_closes_the_desk_and_shows_nobody(sqlite_app: Flask) -> None:
    made = scene(applications=2)
    round_ = made.opened()
    browser = made.browser(sqlite_app, made.reviewers[0])
    url = made.url(f"/scoring/{made.assignment_id(round_, 0, 0)}")
    browser.get(url)

    browser.post(url + "/tie", {}, status=303)
    browser.post(url + "/tie", {"kind": "private"}, status=303)

    browser.get(url, status=404)
    browser.post(url, OWN | {"version": "1"}, status=404)
    act_for(made.city)
    assert [row.kind for row in db.session.scalars(select(Conflict))] == ["private"]
    reasons = sorted(str(a.excluded_reason) for a in db.session.scalars(select(Assignment)))
    assert reasons == ["None", "None", "None", "利害関係"]


def test_the_desk_is_for_the_reviewer_it_is_assigned_to_and_nobody_else(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    rest = f"/scoring/{made.assignment_id(round_, 0, 0)}"
    other_opening = factories.opening(made.city)
    strangers = {
        "another reviewer of the opening": made.reviewers[1],
        "a reviewer of another opening": factories.staff(made.city, Role.REVIEWER, opening_id=other_opening.id),
        "HR": made.hr,
        "an approver": factories.staff(made.city, Role.APPROVER),
        "an administrator": factories.staff(made.city, Role.ADMIN),
    }

    for user in strangers.values():
        browser = made.browser(sqlite_app, user)
        browser.get(made.url(rest), status=404)
        browser.get(made.url(rest) + "?again", status=404)

    abroad = scene(applications=1, slug="kobe", name="神戸市")
    browser = abroad.browser(sqlite_app, abroad.reviewers[0])
    browser.get(made.url(rest), status=404)
    browser.get(abroad.url(rest), status=404)


def test_a_reviewer_whose_grant_ended_sees_nothing_any_more(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()
    rest = f"/scoring/{made.assignment_id(round_, 0, 0)}"
    browser = made.browser(sqlite_app, made.reviewers[0])
    browser.get(made.url(rest))
    member_id = made.member(made.reviewers[0])
    act_as_system()
    for grant in db.session.scalars(select(RoleGrant).where(RoleGrant.membership_id == member_id)):
        grant.until = clock.now()
    db.session.commit()

    browser.get(made.url(rest), status=404)
    browser.get(made.url("/scoring"), status=403)


def test_a_round_that_is_only_prepared_shows_the_reviewer_nothing(sqlite_app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.prepared()
    browser = made.browser(sqlite_app, made.reviewers[0])

    browser.get(made.url(f"/scoring/{made.assignment_id(round_, 0, 0)}"), status=404)

    assert "採点する応募はありません" in browser.get(made.url("/scoring"))


def test_the_queue_asks_the_database_equally_often_for_any_number(sqlite_app: Flask) -> None:
    counts = []
    for slug, applications in (("shinagawa", 1), ("kobe", 3)):
        made = scene(applications=applications, slug=slug, name=slug)
        made.opened()
        browser = made.browser(sqlite_app, made.reviewers[0])
        browser.get(made.url("/scoring"))
        counts.append(browser.statements_of(made.url("/scoring")))

    assert counts[0] == counts[1]


def test_two_reviewers_of_one_application_lose_nothing(app: Flask) -> None:
    """Both read first, then both write (R7); each of the two keeps his own marks."""
    made = scene(applications=1)
    round_ = made.opened()

    said = at_once(app, lambda: made.submit(round_, 0, 0, (5, 5)), lambda: made.submit(round_, 0, 1, (1, 1)))

    act_for(made.city)
    assert [one for one in said if isinstance(one, Exception)] == []
    assert sorted(row.value or 0 for row in db.session.scalars(select(Rating))) == [1, 1, 5, 5]


def test_one_reviewer_in_two_windows_keeps_one_of_the_two_whole(app: Flask) -> None:
    made = scene(applications=1)
    round_ = made.opened()

    def submit(value: int) -> None:
        act_for(made.city)
        row, notes = made.assignment(round_, 0, 0), {"comment": "", "internal_note": ""}
        marks = {f"documents_{key}": Mark(value) for key in ("expertise", "reform")}
        desk_services.submit_marks(row, marks, **notes, version=1, by=made.reviewers[0], at=clock.now())

    said = at_once(app, lambda: submit(5), lambda: submit(1))

    act_for(made.city)
    values = [row.value for row in db.session.scalars(select(Rating))]
    assert said.count(None) == 1
    assert values in ([5, 5], [1, 1])


def test_other_cities_of_the_campaign_are_blank_whether_or_not_the_person_applied_there(app: Flask) -> None:
    made = scene(applications=0)
    there = factories.organisation("kobe", "神戸市")
    campaign = factories.campaign(made.city)
    factories.opening(there, campaign_id=campaign.id)
    act_as_system()
    db.session.execute(update(Opening).where(Opening.id == made.opening.id).values(campaign_id=campaign.id))
    db.session.commit()
    words = {"statements": {"motivation": "神戸と神戸市役所で学び、品川区を志望します。"}}
    made.applications.append(accepted_application(made.opening, answers=words))
    round_ = made.opened()

    page = made.browser(app, made.reviewers[0]).get(made.url(f"/scoring/{made.assignment_id(round_, 0, 0)}"))

    assert "■と■役所で学び、品川区を志望します。" in page
