"""What bin/serve runs: the demo on this machine, with web, worker and mail catcher as children that end together.

Everything it keeps is in one folder: the database, files, caught mails, logs, and demo.env with secrets made once.
"""

import argparse
import ctypes
import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TextIO
from urllib.error import URLError
from urllib.request import urlopen

from app.core import pdf
from app.core.crypto import new_key
from app.demo.welcome import welcome, without_pdf

ROOT = Path(__file__).resolve().parents[2]
FLASK = (sys.executable, "-m", "flask", "--app", str(ROOT / "wsgi.py"))
CATCHER = (sys.executable, "-P", str(ROOT / "app" / "demo" / "catcher.py"))  # alone: it needs nothing of ours
OURS = ("koubo.sqlite", "koubo.sqlite-wal", "koubo.sqlite-shm", "worker.lock", "files", "mail", "log", "demo.env")
AGAIN = "everything was stopped and is kept; start again with the same bin/serve command"
READY_WITHIN_SECONDS = 60
END_WITHIN_SECONDS = 30


class CannotServe(Exception):
    """Why the demo cannot start or go on, in one line for the person at the terminal."""


@dataclass(frozen=True)
class Options:
    host: str
    port: int
    data: Path
    reset: bool
    empty: bool

    @property
    def url(self) -> str:
        shown = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104  # compared, not bound
        return f"http://{shown}:{self.port}"


def absolute(path: str) -> Path:
    return Path(path).resolve()


def read_options(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="bin/serve", description="Serve the demo on this machine.")
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on (default: %(default)s); for other machines: this one's own address",
    )
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")
    parser.add_argument("--data", type=absolute, default=ROOT / "var", metavar="DIR", help="where everything is kept")
    parser.add_argument("--reset", action="store_true", help="begin anew: what the demo kept is removed")
    parser.add_argument("--empty", action="store_true", help="do not load the demo's calls and people")
    return Options(**vars(parser.parse_args(arguments)))


def require_free_port(options: Options) -> None:
    """Raises: CannotServe."""
    try:
        socket.create_server((options.host, options.port)).close()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise CannotServe(f"cannot listen on {options.host} port {options.port}: {reason}; try --port") from error


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hold(folder: Path) -> TextIO:
    """Hold the data folder for this process alone.

    Raises: CannotServe.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = (folder / "serve.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CannotServe(f"bin/serve is running already with {folder}") from error
    return file


def remove_data(folder: Path) -> None:
    """Remove what the demo keeps, and nothing else.

    Raises: CannotServe for a folder that holds an installation that is not the demo's.
    """
    if (folder / "koubo.sqlite").exists() and not (folder / "demo.env").exists():
        raise CannotServe(f"{folder} holds an installation that is not a demo; remove it by hand if you mean it")
    for name in OURS:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def demo_settings(options: Options, mail_port: int) -> dict[str, str]:
    """Give the demo's settings and keep them in demo.env, where bin/flask finds them; secrets are made once."""
    path = options.data / "demo.env"
    kept = dict(line.split("=", 1) for line in path.read_text().splitlines()) if path.exists() else {}
    settings = {
        "KOUBO_ENVIRONMENT": "demo",
        "KOUBO_SECRET_KEY": kept.get("KOUBO_SECRET_KEY") or secrets.token_urlsafe(48),
        "KOUBO_ENCRYPTION_KEYS": kept.get("KOUBO_ENCRYPTION_KEYS") or new_key(),
        "KOUBO_SECURE_COOKIES": "false",  # loopback has no TLS
        "KOUBO_BASE_URL": options.url,
        "KOUBO_MAIL_SERVER": "127.0.0.1",
        "KOUBO_MAIL_PORT": str(mail_port),
        "KOUBO_MAIL_USE_TLS": "false",
        "KOUBO_MAIL_SENDER": "koubo@koubo.example.jp",
    }
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    folders = {"KOUBO_DATA_DIR": options.data, "KOUBO_MAIL_CATCHER_DIR": options.data / "mail"}
    return settings | {name: str(folder) for name, folder in folders.items()}


