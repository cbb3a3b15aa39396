"""The commands of `bin/flask`, gathered from the features."""

import click
from flask import Flask

from app.audit.commands import audit_group
from app.core.access import as_markdown
from app.core.crypto import new_key
from app.demo.commands import demo_group
from app.eligibility.commands import experience_command
from app.outbox.commands import worker_command


@click.command("access-table")
def access_table() -> None:
    """Print docs/access.md from the table in app/core/access.py."""
    click.echo(as_markdown(), nl=False)


@click.command("new-encryption-key")
@click.argument("key_id", default="k1")
def new_encryption_key(key_id: str) -> None:
    """Print a new key for KOUBO_ENCRYPTION_KEYS."""
    click.echo(new_key(key_id))


def init_app(app: Flask) -> None:
    commands = (access_table, new_encryption_key, experience_command, audit_group, demo_group, worker_command)
    for command in commands:
        app.cli.add_command(command)
