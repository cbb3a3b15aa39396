"""Both databases for every test that takes `app`: a migrated SQLite file and a PostgreSQL cluster that the tests start.

`app` runs the test once on each; `sqlite_app` and `postgresql_app` on one. The rows are those of an empty installation.
"""

import gc
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import make_url

from app import create_app
from app.applications import looking
from app.core.database import read_only
from app.core.model import Base
from app.extensions import db
from config import Environment, Settings
from tests import postgres, sharing
from tests.sharing import Sharing
from tests.world import World, build_world

# A busy machine is slow, not wrong: no limit of time decides a property.
hypothesis.settings.register_profile(
    "koubo", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("koubo")

CLUSTER = "KOUBO_TEST_CLUSTER"  # folder:port, from the process that started the cluster to its workers
DELETES_BEFORE_TRUNCATE = 50
ENOUGH_BYTES = 4 * 1024**3
_numbers = itertools.count(1)
KEY = "k1:3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(50_000, 20, 50)  # what a test leaves is little beside what every test keeps
    if CLUSTER not in os.environ and not hasattr(config, "workerinput"):
        try:
            cluster = postgres.start()
        except postgres.NoPostgres:
            return  # the tests that need it fail and name what to install; the others run
        os.environ[CLUSTER] = f"{cluster.folder}:{cluster.port}"
        config._koubo_cluster = cluster  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    cluster = getattr(config, "_koubo_cluster", None)
    if cluster is not None:
        del os.environ[CLUSTER]
        postgres.stop(cluster)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Sharing:
    return Sharing(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: sharing.order(item.nodeid))


def the_cluster() -> postgres.Cluster:
    if CLUSTER not in os.environ:
        raise postgres.NoPostgres("apt-get install postgresql")
    folder, port = os.environ[CLUSTER].rsplit(":", 1)
    return postgres.Cluster(Path(folder), int(port))


def new_folder() -> Path:
    """A folder for an installation: in memory where there is room, as every commit is synced."""
    memory = Path("/dev/shm")
    has_room = memory.is_dir() and shutil.disk_usage(memory).free > ENOUGH_BYTES
    return Path(tempfile.mkdtemp(prefix="koubo-test-", dir=memory if has_room else None))


def test_settings(folder: Path, **values: object) -> Settings:
    """Settings of a test installation under a folder of its own."""
    common: dict[str, object] = {
        "environment": Environment.TEST,
        "secret_key": "test-secret-key-of-enough-length-0123456789",
        "encryption_keys": [KEY],
        "data_dir": folder,
        "base_url": "http://localhost",
        "secure_cookies": False,
        "mail_sender": "koubo@koubo.example.jp",
        "mail_use_tls": False,
    }
    return Settings(**(common | values))


test_settings.__test__ = False  # type: ignore[attr-defined]


class Compiled(BytecodeCache):
    """What the templates of this process were compiled to; a bucket's key and checksum name the template's source."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


_templates = Compiled()


@dataclass
class Installation:
    """A migrated installation that a worker keeps, and how to empty it."""

    app: Flask
    folder: Path
    superuser: psycopg.Connection | None = None  # of PostgreSQL
    emptied: int = 0

    def empty(self) -> None:
        if self.superuser is None:
            self._disconnect()
            self._restore_file("template")
        else:
            self._delete_rows(self.superuser)
        shutil.rmtree(self.folder / "files", ignore_errors=True)
        (self.folder / "files").mkdir(mode=0o700)

    def keep(self, name: str) -> None:
        """Keep what an SQLite installation holds, to begin other tests with."""
        self._disconnect()
        shutil.copy(self.folder / "koubo.sqlite", self.folder / name)
        shutil.copytree(self.folder / "files", self.folder / f"{name}-files")

    def restore(self, name: str) -> None:
        self._disconnect()
        self._restore_file(name)
        shutil.rmtree(self.folder / "files", ignore_errors=True)
        shutil.copytree(self.folder / f"{name}-files", self.folder / "files")

    def _disconnect(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()  # the last connection to close leaves all in the one file

    def _restore_file(self, name: str) -> None:
        for leftover in self.folder.glob("koubo.sqlite*"):
            leftover.unlink()
        shutil.copy(self.folder / name, self.folder / "koubo.sqlite")

    def _delete_rows(self, superuser: psycopg.Connection) -> None:
        """Delete all rows past triggers and foreign keys; now and then truncate, which takes twenty times as long."""
        with self.app.app_context():
            db.session.remove()
        names = [table.name for table in Base.metadata.sorted_tables]
        self.emptied += 1
        if self.emptied % DELETES_BEFORE_TRUNCATE == 0:
            superuser.execute(f"TRUNCATE {', '.join(names)}".encode())
        else:
            deletes = "; ".join(f"DELETE FROM {name}" for name in names)
            superuser.execute(f"BEGIN; SET LOCAL session_replication_role = replica; {deletes}; COMMIT".encode())


def _migrate(app: Flask) -> None:
    app.jinja_env.bytecode_cache = _templates  # both databases' applications compile a template once
    with app.app_context():
        upgrade()


@pytest.fixture(scope="session", autouse=True)
def _files_looked_into_once() -> None:
    """Remember what the pages found in a file that is taken: it costs a process each; tests/files asks every time."""
    looking.inspect = lru_cache(maxsize=64)(looking.inspect)


@pytest.fixture(scope="session")
def sqlite_installation() -> Iterator[Installation]:
    folder = new_folder()
    app = create_app(test_settings(folder))
    _migrate(app)
    made = Installation(app, folder)
    made.keep("template")
    yield made
    shutil.rmtree(folder, ignore_errors=True)


def postgresql_settings(folder: Path, purpose: str = "tests") -> Settings:
    """Settings of a test installation on a new, empty database of the cluster."""
    cluster = the_cluster()
    name = f"koubo_{purpose}_{os.environ.get('PYTEST_XDIST_WORKER', 'one')}_{os.getpid()}_{next(_numbers)}"
    postgres.run_sql(cluster, f"CREATE DATABASE {name}", user=postgres.OWNER)
    postgres.run_sql(cluster, f"ALTER DATABASE {name} SET timezone = 'UTC'")
    postgres.run_sql(cluster, f"ALTER SCHEMA public OWNER TO {postgres.OWNER}", database=name)
    urls = {
        "database_url": cluster.url(postgres.LOGIN, name),
        "migration_database_url": cluster.url(postgres.OWNER, name),
    }
    return test_settings(folder, **urls)


@pytest.fixture(scope="session")
def postgresql_installation() -> Iterator[Installation]:
    folder = new_folder()
    settings = postgresql_settings(folder)
    app = create_app(settings)
    _migrate(app)
    url = make_url(settings.sqlalchemy_url).set(drivername="postgresql", username="postgres")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as superuser:
        yield Installation(app, folder, superuser)
    with app.app_context():
        db.engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)


def _use(installation: Installation) -> Iterator[Flask]:
    installation.empty()
    read_only(False)
    with installation.app.app_context():
        yield installation.app
        db.session.remove()


@pytest.fixture
def sqlite_app(sqlite_installation: Installation) -> Iterator[Flask]:
    yield from _use(sqlite_installation)


@pytest.fixture
def postgresql_app(postgresql_installation: Installation) -> Iterator[Flask]:
    yield from _use(postgresql_installation)


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest) -> Flask:
    """The application on an empty database: the test runs on each of the two."""
    found: Flask = request.getfixturevalue(f"{request.param}_app")
    return found


@pytest.fixture(scope="session")
def kept_world(sqlite_installation: Installation) -> World:
    """The world of tests/world.py, built once and kept."""
    sqlite_installation.empty()
    read_only(False)
    with sqlite_installation.app.app_context():
        world = build_world()
    sqlite_installation.keep("world")
    return world


@pytest.fixture
def world(kept_world: World, sqlite_app: Flask, sqlite_installation: Installation) -> Iterator[World]:
    """Two cities on SQLite, as they were built. Forms need no token: tests/core holds that every unsafe route does."""
    sqlite_installation.restore("world")
    sqlite_app.config["WTF_CSRF_ENABLED"] = False
    yield kept_world
    sqlite_app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def postgresql_world(postgresql_app: Flask) -> Iterator[World]:
    """The same on PostgreSQL, built anew."""
    postgresql_app.config["WTF_CSRF_ENABLED"] = False
    yield build_world()
    postgresql_app.config["WTF_CSRF_ENABLED"] = True
