"""What the values of a new organisation must be."""

import re

from app.core.model import new_id
from app.jp.municipality import PREFECTURES, is_valid_code
from app.organisations.models import Organisation, OrganisationKind

HUES = ("blue", "cyan", "green", "orange", "purple", "magenta", "gray")
RESERVED = frozenset({"account", "confirm", "invitation", "password", "second-factor", "sign-in", "sign-out"})


class BadOrganisation(ValueError):
    """A value of a new organisation cannot stand; the message names it."""


def new_organisation(
    *, slug: str, code: str | None, name: str, kind: str, short_name: str, mark: str, prefecture: str = "", hue: str
) -> Organisation:
    """Make the row of a new organisation, not added; the prefecture follows from the code where there is one.

    `slug` may not be a word that staff addresses use themselves. Raises: BadOrganisation.
    """
    _require_codes(slug, code, short_name)
    if not name.strip() or not 1 <= len(mark) <= 2 or hue not in HUES:
        raise BadOrganisation(f"name {name!r}, mark {mark!r} (one or two characters) or hue {hue!r} (one of {HUES})")
    found = PREFECTURES[int(code[:2]) - 1] if code else prefecture
    if found not in PREFECTURES:
        raise BadOrganisation(f"prefecture {prefecture!r}: one of the 47, needed without a code")
    return Organisation(
        id=new_id(),
        slug=slug,
        code=code,
        name=name.strip(),
        kind=OrganisationKind(kind),
        prefecture=found,
        short_name=short_name,
        mark=mark,
        hue=f"hue-{hue}",
    )


def _require_codes(slug: str, code: str | None, short_name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,39}", slug) or slug in RESERVED:
        raise BadOrganisation(f"slug {slug!r}: 2 to 40 small letters, digits, hyphens; no word of our own addresses")
    if code is not None and not is_valid_code(code):
        raise BadOrganisation(f"code {code!r} is no 団体コード of six digits with its check digit")
    if not re.fullmatch(r"[A-Z]{2,5}", short_name):
        raise BadOrganisation(f"short name {short_name!r}: two to five capital letters")
