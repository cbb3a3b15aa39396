"""On whose behalf a transaction runs (design 42), bound by one function, `bind`.

On PostgreSQL the context is set locally in each transaction and row-level security reads it. On SQLite a guard
refuses every statement that touches a ruled table without a context that may. On both, ORM statements of an
organisation's staff are narrowed to its rows besides.
"""

import re
import uuid
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria

from app.core.model import Base, RowRule, Tenant, ruled_tables, tables_in


class Kind(StrEnum):
    PUBLIC = "public"
    APPLICANT = "applicant"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True)
class Context:
    """One of: the public, one applicant, the staff of one organisation, the system itself (worker, commands)."""

    kind: Kind
    organisation_id: uuid.UUID | None = None
    applicant_id: uuid.UUID | None = None


PUBLIC = Context(Kind.PUBLIC)
SYSTEM = Context(Kind.SYSTEM)


def staff_of(organisation_id: uuid.UUID) -> Context:
    return Context(Kind.STAFF, organisation_id=organisation_id)


def applicant(applicant_id: uuid.UUID) -> Context:
    return Context(Kind.APPLICANT, applicant_id=applicant_id)


class ContextMissing(Exception):
    """A statement touches a ruled table that the bound context (or none) may not touch: a programming error."""


_LOCAL = text(
    "SELECT set_config('koubo.kind', :kind, true), set_config('koubo.organisation', :organisation, true),"
    " set_config('koubo.applicant', :applicant, true)"
)


def bind(session: Any, context: Context) -> None:
    """Bind the context of this session's transactions from here on.

    A context may be narrowed within a transaction (the public to a signed-in person), never changed to another
    organisation's or person's once bound: `session.remove()` or a new session comes first.

    Raises: ContextMissing when the bound context is somebody else's.
    """
    session = _plain(session)
    bound: Context | None = session.info.get("context")
    if bound is not None and bound != context and bound.kind is not Kind.PUBLIC:
        raise ContextMissing(f"{bound.kind} is bound already; {context.kind} needs a session of its own")
    session.info["context"] = context
    if session.in_transaction():
        _set_locally(session.connection(), context)


def bound(session: Any) -> Context | None:
    """The context bound to this session, if any."""
    context: Context | None = _plain(session).info.get("context")
    return context


def _plain(session: Any) -> Session:
    return session if isinstance(session, Session) else session()  # a scoped session gives the real one


def _set_locally(connection: Connection, context: Context) -> None:
    connection.info["context"] = context
    if connection.dialect.name == "postgresql":
        values = {"organisation": str(context.organisation_id or ""), "applicant": str(context.applicant_id or "")}
        connection.execute(_LOCAL, {"kind": context.kind.value, **values})


def _after_begin(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    context = session.info.get("context")
    connection.info.pop("context", None)
    if context is not None:
        _set_locally(connection, context)


def _narrow_to_organisation(state: ORMExecuteState) -> None:
    context = state.session.info.get("context")
    if context is None or context.kind is not Kind.STAFF or state.is_column_load:
        return
    own = context.organisation_id
    state.statement = state.statement.options(
        with_loader_criteria(Tenant, lambda table: table.organisation_id == own, include_aliases=True)
    )


@lru_cache(maxsize=2000)
def _ruled_in(statement: str) -> tuple[str, ...]:
    return tuple(sorted(tables_in(statement) & ruled_tables().keys()))


_WRITTEN = re.compile(
    r"(insert into|update|delete from) (\w+)(?: set (.*?)(?:\swhere\s|$))?", re.DOTALL | re.IGNORECASE
)
_CHANGED = re.compile(r"(\w+) ?= ?")


@lru_cache(maxsize=2000)
def _written_in(statement: str) -> tuple[str, str, frozenset[str]]:
    """The verb of a statement, the table that it writes and the columns that it changes; empty where it reads."""
    found = _WRITTEN.match(statement)
    if found is None:
        return "", "", frozenset()
    return found[1].lower().split()[0], found[2], frozenset(_CHANGED.findall(found[3] or ""))


def _may_touch(rule: RowRule, kind: Kind, verb: str, changed: frozenset[str]) -> bool:
    if kind is Kind.SYSTEM or (verb == "insert" and rule.anyone_inserts):
        return True
    if verb:
        allowed = {Kind.STAFF: rule.staff and rule.staff_may, Kind.APPLICANT: rule.applicant and rule.applicant_may}
        enough = ("insert", "write") if verb == "insert" else ("write",)
        return allowed.get(kind) in enough and changed.isdisjoint(rule.kept_by(kind))
    if kind is Kind.STAFF:
        return rule.staff is not None
    if kind is Kind.APPLICANT:
        return rule.applicant is not None or rule.public is not None
    return rule.public is not None


def _guard(connection: Connection, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
    """Refuse a statement on ruled tables that the bound context may not touch (SQLite's second net)."""
    tables = _ruled_in(statement)
    if not tables:
        return
    context: Context | None = connection.info.get("context")
    if connection.get_execution_options().get("unguarded"):  # migrations and the schema tests
        return
    verb, written, changed = _written_in(statement)
    for table in tables:
        rule: RowRule = Base.metadata.tables[table].info["rule"]
        doing = (verb, changed) if table == written else ("", frozenset[str]())
        if context is None or not _may_touch(rule, context.kind, *doing):
            raise ContextMissing(f"{table} may not be touched in the context {context.kind if context else 'none'}")


def watch(engine: Any, session_class: Any) -> None:
    """Install the listeners on the application's engine and session class, once each."""
    if not event.contains(session_class, "after_begin", _after_begin):
        event.listen(session_class, "after_begin", _after_begin)
        event.listen(session_class, "do_orm_execute", _narrow_to_organisation)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "before_cursor_execute", _guard)
    event.listen(engine, "checkin", _forget)


def _forget(_connection: Any, record: Any) -> None:
    record.info.pop("context", None)  # the next user of a pooled connection starts without a context
