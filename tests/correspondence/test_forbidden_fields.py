"""No field that fair recruitment forbids, anywhere (F-01, F-02): labels, names, columns, the words of templates."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from wtforms import Field
from wtforms.fields.core import UnboundField

from app.core.forms import EntryForm, Form
from app.core.model import Base

ROOT = Path(__file__).resolve().parent.parent.parent
FORBIDDEN = (
    "本籍", "出身地", "出生地", "国籍", "家族", "配偶者", "扶養", "続柄", "住宅", "間取り", "通勤時間", "通勤経路",
    "宗教", "信仰", "支持政党", "思想", "労働組合", "愛読書", "購読新聞", "尊敬する人物", "人生観", "病歴", "既往歴",
    "血液型", "身長", "体重", "写真", "性別", "男性", "女性", "マイナンバー", "婚姻", "SNS",
)  # fmt: skip
NAMES = (
    "gender", "sex", "nationality", "birthplace", "hometown", "honseki", "religion", "blood", "body_weight", "spouse",
    "marital", "dependents", "commute", "photo", "portrait", "union", "political", "medical_history", "my_number",
)  # fmt: skip
# the sentence that says what is never asked, or not wanted
NOT_ASKED = re.compile("聞きし?ません|尋ねません|そのものは記録しません|いりません")
TEMPLATES = sorted((ROOT / "templates").rglob("*"))


def lines_with(words: tuple[str, ...], text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if any(word in line for word in words)]


def form_classes(base: type) -> Iterator[type]:
    for one in base.__subclasses__():
        yield one
        yield from form_classes(one)


def labels(form: type) -> Iterator[str]:
    """The name and the label of each field of a form class, without making the form."""
    for name in dir(form):
        field = getattr(form, name, None)
        if isinstance(field, UnboundField):
            said = field.kwargs.get("label", field.args[0] if field.args and isinstance(field.args[0], str) else "")
            yield f"{name} {said}"
        elif isinstance(field, Field):
            yield name


def is_forbidden(words: str) -> bool:
    parts = set(re.split(r"[^a-z]+", words.lower())) | {words.lower().partition(" ")[0]}
    return any(word in words for word in FORBIDDEN) or any(name in parts for name in NAMES)


def test_no_form_has_such_a_field(sqlite_app: Flask) -> None:
    forms = {form for base in (Form, EntryForm) for form in form_classes(base) if form.__module__.startswith("app.")}
    found = [f"{form.__module__}.{form.__name__}: {one}" for form in forms for one in labels(form) if is_forbidden(one)]

    assert len(forms) > 25
    assert sorted(found) == []


def test_no_table_has_such_a_column(sqlite_app: Flask) -> None:
    found = [f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns]

    assert [one for one in found if is_forbidden(one.partition(".")[2])] == []


@pytest.mark.parametrize("path", [path for path in TEMPLATES if path.suffix in {".html", ".txt"}], ids=lambda p: p.name)
def test_no_template_asks_for_it(path: Path) -> None:
    name = path.relative_to(ROOT / "templates").as_posix()
    lines = lines_with(FORBIDDEN, path.read_text(encoding="utf-8"))

    assert [line for line in lines if not NOT_ASKED.search(line)] == [], name


def test_the_scan_sees_what_it_is_for() -> None:
    assert is_forbidden("nationality 国籍")
    assert is_forbidden("applicant_gender")
    assert is_forbidden("text 尊敬する人物")
    assert not is_forbidden("words くわしい内容")
