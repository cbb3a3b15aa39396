"""Forms: what they accept, the sentences they answer with, and how a page shows both."""

from datetime import date
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    FormField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)

from app.core import forms
from app.core.form_dates import DateParts, PartialDate, PartialDateParts
from tests.core.bare import bare_app, render
from tests.page_checks import check_page


class Job(forms.EntryForm):
    employer = StringField("勤務先", [forms.Required("勤務先を入力してください")])
    kind = SelectField("雇用形態", choices=[("full", "正社員"), ("part", "パート")])
    start = PartialDateParts("開始", [forms.Required("開始年月を入力してください")])


class Sample(forms.Form):
    phone = TelField("電話番号", [forms.Required("電話番号を入力してください")], filters=[forms.lenient_digits])
    building = StringField("建物名")
    birth = DateParts("生年月日", [forms.Required("生年月日を入力してください")])
    reason = TextAreaField("志望動機", [forms.MaxLength(10)])
    work = RadioField(
        "働き方", [forms.RequiredChoice("働き方を選んでください")], choices=[("a", "会社員"), ("b", "自営")]
    )
    days = forms.CheckboxGroup("曜日", choices=[("mo", "月"), ("tu", "火")])
    agreed = BooleanField("同意する", [forms.Required("同意する場合は印を付けてください")])
    jobs = FieldList(FormField(Job), min_entries=1)


GOOD = {
    "phone": "０３（１２３４）５６７８",
    "birth-year": "1991",
    "birth-month": "3",
    "birth-day": "27",
    "work": "a",
    "agreed": "y",
    "jobs-0-employer": "みほん",
    "jobs-0-kind": "full",
    "jobs-0-start-year": "2017",
    "jobs-0-start-month": "4",
    "jobs-0-start-day": "",
}


def validated(form_class: Any = Sample, **changes: Any) -> Any:
    sent = {name: value for name, value in (GOOD | changes).items() if value is not None}
    app = bare_app()
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST"):
        form = form_class(MultiDict(sent))
        form.validate()
    return form


def messages(**changes: Any) -> list[tuple[str, str]]:
    return forms.error_list(validated(**changes))


def test_a_form_filled_well_has_no_errors_and_typed_values() -> None:
    form = validated()

    assert forms.error_list(form) == []
    assert form.phone.data == "0312345678"
    assert form.birth.data == date(1991, 3, 27)
    assert form.jobs[0].form.start.data == PartialDate(2017, 4, None)


def test_errors_are_listed_in_page_order_with_the_id_of_the_wrong_control() -> None:
    found = messages(phone="", work=None, agreed=None, **{"birth-month": "13", "jobs-0-employer": " "})

    assert found == [
        ("phone", "電話番号を入力してください"),
        ("birth-month", "生年月日の月は1から12で入力してください"),
        ("work-0", "働き方を選んでください"),
        ("agreed", "同意する場合は印を付けてください"),
        ("jobs-0-employer", "勤務先を入力してください"),
    ]


def test_an_option_that_was_not_offered_is_refused_in_japanese_also_inside_a_list() -> None:
    assert messages(work="z", **{"jobs-0-kind": "z"}) == [
        ("work-0", "選択肢から選んでください"),
        ("jobs-0-kind", "選択肢から選んでください"),
    ]


def test_an_error_of_the_list_itself_and_of_the_form_is_listed() -> None:
    form = validated()
    form.jobs.errors = ["職歴を1件以上入力してください"]
    form.form_errors.append("内容が前回と同じです")

    assert forms.error_list(form) == [("main", "内容が前回と同じです"), ("jobs", "職歴を1件以上入力してください")]


def test_a_box_of_one_line_holds_one_and_a_long_text_keeps_its_lines() -> None:
    form = validated(building="見本\r\nビル", reason="一\n二", **{"jobs-0-employer": "み\nほん"})

    assert (form.building.data, form.reason.data, form.jobs[0].form.employer.data) == ("見本 ビル", "一\n二", "み ほん")


def test_a_text_too_long_says_by_how_many() -> None:
    assert messages(reason="あ" * 13) == [("reason", "志望動機は10文字以内です。3文字減らしてください")]


