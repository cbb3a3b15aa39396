"""What the criteria of a notice still lack (L-07 to L-09): settings that are incomplete, and what to look at again."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from app.openings.content import CriterionContent, CriterionKind
from app.openings.criterion_params import (
    BirthDateParams,
    EducationParams,
    ExperienceParams,
    QualificationParams,
    faults,
    read_params,
)
from app.openings.publication_asked import Item

RESIDENCE_AGE_SEX = ("在住", "居住", "住所", "歳", "年齢", "男性", "女性", "性別", "国籍")
RuleFault = Callable[[Any], str | None]


def criterion_items(criterion: CriterionContent, appointed_on: date | None, rule_fault: RuleFault) -> Iterator[Item]:
    """List what one criterion lacks; `rule_fault` gives a sentence for a rule that cannot be counted."""
    name = f"「{criterion.label}」"
    refused = list(faults(criterion.kind, criterion.params))
    rule = "L-09" if criterion.kind is CriterionKind.BIRTH_DATE else "L-07"
    yield from (Item(rule, "criteria", f"{name}：{fault}") for fault in refused)
    if not refused:
        params = read_params(criterion.kind, criterion.params)
        yield from _of_rule(name, params, rule_fault)
        yield from _edges(name, params, appointed_on)
    label = (
        criterion.label if criterion.kind is CriterionKind.NATIONALITY else criterion.label.replace("国籍", "")
    )  # F-03
    found = next((word for word in RESIDENCE_AGE_SEX if word in label), None)
    if found and criterion.kind is not CriterionKind.BIRTH_DATE:
        yield Item("L-08", "criteria", f"{name}に「{found}」があります。職務に必要か確かめてください", blocks=False)


def _of_rule(name: str, params: Any, rule_fault: RuleFault) -> Iterator[Item]:
    if not isinstance(params, ExperienceParams):
        return
    rules = [params.whole(), params.part()]
    found = dict.fromkeys(fault for rule in rules if rule is not None and (fault := rule_fault(rule)))
    yield from (Item("L-07", "criteria", f"{name}の年数の数え方を直してください：{fault}") for fault in found)


def _edges(name: str, params: Any, appointed_on: date | None) -> Iterator[Item]:
    """Days that are probably meant otherwise; none of them keeps a notice back."""
    if isinstance(params, BirthDateParams) and _misses_school_year(params):
        words = "学年の境目は4月2日です（4月1日生まれの人は前の学年）。日付を確かめてください"
        yield Item("L-09", "criteria", f"{name}：{words}", blocks=False)
    if isinstance(params, EducationParams | QualificationParams):
        by = params.expected_by
        if by and appointed_on and by > appointed_on:
            yield Item("L-07", "criteria", f"{name}：見込みの期限が任用日より後です。確かめてください", blocks=False)


def _misses_school_year(params: BirthDateParams) -> bool:
    first, last = params.first, params.last
    return bool((first and (first.month, first.day) == (4, 1)) or (last and (last.month, last.day) == (4, 2)))
