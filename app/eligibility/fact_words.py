"""What a person stated for criteria besides jobs, as rows of a check-answers page; None where it was left out."""

from collections.abc import Iterator, Sequence

from app.eligibility.criteria import Asked, Criterion, asked_of
from app.eligibility.facts import Education, LanguageTest, Qualification, Stated
from app.eligibility.found import given_in_words
from app.openings.criterion_words import EDUCATIONS, bar_in_words, days_in_words

LABELS = {
    Asked.EDUCATION: "最終学歴",
    Asked.QUALIFICATIONS: "資格",
    Asked.LANGUAGES: "語学",
    Asked.AVAILABILITY: "働ける日数",
}
Rows = Iterator[tuple[str, str | None, str]]  # label, value, and the box where it is given


def optional_labels(criteria: Sequence[Criterion]) -> set[str]:
    """Name the rows that no required criterion needs."""
    return {LABELS[asked] for asked, needed in asked_of(criteria).items() if asked in LABELS and not needed}


def days_rows(criteria: Sequence[Criterion], stated: Stated) -> Rows:
    """Give the days of work, where a criterion asks for them."""
    if Asked.AVAILABILITY in asked_of(criteria):
        days = stated.availability
        least = f"（少なくとも{days_in_words(days.least)}）" if days and days.least else ""
        yield (
            LABELS[Asked.AVAILABILITY],
            f"{days_in_words(days.most)}まで{least}" if days else None,
            "availability-most",
        )


def paper_rows(criteria: Sequence[Criterion], stated: Stated) -> Rows:
    """Give school, qualifications and languages, as far as criteria ask for them."""
    asked = asked_of(criteria)
    if Asked.EDUCATION in asked:
        yield LABELS[Asked.EDUCATION], school_words(stated.education) if stated.education else None, "education-level"
    if Asked.QUALIFICATIONS in asked:
        none = "入力する資格はありません" if stated.no_qualifications else None
        words = "\n".join(qualification_words(one) for one in stated.qualifications)
        yield LABELS[Asked.QUALIFICATIONS], words or none, "qualifications-0-name" if words else "no_qualifications"
    if Asked.LANGUAGES in asked:
        none = "入力する語学の結果はありません" if stated.no_languages else None
        words = "\n".join(language_words(one) for one in stated.languages)
        yield LABELS[Asked.LANGUAGES], words or none, "languages-0-result" if words else "no_languages"


def _when(given: str | None, word: str) -> str:
    return f"（{given_in_words(given)}{word}）" if given else f"（{word}）"


def school_words(school: Education) -> str:
    """Write the last school: 大学（2015年3月卒業）."""
    level = EDUCATIONS.get(school.level, school.level)
    if school.is_expected:
        return level + _when(school.graduated_on, "卒業見込み")
    return level + (_when(school.graduated_on, "卒業") if school.graduated_on else "")


def qualification_words(one: Qualification) -> str:
    """Write a qualification: 基本情報技術者試験（2027年3月取得見込み）."""
    if one.is_expected:
        return one.name + _when(one.acquired_on, "取得見込み")
    return one.name + (_when(one.acquired_on, "取得") if one.acquired_on else "")


def language_words(one: LanguageTest) -> str:
    """Write the result of a test: HSK（漢語水平考試） 6級 180点."""
    return bar_in_words(one.name or one.scheme, one.level or None, one.score)
