"""Each setting of the rule by which experience is counted, as a sentence for the notice.

Reads the stored rule (JSON); what is left at its default is said only where silence would mislead.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.core.date_words import months_in_words
from app.core.language import counted, listed, sentence, word
from app.core.templating import jst_date

Rule = dict[str, Any]

KINDS = {
    "regular": word("正規"),
    "contract": word("契約"),
    "dispatched": word("派遣"),
    "part_time": word("パート・アルバイト"),
    "self_employed": word("自営"),
    "officer": word("役員"),
    "public_servant": word("公務員"),
    "volunteer": word("国際協力等"),
}
LEAVE_KINDS = {
    "childcare": word("育児休業"),
    "maternity": word("産前産後休業"),
    "sick": word("病気休暇・休職"),
    "nursing": word("介護休業"),
    "study": word("修学・研修のための休業"),
    "suspension": word("停職・その他の休職"),
}
FIELDS = {
    "digital": word("デジタル"),
    "public_relations": word("広報"),
    "planning": word("企画"),
    "management": word("管理職"),
}
COMBINES = {
    "sum": word("同じ期間に複数の勤務先があるときは、一つだけを数えます。"),
    "longest": word("最も長い一つの勤務先の期間だけを数えます。"),
}
ROUNDINGS = {
    "carry_30": word("1か月に満たない日数は足し合わせ、30日で1か月とします。"),
    "drop": word("1か月に満たない日数は、勤務先ごとに切り捨てます。"),
    "half_up_15": word("1か月に満たない日数は、勤務先ごとに15日以上を1か月とします。"),
}


SETTINGS = {
    "threshold_months": "必要な年月",
    "as_of": "基準日",
    "window": "数える期間",
    "kinds": "雇用形態",
    "fields": "分野",
    "min_weekly_hours": "週の勤務時間",
    "min_continuous_months": "続けて勤めた長さ",
    "one_continuous_months": "一つの勤務先での長さ",
    "excluded_leave": "除く休業",
    "earliest": "数え始める日",
}


def sentences(rule: Rule, need: str = "") -> list[str]:
    """Say in order how an opening counts years of experience; `need` in place of the threshold."""
    return [*_what_is_needed(rule, need), *_which_jobs(rule), *_which_days(rule), *_how_added(rule)]


def _day(text: Any) -> str:
    return jst_date(date.fromisoformat(str(text)))


def _what_is_needed(rule: Rule, need: str) -> Iterator[str]:
    need = need or months_in_words(int(rule.get("threshold_months") or 0))
    if rule.get("as_of"):
        yield sentence("%(day)sを基準日として、%(need)s以上あることを求めます。", day=_day(rule["as_of"]), need=need)
        yield sentence("続いている仕事は、基準日まで数えます。")
    else:
        yield sentence("%(need)s以上あることを求めます。", need=need)
    if one := rule.get("one_continuous_months"):
        yield sentence("そのうち一つの勤務先で、続けて%(least)s以上あることを求めます。", least=months_in_words(one))


def _which_jobs(rule: Rule) -> Iterator[str]:
    if kinds := rule.get("kinds"):
        named = listed((KINDS.get(kind, kind) for kind in kinds), "・")
        yield sentence("雇用形態が「%(kinds)s」の仕事を数えます。", kinds=named)
    else:
        yield sentence("雇用形態を問わず数えます。")
    if fields := rule.get("fields"):
        named = listed((FIELDS.get(field, field) for field in fields), "・")
        yield sentence("「%(fields)s」の仕事を数えます。", fields=named)
    if hours := rule.get("min_weekly_hours"):
        yield sentence("週%(hours)s時間以上の仕事を数えます。", hours=f"{hours:g}")
    if least := rule.get("min_continuous_months"):
        yield _unbroken(months_in_words(least), bool(rule.get("min_continuous_in_window")))
    if rule.get("exclude_student"):
        yield sentence("学生の間の仕事は数えません。")


def _unbroken(least: str, is_in_window: bool) -> str:
    if is_in_window:
        return sentence("一つの勤務先で数える期間の中で続けて%(least)s以上勤めた期間だけを数えます。", least=least)
    return sentence("一つの勤務先で続けて%(least)s以上勤めた期間だけを数えます。", least=least)


def _which_days(rule: Rule) -> Iterator[str]:
    window = rule.get("window") or {}
    if years := window.get("last_years"):
        yield counted("基準日までの%(n)s年間だけを数えます。", years)
    elif window.get("from") and window.get("to"):
        first, last = _day(window["from"]), _day(window["to"])
        yield sentence("%(first)sから%(last)sまでだけを数えます。", first=first, last=last)
    earliest = rule.get("earliest") or {}
    if earliest.get("date"):
        yield sentence("%(day)sより前の期間は数えません。", day=_day(earliest["date"]))
    elif earliest.get("age") is not None:
        yield sentence("%(age)s歳になる年度の、次の4月1日より前の期間は数えません。", age=earliest["age"])
    yield _leave(rule.get("excluded_leave") or {})


def _leave(leave: Rule) -> str:
    kinds = [LEAVE_KINDS.get(kind, kind) for kind in leave.get("kinds", ())]
    if not kinds:
        return sentence("休業・休職の期間も数えます。")
    least, named = leave.get("min_months") or 0, listed(kinds, "・")
    if least:
        length = months_in_words(least)
        return sentence("%(length)s以上続いた「%(kinds)s」の期間は除きます。", length=length, kinds=named)
    return sentence("「%(kinds)s」の期間は除きます。", kinds=named)


def _how_added(rule: Rule) -> Iterator[str]:
    combine, rounding = rule.get("combine") or "sum", rule.get("day_rounding") or "carry_30"
    yield sentence(COMBINES[combine])
    yield sentence(ROUNDINGS[rounding])
