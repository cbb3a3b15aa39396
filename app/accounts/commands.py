"""`bin/flask create-organisation` and `bin/flask staff …`: what is done at the console, before or beside the pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.accounts import services
from app.core import clock
from app.core.context import SYSTEM, bind
from app.core.errors import DomainError
from app.extensions import db
from app.organisations.founding import BadOrganisation, new_organisation
from app.organisations.models import OrganisationKind

staff_group = AppGroup("staff", help="Accounts of staff.")


def _invitation_url(token: str) -> str:
    return f"{current_app.config['BASE_URL']}/staff/invitation/{token}"


@click.command("create-organisation")
@click.option("--slug", required=True, help="In the address: small letters, digits, hyphens.")
@click.option("--code", default=None, help="団体コード, six digits; leave out where there is none.")
@click.option("--name", required=True)
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in OrganisationKind]))
@click.option("--short-name", required=True, help="Begins receipt numbers: two to five capital letters.")
@click.option("--mark", required=True, help="One or two characters.")
@click.option("--prefecture", default="", help="Needed without --code.")
@click.option("--hue", default="blue", show_default=True)
@click.option("--admin-mail", required=True)
@click.option("--admin-name", required=True)
@with_appcontext
def create_organisation(admin_mail: str, admin_name: str, **values: Any) -> None:
    """Create an organisation and invite its first admin by a one-time link of 24 hours, printed and mailed."""
    current_app.extensions["koubo.check_schema"]()
    bind(db.session, SYSTEM)
    try:
        organisation = new_organisation(**values)
        token = services.found_organisation(organisation, admin_name=admin_name, admin_mail=admin_mail, at=clock.now())
    except BadOrganisation as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{organisation.name} ({organisation.slug}) is there.")
    click.echo(
        f"First admin: {_invitation_url(token)} (24 hours, once)" if token else "The admin's account has joined."
    )


@contextmanager
def _spoken() -> Iterator[None]:
    try:
        yield
    except DomainError as error:
        raise click.ClickException(error.message) from error


@staff_group.command("disable")
@click.argument("mail")
def disable(mail: str) -> None:
    """Disable an account in every organisation and end its sessions."""
    current_app.extensions["koubo.check_schema"]()
    bind(db.session, SYSTEM)
    with _spoken():
        services.disable_account(mail, at=clock.now())
    click.echo("disabled")


@staff_group.command("restart")
@click.argument("mail")
def restart(mail: str) -> None:
    """Void password and second factor of a person who lost them; print a one-time link of 24 hours."""
    current_app.extensions["koubo.check_schema"]()
    bind(db.session, SYSTEM)
    with _spoken():
        token = services.restart_account(mail, at=clock.now())
    click.echo(f"{_invitation_url(token)} (24 hours, once)")


@staff_group.command("disable-idle")
def disable_idle() -> None:
    """Disable the accounts that were not seen for 90 days."""
    current_app.extensions["koubo.check_schema"]()
    bind(db.session, SYSTEM)
    click.echo(f"{services.disable_idle_accounts(at=clock.now())} disabled")
