"""What one content says differently from another, field by field, in the words of the notice. Pure.

Whatever differs has a line: a second person approves nothing that he was not shown.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.core.language import word
from app.core.templating import jst_date
from app.files.kinds import WORDS
from app.openings.content import (
    CriterionContent,
    DocumentContent,
    LevelContent,
    OpeningContent,
    QuestionContent,
    RubricContent,
    StageContent,
    Terms,
)
from app.openings.criterion_notice import say
from app.openings.criterion_words import days_in_words
from app.openings.words import OCCUPATIONS, PAY_KINDS, REMOTE, STAGE_KINDS, TERMS

Lines = tuple[str, ...]

YES_NO = {True: word("はい"), False: word("いいえ")}
NEED = {True: word("必須"), False: word("任意")}
BASIC = {
    "title": word("募集の名前"),
    "summary": word("ひとことの説明"),
    "duties": word("仕事内容"),
    "background": word("募集の背景・補足"),
    "contact": word("問い合わせ先"),
    "source_url": word("公告のURL"),
    "source_note": word("出典"),
}
DAYS = {"days_min": word("勤務日数の下限"), "days_max": word("勤務日数の上限")}

CARRIES = {
    "carry": "前の段階の点数に足す（積み上げ方式）",
    "reset": "この段階の点数だけで決める（リセット方式）",
}


@dataclass(frozen=True)
class Difference:
    """One thing that changes: the section of the editor, our word for it, what the city calls it, the lines of both.

    No lines before: it is new. None after: it is gone.
    """

    section: str
    kind: str
    name: str
    before: Lines
    after: Lines


def differences(
    before: OpeningContent, after: OpeningContent, forms: Mapping[str, str] | None = None
) -> list[Difference]:
    """List what differs, in the order of the editor; `forms` are the city's words for its forms of employment."""
    return [
        *_plain("basic", _basic(before), _basic(after)),
        *_plain("terms", _terms(before.terms, forms or {}), _terms(after.terms, forms or {})),
        *_entries("criteria", word("応募資格"), (before.criteria, after.criteria), _criterion),
        *_plain("criteria", _text("欠格条項", before), _text("欠格条項", after)),
        *_entries("stages", word("選考段階"), (before.stages, after.stages), _stage),
        *_rubrics(before.stages, after.stages),
        *_plain("stages", _ruling(before), _ruling(after)),
        *_entries("asked", word("設問"), (before.questions, after.questions), _question),
        *_entries("asked", word("提出書類"), (before.documents, after.documents), _document),
        *_plain("schedule", {word("任用日"): _day(before.appointed_on)}, {"任用日": _day(after.appointed_on)}),
    ]


def _plain(section: str, before: dict[str, Lines], after: dict[str, Lines]) -> Iterator[Difference]:
    for kind, lines in before.items():
        if lines != after[kind]:
            yield Difference(section, kind, "", lines, after[kind])


def _lines(value: Any) -> Lines:
    if value is None or value == "":
        return ()
    return tuple(value) if isinstance(value, tuple) else (str(value),)


def _day(day: date | None) -> Lines:
    return (jst_date(day),) if day else ()


def _basic(content: OpeningContent) -> dict[str, Lines]:
    found = {label: _lines(getattr(content, name)) for name, label in BASIC.items()}
    return found | {word("職種の分類"): _lines(OCCUPATIONS.get(content.occupation or "", content.occupation))}


def _terms(terms: Terms, forms: Mapping[str, str]) -> dict[str, Lines]:
    found = {
        word("任用形態"): _lines(forms.get(terms.form_key or "", terms.form_key)),
        word("任用形態の補足"): _lines(terms.form_note),
        word("副業・兼業として応募できる"): (YES_NO[terms.is_side_job],),
        word("リモートの可否"): (REMOTE[terms.remote],),
    }
    plain = {label: _lines(getattr(terms, name)) for name, label in TERMS.items() if name != "pay"}
    days = {label: _days(getattr(terms, name)) for name, label in DAYS.items()}
    return found | plain | _pay(terms) | {word("任期の月数"): _lines(terms.term_months)} | days


