"""`bin/flask search-text`: write anew what the list of openings is searched in, after an update that widened it."""

import click
from sqlalchemy import select, update

from app.core.context import SYSTEM, bind
from app.extensions import db
from app.openings.columns import search_text
from app.openings.content import OpeningContent
from app.openings.models import Opening
from app.organisations.models import Organisation


@click.command("search-text")
def search_text_command() -> None:
    """Write the words in which openings are searched anew; once after an update that says so."""
    click.echo(f"{refresh_search_texts()} openings")


def refresh_search_texts() -> int:
    """Compute the search text of every opening from its content; give how many were different."""
    bind(db.session, SYSTEM)
    query = select(Opening, Organisation.name).join(Organisation, Organisation.id == Opening.organisation_id)
    changed = 0
    for opening, city in db.session.execute(query).all():
        text = search_text(OpeningContent.model_validate(opening.content), city=city)
        if text != opening.search_text:
            one = (Opening.organisation_id == opening.organisation_id, Opening.id == opening.id)
            db.session.execute(update(Opening).where(*one).values(search_text=text))  # no change of the opening itself
            changed += 1
    db.session.commit()
    return changed
