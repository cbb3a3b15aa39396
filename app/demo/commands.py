"""`bin/flask demo load`."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.core import clock
from app.core.errors import DomainError
from app.demo.applications import load_applicants
from app.demo.loader import load
from app.demo.staff import DEMO_PASSWORD

demo_group = AppGroup("demo", help="The demo: real calls of real cities, made-up people.")


@demo_group.command("load")
def load_command() -> None:
    """Load the demo once; again it changes nothing."""
    current_app.extensions["koubo.check_schema"]()
    try:
        at = clock.now()
        was_empty = load(at=at)
        if was_empty:
            load_applicants(at=at)
    except DomainError as refusal:
        raise click.ClickException(refusal.message) from refusal
    click.echo(f"demo loaded; staff password: {DEMO_PASSWORD}" if was_empty else "demo is loaded already")
