"""`experience FILE`: count the experience of every case in a file, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.eligibility.cases import BadCases, Case, read_cases
from app.eligibility.engine import evaluate
from app.eligibility.reading import shown

BAD_INPUT_STATUS = 2


@click.command("experience")
@click.argument("file", type=str)
def experience_command(file: str) -> None:
    """Count the experience of the cases in FILE (JSON), one JSON object a line.

    The whole FILE is checked first: what is malformed is named in one line and nothing is counted.
    """
    try:
        cases = read_cases(_content(file))
    except BadCases as bad:
        click.echo(f"{shown(file, most=200)}: {bad}", err=True)
        raise SystemExit(BAD_INPUT_STATUS) from None
    lines = "".join(_line(case) + "\n" for case in cases)
    click.echo(lines.encode(), nl=False)  # bytes: UTF-8 whatever the locale says


def _content(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except FileNotFoundError:
        raise BadCases("ファイルがありません") from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise BadCases(f"ファイルを読めません（{shown(str(error), most=80)}）") from None


def _line(case: Case) -> str:
    return json.dumps({"id": case.id, **evaluate(case.rule, case.history).to_json()}, ensure_ascii=False)
