"""The chain of what changed: whole under concurrent writers, and any tampering names the first bad row (O1, I5)."""

import sqlite3
from contextlib import suppress
from functools import partial
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit import chain
from app.audit.models import AccessEvent, AuditDetail, AuditEvent, AuditHead
from app.core import clock
from app.core.context import SYSTEM, bind, staff_of
from app.core.database import read_only
from app.extensions import db
from app.organisations.models import Organisation
from config import Settings
from tests import factories
from tests.at_once import at_once
from tests.conftest import the_cluster

LINKS = 5


def act(subject: Organisation, *, name: str = "x") -> None:
    """One transaction of one recorded change."""
    db.session.remove()
    bind(db.session, SYSTEM)
    chain.record(db.session, "organisation.rename", subject, by="system", name=name)
    db.session.commit()


def a_city_with_links(count: int = LINKS) -> Organisation:
    city = factories.organisation()
    for number in range(count):
        act(city, name=str(number))
    return city


def verified() -> tuple[int, chain.Fault | None]:
    db.session.remove()
    bind(db.session, SYSTEM)
    return chain.verify(db.session)


def tamper(app: Flask, *statements: str) -> None:
    """Change rows as the owner of the database can, past triggers and rules."""
    db.session.remove()
    settings: Settings = app.extensions["koubo.settings"]
    if db.engine.dialect.name == "sqlite":
        _tamper_file(settings.data_dir / "koubo.sqlite", statements)
        return
    cluster, database = the_cluster(), str(db.engine.url.database)
    with psycopg.connect(host=str(cluster.folder), port=cluster.port, user="postgres", dbname=database) as owner:
        owner.execute("SET session_replication_role = replica")  # no triggers
        for statement in statements:
            owner.execute(statement)  # type: ignore[call-overload]


def _tamper_file(path: Path, statements: tuple[str, ...]) -> None:
    with sqlite3.connect(path) as owner:
        for (name,) in owner.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            owner.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            owner.execute(statement)
    owner.close()


def test_each_organisation_and_the_platform_have_a_chain_without_gaps(app: Flask) -> None:
    one, other = factories.organisation(), factories.organisation("kobe", "神戸市")
    user = factories.staff(one)
    for subject in (one, other, user, one, user, one):
        act(subject)

    db.session.remove()
    bind(db.session, SYSTEM)
    seqs = {
        name: list(db.session.scalars(select(AuditEvent.seq).where(AuditEvent.chain == name).order_by(AuditEvent.seq)))
        for name in (str(one.id), str(other.id), chain.PLATFORM)
    }
    assert seqs == {str(one.id): [1, 2, 3], str(other.id): [1], chain.PLATFORM: [1, 2]}
    assert verified() == (6, None)


def test_one_act_may_link_into_several_chains(app: Flask) -> None:
    cities = [factories.organisation(slug, slug) for slug in ("shinagawa", "kobe", "osaka")]
    bind(db.session, SYSTEM)
    for city in cities:
        chain.record(db.session, "organisation.rename", city, by="system")
    db.session.commit()

    assert verified() == (3, None)


def test_a_time_may_be_given_in_any_zone(app: Flask) -> None:
    city = factories.organisation()
    db.session.remove()
    bind(db.session, SYSTEM)
    chain.record(db.session, "organisation.rename", city, by="system", at=clock.now().astimezone(clock.JST))
    db.session.commit()

    assert verified()[1] is None


def test_staff_link_into_their_own_chain(app: Flask) -> None:
    city = factories.organisation()
    bind(db.session, staff_of(city.id))
    chain.record(db.session, "organisation.rename", city, by="staff:1")
    db.session.commit()

    assert verified() == (1, None)


def test_concurrent_writers_leave_no_gap_from_the_first_link_on(app: Flask) -> None:
    cities = [factories.organisation(), factories.organisation("kobe", "神戸市")]

    def write(number: int) -> None:
        for turn in range(6):
            db.session.remove()
            bind(db.session, SYSTEM)
            for city in cities if number % 2 else cities[::-1]:
                chain.record(db.session, "organisation.rename", city, by=f"staff:{number}", turn=turn)
            db.session.commit()

    assert at_once(app, *(partial(write, number) for number in range(6))) == [None] * 6
    assert verified() == (72, None)
    assert dict(db.session.execute(select(AuditHead.chain, AuditHead.seq)).all()) == {
        str(city.id): 36 for city in cities
    }