def test_a_line_break_counts_once_and_a_rare_kanji_once() -> None:
    assert messages(reason="あいう\r\nえお𠮷\r\nか") == []


@pytest.mark.parametrize(
    ("year", "month", "day", "error"),
    [
        ("", "", "", ("birth-year", "生年月日を入力してください")),
        ("91", "3", "27", ("birth-year", "生年月日の年は4桁の西暦か和暦（例：平成3）で入力してください")),
        ("1991", "", "27", ("birth-month", "生年月日の月を入力してください")),
        ("1991", "2", "29", ("birth-day", "生年月日の日は1から28で入力してください")),
        ("1992", "2", "30", ("birth-day", "生年月日の日は1から29で入力してください")),
        ("1991", "3", "", ("birth-day", "生年月日の日を入力してください")),
        ("1991", "", "", ("birth-month", "生年月日の月と日を入力してください")),
        ("", "3", "", ("birth-year", "生年月日の年と日を入力してください")),
        ("1991", "13", "", ("birth-month", "生年月日の月は1から12で、日は1から31で入力してください")),
        (
            "91",
            "2",
            "30",
            ("birth-year", "生年月日の年は4桁の西暦か和暦（例：平成3）で、日は1から29で入力してください"),
        ),
        ("9999", "12", "32", ("birth-day", "生年月日の日は1から31で入力してください")),
        ("昭和64", "1", "8", ("birth-year", "昭和64年は1月7日までです")),
        ("平成元", "1", "7", ("birth-year", "平成は1月8日からです。1989年1月7日は昭和64年1月7日です")),
        ("0000", "1", "1", ("birth-year", "生年月日の年を確かめてください")),
        ("9999", "12", "1", ("birth-year", "生年月日の年を確かめてください")),
        ("1991", "9" * 5000, "1", ("birth-month", "生年月日の月は1から12で入力してください")),
    ],
)
def test_a_wrong_date_names_the_box(year: str, month: str, day: str, error: tuple[str, str]) -> None:
    assert messages(**{"birth-year": year, "birth-month": month, "birth-day": day}) == [error]


def test_a_month_without_its_day_lies_in_its_era_and_may_be_the_one_in_which_the_era_changed() -> None:
    typed = [("昭和64", "2"), ("昭和64", "1"), ("平成元", "1"), ("令和元", "4")]
    found = [messages(**{"jobs-0-start-year": year, "jobs-0-start-month": month}) for year, month in typed]

    assert [[message for _at, message in one] for one in found] == [
        ["昭和64年は1月7日までです"],
        [],
        [],
        ["令和は5月1日からです。2019年4月は平成31年4月です"],
    ]


def test_what_stands_behind_a_number_may_be_typed_with_it() -> None:
    form = validated(**{"birth-year": "1991年", "birth-month": "３月", "birth-day": "27 日"})

    assert form.birth.data == date(1991, 3, 27)


@pytest.mark.parametrize("year", ["1991", "１９９１", "平成3", "H3", "平成３年"])
def test_a_date_is_read_in_either_calendar_and_any_width(year: str) -> None:
    form = validated(**{"birth-year": year, "birth-month": "３", "birth-day": " 27 "})

    assert form.birth.data == date(1991, 3, 27)
    assert form.birth.era == "平成3年"


def test_a_date_given_by_the_program_fills_the_boxes() -> None:
    app = bare_app()
    with app.test_request_context("/"):
        form = Sample(data={"birth": date(1991, 3, 27)})

    assert form.birth.typed == {"year": "1991", "month": "3", "day": "27"}
    assert form.birth.data == date(1991, 3, 27)


def test_digits_are_of_the_lengths_asked_for() -> None:
    class Coded(forms.Form):
        code = StringField(
            "コード",
            [forms.Digits(6, message="コードは6桁の数字です")],
            filters=[forms.lenient_digits],
        )

    assert forms.error_list(validated(Coded, code="１２３ー４５６")) == []
    assert forms.error_list(validated(Coded, code="12345")) == [("code", "コードは6桁の数字です")]
    assert forms.error_list(validated(Coded, code="12345a")) == [("code", "コードは6桁の数字です")]


