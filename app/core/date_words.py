"""Days and lengths of time in the words of the page's language."""

from datetime import date

from app.core.language import counted, is_english, paragraph

ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_in_words(day: date) -> str:
    """Write a day: 2026年11月30日, 30 Nov 2026."""
    if is_english():
        return f"{day.day} {month_in_words(day.year, day.month)}"
    return f"{day.year}年{day.month}月{day.day}日"


def month_in_words(year: int, month: int) -> str:
    """Write a month: 2026年11月, Nov 2026."""
    return f"{ENGLISH_MONTHS[month - 1]} {year}" if is_english() else f"{year}年{month}月"


def length(months: int, days: int) -> str:
    """Write a length as 年・か月・日, all three always."""
    return paragraph(counted("%(n)s年", months // 12), counted("%(n)sか月", months % 12), counted("%(n)s日", days))


def months_in_words(months: int) -> str:
    """Write a number of months as years and months, leaving out what is 0: 5年, 1年6か月, 11か月."""
    years, rest = divmod(months, 12)
    return paragraph(
        counted("%(n)s年", years) if years else "", counted("%(n)sか月", rest) if rest or not years else ""
    )
