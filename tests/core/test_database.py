"""What the two databases must refuse and hold, whatever the code above them does."""

import threading
from contextvars import Context
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from app.accounts.models import Membership
from app.audit.models import AuditEvent
from app.core import database
from app.core.context import PUBLIC, SYSTEM, ContextMissing, bind, staff_of
from app.core.database import UnsafeDatabase, check_durability, read_only
from app.core.model import Instant
from app.core.sqlite_library import has_safe_wal
from app.extensions import db
from app.organisations.models import LegalText, LegalTextKind, Organisation
from tests import factories


def two_cities() -> tuple[Organisation, Organisation]:
    return factories.organisation("shinagawa", "品川区"), factories.organisation("kobe", "神戸市")


def test_sqlite_is_a_fixed_version_with_wal_and_full_sync(sqlite_app: Flask) -> None:
    with db.engine.connect() as connection:
        version = tuple(int(n) for n in connection.exec_driver_sql("SELECT sqlite_version()").scalar_one().split("."))
        journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
        synchronous = connection.exec_driver_sql("PRAGMA synchronous").scalar()

    assert has_safe_wal(version)
    assert (journal, synchronous) == ("wal", 2)
    check_durability(db.engine)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 53, 4), True),
    ],
)
def test_only_fixed_sqlite_versions_get_wal(version: tuple[int, ...], safe: bool) -> None:
    assert has_safe_wal(version) is safe