def test_a_transaction_taken_back_leaves_no_link(app: Flask) -> None:
    city = a_city_with_links(1)
    bind(db.session, SYSTEM)
    chain.record(db.session, "organisation.rename", city, by="system")
    db.session.rollback()
    act(city)

    assert verified() == (2, None)


def test_a_savepoint_taken_back_keeps_what_was_noted_outside_it(app: Flask) -> None:
    city = factories.organisation()
    bind(db.session, SYSTEM)
    chain.record(db.session, "noted.before", city, by="system")
    with suppress(KeyError), db.session.begin_nested():
        chain.record(db.session, "noted.within", city, by="system")
        raise KeyError
    with db.session.begin_nested():
        chain.record(db.session, "noted.kept", city, by="system")
    chain.record(db.session, "noted.after", city, by="system")
    db.session.commit()

    actions = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq))
    assert list(actions) == ["noted.before", "noted.kept", "noted.after"]


def test_an_outer_savepoint_takes_back_what_an_inner_one_released(app: Flask) -> None:
    city = factories.organisation()
    bind(db.session, SYSTEM)
    chain.record(db.session, "noted.before", city, by="system")
    with suppress(KeyError), db.session.begin_nested():
        with db.session.begin_nested():
            chain.record(db.session, "noted.within", city, by="system")
        raise KeyError
    db.session.commit()

    assert list(db.session.scalars(select(AuditEvent.action))) == ["noted.before"]
    assert verified() == (1, None)


def test_a_failed_commit_leaves_neither_change_nor_link(app: Flask) -> None:
    city = factories.organisation()
    bind(db.session, SYSTEM)
    chain.record(db.session, "organisation.rename", city, by="system", broken={1, 2})
    db.session.add(AuditHead(chain=None, seq=0, hash=""))  # type: ignore[arg-type]
    with pytest.raises(Exception, match="(?i)null"):
        db.session.commit()
    db.session.rollback()

    assert verified() == (0, None)


def test_a_detail_may_be_disposed_of_and_the_chain_stays_whole(app: Flask) -> None:
    a_city_with_links()
    db.session.remove()
    bind(db.session, SYSTEM)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.seq == 3)).one()
    db.session.delete(db.session.get_one(AuditDetail, event.id))
    db.session.commit()

    assert verified() == (LINKS, None)


