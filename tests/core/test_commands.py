"""bin/flask as people call it: commands that touch no installation answer whatever the settings are."""

import os
import subprocess
from pathlib import Path

import pytest

from app import create_app
from config import Environment, Settings

ROOT = Path(__file__).resolve().parents[2]
CASES = str(ROOT / "tests" / "eligibility" / "experience_cases.json")


def flask(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("KOUBO_")}
    command = [str(ROOT / "bin" / "flask"), *arguments]
    return subprocess.run(command, env=others | settings, capture_output=True, text=True, check=False)


WRONG = {"KOUBO_SECRET_KEY": "short", "KOUBO_ENVIRONMENT": "prod", "KOUBO_ENCRYPTION_KEYS": "k1:none"}


@pytest.mark.parametrize(
    ("command", "first"),
    [(["new-encryption-key", "k7"], "k7:"), (["access-table"], "# "), (["experience", CASES], '{"id": ')],
    ids=str,
)
def test_what_touches_no_installation_needs_no_settings(command: list[str], first: str) -> None:
    done = flask(*command, **WRONG)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(first)


def test_a_failing_command_keeps_its_status() -> None:
    assert flask("experience", "/nowhere.json", KOUBO_ENVIRONMENT="prod").returncode == 2


def test_other_commands_refuse_wrong_settings_in_one_line_each(tmp_path: Path) -> None:
    done = flask("audit", "verify", KOUBO_ENVIRONMENT="prod", KOUBO_DATA_DIR=str(tmp_path))

    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "KOUBO_ENVIRONMENT" in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        ["audit", "verify"],
        ["demo", "load"],
        ["staff", "disable-idle"],
        ["staff", "disable", "a@example.jp"],
        ["re-encrypt"],
    ],
    ids=str,
)
def test_a_database_without_tables_is_told_in_one_line(tmp_path: Path, command: list[str]) -> None:
    runner = create_app(Settings(environment=Environment.TEST, data_dir=tmp_path)).test_cli_runner()

    result = runner.invoke(args=command)

    assert (result.exit_code, result.output) == (
        1,
        "Error: the database is not at the last migration: bin/flask db upgrade\n",
    )
