"""What every site says of itself: privacy, accessibility, terms, each city's own texts, and two files for machines."""

from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, render_template, url_for

from app.core import clock
from app.core.access import allows
from app.core.language import home_crumb, word
from app.jp.fiscal import fiscal_year
from app.organisations import queries
from app.organisations.models import LegalTextKind, Organisation
from app.organisations.periods import LEAST_YEARS, answer_days, kept_until, periods
from app.organisations.texts import is_first_wording
from config import Settings

blueprint = Blueprint("site", __name__)

PERSONAL = ("/apply/", "/my/", "/staff/")  # pages of one person or of staff; nothing there is for an index
SECURITY_TEXT_LASTS = timedelta(days=180)  # RFC 9116 asks for an expiry of less than a year


def _settings() -> Settings:
    settings: Settings = current_app.extensions["koubo.settings"]
    return settings


def _text(lines: list[str]) -> Response:
    return Response("\n".join([*lines, ""]), mimetype="text/plain")


@blueprint.get("/privacy")
@allows("site.read")
def privacy() -> str:
    return render_template(
        "site/privacy.html", cities=queries.organisations(), crumbs=[home_crumb(), (word("個人情報の取扱い"), None)]
    )


@blueprint.get("/accessibility")
@allows("site.read")
def accessibility() -> str:
    crumbs = [home_crumb(), (word("アクセシビリティ方針"), None)]
    return render_template("site/accessibility.html", cities=queries.organisations(), crumbs=crumbs)


@blueprint.get("/terms")
@allows("site.read")
def terms() -> str:
    crumbs = [home_crumb(), (word("利用規約"), None)]
    return render_template("site/terms.html", cities=queries.organisations(), crumbs=crumbs)


def _city_crumbs(city: Organisation, label: str) -> list[tuple[str, str | None]]:
    return [home_crumb(), (city.name, url_for("openings.city", slug=city.slug)), (label, None)]


@blueprint.get("/cities/<slug>/accessibility")
@allows("site.read")
def city_accessibility(slug: str) -> str:
    city = queries.get_organisation(slug)
    crumbs = _city_crumbs(city, word("アクセシビリティ方針"))
    return render_template("site/accessibility.html", organisation=city, crumbs=crumbs)


@blueprint.get("/cities/<slug>/terms")
@allows("site.read")
def city_terms(slug: str) -> str:
    city = queries.get_organisation(slug)
    return render_template("site/terms.html", organisation=city, crumbs=_city_crumbs(city, word("利用規約")))


@blueprint.get("/cities/<slug>/privacy")
@allows("site.read")
def city_privacy(slug: str) -> str:
    city = queries.get_organisation(slug)
    values = queries.settings_of(city.id, at=clock.now())
    found = [queries.find_text(city.id, kind, on=clock.today()) for kind in LegalTextKind]
    return render_template(
        "site/city_privacy.html",
        organisation=city,
        texts=[(text, is_first_wording(text, city=city.name)) for text in found if text is not None],
        kept=periods(values),
        example=(fiscal_year(clock.today()), kept_until(clock.today(), LEAST_YEARS)),
        answer_days=answer_days(values),
        crumbs=_city_crumbs(city, word("個人情報の取扱い")),
    )


@blueprint.get("/robots.txt")
@allows("site.read")
def robots() -> Response:
    paths = ("/",) if _settings().is_demo else PERSONAL
    return _text(["User-agent: *", *(f"Disallow: {path}" for path in paths)])


@blueprint.get("/.well-known/security.txt")
@allows("site.read")
def security() -> Response:
    settings = _settings()
    if not settings.security_contact:
        abort(404)
    expires = (clock.now() + SECURITY_TEXT_LASTS).replace(hour=0, minute=0, second=0, microsecond=0)
    here = f"{settings.base_url}{url_for('site.security')}"
    lines = [f"Contact: {settings.security_contact}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}"]
    return _text([*lines, "Preferred-Languages: ja, en", f"Canonical: {here}"])
