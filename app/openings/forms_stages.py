"""The sections 選考段階 (with its rubric) and 設問・書類 of the editor."""

from typing import Any

from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, StopValidation

from app.core.form_dates import DateParts
from app.core.forms import CheckboxGroup, EntryForm, MaxLength, Required
from app.files.kinds import DOCX, PDF, WORDS
from app.openings.content import OpeningContent
from app.openings.form_parts import SectionForm, fresh_keys
from app.openings.publication_schedule import Window
from app.openings.words import STAGE_KINDS

LEVELS = 5
YES_NO = [("1", "必須"), ("", "任意")]


class LevelEntry(EntryForm):
    anchor = StringField("どのような姿か", [MaxLength(300)])
    evidence_required = BooleanField("この段階を付けるときは根拠を必ず書く")


class RubricEntry(EntryForm):
    key = HiddenField()
    label = StringField("評価項目", [Required("評価項目の名前を入力してください"), MaxLength(120)])
    weight = IntegerField(
        "重み（%）",
        [
            InputRequired("重みを入力してください"),
            NumberRange(1, 100, message="重みは1から100までの整数で入力してください"),
        ],
    )
    levels = FieldList(FormField(LevelEntry), "段階", min_entries=LEVELS, max_entries=9)

    def as_content(self, key: str) -> dict[str, Any]:
        """The item with its levels, the lowest first; the rows left empty at the end are no levels."""
        levels = [entry.form for entry in self.levels.entries]
        while levels and not (levels[-1].anchor.data or "").strip():
            levels.pop()
        said = [
            {"value": value, "anchor": level.anchor.data, "evidence_required": level.evidence_required.data}
            for value, level in enumerate(levels, 1)
            if (level.anchor.data or "").strip()
        ]
        return {"key": key, "label": self.label.data, "weight": self.weight.data, "levels": said}


class StageEntry(EntryForm):
    key = HiddenField()
    name = StringField("段階の名前", [Required("段階の名前を入力してください"), MaxLength(80)])
    kind = SelectField("種類", choices=list(STAGE_KINDS.items()))
    method = StringField("方法と場所", [MaxLength(200)])
    result_on = DateParts("結果をお知らせする日")
    blind = BooleanField("氏名を伏せて採点する", default=True)
    min_reviewers = IntegerField(
        "採点者の人数の下限",
        [InputRequired("採点者の人数を入力してください"), NumberRange(1, 9, message="採点者は1人から9人までです")],
        default=2,
    )
    carry = SelectField(
        "点数の扱い",
        choices=[
            ("reset", "この段階の点数だけで決める（リセット方式）"),
            ("carry", "前の段階の点数に足す（積み上げ方式）"),
        ],
    )
    rubric = FieldList(FormField(RubricEntry), "評価項目", max_entries=20)

    def as_content(self, key: str) -> dict[str, Any]:
        items = [entry.form for entry in self.rubric.entries]
        keys = fresh_keys((item.key.data for item in items), "item_")
        plain = ("name", "kind", "method", "result_on", "blind", "min_reviewers", "carry")
        rubric = [item.as_content(item_key) for item_key, item in zip(keys, items, strict=True)]
        return {name: self[name].data for name in plain} | {"key": key, "rubric": rubric}


class StagesForm(SectionForm):
    stages = FieldList(FormField(StageEntry), "選考段階", max_entries=10)
    announcement = TextAreaField("合格発表の方法", [MaxLength(400)])
    tie_rule = TextAreaField("同じ点数のときの決め方", [MaxLength(400)])

    @staticmethod
    def values(content: OpeningContent, _window: Window) -> dict[str, Any]:
        return {
            "stages": [stage.model_dump() for stage in content.stages],
            "announcement": content.announcement,
            "tie_rule": content.tie_rule,
        }

    def content(self, content: OpeningContent) -> OpeningContent:
        entries = [entry.form for entry in self.stages.entries]
        keys = fresh_keys((entry.key.data for entry in entries), "stage_", content.stages)
        stages = [entry.as_content(key) for key, entry in zip(keys, entries, strict=True)]
        texts = {name: (self[name].data or "").strip() for name in ("announcement", "tie_rule")}
        return OpeningContent.model_validate(content.model_dump() | {"stages": stages} | texts)

    def window(self, window: Window) -> Window:
        return window


class QuestionEntry(EntryForm):
    key = HiddenField()
    label = StringField("設問", [Required("設問を入力してください"), MaxLength(200)])
    hint = StringField("書き方の説明", [MaxLength(400)])
    required = SelectField("必須か任意か", choices=YES_NO)
    max_characters = IntegerField(
        "文字数の上限",
        [
            InputRequired("文字数の上限を入力してください"),
            NumberRange(50, 4000, message="文字数の上限は50から4000までの整数で入力してください"),
        ],
        default=1000,
    )


class DocumentEntry(EntryForm):
    key = HiddenField()
    label = StringField("書類", [Required("書類の名前を入力してください"), MaxLength(120)])
    hint = StringField("様式などの説明", [MaxLength(400)])
    required = SelectField("必須か任意か", choices=YES_NO)
    media = CheckboxGroup("受け取るファイルの種類", choices=list(WORDS.items()), default=[PDF, DOCX])

    def validate_media(self, field: Any) -> None:
        if not field.data:
            raise StopValidation("受け取るファイルの種類を選んでください")


class AskedForm(SectionForm):
    questions = FieldList(FormField(QuestionEntry), "設問", max_entries=20)
    documents = FieldList(FormField(DocumentEntry), "提出書類", max_entries=20)

    @staticmethod
    def values(content: OpeningContent, _window: Window) -> dict[str, Any]:
        def row(one: Any) -> dict[str, Any]:
            return {**one.model_dump(), "required": "1" if one.required else ""}

        return {
            "questions": [row(one) for one in content.questions],
            "documents": [row(one) for one in content.documents],
        }

    def content(self, content: OpeningContent) -> OpeningContent:
        asked = {
            "questions": _rows(self.questions, "question_", content.questions),
            "documents": _rows(self.documents, "document_", content.documents),
        }
        return OpeningContent.model_validate(content.model_dump() | asked)

    def window(self, window: Window) -> Window:
        return window


def _rows(rows: FieldList, prefix: str, before: tuple[Any, ...]) -> list[dict[str, Any]]:
    entries = [entry.form for entry in rows.entries]
    keys = fresh_keys((entry.key.data for entry in entries), prefix, before)
    return [
        entry.data | {"key": key, "required": bool(entry.required.data)}
        for key, entry in zip(keys, entries, strict=True)
    ]
