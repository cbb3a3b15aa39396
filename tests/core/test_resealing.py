"""`bin/flask re-encrypt`: everything sealed comes under the newest key, whatever stops it or happens beside it (45)."""

import pytest
from flask import Flask

from app.accounts.models import StaffUser
from app.core.context import SYSTEM
from app.core.crypto import decrypt, encrypt, new_key
from app.core.database import own_transaction
from app.core.model import Base
from app.core.resealing import _renew, left_count, reseal, sealed_columns
from app.correspondence.models import Accommodation
from tests import factories
from tests.core.test_crypto import use_keys
from tests.correspondence.arrange import hidden, place
from tests.screening.arrange import rows

FIRST, SECOND, THIRD = new_key("k_"), new_key("k2"), new_key("k3")
WORDS = "漏洩見本の手話通訳"


@pytest.fixture
def settings(app: Flask):
    return app.extensions["koubo.settings"]


@pytest.fixture
def keys(settings, monkeypatch):
    """Name other keys, the current one first; at the beginning FIRST alone."""
    use_keys(settings, monkeypatch, FIRST)
    return lambda *named: use_keys(settings, monkeypatch, *named)


def staff(count: int) -> None:
    city = factories.organisation(f"s{count}", short_name=f"Z{count}", contact_phone="")
    for n in range(count):
        factories.staff(city, totp_secret=encrypt(f"SECRET{n}"))


def ids_of_keys() -> list[str]:
    """The key of each sealed value."""
    found = [one.totp_secret for one in rows(StaffUser) if one.totp_secret]
    found += [value for one in rows(Accommodation) for value in (one.sealed, one.answer_sealed) if value]
    return sorted(value.partition(":")[0] for value in found)


def secrets() -> list[str]:
    return sorted(decrypt(one.totp_secret) for one in rows(StaffUser) if one.totp_secret)


def test_every_sealed_column_is_known() -> None:
    named = {f"{one.table.name}.{one.name}" for one in sealed_columns()}
    like = {
        f"{table.name}.{one.name}"
        for table in Base.metadata.sorted_tables
        for one in table.columns
        if "sealed" in one.name or one.name.endswith("_secret")
    }

    assert named == like == {"staff_user.totp_secret", "accommodation.sealed", "accommodation.answer_sealed"}


def test_the_command_brings_everything_under_the_newest_key_and_says_what_it_did(app: Flask, keys) -> None:
    here = place(app)
    url = here.mine("accommodation")
    here.person.post(url, {**hidden(here.person.get(url)), "words": WORDS})
    staff(2)
    keys(SECOND, FIRST)
    seen = rows(Accommodation)[0].version

    done = app.test_cli_runner().invoke(args=["re-encrypt"])

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "3 encrypted anew under k2, 0 left under other keys"
    assert ids_of_keys() == ["k2"] * 3
    assert rows(Accommodation)[0].version == seen
    keys(SECOND)
    assert WORDS in here.person.get(here.mine("accommodation"))
    assert secrets() == ["SECRET0", "SECRET1"]
    again = app.test_cli_runner().invoke(args=["re-encrypt"])
    assert again.stdout == "0 encrypted anew under k2, 0 left under other keys\n"


def test_stopped_in_the_middle_it_goes_on_from_there(app: Flask, keys) -> None:
    staff(5)
    keys(SECOND, FIRST)
    engine = app.extensions["koubo.engine"]
    stopped = reseal(engine, size=2)
    next(stopped)
    stopped.close()
    assert ids_of_keys() == ["k2"] * 2 + ["k_"] * 3
    assert secrets() == [f"SECRET{n}" for n in range(5)]

    renewed = [one.renewed for one in reseal(engine, size=2)]

    assert renewed == [2, 1]
    assert left_count(engine) == 0


def test_what_was_written_between_reading_and_writing_is_not_overwritten(app: Flask, keys) -> None:
    staff(1)
    keys(SECOND, FIRST)
    [row] = rows(StaffUser)
    read, row.totp_secret = row.totp_secret, encrypt("NEWER")
    factories.save(row)
    [column] = [one for one in sealed_columns() if one.name == "totp_secret"]

    with own_transaction(app.extensions["koubo.engine"], SYSTEM) as session:
        renewed = _renew(session, column, row.id, read)

    assert renewed is False
    assert decrypt(rows(StaffUser)[0].totp_secret) == "NEWER"


def test_a_key_that_is_gone_is_named_and_the_rest_is_done(app: Flask, keys) -> None:
    staff(2)
    keys(THIRD)
    staff(1)
    keys(SECOND, THIRD)

    done = app.test_cli_runner().invoke(args=["re-encrypt"])

    assert done.exit_code == 1
    assert done.stderr.splitlines() == [
        "staff_user.totp_secret: 2 need key k_, which KOUBO_ENCRYPTION_KEYS does not name; name it last and run again"
    ]
    assert done.stdout.splitlines()[-1] == "1 encrypted anew under k2, 2 left under other keys"
    assert ids_of_keys() == ["k2", "k_", "k_"]
    assert "SECRET" not in done.output
    keys(SECOND, new_key("k_"))
    done = app.test_cli_runner().invoke(args=["re-encrypt"])
    assert "2 say key k_, but the k_ of KOUBO_ENCRYPTION_KEYS does not open them" in done.stderr
    keys(SECOND, FIRST)
    assert app.test_cli_runner().invoke(args=["re-encrypt"]).exit_code == 0
