"""The installation as people meet it: server, worker and mail catcher as processes of their own, on one database."""

import atexit
import mailbox
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.policy import default
from functools import cache
from pathlib import Path

from tests import postgres
from tests.conftest import KEY, the_cluster

ROOT = Path(__file__).resolve().parent.parent.parent
WAIT_SECONDS = 30


@dataclass(frozen=True)
class Stack:
    url: str
    folder: Path
    environment: dict[str, str]

    def mails(self, to: str) -> list[EmailMessage]:
        """The caught mails to an address, oldest first."""
        box = mailbox.Maildir(self.folder / "maildir", factory=None)
        read = [parsed(box.get_message(key)) for key in sorted(box.keys(), key=lambda key: received(box, key))]
        return [mail for mail in read if to in str(mail["X-RcptTo"] or mail["To"])]

    def wait_for_mail(self, to: str, *, count: int = 1, subject: str = "") -> EmailMessage:
        """Wait until the worker has sent so many mails to an address; give back the last."""
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            found = [mail for mail in self.mails(to) if subject in str(mail["Subject"])]
            if len(found) >= count:
                return found[-1]
            time.sleep(0.2)
        raise AssertionError(f"no mail to {to} within {WAIT_SECONDS} seconds")

    def flask(self, *arguments: str) -> str:
        """Run a command of the application on this installation."""
        return run_flask(self.environment, *arguments)


def parsed(message: Message) -> EmailMessage:
    import email

    mail = email.message_from_bytes(bytes(message), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def received(box: mailbox.Maildir, key: str) -> float:
    return box.get_message(key).get_date()


def run_flask(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *arguments]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def environment_of(folder: Path, port: int, mail_port: int, database: dict[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KOUBO_")}
    return kept | {
        "KOUBO_ENVIRONMENT": "demo",
        "KOUBO_DATA_DIR": str(folder),
        "KOUBO_SECRET_KEY": "journey-journey-journey-journey-journey",
        "KOUBO_ENCRYPTION_KEYS": KEY,
        "KOUBO_BASE_URL": f"http://127.0.0.1:{port}",
        "KOUBO_SECURE_COOKIES": "false",
        "KOUBO_MAIL_SERVER": "127.0.0.1",
        "KOUBO_MAIL_PORT": str(mail_port),
        "KOUBO_MAIL_USE_TLS": "false",
        "KOUBO_MAIL_SENDER": "koubo@koubo.example.jp",
        "KOUBO_MAIL_CATCHER_DIR": str(folder / "maildir"),
        "FLASK_SKIP_DOTENV": "1",
        **database,
    }


def database_settings(engine: str, name: str) -> dict[str, str]:
    if engine == "sqlite":
        return {}
    cluster = the_cluster()
    postgres.run_sql(cluster, f"CREATE DATABASE {name}", user=postgres.OWNER)
    postgres.run_sql(cluster, f"ALTER SCHEMA public OWNER TO {postgres.OWNER}", database=name)
    return {
        "KOUBO_DATABASE_URL": cluster.url(postgres.LOGIN, name),
        "KOUBO_MIGRATION_DATABASE_URL": cluster.url(postgres.OWNER, name),
    }


def wait_until_ready(url: str, processes: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        assert all(process.poll() is None for process in processes), "a process of the installation ended"
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server is not ready")


def load_demo(environment: dict[str, str]) -> None:
    run_flask(environment, "db", "upgrade")
    run_flask(environment, "demo", "load")


@cache
def loaded_folder() -> Path:
    """An SQLite installation with the demo that nobody has used: each walk of this process has a copy of it."""
    folder = Path(tempfile.mkdtemp(prefix="koubo-journey-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    load_demo(environment_of(folder, 80, 25, {}))
    return folder


def commands_of(port: int, mail_port: int, maildir: Path) -> list[list[str]]:
    """What runs: a catcher of mail, the server, the worker."""
    catcher = [sys.executable, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{mail_port}"]
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    return [
        [*catcher, "-c", "aiosmtpd.handlers.Mailbox", str(maildir)],
        [*flask, "run-server", "--port", str(port)],
        [*flask, "worker"],
    ]


@contextmanager
def running(engine: str) -> Iterator[Stack]:
    """Bring up an installation with the demo on a database of this engine; take all of it away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="koubo-journey-"))
    port, mail_port = postgres.free_port(), postgres.free_port()
    environment = environment_of(folder, port, mail_port, database_settings(engine, f"journey_{os.getpid()}"))
    if engine == "sqlite":
        shutil.copytree(loaded_folder(), folder, dirs_exist_ok=True)
    else:
        load_demo(environment)
    commands = commands_of(port, mail_port, folder / "maildir")
    with (folder / "log").open("wb") as log:
        processes = [subprocess.Popen(c, env=environment, cwd=ROOT, stdout=log, stderr=log) for c in commands]
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", processes)
        yield Stack(f"http://127.0.0.1:{port}", folder, environment)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)