PAGE = """{% extends "layouts/public.html" %}
{% from "macros/entries.html" import repeated, upload_slot %}
{% from "macros/forms.html" import field, choices, date_field, error_summary, form_tag %}
{% from "macros/actions.html" import submit %}
{% block heading %}基本情報{% endblock %}
{% block errors %}{{ error_summary(form) }}{% endblock %}
{% block content %}<div class="wrap">{{ form_tag("/apply", form, enter="save") }}
{{ date_field(form.birth, birthday=true) }}{{ field(form.phone, hint="日中の番号", width=14, autocomplete="tel") }}
{{ field(form.building) }}{{ field(form.reason, limit=10) }}{{ choices(form.work) }}{{ choices(form.days) }}
{{ field(form.agreed, hint="利用目的") }}
{% call(entry, number) repeated(form.jobs, "職歴", "職歴を追加", most=2) %}
{{ field(entry.employer) }}{{ field(entry.kind) }}{{ date_field(entry.start) }}{% endcall %}
{{ submit("保存して次へ") }}</form></div>{% endblock %}"""


def page(form: Any) -> str:
    app = bare_app()
    return render(app, PAGE, form=form)


def test_a_page_with_a_form_passes_the_page_checks_with_and_without_errors() -> None:
    check_page(page(validated()), "/", status=200)
    check_page(page(validated(phone="", reason="あ" * 20, **{"birth-year": "x"})), "/", status=422)


def test_the_summary_says_how_many_and_uses_the_words_at_the_field() -> None:
    html = page(validated(phone="", work=None))

    assert "2件の入力を確かめてください" in html
    assert '<li><a href="#phone">電話番号を入力してください</a></li>' in html
    assert '<p class="error" id="phone-error">電話番号を入力してください</p>' in html
    assert "<title>エラー：基本情報 — Koubo</title>" in html


def test_a_field_with_an_error_is_marked_and_described() -> None:
    html = page(validated(phone=""))

    assert 'aria-describedby="phone-hint phone-error"' in html
    assert 'aria-invalid="true"' in html
    assert "必須" in html
    assert "※" not in html
    assert "＊" not in html


def test_what_was_typed_is_kept_on_error() -> None:
    html = page(
        validated(
            phone="", building="<寮> 3", reason="あ" * 20, **{"birth-year": "昭和70", "jobs-0-employer": "みほん"}
        )
    )

    assert 'value="&lt;寮&gt; 3"' in html
    assert "あ" * 20 in html
    assert 'value="昭和70"' in html
    assert 'value="みほん"' in html


def test_entries_of_a_list_are_added_and_removed_by_submit_buttons() -> None:
    html = page(validated())

    assert '<button class="btn btn--plain" name="add" value="jobs">' in html
    assert 'name="remove" value="jobs-0"' in html


def test_no_button_adds_more_entries_than_allowed() -> None:
    two = {"jobs-1-employer": "みほん", "jobs-1-kind": "full", "jobs-1-start-year": "2019", "jobs-1-start-month": "4"}

    assert 'name="add"' not in page(validated(**two))


def test_a_password_is_never_sent_back_and_a_file_slot_names_what_is_there() -> None:
    class Small(forms.Form):
        password = PasswordField("パスワード", [forms.Required("パスワードを入力してください")])
        cv = FileField("職務経歴書", [forms.Required("職務経歴書を選んでください")])

    source = """{% extends "layouts/narrow.html" %}{% from "macros/entries.html" import upload_slot %}
    {% from "macros/forms.html" import field, form_tag %}
    {% block heading %}書類{% endblock %}{% block title_error %}{% endblock %}
    {% block content %}{{ form_tag("/x", form, files=true, enter="save") }}
    {{ field(form.password, mark=false, autocomplete="current-password") }}
    {{ upload_slot(form.cv, accept=".pdf", files=files) }}</form>{% endblock %}"""
    form = validated(Small, password="ひみつ")
    file = {"name": "経歴.pdf", "note": "3ページ・412KB", "remove_value": "f1", "url": "/f1", "refusal": None}

    html = render(bare_app(), source, form=form, files=[file])

    assert "ひみつ" not in html
    assert 'enctype="multipart/form-data"' in html
    assert 'name="remove-file" value="f1"' in html
    check_page(html, "/", status=200)
