"""Each setting of the rule by which experience is counted, as a sentence for the notice.

Reads the stored rule (JSON); what is left at its default is said only where silence would mislead.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.core.templating import jst_date

Rule = dict[str, Any]

KINDS = {
    "regular": "正規",
    "contract": "契約",
    "dispatched": "派遣",
    "part_time": "パート・アルバイト",
    "self_employed": "自営",
    "officer": "役員",
    "public_servant": "公務員",
    "volunteer": "国際協力等",
}
LEAVE_KINDS = {
    "childcare": "育児休業",
    "maternity": "産前産後休業",
    "sick": "病気休暇・休職",
    "nursing": "介護休業",
    "study": "修学・研修のための休業",
    "suspension": "停職・その他の休職",
}
FIELDS = {"digital": "デジタル", "public_relations": "広報", "planning": "企画", "management": "管理職"}
COMBINES = {
    "sum": "同じ期間に複数の勤務先があるときは、一つだけを数えます。",
    "longest": "最も長い一つの勤務先の期間だけを数えます。",
}
ROUNDINGS = {
    "carry_30": "1か月に満たない日数は足し合わせ、30日で1か月とします。",
    "drop": "1か月に満たない日数は、勤務先ごとに切り捨てます。",
    "half_up_15": "1か月に満たない日数は、勤務先ごとに15日以上を1か月とします。",
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


def months(count: int) -> str:
    """Say a number of months: 5年, 1年6か月, 11か月."""
    years, rest = divmod(count, 12)
    return (f"{years}年" if years else "") + (f"{rest}か月" if rest or not years else "")


def sentences(rule: Rule, need: str = "") -> list[str]:
    """Say in order how an opening counts years of experience; `need` in place of the threshold."""
    return [*_what_is_needed(rule, need), *_which_jobs(rule), *_which_days(rule), *_how_added(rule)]


def _day(text: Any) -> str:
    return jst_date(date.fromisoformat(str(text)))


def _what_is_needed(rule: Rule, need: str) -> Iterator[str]:
    need = need or months(int(rule.get("threshold_months") or 0))
    if rule.get("as_of"):
        yield f"{_day(rule['as_of'])}を基準日として、{need}以上あることを求めます。"
        yield "続いている仕事は、基準日まで数えます。"
    else:
        yield f"{need}以上あることを求めます。"
    if one := rule.get("one_continuous_months"):
        yield f"そのうち一つの勤務先で、続けて{months(one)}以上あることを求めます。"


def _which_jobs(rule: Rule) -> Iterator[str]:
    if kinds := rule.get("kinds"):
        yield f"雇用形態が「{'・'.join(KINDS.get(kind, kind) for kind in kinds)}」の仕事を数えます。"
    else:
        yield "雇用形態を問わず数えます。"
    if fields := rule.get("fields"):
        yield f"「{'・'.join(FIELDS.get(field, field) for field in fields)}」の仕事を数えます。"
    if hours := rule.get("min_weekly_hours"):
        yield f"週{hours:g}時間以上の仕事を数えます。"
    if least := rule.get("min_continuous_months"):
        where = "数える期間の中で" if rule.get("min_continuous_in_window") else ""
        yield f"一つの勤務先で{where}続けて{months(least)}以上勤めた期間だけを数えます。"
    if rule.get("exclude_student"):
        yield "学生の間の仕事は数えません。"


def _which_days(rule: Rule) -> Iterator[str]:
    window = rule.get("window") or {}
    if years := window.get("last_years"):
        yield f"基準日までの{years}年間だけを数えます。"
    elif window.get("from") and window.get("to"):
        yield f"{_day(window['from'])}から{_day(window['to'])}までだけを数えます。"
    earliest = rule.get("earliest") or {}
    if earliest.get("date"):
        yield f"{_day(earliest['date'])}より前の期間は数えません。"
    elif earliest.get("age") is not None:
        yield f"{earliest['age']}歳になる年度の、次の4月1日より前の期間は数えません。"
    yield _leave(rule.get("excluded_leave") or {})


def _leave(leave: Rule) -> str:
    kinds = [LEAVE_KINDS.get(kind, kind) for kind in leave.get("kinds", ())]
    if not kinds:
        return "休業・休職の期間も数えます。"
    least = leave.get("min_months") or 0
    length = f"{months(least)}以上続いた" if least else ""
    return f"{length}「{'・'.join(kinds)}」の期間は除きます。"


def _how_added(rule: Rule) -> Iterator[str]:
    yield COMBINES[rule.get("combine") or "sum"]
    yield ROUNDINGS[rule.get("day_rounding") or "carry_30"]
