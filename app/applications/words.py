"""Sentences and masks of the applicant's pages and mails. Pure."""

from datetime import datetime, timedelta

from app.core import clock
from app.openings.content import OpeningContent, StageContent


def masked_mail(address: str) -> str:
    """Show a mail address so that only its owner knows it: h***@example.jp."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***{at}{domain}"


def milliseconds(at: datetime) -> str:
    """Write the time of day to the millisecond, rounded up so that what is late never reads as the deadline."""
    up = at.astimezone(clock.JST) + timedelta(microseconds=-at.microsecond % 1000)
    return f"{up.hour}:{up:%M:%S}.{up.microsecond // 1000:03d}"


def next_news(content: OpeningContent) -> StageContent | None:
    """Find the stage whose result is the first news after sending."""
    return content.stages[0] if content.stages else None
