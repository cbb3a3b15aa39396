"""A row that keeps bytes, whatever room it is of: the worker scans and sweeps them all by this."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.model import Instant, one_of


class ScanState(StrEnum):
    UNSCANNED = "unscanned"
    CLEAN = "clean"
    INFECTED = "infected"

    @property
    def label(self) -> str:
        return {"unscanned": "未検査", "clean": "検査済み", "infected": "受け取れません"}[self.value]


class KeptFile:
    """Bytes under an opaque key; written and synced before the row (design 2)."""

    key: Mapped[str] = mapped_column(String(64), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    media: Mapped[str] = mapped_column(String(100))
    pages: Mapped[int | None]
    scan_state: Mapped[ScanState] = mapped_column(one_of(ScanState, name="scan_state"), default=ScanState.UNSCANNED)
    stored_at: Mapped[datetime] = mapped_column(Instant)
    scan_due_at: Mapped[datetime | None] = mapped_column(Instant, index=True)  # of the next try; None: none is owed
    scan_tries: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def is_pending(self) -> bool:
        """A scan is owed: until it has answered, nobody but the sender opens the file."""
        return self.scan_state is ScanState.UNSCANNED and self.scan_due_at is not None

    @property
    def is_unsafe(self) -> bool:
        return self.scan_state is ScanState.INFECTED

    @property
    def scan_words(self) -> str:
        return "検査待ち" if self.is_pending else self.scan_state.label


def kept_tables() -> list[type[KeptFile]]:
    """Give the tables of all rooms that keep bytes."""
    return KeptFile.__subclasses__()
