"""What only the demo shows: caught mails and second-factor codes."""

from itertools import groupby
from pathlib import Path

from flask import Blueprint, abort, current_app, render_template

from app.core import clock
from app.core.access import allows
from app.core.errors import NotFound
from app.demo.codes import changes_at, codes
from app.demo.mailbox import caught, find_caught
from app.demo.staff import DEMO_PASSWORD

blueprint = Blueprint("demo", __name__)


@blueprint.before_request
def only_in_the_demo() -> None:
    if not current_app.config["DEMO"]:
        abort(404)


def _folder() -> Path:
    settings = current_app.extensions["koubo.settings"]
    return Path(settings.mail_catcher_dir or settings.data_dir / "mail")


@blueprint.get("/demo/mail")
@allows("demo.mail")
def mailbox() -> str:
    return render_template("demo/mailbox.html", mails=caught(_folder()))


@blueprint.get("/demo/mail/<key>")
@allows("demo.mail")
def mail(key: str) -> str:
    found = find_caught(_folder(), key)
    if found is None:
        raise NotFound
    return render_template("demo/mail.html", mail=found)


@blueprint.get("/demo/codes")
@allows("demo.mail")
def second_factors() -> str:
    at = clock.now()
    cities = [(name, list(rows)) for name, rows in groupby(codes(at=at), key=lambda code: code.organisation)]
    return render_template(
        "demo/second_factors.html", cities=cities, changes_at=changes_at(at), at=at, password=DEMO_PASSWORD
    )
