"""`bin/flask audit verify`."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from app.audit.chain import verify
from app.core.context import SYSTEM, bind
from app.extensions import db

audit_group = AppGroup("audit", help="The chain of what changed.")


@audit_group.command("verify")
def verify_command() -> None:
    """Check every chain; name the first bad row and exit 1 if there is one."""
    current_app.extensions["koubo.check_schema"]()
    bind(db.session, SYSTEM)
    count, fault = verify(db.session)
    if fault is None:
        click.echo(f"{count} links, every chain is whole")
        return
    click.echo(f"chain {fault.chain}, link {fault.seq}: {fault.what} ({count} links before it are whole)", err=True)
    sys.exit(1)
