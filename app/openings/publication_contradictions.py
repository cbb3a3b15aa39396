"""Facts of a notice that contradict each other: chosen values against what is written, criteria against the work.

Each is named for a person to look at; none blocks, since a text may mean something that no pattern reads.
"""

import re
from collections.abc import Iterator
from itertools import chain

from app.openings.content import CriterionContent, CriterionKind, OpeningContent, Terms
from app.openings.criterion_words import days_in_words
from app.openings.publication_asked import Item
from app.openings.words import REMOTE

_DIGITS = str.maketrans("０１２３４５６７８９．", "0123456789.")
_NOT = r"(?!.{0,8}(不可|不要|なし|無し|ありません|できません|必要はありません))"
_REMOTE_AT_ALL = re.compile(rf"(リモート|テレワーク|在宅勤務){_NOT}")
_REMOTE_ALWAYS = re.compile(r"フルリモート|完全リモート|完全在宅|すべてリモート")
_REMOTE_NEVER = re.compile(r"(リモート|テレワーク|在宅)(ワーク|勤務)?は?(不可|できません|なし)")
_COMES_IN = re.compile(rf"(出勤|登庁|来庁|出社){_NOT}")
_WEEKLY = re.compile(r"週\s*(\d(?:\.\d)?)\s*日")
_MONTHLY = re.compile(r"月\s*(\d)\s*[日回]")
_A_MONTH = {1: 2, 2: 5, 3: 7, 4: 10, 8: 20}  # days a month as days a week times ten
_YEARS = re.compile(r"(?:最長|原則|約)?\s*(\d{1,2})年(?:間)?(?:\s*(\d{1,2})[かヶケカ]月)?")


def contradiction_items(content: OpeningContent) -> Iterator[Item]:
    """Name what is said twice and differently."""
    yield from _remote(content)
    yield from _days(content.terms)
    yield from _term(content.terms)
    for criterion in content.criteria:
        yield from _availability(criterion, content.terms)


def _remote(content: OpeningContent) -> Iterator[Item]:
    terms, chosen = content.terms, content.terms.remote
    told = (terms.remote_note, terms.days, terms.hours, terms.work_place, terms.form_note)
    text = "\n".join(
        part for part in (content.title, content.summary, *content.duties, content.background, *told) if part
    )
    against = {
        "full": (_REMOTE_NEVER, _COMES_IN),
        "partial": (_REMOTE_ALWAYS, _REMOTE_NEVER),
        "office": (_REMOTE_AT_ALL,),
        "unstated": (_REMOTE_ALWAYS, _REMOTE_NEVER),
    }[chosen]
    found = next((said for pattern in against if (said := pattern.search(text))), None)
    if found:
        label = REMOTE[chosen]
        yield _look("terms", f"文に「{found.group()}」とありますが、リモートの可否は「{label}」を選んでいます")


def _days(terms: Terms) -> Iterator[Item]:
    said = (terms.days or "").translate(_DIGITS)
    weekly = ((one.group(), round(float(one[1]) * 10)) for one in _WEEKLY.finditer(said))
    monthly = ((one.group(), _A_MONTH[int(one[1])]) for one in _MONTHLY.finditer(said) if int(one[1]) in _A_MONTH)
    least, most = terms.days_min, terms.days_max
    for words, tenths in chain(weekly, monthly):
        if (least is not None and tenths < least) or (most is not None and tenths > most):
            yield _look("terms", f"勤務日数の文は「{words}」ですが、選んだ日数は{_range(least, most)}です")


def _range(least: int | None, most: int | None) -> str:
    if least == most and least is not None:
        return days_in_words(least)
    parts = (
        f"{days_in_words(least)}から" if least is not None else "",
        f"{days_in_words(most)}まで" if most is not None else "",
    )
    return "".join(parts)


def _term(terms: Terms) -> Iterator[Item]:
    said = _YEARS.match((terms.term or "").translate(_DIGITS))
    if said is None or terms.term_months is None:
        return
    months = int(said[1]) * 12 + int(said[2] or 0)
    if months != terms.term_months:
        yield _look("terms", f"任期の文は「{said.group()}」ですが、任期の月数は{terms.term_months}か月です")


def _availability(criterion: CriterionContent, terms: Terms) -> Iterator[Item]:
    if criterion.kind is not CriterionKind.AVAILABILITY:
        return
    least, most = criterion.params.get("least"), criterion.params.get("most")
    work = _range(terms.days_min, terms.days_max)
    if least and terms.days_max is not None and least > terms.days_max:
        words = f"応募資格「{criterion.label}」は{days_in_words(least)}以上を求めていますが、勤務日数は{work}です"
        yield _look("criteria", words)
    if most and terms.days_min is not None and most < terms.days_min:
        words = f"応募資格「{criterion.label}」は{days_in_words(most)}までですが、勤務日数は{work}です"
        yield _look("criteria", words)


def _look(section: str, words: str) -> Item:
    return Item("L-07", section, f"{words}。どちらかを直してください", blocks=False)
