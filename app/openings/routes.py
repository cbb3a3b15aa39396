import uuid
from datetime import datetime

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext

from app.core import clock
from app.core.access import allows
from app.core.language import home_crumb, page_url, word
from app.openings import listing as listings
from app.openings import public_queries, queries
from app.openings.amendment_queries import get_edition, get_first
from app.openings.cards import card_html, cards
from app.openings.content import OpeningContent
from app.openings.differences import differences
from app.openings.listing import OPTIONS, read_filters
from app.openings.notice import Notice, called_off, make_notice
from app.openings.queries import ClosingState
from app.openings.words import SORTS
from app.organisations.queries import get_organisation

blueprint = Blueprint("openings", __name__)


blueprint.add_app_template_global(card_html)


@blueprint.get("/")
@allows("opening.read_public")
def index() -> str:
    at = clock.now()
    cities = public_queries.cities_with_counts(at)
    return render_template(
        "openings/index.html",
        soonest=public_queries.soonest(at, limit=3),
        newest=cards(public_queries.newest_openings(at, limit=4), at),
        campaigns=[(rows[0].campaign, rows) for rows in public_queries.live_campaigns(at, limit=3)],
        cities=cities,
        total=sum(count for _city, count in cities),
    )


@blueprint.get("/openings")
@allows("opening.read_public")
def listing() -> str:
    filters = read_filters(request.args.to_dict(flat=False))
    at = clock.now()
    found = listings.search(filters, at)
    return render_template(
        "openings/listing.html",
        filters=filters,
        found=found,
        cards=cards(found.rows, at),
        options=OPTIONS,
        sorts=SORTS,
        chips=_chips(filters, found),
        page_url=lambda number: url_for("openings.listing", **filters.address(page=number)),
    )


def _chips(filters: listings.Filters, found: listings.Found) -> list[tuple[str, str, int]]:
    """What is chosen: its words, the address without it, and how many there would be without its whole facet."""
    names = {organisation.slug: organisation.name for organisation, _count in found.cities}
    given: list[tuple[str, str | None, str]] = [("q", None, f"「{filters.text}」")] if filters.text else []
    for facet, options in filters.chosen.items():
        given += [(facet, option, OPTIONS.get(facet, names).get(option, option)) for option in options]
    return [
        (label, url_for("openings.listing", **filters.without(facet, option).address()), found.without[facet])
        for facet, option, label in given
    ]


@blueprint.get("/openings/<uuid:opening_id>")
@allows("opening.read_public")
def detail(opening_id: uuid.UUID) -> str:
    at = clock.now()
    row = public_queries.get_published(opening_id, at)
    history = public_queries.history(row.opening)
    times = {"opens_at": row.opening.opens_at, "closes_at": row.opening.closes_at}
    notice = make_notice(row.content, row.form_label, basis=history.basis, at=at, **times)
    return render_template(
        "openings/detail.html",
        row=row,
        organisation=row.organisation,
        notice=called_off(notice, row.opening.withdrawn_at) if queries.is_called_off(row.opening) else notice,
        state=queries.closing_state(row.opening, at),
        amendments=history.amendments,
        first=get_first(row.opening) if history.amendments else None,
        extensions=history.extensions,
        outcomes=history.outcomes,
        stage_names={stage.key: stage.name for stage in row.content.stages},
        apply_url=page_url("apply.start", opening_id=opening_id),
        crumbs=[home_crumb(), (word("募集一覧"), url_for("openings.listing")), (row.content.title, None)],
    )


@blueprint.get("/openings/<uuid:opening_id>/revisions/<int:number>")
@allows("opening.read_public")
def edition(opening_id: uuid.UUID, number: int) -> str:
    at = clock.now()
    row = public_queries.get_published(opening_id, at)
    found, labels = get_edition(row.opening, number), public_queries.form_labels(row.organisation.id)
    return render_template(
        "openings/edition.html",
        row=row,
        organisation=row.organisation,
        edition=found,
        differing=differences(found.before.content, found.content, labels) if found.before else [],
        notice=_notice_of(row, found.content, labels, at=at),
        crumbs=[
            home_crumb(),
            (row.content.title, url_for("openings.detail", opening_id=opening_id)),
            (gettext("第%(n)s版", n=number), None),
        ],
    )


def _notice_of(
    row: public_queries.Published, content: OpeningContent, labels: dict[str, str], *, at: datetime
) -> Notice:
    """Arrange what an edition of an opening says, with the instants that are in force."""
    key = content.terms.form_key
    form = queries.find_form_version(row.organisation.id, key)
    basis, opening = form.basis if form else None, row.opening
    return make_notice(
        content, labels.get(key or ""), basis=basis, opens_at=opening.opens_at, closes_at=opening.closes_at, at=at
    )


@blueprint.get("/campaigns/<slug>")
@allows("opening.read_public")
def campaign(slug: str) -> str:
    at = clock.now()
    found = public_queries.get_campaign(slug, at)
    rows = public_queries.openings_of_campaign(found.id, at)
    return render_template(
        "openings/campaign.html",
        campaign=found,
        cards=list(zip(rows, cards(rows, at), strict=True)),
        open_state=ClosingState.OPEN,
        can_check=any(
            row.content.is_checkable for row in rows if queries.closing_state(row.opening, at) is ClosingState.OPEN
        ),
        crumbs=[home_crumb(), (found.title, None)],
    )


@blueprint.get("/cities/<slug>/")
@allows("opening.read_public")
def city(slug: str) -> str:
    found = get_organisation(slug)
    at = clock.now()
    listed = cards(public_queries.openings_of_city(found.id, at), at)
    live = (ClosingState.OPEN, ClosingState.UPCOMING)
    return render_template(
        "openings/city.html",
        organisation=found,
        live=[card for card in listed if card.state in live],
        past=[card for card in listed if card.state not in live],
        crumbs=[home_crumb(), (found.name, None)],
    )
