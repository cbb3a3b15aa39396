"""What a person needs in a selection, as it stands sealed in the database (P-12). Pure."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Need(StrEnum):
    """The usual kinds; anything else is said in words."""

    SIGN_OR_WRITING = "sign_or_writing"
    LARGE_PRINT = "large_print"
    BRAILLE = "braille"
    SEAT = "seat"
    ONLINE = "online"
    MORE_TIME = "more_time"
    COMPUTER = "computer"
    OTHER = "other"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Need.SIGN_OR_WRITING: "手話通訳・筆談",
    Need.LARGE_PRINT: "拡大文字の資料",
    Need.BRAILLE: "点字の資料",
    Need.SEAT: "車いす・座席の配慮",
    Need.ONLINE: "オンラインでの面接",
    Need.MORE_TIME: "時間の延長",
    Need.COMPUTER: "パソコンの使用",
    Need.OTHER: "その他",
}


@dataclass(frozen=True)
class Needs:
    """What was chosen, what was said of it, and how the person wants to be reached about it."""

    chosen: tuple[Need, ...] = ()
    words: str = ""
    contact: str = ""

    def as_text(self) -> str:
        """Write for sealing."""
        return json.dumps(
            {"chosen": list(self.chosen), "words": self.words, "contact": self.contact}, ensure_ascii=False
        )

    def joined(self, then: Self) -> Self:
        """Say both, each thing once."""
        chosen = tuple(one for one in Need if one in {*self.chosen, *then.chosen})
        return type(self)(chosen, _both(self.words, then.words), _both(self.contact, then.contact))

    @classmethod
    def of_text(cls, text: str) -> Self:
        """Read what `as_text` wrote; a kind that is no longer offered counts as その他."""
        said = json.loads(text)
        chosen = tuple(Need(one) if one in set(Need) else Need.OTHER for one in said["chosen"])
        return cls(chosen, said["words"], said["contact"])


def _both(first: str, then: str) -> str:
    return "\n".join(dict.fromkeys(one for one in (first, then) if one))
