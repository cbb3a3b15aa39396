"""Column types and the base of every table (design 12, 42, 44).

A tenant table says so with `tenant_table(...)`: it gets `UNIQUE (organisation_id, id)` for composite foreign keys,
and a RowRule from which the migration writes PostgreSQL's row-level security and the guard in `core.context` refuses
statements.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Dialect,
    Enum,
    ForeignKeyConstraint,
    MetaData,
    String,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant: timestamptz on PostgreSQL, fixed-width UTC text on SQLite so that text order is time
    order."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time was given to the database")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        return datetime.fromisoformat(value)  # the Z is UTC


JsonValue = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def one_of(enum: type[StrEnum], *, name: str) -> Enum:
    """A closed set stored as its text with a CHECK constraint."""
    return Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=name,
        values_callable=lambda members: [str(member.value) for member in members],
    )


def new_id() -> uuid.UUID:
    return uuid.uuid4()


class Identified:
    """A random UUID as the key: nothing can be guessed or counted from it."""

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id, sort_order=-20)


class Tenant(Identified):
    """A row that belongs to one organisation."""

    organisation_id: Mapped[uuid.UUID] = mapped_column(Uuid, nullable=False, sort_order=-10)


@dataclass(frozen=True)
class RowRule:
    """Who may touch rows of a table, as SQL conditions on the row (None: nobody of that kind).

    `public` is for reading without sign-in; `applicant` for the signed-in applicant, `applicant_may` is read, insert
    or write;
    `staff` stands for the rule organisation_id = own unless given; `anyone_inserts` is for chains and queues.
    Columns that are kept are changed by the system alone: `kept` by neither staff nor applicants, the others each.
    """

    public: str | None = None
    applicant: str | None = None
    applicant_may: str = "read"
    staff: str | None = "organisation_id = koubo_organisation()"
    staff_may: str = "write"
    anyone_inserts: bool = False
    kept: tuple[str, ...] = ()
    staff_kept: tuple[str, ...] = ()
    applicant_kept: tuple[str, ...] = ()

    def kept_by(self, kind: str) -> tuple[str, ...]:
        """The columns that this kind of context may not change in a row that it may write."""
        return self.kept + {"staff": self.staff_kept, "applicant": self.applicant_kept}.get(kind, ())


OWN = "applicant_id = koubo_applicant()"


def through(table: str, parent: str, key: str) -> str:
    """The condition that the row's parent is visible to the one who asks (its own rule decides)."""
    return f"EXISTS (SELECT 1 FROM {parent} AS parent WHERE parent.id = {table}.{key})"  # noqa: S608  # our own names


def tenant_table(*items: SchemaItem, rule: RowRule | None = None, insert_only: bool = False) -> tuple[Any, ...]:
    """Build `__table_args__` of a tenant table."""
    return (
        *items,
        ForeignKeyConstraint(["organisation_id"], ["organisation.id"]),
        UniqueConstraint("organisation_id", "id"),
        {"info": {"rule": rule or RowRule(), "tenant": True, "insert_only": insert_only}},
    )


def person_table(*items: SchemaItem, rule: RowRule, insert_only: bool = False) -> tuple[Any, ...]:
    """Build `__table_args__` of a table that is shared or owned by a person and has a rule of its own."""
    return (*items, {"info": {"rule": rule, "tenant": False, "insert_only": insert_only}})


def tenant_key(column: str, table: str, **options: Any) -> ForeignKeyConstraint:
    """A composite foreign key: a row can only point at a row of the same organisation."""
    return ForeignKeyConstraint(["organisation_id", column], [f"{table}.organisation_id", f"{table}.id"], **options)


def differs(one: str, other: str) -> CheckConstraint:
    """Four eyes in the database: the two people are not the same account."""
    return CheckConstraint(f"{one} <> {other}", name=f"{one}_differs")


def ruled_tables() -> dict[str, RowRule]:
    """Every table with a rule on its rows, by name."""
    return {t.name: t.info["rule"] for t in Base.metadata.sorted_tables if "rule" in t.info}


_NAMED = re.compile(r'\b(?:from|join|into|update)\s+((?:"?\w+"?(?:\s+as\s+\w+)?\s*,\s*)*"?\w+"?)')


def tables_in(sql: str) -> frozenset[str]:
    """The names that stand where an SQL text names tables: after FROM, JOIN, INTO and UPDATE."""
    lists = _NAMED.findall(sql.lower())
    return frozenset(name.split()[0].strip('"') for found in lists for name in found.split(","))