def prepare(options: Options, environment: dict[str, str]) -> None:
    """Bring the database to the last migration and load the demo once.

    Raises: CannotServe.
    """
    steps = [["db", "upgrade"]] if options.empty else [["db", "upgrade"], ["demo", "load"]]
    for step in steps:
        done = subprocess.run([*FLASK, *step], env=environment, capture_output=True, text=True)  # noqa: S603  # our own words
        if done.returncode:
            raise CannotServe(f"{done.stderr.strip()}\nbin/flask {' '.join(step)} failed")


def _end_with_parent() -> None:
    """Let the kernel end this child when bin/serve itself is killed (Linux; elsewhere it lives on)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Children:
    """The processes of the demo: when one ends, or a signal comes, all end."""

    def __init__(self, environment: dict[str, str], logs: Path) -> None:
        self.environment, self.logs, self.is_stopping = environment, logs, False
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(exist_ok=True, mode=0o700)

    def start(self, name: str, *command: str) -> None:
        with (self.logs / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(  # noqa: S603  # our own words
                command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl+C reaches them through us, once
                preexec_fn=_end_with_parent,
            )

    def stop(self, _number: int = 0, _frame: FrameType | None = None) -> None:
        self.is_stopping = True

    def require_all(self) -> None:
        """Raises: CannotServe when a child has ended by itself."""
        for name, child in self.running.items():
            if child.poll() is not None:
                log = self.logs / f"{name}.log"
                raise CannotServe(f"{name} has ended with status {child.returncode}; see {log}\n{AGAIN}")

    def watch(self) -> None:
        """Wait until a signal comes.

        Raises: CannotServe when a child has ended by itself.
        """
        while not self.is_stopping:
            self.require_all()
            time.sleep(0.2)

    def end(self) -> None:
        """End those that still run; kill what does not end in time."""
        deadline = time.monotonic() + END_WITHIN_SECONDS
        for child in self.running.values():
            child.terminate()
        for child in self.running.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()


def wait_until_ready(children: Children, url: str) -> None:
    """Raises: CannotServe."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not children.is_stopping:
        children.require_all()
        try:
            with urlopen(f"{url}/readyz", timeout=5):  # noqa: S310  # our own loopback address
                return
        except (URLError, OSError):
            if time.monotonic() > deadline:
                raise CannotServe(f"{url}/readyz does not answer; see {children.logs}") from None
            time.sleep(0.1)


def serve(options: Options) -> None:
    """Serve the demo until a signal comes.

    Raises: CannotServe.
    """
    with hold(options.data):
        require_free_port(options)
        if options.reset:
            remove_data(options.data)
        mail_port = free_port()
        ours = demo_settings(options, mail_port)
        others = {name: value for name, value in os.environ.items() if not name.startswith("KOUBO_")}
        environment = others | ours | {"FLASK_SKIP_DOTENV": "1", "PYTHONUNBUFFERED": "1"}
        prepare(options, environment)
        run(options, Children(environment, options.data / "log"), str(mail_port))


def run(options: Options, children: Children, mail_port: str) -> None:
    """Start the children, tell where they are, and keep them together.

    Raises: CannotServe.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, children.stop)
    try:
        children.start("mail", *CATCHER, mail_port, str(options.data / "mail"))
        children.start("worker", *FLASK, "worker")
        children.start("web", *FLASK, "run-server", "--host", options.host, "--port", str(options.port))
        wait_until_ready(children, options.url)
        if not children.is_stopping:
            said = welcome(options.url, options.data, is_empty=options.empty) + without_pdf(pdf.missing())
            print(said, flush=True)  # noqa: T201  # the terminal is where it is read
        children.watch()
    finally:
        children.end()


def main() -> None:
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # a terminal in another locale
    os.umask(0o077)  # what the demo keeps is its owner's alone
    try:
        serve(read_options(sys.argv[1:]))
    except CannotServe as reason:
        sys.exit(str(reason))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
