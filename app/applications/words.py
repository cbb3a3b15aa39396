"""Sentences and masks of the applicant's pages and mails. Pure."""

from datetime import datetime, timedelta

from app.applications.queries import Call
from app.core import clock
from app.core.templating import jst_date
from app.openings.content import OpeningContent, StageContent


def masked_mail(address: str) -> str:
    """Show a mail address so that only its owner knows it: h***@example.jp."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***{at}{domain}"


def to_the_second(at: datetime) -> str:
    """Write a closing instant: 2026年11月30日（月）17:15:00."""
    local = at.astimezone(clock.JST)
    return f"{jst_date(at)}{local.hour}:{local:%M:%S}"


def milliseconds(at: datetime) -> str:
    """Write the time of day to the millisecond, rounded up so that what is late never reads as the deadline."""
    up = at.astimezone(clock.JST) + timedelta(microseconds=-at.microsecond % 1000)
    return f"{up.hour}:{up:%M:%S}.{up.microsecond // 1000:03d}"


def late_words(call: Call, at: datetime) -> str:
    """Tell plainly that a submit came too late, and whom to ask."""
    city = call.organisation
    closes_at = call.opening.closes_at
    last = to_the_second(closes_at) if closes_at else ""
    day = "" if closes_at and _day(closes_at) == _day(at) else jst_date(at)
    return (
        f"締切後のため、応募を受け付けられませんでした。この募集の受付は {last} に終了しました。"
        f"送信がサーバーに届いたのは {day}{milliseconds(at)} です。締切後の送信として記録しました。"
        f"お問い合わせ：{city.name} {city.contact_department} {city.contact_phone}（{city.contact_hours}）"
    )


def _day(at: datetime) -> object:
    return at.astimezone(clock.JST).date()


def next_news(content: OpeningContent) -> StageContent | None:
    """Find the stage whose result is the first news after sending."""
    return content.stages[0] if content.stages else None
