"""`bin/flask set-period`: how long a city keeps what, as its privacy page says it."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.core import clock
from app.core.context import SYSTEM, bind
from app.core.errors import DomainError, NotFound
from app.extensions import db
from app.organisations.periods import ANSWER_KEY, Record
from app.organisations.queries import get_organisation
from app.organisations.services import set_period


@click.command("set-period")
@click.argument("slug")
@click.argument("what", type=click.Choice([*(one.key for one in Record), ANSWER_KEY]))
@click.argument("number", type=int)
@with_appcontext
def set_period_command(slug: str, what: str, number: int) -> None:
    """Set for how many years a city keeps a kind of record, or in how many days it answers a request for erasure."""
    current_app.extensions["koubo.check_schema"]()
    bind(db.session, SYSTEM)
    try:
        city = get_organisation(slug)
        name = city.name
        set_period(city, what, number, by="system", at=clock.now())
    except NotFound as error:
        raise click.ClickException(f"there is no organisation {slug!r}") from error
    except DomainError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{name}: {what} is {number}")