def test_durability_check_refuses_a_relaxed_sync(sqlite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    original = database._sqlite_connect

    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
        connection.exec_driver_sql("BEGIN")
        with pytest.raises(UnsafeDatabase, match="synchronous"):
            database._check_sqlite(connection)
        connection.exec_driver_sql("ROLLBACK")
        original(connection.connection.driver_connection, None)
        connection.exec_driver_sql("BEGIN")


def test_writers_of_a_process_take_turns_and_none_needs_sqlites_waiting(sqlite_app: Flask) -> None:
    engine, failed = db.engine, []
    factories.organisation()

    def write(number: int) -> None:
        try:
            for _turn in range(5):
                with engine.connect() as connection:
                    connection.connection.execute("PRAGMA busy_timeout=0")  # the raw connection: no transaction yet
                    with connection.begin():
                        connection.exec_driver_sql(f"UPDATE organisation SET hue = 'hue-{number}'")
        except DBAPIError as error:
            failed.append(str(error))

    threads = [threading.Thread(target=Context().run, args=(write, number)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()

    assert failed == []


def test_a_turn_ends_with_its_transaction_also_a_failed_one(sqlite_app: Flask) -> None:
    factories.organisation()
    for _time in range(3):
        with pytest.raises(IntegrityError), db.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE organisation SET name = NULL")
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE organisation SET hue = 'hue-red'")
        assert "turn" in connection.info
    with db.engine.connect() as connection:
        assert "turn" not in connection.info


def test_the_applications_postgresql_role_owns_nothing(postgresql_app: Flask) -> None:
    with db.engine.connect() as connection:
        owned = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_class JOIN pg_roles ON relowner = pg_roles.oid WHERE rolname = current_user"
        ).scalar()
        special = connection.exec_driver_sql(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).scalar()

    assert (owned, special) == (0, False)


def test_a_tenant_table_without_a_context_is_out_of_reach(app: Flask) -> None:
    city, _other = two_cities()
    factories.staff(city)

    if db.engine.dialect.name == "sqlite":
        with pytest.raises(ContextMissing):
            db.session.scalars(select(Membership)).all()
    else:
        with db.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM membership")).scalar() == 0


def test_raw_sql_meets_the_second_net_too(app: Flask) -> None:
    city, other = two_cities()
    factories.staff(city)
    bind(db.session, staff_of(other.id))

    if db.engine.dialect.name == "sqlite":
        assert db.session.scalars(select(Membership)).all() == []
    else:
        assert db.session.execute(text("SELECT count(*) FROM membership")).scalar() == 0


def test_staff_of_one_city_read_only_its_rows(app: Flask) -> None:
    city, other = two_cities()
    factories.staff(city)
    factories.staff(other)
    factories.staff(other)

    for organisation, expected in ((city, 1), (other, 2), (city, 1)):
        db.session.remove()
        bind(db.session, staff_of(organisation.id))
        assert len(db.session.scalars(select(Membership)).all()) == expected


def test_a_bound_session_cannot_move_to_another_city(app: Flask) -> None:
    city, other = two_cities()
    bind(db.session, staff_of(city.id))

    with pytest.raises(ContextMissing):
        bind(db.session, staff_of(other.id))


def test_a_pooled_connection_forgets_the_context(app: Flask) -> None:
    city, _other = two_cities()
    factories.staff(city)
    bind(db.session, staff_of(city.id))
    assert len(db.session.scalars(select(Membership)).all()) == 1
    db.session.remove()

    bind(db.session, PUBLIC)
    if db.engine.dialect.name == "sqlite":
        with pytest.raises(ContextMissing):
            db.session.scalars(select(Membership)).all()
    else:
        assert db.session.scalars(select(Membership)).all() == []


def test_a_row_cannot_be_written_for_another_city(postgresql_app: Flask) -> None:
    city, other = two_cities()
    bind(db.session, staff_of(city.id))
    db.session.add(legal_text(other))

    with pytest.raises(ProgrammingError, match="row-level security"):
        db.session.commit()


def legal_text(organisation: Organisation) -> LegalText:
    return LegalText(
        organisation_id=organisation.id,
        kind=LegalTextKind.PURPOSE,
        number=1,
        body="利用目的",
        effective_on=datetime(2026, 4, 1, tzinfo=UTC).date(),
    )


def test_insert_only_rows_refuse_change_and_removal(app: Flask) -> None:
    city, _other = two_cities()
    factories.save(legal_text(city))

    for statement in ("UPDATE legal_text SET body = 'x'", "DELETE FROM legal_text"):
        db.session.remove()
        bind(db.session, SYSTEM)
        with pytest.raises(DBAPIError, match="insert-only|permission denied"):
            db.session.execute(text(statement))


def test_a_reading_request_cannot_write(app: Flask) -> None:
    city, _other = two_cities()
    read_only(True)
    bind(db.session, staff_of(city.id))
    db.session.add(legal_text(city))

    with pytest.raises(DBAPIError, match="read-only|readonly"):
        db.session.commit()
    db.session.rollback()
    read_only(False)


def test_a_page_that_ended_leaves_what_postgresql_prepared_for_the_next(postgresql_app: Flask) -> None:
    db.engine.dispose()  # else the pages take turns on the connections that earlier tests left
    read_only(True)
    for _page in range(7):  # psycopg prepares what came five times
        db.session.scalars(select(Organisation.slug)).all()
        db.session.remove()

    prepared = db.session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    db.session.remove()
    read_only(False)
    writes = (
        db.session.scalar(text("SHOW transaction_read_only")),
        db.session.scalar(text("SHOW transaction_isolation")),
    )

    assert any("FROM organisation" in statement for statement in prepared)
    assert writes == ("off", "read committed")


def test_a_key_cannot_point_into_another_city(app: Flask) -> None:
    from app.accounts.models import RoleGrant
    from app.core.access import Role

    city, other = two_cities()
    factories.staff(city)
    bind(db.session, SYSTEM)
    member = db.session.scalar(select(Membership))
    assert member is not None
    db.session.add(RoleGrant(organisation_id=other.id, membership_id=member.id, role=Role.HR, since=factories.LONG_AGO))

    with pytest.raises(IntegrityError):
        db.session.commit()


def test_instants_keep_microseconds_and_order_and_refuse_naive_times(app: Flask) -> None:
    from app.audit.models import AccessEvent

    first = datetime(2026, 11, 30, 8, 15, 0, 1, tzinfo=UTC)
    times = [first, first + timedelta(microseconds=1), first + timedelta(days=400)]
    factories.save(*(AccessEvent(at=at, actor="system", action="x", subject="x:1", rows=1) for at in reversed(times)))

    bind(db.session, SYSTEM)
    assert list(db.session.scalars(select(AccessEvent.at).order_by(AccessEvent.at))) == times
    with pytest.raises(ValueError, match="naive"):
        Instant().process_bind_param(datetime(2026, 1, 1), db.engine.dialect)  # noqa: DTZ001


def test_no_audit_row_stands_after_a_rolled_back_change(app: Flask) -> None:
    from app.audit import chain

    city, _other = two_cities()
    bind(db.session, SYSTEM)
    chain.record(db.session, "organisation.rename", city, by="system", name="x")
    db.session.rollback()
    db.session.commit()

    assert db.session.scalars(select(AuditEvent)).all() == []
