"""What an opening's row copies from its content for lists and filters; in services.save and the demo alone."""

from app.jp.text import search_key
from app.openings.content import OpeningContent
from app.openings.models import Opening, Remote
from app.openings.words import OCCUPATIONS


def copy_for_lists(opening: Opening, content: OpeningContent, *, city: str) -> None:
    """Set the content of an opening and all columns that follow from it."""
    terms = content.terms
    opening.content = content.as_json()
    opening.title = content.title
    opening.form_key = terms.form_key
    opening.is_side_job = terms.is_side_job
    opening.occupation = content.occupation
    opening.days_min, opening.days_max = terms.days_min, terms.days_max
    opening.remote = Remote(terms.remote)
    opening.search_text = search_text(content, city=city)


def search_text(content: OpeningContent, *, city: str) -> str:
    """The text in which words are searched: title, summary, duties, and the names around them."""
    occupation = OCCUPATIONS.get(content.occupation or "", "")
    around = (city, occupation, content.terms.department or "")
    return search_key("\n".join((content.title, content.summary, *content.duties, content.background, *around)))