def _days(tenths: int | None) -> Lines:
    return () if tenths is None else (days_in_words(tenths),)


def _pay(terms: Terms) -> dict[str, Lines]:
    pay = terms.pay
    return {
        TERMS["pay"]: _lines(pay and pay.text),
        word("給与・報酬の種類"): _lines(pay and PAY_KINDS[pay.kind]),
        word("金額の下限（円）"): _lines(pay and pay.min_yen),
        word("金額の上限（円）"): _lines(pay and pay.max_yen),
    }


def _text(label: str, content: OpeningContent) -> dict[str, Lines]:
    return {label: _lines(content.disqualification_text)}


def _ruling(content: OpeningContent) -> dict[str, Lines]:
    return {
        word("合格発表の方法"): _lines(content.announcement),
        word("同じ点数のとき"): _lines(content.tie_rule),
    }


def _entries(
    section: str, kind: str, pair: tuple[Sequence[Any], Sequence[Any]], said: Callable[[Any], Lines]
) -> Iterator[Difference]:
    """Compare what has keys: changed, gone, new, and then the order of what stayed."""
    old, new = ({one.key: one for one in entries} for entries in pair)
    for key in [*old, *(key for key in new if key not in old)]:
        lines = tuple(said(row[key]) if key in row else () for row in (old, new))
        if key in old and key in new and old[key] != new[key] and lines[0] == lines[1]:
            lines = lines[0] + _settings(old[key]), lines[1] + _settings(new[key])
        if lines[0] != lines[1]:
            yield Difference(section, kind, _name(new.get(key) or old[key]), *lines)
    stayed = [[one for one in row if one in old and one in new] for row in (old, new)]
    if stayed[0] != stayed[1]:
        order = [tuple(_name(row[key]) for key in keys) for row, keys in zip((old, new), stayed, strict=True)]
        yield Difference(section, kind, word("順番"), *order)


def _name(one: Any) -> str:
    return str(one.name if isinstance(one, StageContent) else one.label)


def _settings(one: Any) -> Lines:
    """Say as they are stored the settings that the notice has no words for."""
    params = getattr(one, "params", None) or {}
    return tuple(f"{name}: {params[name]}" for name in sorted(params))


def _criterion(one: CriterionContent) -> Lines:
    how, sentences = say(one)
    return (one.label, word("必須") if one.required else word("歓迎"), one.kind.label, how, *sentences)


def _question(one: QuestionContent) -> Lines:
    return (one.label, *_lines(one.hint), NEED[one.required], f"{one.max_characters}文字以内")


def _document(one: DocumentContent) -> Lines:
    kinds = "、".join(WORDS.get(media, media) for media in one.media)
    return (one.label, *_lines(one.hint), NEED[one.required], kinds)


def _stage(one: StageContent) -> Lines:
    return (
        f"{one.name}（{STAGE_KINDS[one.kind]}）",
        *_lines(one.method),
        *(f"結果をお知らせする日：{day}" for day in _day(one.result_on)),
        f"氏名を伏せて採点する：{YES_NO[one.blind]}",
        f"採点者の人数の下限：{one.min_reviewers}",
        CARRIES[one.carry],
    )


def _rubrics(before: Sequence[StageContent], after: Sequence[StageContent]) -> Iterator[Difference]:
    """Compare the rubrics of stages that are in either; those of a stage that is new or gone are new or gone."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    for key in [*old, *(key for key in new if key not in old)]:
        gone: tuple[RubricContent, ...] = ()
        pair = old[key].rubric if key in old else gone, new[key].rubric if key in new else gone
        yield from _entries("stages", word("採点の観点"), pair, _rubric)


def _rubric(one: RubricContent) -> Lines:
    return (one.label, f"重み {one.weight}%", *(_level(level) for level in one.levels))


def _level(level: LevelContent) -> str:
    return f"{level.value}：{level.anchor}{'（根拠は必須）' if level.evidence_required else ''}"
