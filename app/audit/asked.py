"""What the record is asked for by its address: who, what, of which thing, between which days. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Self

from app.core.numbers import whole_number

APPLICANTS, SYSTEM = "applicant", "system"
_DAY = re.compile(r"(\d{4})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?")
_SUBJECT = re.compile(r"[a-z_]{1,40}:[0-9a-f-]{36}")


@dataclass(frozen=True)
class Asked:
    """One view of a record; every value comes from the address and names nobody by name or number (design 43)."""

    actor: str = ""  # staff:<id>, applicant, system; empty: everybody
    action: str = ""
    subject: str = ""  # table:id
    since: str = ""  # days as typed
    until: str = ""
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """Read an address; what it says wrongly is left out, but for days, which the page shows again."""
        subject = args.get("subject", "")
        return cls(
            actor=args.get("actor", "")[:60],
            action=args.get("action", "")[:60],
            subject=subject if _SUBJECT.fullmatch(subject) else "",
            since=args.get("since", "").strip()[:20],
            until=args.get("until", "").strip()[:20],
            page=whole_number(args.get("page"), 1),
        )

    @property
    def is_filtered(self) -> bool:
        return any((self.actor, self.action, self.subject, self.since, self.until))

    @property
    def first_day(self) -> date | None:
        return read_day(self.since)

    @property
    def last_day(self) -> date | None:
        return read_day(self.until)

    @property
    def unread(self) -> list[str]:
        """The days that were typed and cannot be read."""
        return [typed for typed in (self.since, self.until) if typed and read_day(typed) is None]

    def args(self, **changes: Any) -> dict[str, Any]:
        """Give the arguments of the address with some of them changed; what is usual is left out."""
        new = replace(self, **{"page": 1, **changes})
        said = {name: getattr(new, name) or None for name in ("actor", "action", "subject", "since", "until")}
        return said | {"page": new.page if new.page > 1 else None}


def read_day(typed: str) -> date | None:
    """Read a day as people type it: 2026/11/1, 2026-11-01, 2026年11月1日; None for what is no day."""
    found = _DAY.fullmatch(typed.translate(str.maketrans("０１２３４５６７８９／－", "0123456789/-")))
    try:
        return date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None
