"""How a connection behaves (design 10, 46): SQLite's pragmas, read-only reads, immediate writes."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, partial
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click import ClickException
from flask import Flask
from sqlalchemy import Connection, Delete, Engine, Update, event, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, object_mapper

from app.core.context import Context, _after_begin, bind, watch
from app.core.errors import StaleWrite
from app.core.model import Base
from app.core.sqlite_library import has_safe_wal

BUSY_SECONDS = 10  # how long a writer waits for the one before
LOG_PAGES = 4000  # of SQLite's log, 16 MB, before they move into the database: a send writes 50, mostly the same
LOOK_AGAIN_SECONDS = 0.001  # between looks of the one writer of a process that waits for another process

_ONE_INSTANT = 3  # psycopg.IsolationLevel.REPEATABLE_READ; psycopg itself is there with PostgreSQL only

_reading: ContextVar[bool] = ContextVar("koubo_reading", default=False)


class UnsafeDatabase(ClickException):
    """The live connection does not have the durability that the design asks for."""


def read_only(reading: bool) -> None:
    """Say that the transactions begun from here on, in this thread, only read (GET) or may write."""
    _reading.set(reading)


def _sqlite_connect(connection: Any, _record: Any) -> None:
    import sqlite3  # here: the library chosen by sqlite_library, whoever imported this module first

    connection.isolation_level = None  # transactions are begun below
    wal = has_safe_wal(sqlite3.sqlite_version_info)
    for pragma in (
        f"journal_mode={'WAL' if wal else 'DELETE'}",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={1000 * BUSY_SECONDS}",
        f"wal_autocheckpoint={LOG_PAGES}",
    ):
        connection.execute("PRAGMA " + pragma)


def _sqlite_begin(turn: Lock, connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    reading = _reading.get()
    if connection.info.get("query_only") is not reading:
        driver.execute(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.info["query_only"] = reading
    if reading:
        driver.execute("BEGIN")
        return
    if "turn" not in connection.info and turn.acquire(timeout=BUSY_SECONDS):
        connection.info["turn"] = turn  # else SQLite's own waiting says that it is too long
        if _begin_soon(driver):
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_soon(driver: Any) -> bool:
    """Begin to write as soon as the other processes let us; SQLite itself would look again after up to 0.1 s."""
    import sqlite3

    until = time.monotonic() + BUSY_SECONDS
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                time.sleep(LOOK_AGAIN_SECONDS)
            else:
                return True
    finally:
        driver.execute(f"PRAGMA busy_timeout={1000 * BUSY_SECONDS}")
    return False


def _end_turn(_connection: Any, record: Any) -> None:
    turn: Lock | None = record.info.pop("turn", None)
    if turn is not None:
        turn.release()


def _postgresql_begin(connection: Connection) -> None:
    """Let the BEGIN that psycopg is about to send say that a page is read as of one instant."""
    driver: Any = connection.connection.driver_connection
    reading = _reading.get()
    if bool(driver.read_only) is not reading:
        driver.read_only = reading or None
        driver.isolation_level = _ONE_INSTANT if reading else None


def _end(rollback: Callable[[Any], None], connection: Any) -> None:
    """End what only read by COMMIT: after a ROLLBACK psycopg lets go of all that PostgreSQL has prepared for it."""
    if connection.read_only:
        connection.commit()
    else:
        rollback(connection)


def prepare_engine(engine: Engine) -> None:
    """Install the connection rules of this engine's database."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        # Writers of a process take turns: SQLite's waiting sleeps up to 0.1 s at a time, also when the lock is free.
        event.listen(engine, "begin", partial(_sqlite_begin, Lock()))
        event.listen(engine, "checkin", _end_turn)
    else:
        event.listen(engine, "begin", _postgresql_begin)
        engine.dialect.do_rollback = partial(_end, engine.dialect.do_rollback)  # type: ignore[method-assign]


def init_app(app: Flask, engine: Engine, session_class: type[Session]) -> None:
    """Prepare the application's engine and sessions."""
    prepare_engine(engine)
    watch(engine, session_class)
    app.extensions["koubo.engine"] = engine


@contextmanager
def own_transaction(engine: Engine, context: Context) -> Iterator[Session]:
    """A short writing transaction of its own beside a reading request (who looked; when a session was last seen)."""
    was = _reading.get()
    _reading.set(False)
    try:
        with OwnSession(engine) as session, session.begin():
            bind(session, context)
            yield session
    finally:
        _reading.set(was)


