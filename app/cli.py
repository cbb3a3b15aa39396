"""The commands of `bin/flask`, gathered from the features."""

import os
from collections import Counter
from functools import partial

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.accounts.commands import create_organisation, staff_group
from app.audit.commands import audit_group
from app.core.access import as_markdown
from app.core.crypto import key_ids, new_key
from app.core.errors_pages import answer_of_server
from app.core.resealing import left_count, reseal
from app.core.server import Serving, listen, serve
from app.demo.commands import demo_group
from app.eligibility.commands import experience_command
from app.openings.commands import search_text_command
from app.organisations.commands import set_period_command
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


@click.command("re-encrypt")
@with_appcontext
def re_encrypt() -> None:
    """Encrypt what stands under older keys anew, under the first of KOUBO_ENCRYPTION_KEYS.

    The application may run; after a stop, run it again. Exit 1 when something is left.
    """
    current_app.extensions["koubo.check_schema"]()
    if not (known := key_ids()):
        raise click.ClickException("KOUBO_ENCRYPTION_KEYS names no key")
    engine, renewed, closed = current_app.extensions["koubo.engine"], Counter[str](), Counter[tuple[str, str]]()
    for batch in reseal(engine):
        renewed[batch.column] += batch.renewed
        closed.update({(batch.column, key_id): count for key_id, count in batch.closed.items()})
        click.echo(f"{batch.column}: {renewed[batch.column]} now under {known[0]}")
    for (column, key_id), count in sorted(closed.items()):
        click.echo(_closed_words(column, key_id, count, known), err=True)
    left = left_count(engine)
    click.echo(f"{renewed.total()} encrypted anew under {known[0]}, {left} left under other keys")
    if left:
        raise SystemExit(1)


def _closed_words(column: str, key_id: str, count: int, known: list[str]) -> str:
    """Say why values could not be opened, and what to do; no value is shown."""
    if not key_id:
        return f"{column}: {count} not encrypted by us; left as they are"
    if key_id in known:
        return f"{column}: {count} say key {key_id}, but the {key_id} of KOUBO_ENCRYPTION_KEYS does not open them"
    return f"{column}: {count} need key {key_id}, which KOUBO_ENCRYPTION_KEYS does not name; name it last and run again"


@click.command("run-server")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--processes", default=1, show_default=True, help="As many as the machine has cores.")
@click.option("--threads", default=8, show_default=True, help="Of each process.")
def run_server(host: str, port: int, processes: int, threads: int) -> None:
    """Serve the application until stopped; refused where the installation is not safe."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy does not reach other threads
    app.extensions["koubo.check_start"]()
    try:
        listening = listen(host, port)
    except OSError as error:
        raise click.ClickException(f"cannot listen on {host} port {port}: {os.strerror(error.errno or 0)}") from error
    max_body = 2 * app.config["MAX_CONTENT_LENGTH"]  # what is a little too large gets our page, not a closed line
    settings = app.extensions["koubo.settings"]
    per_address = 0 if settings.trusted_proxies else settings.connections_per_address * settings.address_limit_scale
    how = Serving(host, port, processes, threads, max_body, per_address)
    serve(app, listening, how, partial(answer_of_server, app))


def init_app(app: Flask) -> None:
    commands = (
        access_table,
        new_encryption_key,
        re_encrypt,
        experience_command,
        audit_group,
        demo_group,
        worker_command,
        search_text_command,
        run_server,
        create_organisation,
        set_period_command,
        staff_group,
    )
    for command in commands:
        app.cli.add_command(command)
