"""What an opening's row copies from its content for lists and filters; in services.save and the demo alone."""

from collections.abc import Iterator

from app.jp.readings import city_readings, readings_in
from app.jp.text import search_key
from app.openings.content import OpeningContent, Terms
from app.openings.criterion_words import DAYS_A_WEEK
from app.openings.employment import FORM_LABELS
from app.openings.models import Opening, Remote
from app.openings.words import OCCUPATIONS, PAY_KINDS

FULL_TIME = 50  # days a week times ten
REMOTE_WORDS = {
    "full": "すべてリモート可（フルリモート・テレワーク・在宅勤務）",
    "partial": "一部リモート可（テレワーク・在宅勤務）",
    "office": "出勤のみ",
}
CALLED = {  # how people call those who do the work, whatever the title says
    "data": "データサイエンティスト データエンジニア アナリスト",
    "network": "エンジニア インフラ システムエンジニア",
    "uiux": "デザイナー",
    "security": "セキュリティエンジニア",
    "pr": "マーケター",
    "bpr": "業務コンサルタント",
}


def copy_for_lists(opening: Opening, content: OpeningContent, *, city: str) -> None:
    """Set the content of an opening and all columns that follow from it."""
    terms = content.terms
    opening.content = content.as_json()
    opening.title = content.title
    opening.form_key = terms.form_key
    opening.is_side_job = terms.is_side_job
    opening.occupation = content.occupation
    opening.days_min, opening.days_max = terms.days_min, terms.days_max
    opening.remote = Remote(terms.remote)
    opening.search_text = search_text(content, city=city)


def search_text(content: OpeningContent, *, city: str) -> str:
    """The text in which words are searched: title, summary, duties, names, what the filters say, readings."""
    occupation = f"{OCCUPATIONS.get(content.occupation or '', '')} {CALLED.get(content.occupation or '', '')}"
    around = (city, occupation, content.terms.department or "", *_closed_words(content.terms))
    text = "\n".join((content.title, content.summary, *content.duties, content.background, *around))
    return search_key(f"{text}\n{readings_in(text)}\n{city_readings(city)}")


def _closed_words(terms: Terms) -> Iterator[str]:
    """The words of the closed lists that a person who looks for them types: リモート, 週5日, フルタイム, 副業."""
    if terms.remote in REMOTE_WORDS:
        yield REMOTE_WORDS[terms.remote]
    if terms.days_min is not None:
        low, high = terms.days_min, terms.days_max or terms.days_min
        yield from (words for tenths, words in DAYS_A_WEEK.items() if low <= tenths <= high)
        if high >= FULL_TIME:
            yield "フルタイム"
    yield FORM_LABELS.get(terms.form_key or "", "")
    yield terms.form_note or ""
    if terms.is_side_job:
        yield "副業・兼業"
    if terms.pay:
        yield PAY_KINDS[terms.pay.kind]
