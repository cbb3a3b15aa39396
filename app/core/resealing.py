"""Encrypt anew, under the current key, what stands under an older one (design 45): every column marked as sealed.

A few rows at a time, each batch a short transaction: the application goes on, and what a stop leaves is found by the
next run. A value that changed in between is left as it is. The rows' own versions stay: nothing that a page shows
has changed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Engine, select, update
from sqlalchemy.orm import Session

from app.core.context import SYSTEM
from app.core.crypto import UnknownKey, decrypt, encrypt, key_id_of, key_ids
from app.core.database import changed_rows, own_transaction, reading_beside
from app.core.model import Base

BATCH = 100


@dataclass(frozen=True)
class Batch:
    """What became of some values of one column; `closed` counts by key id those that no key opens."""

    column: str
    renewed: int
    closed: Counter[str]


def sealed_columns() -> list[Column[Any]]:
    """List the columns that hold encrypted values."""
    return [one for table in Base.metadata.sorted_tables for one in table.columns if one.info.get("sealed")]


def reseal(engine: Engine, *, size: int = BATCH) -> Iterator[Batch]:
    """Encrypt anew what does not stand under the current key, and say so after each committed batch."""
    for column in sealed_columns():
        name, after = f"{column.table.name}.{column.name}", None
        while rows := _older(engine, column, after, size):
            with own_transaction(engine, SYSTEM) as session:
                renewed = sum(_renew(session, column, *row) for row in rows)
            after = rows[-1][0]
            yield Batch(name, renewed, Counter(key_id_of(value) for _id, value in rows if _opened(value) is None))


def left_count(engine: Engine) -> int:
    """Count the values that do not stand under the current key."""
    return sum(len(_older(engine, column, None, None)) for column in sealed_columns())


def _older(engine: Engine, column: Column[Any], after: Any, size: int | None) -> list[tuple[Any, str]]:
    """Read the next values under other keys, in the order of their rows."""
    key = column.table.c.id
    query = select(key, column).where(column != "", ~column.startswith(f"{key_ids()[0]}:", autoescape=True))
    if after is not None:
        query = query.where(key > after)
    with reading_beside(engine, SYSTEM) as session:
        return [(row[0], row[1]) for row in session.execute(query.order_by(key).limit(size))]


def _opened(value: str) -> str | None:
    try:
        return decrypt(value)
    except UnknownKey:
        return None


def _renew(session: Session, column: Column[Any], row_id: Any, value: str) -> bool:
    """Encrypt one value anew unless it has changed meanwhile or no key opens it; say whether it was done."""
    text, table = _opened(value), column.table
    if text is None:
        return False
    same = table.c.id == row_id, column == value
    return changed_rows(session, update(table).where(*same).values({column.name: encrypt(text)})) == 1
