"""The places of a postal code, for a script in 基本情報; the page asks the same without one (step_page)."""

from flask import jsonify
from werkzeug.wrappers import Response

from app.accounts.applicants import scaled
from app.applications.routes import blueprint
from app.core import clock
from app.core.access import allows
from app.core.arrival import network_address
from app.core.limits import Limit, count
from app.jp import postal, text

LOOKUPS_PER_ADDRESS = Limit("postal.read", 3000, 3600)


@blueprint.get("/apply/postal-codes/<code>")
@allows("postal.read")
def places(code: str) -> Response:
    count(scaled(LOOKUPS_PER_ADDRESS), network_address(), at=clock.now())
    read = text.postal_code(code)
    answer: Response = jsonify(places=postal.places(read) if read else [])
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
