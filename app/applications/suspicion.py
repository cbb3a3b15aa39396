"""Signs that a program filled in the form (V6): they mark an application for a person and refuse nothing. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

TRAP = "homepage_url"  # a field that no person sees, by a name that programs like and no browser fills by itself
SOONEST = timedelta(seconds=20)  # five steps and 確認 take a person longer, also with everything filled in by a browser


class Sign(StrEnum):
    TRAP = "trap"
    FAST = "fast"

    @property
    def label(self) -> str:
        return {
            "trap": "人の目に見えない欄に入力がありました",
            "fast": f"書き始めてから{SOONEST.seconds}秒たたずに送信されました",
        }[self.value]


def signs(*, is_trapped: bool, started_at: datetime, at: datetime) -> str | None:
    """Name the signs of one send as they are stored; None when there are none."""
    found = [Sign.TRAP] if is_trapped else []
    if at - started_at < SOONEST:
        found.append(Sign.FAST)
    return " ".join(found) or None


def labels(stored: str | None) -> list[str]:
    """Say in words what is stored of an application."""
    return [Sign(sign).label for sign in (stored or "").split()]
