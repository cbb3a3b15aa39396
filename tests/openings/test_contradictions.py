"""The checklist names facts of a notice that contradict each other, and none that merely sound alike."""

from typing import Any

import pytest

from app.openings.publication_contradictions import contradiction_items
from tests import factories


def said(criteria: list[dict[str, Any]] | None = None, **terms: Any) -> list[str]:
    content = factories.content()
    if criteria is not None:
        content = factories.content(criteria=criteria)
    content = content.model_copy(update={"terms": content.terms.model_copy(update=terms)})
    items = list(contradiction_items(content))
    assert not any(item.blocks for item in items)
    return [item.text.removesuffix("。どちらかを直してください") for item in items]


@pytest.mark.parametrize(
    ("remote", "note", "named"),
    [
        ("partial", "フルリモートで働けます", "フルリモート"),
        ("partial", "週2日まで在宅勤務ができます", None),
        ("partial", "リモートワークは不可です", "リモートワークは不可"),
        ("full", "初日は来庁していただきます", "来庁"),
        ("full", "出勤は不要です", None),
        ("office", "テレワークの制度があります", "テレワーク"),
        ("office", "テレワークはできません", None),
        ("unstated", "完全在宅です", "完全在宅"),
        ("unstated", None, None),
    ],
)
def test_what_is_written_of_remote_work_fits_what_is_chosen(remote: str, note: str | None, named: str | None) -> None:
    found = said(remote=remote, remote_note=note)

    assert [one.startswith(f"文に「{named}」とありますが、リモートの可否は") for one in found] == [True] * bool(named)


@pytest.mark.parametrize(
    ("days", "least", "most", "found"),
    [
        ("週5日", 10, 20, ["勤務日数の文は「週5日」ですが、選んだ日数は週1日から週2日までです"]),
        ("月２回程度", 20, 20, ["勤務日数の文は「月２回」ですが、選んだ日数は週2日です"]),
        ("週1日から週2日", 10, 20, []),
        ("週3日", None, None, []),
        ("応相談", 10, 20, []),
    ],
)
def test_the_text_of_the_days_fits_the_days_chosen(
    days: str, least: int | None, most: int | None, found: list[str]
) -> None:
    texts = [one.translate(str.maketrans("２", "2")) for one in found]

    assert said(days=days, days_min=least, days_max=most) == texts


@pytest.mark.parametrize(
    ("term", "months", "count"),
    [("3年", 36, 0), ("2年（更新あり）", 36, 1), ("1年6か月", 18, 0), ("令和11年3月31日まで", 36, 0), ("3年", None, 0)],
)
def test_the_text_of_the_term_fits_its_months(term: str, months: int | None, count: int) -> None:
    assert len(said(term=term, term_months=months)) == count


def test_nobody_is_asked_for_more_days_than_the_work_has() -> None:
    days = {"key": "days", "kind": "availability", "label": "週3日以上働けること", "params": {"least": 30}}
    few = days | {"params": {"most": 5}}

    assert said([days], days="週2日", days_min=10, days_max=20) == [
        "応募資格「週3日以上働けること」は週3日以上を求めていますが、勤務日数は週1日から週2日までです"
    ]
    assert len(said([few], days="週2日", days_min=10, days_max=20)) == 1
    assert said([days], days="週5日", days_min=50, days_max=50) == []
