"""What a person writes in an application, as one typed value, kept as JSON in a draft and, once sent, in a version.

Stored values are strict already (`jp.text`); names are kept as typed. `history` has the form of 職務経験の通算 with
month precision allowed (YYYY-MM), so that the eligibility engine reads it as it is.
"""

import uuid
from datetime import datetime
from typing import Any

from app.eligibility.facts import Part, Stated


class Person(Part):
    family_name: str = ""
    given_name: str = ""
    family_kana: str = ""  # hiragana
    given_kana: str = ""
    name_note: str = ""  # what the person says about characters that could not be typed (代替文字)
    mail: str = ""
    birth_date: str | None = None  # ISO
    phone: str = ""  # digits
    postal_code: str = ""  # seven digits
    address: str = ""


class FileAnswer(Part):
    stored_file_id: str
    file_name: str
    size: int
    sha256: str
    pages: int | None = None
    pixels: tuple[int, int] | None = None  # width and height of an image


class Typed(Part):
    """What stands in the boxes of a step as typed, kept until it can be read; `checked`: the person asked to go on.

    `page` and `turn` are of text that the page saved by itself: which open page it was, and which of its saves.
    """

    fields: list[tuple[str, str]] = []
    checked: bool = False
    page: str = ""
    turn: int = 0


class Removed(Part):
    """What a person took out of a draft last, an entry or a file, until it is put back, sent, or another follows."""

    place: str  # the list of entries or the file field
    entry: str  # the entry's own name, such as jobs-1; of a file the document kind
    label: str  # 職歴2（見本株式会社）
    at: datetime
    fields: list[tuple[str, str]] = []
    file: FileAnswer | None = None


class Answers(Stated):
    """All answers of one draft or version. `statements` are keyed by question key; what criteria look at is `Stated`.

    `typed` is of drafts only: by step, what could not be read (yet) or was put aside.
    """

    person: Person = Person()
    statements: dict[str, str] = {}
    documents: dict[str, FileAnswer] = {}  # by document kind key
    steps_done: list[str] = []
    typed: dict[str, Typed] = {}
    apart: list[str] = []  # of drafts only: the shared questions that are answered for each opening by itself
    filled_from: str = ""  # of drafts only: the application from which this one was filled
    refused: dict[str, str] = {}  # of drafts only: by document kind key, why the file sent last was not taken
    rivals: dict[str, Typed] = {}  # of drafts only: by step, what a page sent after another page had saved

    removed: Removed | None = None  # of drafts only
    wondered: list[str] = []  # of drafts only: the boxes about whose text the person was asked (`oddities`)
    read: dict[str, dict[str, int]] = {}  # of drafts only: by step and opening, the amendment it was saved under
    saved_for: dict[str, list[str]] = {}  # of a campaign's drafts: by step, the openings that asked when it was saved

    def file_ids(self) -> set[uuid.UUID]:
        """The files that must stay: in the slots, and the one that was taken out last."""
        taken_out = [self.removed.file] if self.removed and self.removed.file else []
        return {uuid.UUID(file.stored_file_id) for file in [*self.documents.values(), *taken_out]}

    def engine_history(self) -> dict[str, Any]:
        """The history in the form of the eligibility engine."""
        return {
            "birth_date": self.person.birth_date,
            "engagements": [entry.engagement() for entry in self.history],
        }
