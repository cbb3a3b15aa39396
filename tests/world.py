"""Two cities with every kind of object that an address names, and what of them pages must not show each other."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import inspect, select

from app.accounts.models import StaffUser
from app.core.access import OPENING_ROLES, Role
from app.core.context import SYSTEM
from app.core.database import reading_beside
from app.core.model import Base
from app.organisations.models import Organisation
from config import Settings
from tests import factories, planting
from tests.planting import Seeker, Words

UNTOLD = {
    "access_event": None,
    "message_look": None,
    "rate_count": None,
    "staff_session": "seen_at",
    "applicant_session": "seen_at",
}
EDITED = frozenset({"staff_openings.edit", "staff_openings.save"})  # only a draft is edited


@dataclass(frozen=True)
class City:
    """A city with its people and objects, by the name that an address gives them.

    `elsewhere` are those of a second opening, for which nobody in `people` reviews.
    """

    words: Words
    organisation: Organisation
    people: dict[Role, StaffUser]
    objects: dict[str, Any]
    elsewhere: dict[str, Any]
    assignments: dict[Role, uuid.UUID]
    draft_id: uuid.UUID
    search_id: uuid.UUID
    seeker: Seeker
    neighbour: Seeker  # applied for the same opening

    @property
    def slug(self) -> str:
        return self.organisation.slug

    @property
    def applicant_token(self) -> str:
        return self.seeker.token

    @property
    def canaries(self) -> tuple[str, ...]:
        """What another city's pages must not hold: the city's word in each script, and its ids."""
        words = (self.words.kanji, self.words.kana, self.words.latin, self.words.short_name)
        return (*words, *(str(one) for one in self.ids()))

    def ids(self) -> Iterator[uuid.UUID]:
        """The organisation, its people and its objects."""
        yield from (self.organisation.id, self.draft_id, self.search_id, *self.assignments.values())
        yield from (user.id for user in self.people.values())
        for seeker in (self.seeker, self.neighbour):
            yield seeker.id
            yield from (one for one in seeker.objects.values() if isinstance(one, uuid.UUID))
        for objects in (self.objects, self.elsewhere):
            yield from (one for one in objects.values() if isinstance(one, uuid.UUID))

    def objects_for(self, role: Role, endpoint: str = "") -> dict[str, Any]:
        """The objects that a role may reach: its own assignment; for the editor the opening that is still a draft."""
        own = {"assignment_id": self.assignments[role]} if role in self.assignments else {}
        edited = {"opening_id": self.draft_id} if endpoint in EDITED else {}
        return self.objects | own | edited


@dataclass(frozen=True)
class World:
    own: City
    other: City


def build_world() -> World:
    """Build both cities, and a third in which nothing is, in the database of the bound application."""
    factories.organisation("kumoi", "雲居市", short_name="KUMOI")
    return World(own=_city(Words("青嵐", "せいらん", "seiran")), other=_city(Words("宵闇", "よいやみ", "yoiyami")))


def _city(words: Words) -> City:
    organisation = factories.organisation(words.latin, words("市"), short_name=words.short_name)
    planting.form_of_employment(organisation, words)
    opening = planting.opening(organisation, words, is_over=True)
    elsewhere = planting.opening(organisation, words, is_over=False)
    people = {role: planting.person(organisation, role, opening, words) for role in Role}
    staffed = people | {role: planting.person(organisation, role, elsewhere, words, "別の") for role in OPENING_ROLES}
    for one in (opening, elsewhere):
        planting.amendment(one, people[Role.AUTHOR], words)
    objects, assignments = planting.selection(organisation, opening, people, words)
    others, _assignments = planting.selection(organisation, elsewhere, staffed, words)
    objects |= {"membership_id": planting.invited(organisation, words), "section": "basic", "stage_key": "documents"}
    objects |= {"number": 1}
    return City(
        words=words,
        organisation=organisation,
        people=people,
        objects=objects,
        elsewhere=objects | others,
        assignments=assignments,
        draft_id=planting.draft(organisation, words).id,
        search_id=planting.look(organisation, opening, people[Role.HR], words),
        seeker=planting.seeker(organisation, elsewhere, words, "本人"),
        neighbour=planting.seeker(organisation, elsewhere, words, "隣人"),
    )


def digest_of(whose: World | City) -> dict[str, str]:
    """Digest every table: of a world all rows and the kept files, of a city the rows that name one of its ids.

    Left out is what reading changes: who looked, when a session was last seen, how often something was tried.
    """
    return _digest_of(frozenset(whose.ids())) if isinstance(whose, City) else database_digest()


def database_digest() -> dict[str, str]:
    """Digest all rows of every table and the kept files, as `digest_of` does."""
    return _digest_of(None) | {"files": _digest(_files())}


def _digest_of(ids: frozenset[uuid.UUID] | None) -> dict[str, str]:
    with reading_beside(current_app.extensions["koubo.engine"], SYSTEM) as session:
        return {name: _digest(rows) for name, rows in _tables(session, ids)}


def _tables(session: Any, ids: frozenset[uuid.UUID] | None) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    for table in Base.metadata.sorted_tables:
        left_out = UNTOLD.get(table.name, "")
        if left_out is None:
            continue
        columns = [column for column in table.columns if column.name != left_out]
        rows = session.execute(select(*columns).order_by(*inspect(table).primary_key)).all()
        yield table.name, [tuple(row) for row in rows if ids is None or ids & _ids_in(row)]


def _ids_in(row: Any) -> set[uuid.UUID]:
    return {value for value in row if isinstance(value, uuid.UUID)}


def _files() -> list[tuple[str, int]]:
    settings: Settings = current_app.extensions["koubo.settings"]
    return sorted((file.name, file.stat().st_size) for file in settings.files_dir.rglob("*") if file.is_file())


def _digest(rows: list[Any]) -> str:
    return hashlib.sha256(repr(rows).encode()).hexdigest()
