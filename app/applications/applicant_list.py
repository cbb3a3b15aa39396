"""What a list of applicants is asked for by its address: who, in which order, which page. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self, TypeVar
from uuid import UUID

from app.applications.screening_models import FindingOutcome
from app.applications.standing import Standing
from app.core.numbers import whole_number

PER_PAGE = (50, 100, 200)
Word = TypeVar("Word", bound=StrEnum)


class Sort(StrEnum):
    RECEIVED = "received"
    KANA = "kana"
    OUTCOME = "outcome"

    @property
    def label(self) -> str:
        return {"received": "受付順", "kana": "かな順", "outcome": "計算の結果（満たさない順）"}[self.value]


class Mark(StrEnum):
    """What is out of the ordinary with an application."""

    SHARED = "shared"
    RESENT = "resent"
    LATE = "late"
    UNSCANNED = "unscanned"
    UNCONFIRMED = "unconfirmed"
    SUSPECT = "suspect"

    @property
    def label(self) -> str:
        return {
            "shared": "同じメールアドレスの応募がほかにある",
            "resent": "送り直しがあった",
            "late": "締切後に届き、受け付けた",
            "unscanned": "未検査の書類がある",
            "unconfirmed": "メール未確認",
            "suspect": "自動送信の疑い",
        }[self.value]


@dataclass(frozen=True)
class Asked:
    """One view of the list; every value comes from the address and is harmless there (design 43)."""

    standing: Standing | None = None
    outcome: FindingOutcome | None = None  # as it was computed
    criterion: str = ""  # of which criterion; empty: the worst of all required ones
    mark: Mark | None = None
    sort: Sort = Sort.RECEIVED
    descending: bool = False
    page: int = 1
    per_page: int = 50
    search: UUID | None = None

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """Read an address; what it says wrongly is left out."""
        per_page = whole_number(args.get("per_page", ""), PER_PAGE[0])
        return cls(
            standing=_one_of(Standing, args.get("standing", "")),
            outcome=_one_of(FindingOutcome, args.get("outcome", "")),
            criterion=args.get("criterion", "")[:40],
            mark=_one_of(Mark, args.get("mark", "")),
            sort=_one_of(Sort, args.get("sort", "")) or Sort.RECEIVED,
            descending=args.get("order") == "desc",
            page=whole_number(args.get("page", ""), 1),
            per_page=per_page if per_page in PER_PAGE else PER_PAGE[0],
            search=_uuid(args.get("search", "")),
        )

    @property
    def is_filtered(self) -> bool:
        return self.outcome is not None or self.mark is not None

    @property
    def is_tuned(self) -> bool:
        """Whether anything but the state and the search differs from what is usual."""
        return self.is_filtered or self.sort is not Sort.RECEIVED or self.per_page != PER_PAGE[0]

    def args(self, **changes: Any) -> dict[str, Any]:
        """Give the arguments of the address with some of them changed; what is usual is left out."""
        new = replace(self, **{"page": 1, **changes})
        return {
            "standing": new.standing,
            "outcome": new.outcome,
            "criterion": new.criterion or None,
            "mark": new.mark,
            "sort": None if new.sort is Sort.RECEIVED else new.sort,
            "order": "desc" if new.descending else None,
            "page": new.page if new.page > 1 else None,
            "per_page": None if new.per_page == PER_PAGE[0] else new.per_page,
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


def _one_of(words: type[Word], given: str) -> Word | None:
    return words(given) if given in set(words) else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
