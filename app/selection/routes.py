import uuid

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from app.core import clock
from app.core.access import allows
from app.selection import queries

blueprint = Blueprint("results", __name__)


@blueprint.get("/openings/<uuid:opening_id>/results/<stage_key>")
@allows("result.read_public")
def numbers(opening_id: uuid.UUID, stage_key: str) -> Response:
    city, found = queries.get_published(opening_id, stage_key, at=clock.now())
    answer = make_response(render_template("results/numbers.html", organisation=city, result=found))
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
