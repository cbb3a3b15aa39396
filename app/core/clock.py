"""The one place where the time is read. Instants are aware UTC; people see Japan time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JST = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """Read the clock: aware UTC, microseconds."""
    return datetime.now(UTC)


def today() -> date:
    """Read today's date in Japan."""
    return now().astimezone(JST).date()
