"""The application of a test as a process of its own, that a browser reaches and that can be killed and begun again."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field

from flask import Flask

from tests import postgres
from tests.applications.applying import Person
from tests.journeys.stack import ROOT, wait_until_ready
from tests.journeys.walk import Walk


@dataclass
class Server:
    """Serves on one port, with the database and files of a test's application."""

    app: Flask
    port: int = field(default_factory=postgres.free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "Server":
        self.begin()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def begin(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KOUBO_")}
        settings = self.app.extensions["koubo.settings"]
        own = {
            "KOUBO_ENVIRONMENT": "test",
            "KOUBO_DATA_DIR": str(settings.data_dir),
            "KOUBO_SECRET_KEY": settings.secret_key.get_secret_value(),
            "KOUBO_SECURE_COOKIES": "false",
            "FLASK_SKIP_DOTENV": "1",
        }
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "run-server", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=kept | own, cwd=ROOT, stderr=subprocess.DEVNULL)
        wait_until_ready(self.url, [self.process])

    def kill(self) -> None:
        """End it as a power cut would: nothing is finished."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


def hand_over(person: Person, walk: Walk) -> None:
    """Let a real browser go on where a person stands."""
    for cookie in ("koubo_applicant", "koubo_form"):
        found = person.client.get_cookie(cookie)
        assert found
        walk.context.add_cookies([{"name": cookie, "value": found.value, "url": walk.url}])
