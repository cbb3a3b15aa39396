"""A throw-away PostgreSQL cluster for tests: an owner for migrations, a role that owns nothing for the application."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OWNER, ROLE, LOGIN = "koubo_owner", "koubo_app", "koubo_web"


class NoPostgres(Exception):
    """PostgreSQL's programs are not installed."""


@dataclass(frozen=True)
class Cluster:
    folder: Path
    port: int

    def url(self, user: str, database: str) -> str:
        return f"postgresql+psycopg://{user}@/{database}?host={self.folder}&port={self.port}"


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).parent
    raise NoPostgres("apt-get install postgresql")


def _run(arguments: Sequence[str | Path]) -> None:
    if os.geteuid() == 0:
        arguments = ["runuser", "-u", "postgres", "--", *arguments]
    subprocess.run([str(argument) for argument in arguments], check=True, capture_output=True, cwd="/")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start() -> Cluster:
    """Make and start a cluster that listens on a socket in its own folder only."""
    programs, folder = _programs(), Path(tempfile.mkdtemp(prefix="koubo-pg-"))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    folder.chmod(0o755)
    cluster = Cluster(folder, free_port())
    data = folder / "data"
    _run([programs / "initdb", "-D", data, "-E", "UTF8", "--locale=C.UTF-8", "--auth=trust", "-U", "postgres"])
    quick = "-c fsync=off -c full_page_writes=off"
    options = f"-p {cluster.port} -k {folder} -c listen_addresses= -c max_connections=200 {quick}"
    _run([programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start"])
    for statement in (
        f"CREATE ROLE {OWNER} LOGIN CREATEDB",
        f"CREATE ROLE {ROLE} NOLOGIN",
        f"CREATE ROLE {LOGIN} LOGIN IN ROLE {ROLE}",
    ):
        run_sql(cluster, statement)
    return cluster


def run_sql(cluster: Cluster, statement: str, *, user: str = "postgres", database: str = "postgres") -> None:
    """Run one statement outside a transaction."""
    import psycopg

    with psycopg.connect(
        host=str(cluster.folder), port=cluster.port, user=user, dbname=database, autocommit=True
    ) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def stop(cluster: Cluster) -> None:
    """Stop the cluster and remove its folder."""
    _run([_programs() / "pg_ctl", "-D", cluster.folder / "data", "-m", "immediate", "-w", "stop"])
    shutil.rmtree(cluster.folder, ignore_errors=True)
