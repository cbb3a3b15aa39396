"""The words for times and amounts, the frame of each layout, and the macros, on an application without a database."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from app.core import templating
from app.core.facts import Fact
from tests.core.bare import CITY, NOW, ROOT, bare_app, render
from tests.page_checks import check_page

DEADLINE = datetime(2026, 11, 30, 8, 15, tzinfo=UTC)


def test_instants_are_written_in_japan_time_with_their_weekday() -> None:
    assert templating.jst(DEADLINE) == "2026年11月30日（月）17:15"
    assert templating.jst_short(DEADLINE) == "11月30日（月）17:15"
    assert templating.jst_seconds(DEADLINE) == "2026年11月30日（令和8年）17:15:00"
    assert templating.jst_log(DEADLINE) == "2026/11/30 17:15:00"
    assert templating.iso(DEADLINE) == "2026-11-30T17:15:00+09:00"


def test_an_instant_with_seconds_is_written_with_them() -> None:
    late = datetime(2026, 11, 30, 0, 13, 4, tzinfo=UTC)

    assert templating.jst(late) == "2026年11月30日（月）9:13:04"
    assert templating.jst_short(late) == "11月30日（月）9:13:04"


def test_an_hour_below_ten_has_no_leading_zero() -> None:
    assert templating.jst(datetime(2026, 12, 1, 0, 0, tzinfo=UTC)) == "2026年12月1日（火）9:00"
    assert templating.jst(datetime(2026, 11, 30, 15, 5, tzinfo=UTC)) == "2026年12月1日（火）0:05"


def test_a_day_is_taken_in_japan() -> None:
    assert templating.jst_date(datetime(2026, 11, 30, 15, tzinfo=UTC)) == "2026年12月1日（火）"
    assert templating.jst_date(date(2026, 11, 30)) == "2026年11月30日（月）"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        templating.jst(datetime(2026, 11, 30))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=7, hours=3, minutes=59), "あと7日 3時間"),
        (timedelta(days=7), "あと7日"),
        (timedelta(hours=23, minutes=59), "あと23時間 59分"),
        (timedelta(hours=1), "あと1時間"),
        (timedelta(minutes=5, seconds=59), "あと5分"),
        (timedelta(seconds=59), "あと1分未満"),
        (timedelta(0), "あと1分未満"),
        (timedelta(microseconds=-1), "受付終了"),
    ],
)
def test_what_is_left_is_rounded_down_and_ends_after_the_instant(left: timedelta, words: str) -> None:
    assert templating.remaining(NOW + left, NOW) == words


def test_amounts_and_sizes() -> None:
    assert templating.yen(530000) == "530,000円"
    sizes = [templating.filesize(n) for n in (0, 1023, 422_000, 10 * 1024 * 1024, 13_002_342)]
    assert sizes == ["0バイト", "1023バイト", "412KB", "10MB", "12.4MB"]


def test_the_title_begins_with_the_heading_and_names_the_place() -> None:
    title = templating.page_title(Markup("DX推進担当<wbr>（情報戦略）\n"), Markup("品川区"), has_errors=False)

    assert title == "DX推進担当（情報戦略）｜品川区 — Koubo"
    assert templating.page_title(Markup("基本情報"), Markup(), has_errors=True) == "エラー：基本情報 — Koubo"


def test_a_static_address_carries_a_hash_of_its_content() -> None:
    app = bare_app()

    address = render(app, "{{ asset('css/base.css') }}")

    assert address.startswith("/static/css/base.css?v=")
    assert len(address.partition("?v=")[2]) == 8
    assert app.test_client().get(address).status_code == 200


def test_a_name_that_was_not_given_stops_the_page() -> None:
    with pytest.raises(UndefinedError):
        render(bare_app(), "{{ nobody_gave_this }}")


LAYOUTS = {
    "public": "{% block content %}<div class='wrap'><p>本文</p></div>{% endblock %}",
    "narrow": "{% block content %}{% endblock %}{% block after %}<a href='/my/'>マイページ</a>{% endblock %}",
    "staff": "{% block content %}<p>本文</p>{% endblock %}",
    "focus": "{% block content %}<h1>{{ self.heading() }}</h1>{% endblock %}",
    "error": "{% block content %}<p>本文</p>{% endblock %}",
}
MENU = [
    SimpleNamespace(label="募集管理", url="/staff/mihon/openings", icon="edit", current=True, count=None),
    SimpleNamespace(label="採点", url="/staff/mihon/ratings", icon="list", current=False, count=18),
]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("organisation", [CITY, None])
@pytest.mark.parametrize("demo", [True, False])
def test_every_layout_passes_the_page_checks(layout: str, organisation: object, demo: bool) -> None:
    source = f'{{% extends "layouts/{layout}.html" %}}{{% block heading %}}見出し{{% endblock %}}{LAYOUTS[layout]}'

    html = render(
        bare_app(demo=demo),
        source,
        organisation=organisation,
        staff_menu=MENU,
        staff_user=SimpleNamespace(display_name="見本 花子", roles_label="人事担当"),
        sign_out_url="/staff/sign-out",
        switch_url="/staff/",
        crumbs=[("トップ", "/"), ("見出し", None)],
    )

    check_page(html, "/", status=200)
    assert ("デモ：実際の募集ではありません" in html) is demo
    indexed = layout == "public" and not demo
    assert ("noindex" in html) is not indexed


def test_a_public_page_says_who_is_responsible() -> None:
    source = '{% extends "layouts/public.html" %}{% block heading %}募集{% endblock %}'

    html = render(bare_app(), source, organisation=CITY)

    assert "募集の内容と選考は見本市が責任をもって行います。" in html
    assert "総務部 人事課" in html
    assert "<title>募集｜見本市 — Koubo</title>" in html
    assert 'class="hue-cyan"' in html


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_an_error_page_says_what_to_do_and_carries_the_number_of_the_request(status: int) -> None:
    html = render(bare_app(), f'{{% include "errors/{status}.html" %}}', request_id="a1b2c3", message=None)

    check_page(html, "/", status=status)
    assert "a1b2c3" in html
    assert "ください" in html or status == 503


def test_an_error_page_shows_the_sentence_of_a_broken_rule() -> None:
    html = render(
        bare_app(), '{% include "errors/409.html" %}', message="この募集の受付は11月30日 17:15に終了しました。"
    )

    assert "この募集の受付は11月30日 17:15に終了しました。" in html


def test_an_error_page_asks_nothing_of_the_city() -> None:
    class Gone:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(f"the error page read {name}")

    render(bare_app(), '{% include "errors/500.html" %}', organisation=Gone(), staff_user=Gone())


def test_the_six_facts_stand_in_one_order_and_say_what_is_not_written() -> None:
    source = "{% from 'macros/facts.html' import facts %}{{ facts(values) }}"
    values = {
        "deadline": Fact(at=DEADLINE, note="あと7日", is_soon=True, is_demo_value=True),
        "pay": "月額 53万円",
        "employment_form": Fact("一般任期付職員", note="常勤"),
        "work_days": "週5日",
        "remote": None,
        "term": "3年",
    }

    html = render(bare_app(), source, values=values)

    order = [html.index(word) for word in ("任用形態", "勤務日数", "リモート", "給与・報酬", "任期<", "締切")]
    assert order == sorted(order)
    assert html.count("要項に記載なし") == 1
    assert html.count("デモ値") == 1
    assert '<time datetime="2026-11-30T17:15:00+09:00">11月30日（月）17:15</time>' in html


def test_a_post_button_is_a_form_with_a_token_and_words_to_tell_it_apart() -> None:
    source = (
        "{% from 'macros/actions.html' import post_button %}"
        "{{ post_button('/x', '取り消す', hidden={'id': '7'}, suffix='：面接') }}"
    )

    html = render(bare_app(), source)

    assert '<form action="/x" method="post"><input type="hidden" name="csrf_token" value="' in html
    assert '<input type="hidden" name="id" value="7">' in html
    assert '取り消す<span class="sr">：面接</span></button>' in html


def test_the_steps_of_applying_are_five_then_two_more() -> None:
    source = "{% from 'macros/stepper.html' import stepper %}{{ stepper('profile', {'eligibility': '/apply/1'}) }}"

    html = render(bare_app(), source)

    assert 'aria-label="応募の手順 全5段階のうち3段階目"' in html
    assert html.count('class="done"') == 2
    assert '<a href="/apply/1">応募資格</a>' in html
    assert '<li aria-current="step" data-n="3"><span>基本情報</span></li>' in html


@pytest.mark.parametrize(
    ("number", "last", "shown"),
    [(1, 1, []), (1, 3, ["1", "2", "3"]), (7, 20, ["1", "…", "5", "6", "7", "8", "9", "…", "20"])],
)
def test_the_pager_shows_the_neighbours_and_the_ends(number: int, last: int, shown: list[str]) -> None:
    source = "{% from 'macros/pager.html' import pager %}{{ pager(number, last, url) }}"

    html = render(bare_app(), source, number=number, last=last, url="?page={}".format)

    found = [line.split("</")[-2].rpartition(">")[2] for line in html.splitlines() if "<a " in line or "<span " in line]
    assert [text for text in found if text not in ("前へ", "次へ")] == shown
    assert ("前へ" in html, "次へ" in html) == (number > 1, number < last)


def test_the_style_sheets_are_small_and_ask_nothing_from_elsewhere() -> None:
    sheets = [path.read_text() for path in sorted((ROOT / "static/css").glob("*.css"))]

    assert sum(len(sheet.encode()) for sheet in sheets) < 48_000
    assert [word for word in ("@import", "@font-face", "url(", "http") if any(word in sheet for sheet in sheets)] == []
