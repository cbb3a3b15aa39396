"""What an admin sets for the whole organisation."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Regexp

from app.core import clock
from app.core.access import allows
from app.core.forms import Form, MaxLength, RequiredChoice
from app.organisations.file_rule import Unscanned, set_unscanned_files, unscanned_files
from app.organisations.services import name_in_english

blueprint = Blueprint("staff_settings", __name__)


class FilesForm(Form):
    unscanned = RadioField(
        "ウイルス検査をしていない書類",
        [RequiredChoice("どちらかを選んでください")],
        choices=[SelectChoice(one.value, one.label) for one in Unscanned],
    )


class NameForm(Form):
    name_en = StringField("英語の名称", [MaxLength(120), Regexp(r"[ -~]*\Z", message="英数字と記号で入力してください")])


@blueprint.get("/staff/<slug>/settings")
@allows("settings.change")
def settings(slug: str) -> str:
    return _page(FilesForm(formdata=None, unscanned=unscanned_files(g.organisation.id, at=clock.now()).value))


def _page(form: FilesForm, name_form: NameForm | None = None) -> str:
    has_scanner = bool(current_app.extensions["koubo.settings"].clamav)
    name_form = name_form or NameForm(formdata=None, name_en=g.organisation.name_en or "")
    return render_template("staff_settings/settings.html", form=form, name_form=name_form, has_scanner=has_scanner)


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


@blueprint.post("/staff/<slug>/settings/name")
@allows("settings.change")
def rename(slug: str) -> Response | tuple[str, int]:
    form = NameForm()
    if not form.validate():
        files = FilesForm(formdata=None, unscanned=unscanned_files(g.organisation.id, at=clock.now()).value)
        return _page(files, form), 422
    name_in_english(g.organisation, form.name_en.data or "", by=g.staff_user.actor, at=clock.now())
    flash("英語の名称を保存しました。英語の画面に表示します。", "success")
    return redirect(url_for("staff_settings.settings", slug=slug), 303)
