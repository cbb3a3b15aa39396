"""What a list of applicants is asked for by its address: where they stand, in which order, which page. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from app.applications.standing import Standing
from app.core.numbers import whole_number


class Sort(StrEnum):
    RECEIVED = "received"
    KANA = "kana"
    OUTCOME = "outcome"


@dataclass(frozen=True)
class Asked:
    """One view of the list; every value comes from the address and is harmless there (design 43)."""

    standing: Standing | None = None
    sort: Sort = Sort.RECEIVED
    descending: bool = False
    page: int = 1
    search: UUID | None = None

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """Read an address; what it says wrongly is left out."""
        standing, sort, page = args.get("standing", ""), args.get("sort", ""), args.get("page", "")
        return cls(
            standing=Standing(standing) if standing in set(Standing) else None,
            sort=Sort(sort) if sort in set(Sort) else Sort.RECEIVED,
            descending=args.get("order") == "desc",
            page=whole_number(page, 1),
            search=_uuid(args.get("search", "")),
        )

    def args(self, **changes: Any) -> dict[str, Any]:
        """Give the arguments of the address with some of them changed; what is usual is left out."""
        new = replace(self, **{"page": 1, **changes})
        return {
            "standing": new.standing,
            "sort": None if new.sort is Sort.RECEIVED else new.sort,
            "order": "desc" if new.descending else None,
            "page": new.page if new.page > 1 else None,
            "search": new.search,
        }

    def sorted_by(self, sort: Sort) -> dict[str, Any]:
        """Give the arguments that sort by a column, the other way round when it is sorted by it already."""
        return self.args(sort=sort, descending=self.sort is sort and not self.descending)

    def direction(self, sort: Sort) -> str | None:
        """Name the direction in which a column is sorted now, for aria-sort."""
        if self.sort is not sort:
            return None
        return "descending" if self.descending else "ascending"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
