"""What an admin sets for the whole organisation."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from app.core import clock
from app.core.access import allows
from app.core.forms import Form, RequiredChoice
from app.organisations.file_rule import Unscanned, set_unscanned_files, unscanned_files

blueprint = Blueprint("staff_settings", __name__)


class FilesForm(Form):
    unscanned = RadioField(
        "ウイルス検査をしていない書類",
        [RequiredChoice("どちらかを選んでください")],
        choices=[SelectChoice(one.value, one.label) for one in Unscanned],
    )


@blueprint.get("/staff/<slug>/settings")
@allows("settings.change")
def settings(slug: str) -> str:
    return _page(FilesForm(formdata=None, unscanned=unscanned_files(g.organisation.id, at=clock.now()).value))


def _page(form: FilesForm) -> str:
    has_scanner = bool(current_app.extensions["koubo.settings"].clamav)
    return render_template("staff_settings/settings.html", form=form, has_scanner=has_scanner)


@blueprint.post("/staff/<slug>/settings")
@allows("settings.change")
def change(slug: str) -> Response | tuple[str, int]:
    form = FilesForm()
    if not form.validate():
        return _page(form), 422
    chosen = Unscanned(form.unscanned.data)
    set_unscanned_files(g.organisation, chosen, by=g.staff_user.actor, at=clock.now())
    flash(f"未検査の書類は「{chosen.label}」です。次に画面を開いたときから効きます。", "success")
    return redirect(url_for("staff_settings.settings", slug=slug), 303)