RENAMED = "UPDATE audit_event SET seq = {to} WHERE seq = {seq}"
TAMPERED = {
    "altered actor": (["UPDATE audit_event SET actor = 'staff:9' WHERE seq = 3"], 3, "it was altered"),
    "altered action": (["UPDATE audit_event SET action = 'x.y' WHERE seq = 2"], 2, "it was altered"),
    "altered subject": (["UPDATE audit_event SET subject = 'mail:1' WHERE seq = 5"], 5, "it was altered"),
    "altered hash": (["UPDATE audit_event SET hash = 'f' WHERE seq = 1"], 1, "it was altered"),
    "deleted in the middle": (["DELETE FROM audit_event WHERE seq = 3"], 4, "a link is missing before it"),
    "deleted first": (["DELETE FROM audit_event WHERE seq = 1"], 2, "a link is missing before it"),
    "deleted and closed up": (
        ["DELETE FROM audit_event WHERE seq = 3", RENAMED.format(seq=4, to=3), RENAMED.format(seq=5, to=4)],
        3,
        "it does not follow the link before it",
    ),
    "swapped": (
        [RENAMED.format(seq=2, to=99), RENAMED.format(seq=3, to=2), RENAMED.format(seq=99, to=3)],
        2,
        "it does not follow the link before it",
    ),
    "re-linked but not re-hashed": (
        ["UPDATE audit_event SET prev = 'f' WHERE seq = 4"],
        4,
        "it does not follow the link before it",
    ),
    "truncated tail": (["DELETE FROM audit_event WHERE seq >= 4"], 3, "the chain ends before its head"),
    "truncated whole": (["DELETE FROM audit_event"], 0, "the chain ends before its head"),
    "head set back": (["UPDATE audit_head SET seq = 4"], 5, "the chain ends before its head"),
    "head removed": (["DELETE FROM audit_head"], 1, "the chain has no head"),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_verify_names_the_first_bad_row(app: Flask, case: str) -> None:
    statements, seq, what = TAMPERED[case]
    city = a_city_with_links()

    tamper(app, "DELETE FROM audit_detail", *statements)

    _count, fault = verified()
    assert fault == chain.Fault(str(city.id), seq, what)


def test_one_link_cannot_be_written_anew_without_all_that_follow(app: Flask) -> None:
    city = a_city_with_links()
    db.session.remove()
    bind(db.session, SYSTEM)
    second = db.session.scalars(select(AuditEvent).where(AuditEvent.chain == str(city.id), AuditEvent.seq == 2)).one()
    db.session.expunge(second)
    second.actor = "staff:somebody-else"
    forged = chain.link_hash(second)
    db.session.remove()

    tamper(
        app,
        f"UPDATE audit_event SET actor = '{second.actor}', hash = '{forged}' WHERE seq = 2",
        f"UPDATE audit_event SET prev = '{forged}' WHERE seq = 3",
    )

    assert verified()[1] == chain.Fault(str(city.id), 3, "it was altered")


def test_verify_finds_another_time(app: Flask) -> None:
    city = a_city_with_links()
    time = "2020-01-01T00:00:00.000000Z"

    tamper(app, f"UPDATE audit_event SET at = '{time}' WHERE seq = 2")

    assert verified()[1] == chain.Fault(str(city.id), 2, "it was altered")


def test_verify_finds_another_detail(app: Flask) -> None:
    city = a_city_with_links()
    second = "(SELECT id FROM audit_event WHERE seq = 2)"

    tamper(app, f"""UPDATE audit_detail SET body = '{{"name": "y"}}' WHERE event_id = {second}""")

    assert verified()[1] == chain.Fault(str(city.id), 2, "its detail was altered")


def test_verify_finds_an_inserted_row(app: Flask) -> None:
    city = a_city_with_links()
    columns = "chain, organisation_id, at, actor, action, subject, detail_digest, prev, hash"

    tamper(
        app,
        f"INSERT INTO audit_event (id, seq, {columns})"
        f" SELECT '00000000000000000000000000000001', 6, {columns} FROM audit_event WHERE seq = 5",
    )

    assert verified()[1] == chain.Fault(str(city.id), 6, "it does not follow the link before it")


def test_a_fault_in_one_chain_is_found_beside_whole_ones(app: Flask) -> None:
    other = factories.organisation("kobe", "神戸市")
    city = a_city_with_links()
    act(other)
    act(factories.staff(other))

    tamper(app, f"UPDATE audit_event SET actor = 'staff:9' WHERE chain = '{city.id}' AND seq = 3")

    assert verified()[1] == chain.Fault(str(city.id), 3, "it was altered")


def test_the_command_tells_and_exits_by_what_it_finds(sqlite_app: Flask) -> None:
    city = a_city_with_links()
    runner = sqlite_app.test_cli_runner()
    db.session.remove()
    whole = runner.invoke(args=["audit", "verify"])

    tamper(sqlite_app, "UPDATE audit_event SET actor = 'staff:9' WHERE seq = 3")
    bad = runner.invoke(args=["audit", "verify"])

    assert (whole.exit_code, whole.output) == (0, "5 links, every chain is whole\n")
    assert (bad.exit_code, bad.output) == (
        1,
        f"chain {city.id}, link 3: it was altered (2 links before it are whole)\n",
    )


def test_a_look_is_recorded_beside_a_reading_request(app: Flask) -> None:
    city = factories.organisation()
    read_only(True)
    bind(db.session, staff_of(city.id))
    db.session.scalars(select(AccessEvent)).all()

    chain.record_look("application.read", "application:1", by="staff:1", organisation_id=city.id, rows=3)

    db.session.rollback()
    found = db.session.execute(select(AccessEvent.actor, AccessEvent.subject, AccessEvent.rows)).all()
    assert [tuple(row) for row in found] == [("staff:1", "application:1", 3)]
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == 0