@contextmanager
def reading_beside(engine: Engine, context: Context) -> Iterator[Session]:
    """A short reading transaction of its own beside a request's, in another context (what no city may see of another).

    It sees what was committed, also while this thread holds SQLite's write lock.
    """
    was = _reading.get()
    _reading.set(True)
    try:
        with OwnSession(engine, expire_on_commit=False) as session, session.begin():
            bind(session, context)
            yield session
    finally:
        _reading.set(was)


@contextmanager
def looking(session: Any) -> Iterator[None]:
    """Read before writing, in a transaction that holds nobody up. What was read stays; it may have changed since."""
    session.commit()
    was = _reading.get()
    _reading.set(True)
    try:
        yield
    finally:
        _reading.set(was)
    session.commit()


def changed_rows(session: Any, statement: Update | Delete) -> int:
    """Run a conditional UPDATE or DELETE and say how many rows it met; of several at once, one sees its row."""
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)


class OwnSession(Session):
    """A session outside the request's, with the same context rules."""


event.listen(OwnSession, "after_begin", _after_begin)


def add_in_order(session: Any, rows: Iterable[Any]) -> None:
    """Add rows of several tables, flushed parents first: the unit of work knows relationships, not foreign keys."""
    ordered = sorted(rows, key=lambda row: _places()[row.__tablename__])
    for _name, same in groupby(ordered, key=lambda row: row.__tablename__):
        session.add_all(same)
        session.flush()


def add_first(session: Any, row: Any) -> None:
    """Add a row that a constraint keeps the only one of its kind. Raises: StaleWrite where another was first."""
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        session.rollback()
        raise StaleWrite from error


def insert_in_order(session: Any, rows: Iterable[Any]) -> None:
    """Insert new rows of several tables, parents first, by one statement a table.

    Far cheaper than `add_in_order`; the rows stay outside the session: what is changed later is not written.
    """
    connection = session.connection()
    ordered = sorted(rows, key=_place_and_names)
    for _place, same in groupby(ordered, key=_place_and_names):
        alike = list(same)
        connection.execute(_insert_into(alike[0].__table__), [_values(row) for row in alike])


_insert_into = lru_cache(maxsize=None)(insert)  # one statement a table, so that its key in the cache is made once


def _place_and_names(row: Any) -> tuple[int, list[str]]:
    """The place of a row's table, and which of its columns were set."""
    return _places()[row.__tablename__], sorted(row.__dict__)


def _values(row: Any) -> dict[str, Any]:
    """What an INSERT says of a new row, by column; what was not set is left to the column's default."""
    mapper, said = object_mapper(row), row.__dict__
    values = {one.columns[0].key: said[one.key] for one in mapper.column_attrs if one.key in said}
    if mapper.version_id_col is not None:
        values.setdefault(str(mapper.version_id_col.key), 1)
    return values


@lru_cache(maxsize=1)
def _places() -> dict[str, int]:
    return {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}


def check_schema(engine: Engine, migrations: Path) -> None:
    """Ask whether the database stands at the last migration.

    Raises: UnsafeDatabase.
    """
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    if set(current) != set(ScriptDirectory(str(migrations)).get_heads()):
        raise UnsafeDatabase("the database is not at the last migration: bin/flask db upgrade")


def check_durability(engine: Engine) -> None:
    """Ask a live connection for its settings (reliability P1).

    Raises: UnsafeDatabase naming what is off.
    """
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            _check_sqlite(connection)
        else:
            _check_postgresql(connection)


def _check_sqlite(connection: Connection) -> None:
    wanted = {"synchronous": 2, "foreign_keys": 1}
    for pragma, value in wanted.items():
        if connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() != value:
            raise UnsafeDatabase(f"PRAGMA {pragma} is not {value}")
    if connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
        raise UnsafeDatabase("journal_mode is not WAL: this SQLite library is not safe with WAL (pysqlite3 is missing)")


def _check_postgresql(connection: Connection) -> None:
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        if connection.exec_driver_sql(f"SHOW {setting}").scalar() == "off":
            raise UnsafeDatabase(f"{setting} is off")
    row = connection.exec_driver_sql(
        "SELECT rolsuper OR rolbypassrls"
        " OR EXISTS (SELECT 1 FROM pg_class WHERE relowner = pg_roles.oid AND relkind = 'r')"
        " FROM pg_roles WHERE rolname = current_user"
    ).scalar()
    if row:
        raise UnsafeDatabase(
            "the application's role owns tables or passes row-level security; give it a role of its own"
        )
