"""The end of an invitation: the first authenticator app, then the recovery codes."""

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts import account_services, second_factor
from app.accounts.blueprint import blueprint
from app.accounts.door import (
    network,
    offer_codes,
    offer_secret,
    offered_codes,
    offered_secret,
    onward,
    remember_browser,
    step_of,
    wanted,
    with_session,
)
from app.accounts.forms import EnrolForm, KeepCodesForm
from app.accounts.sign_in_services import WrongCode
from app.core import clock
from app.core.access import allows


@blueprint.get("/staff/second-factor/new")
@allows("staff.sign_in")
def enrol() -> str | Response:
    if (step := step_of(g.session_on_the_way)) != "accounts.enrol":
        return onward(step)
    return _enrol_page(EnrolForm(), second_factor.new_secret())


@blueprint.post("/staff/second-factor/new")
@allows("staff.sign_in")
def check_enrolment() -> Response | tuple[str, int]:
    session, form, at = g.session_on_the_way, EnrolForm(), clock.now()
    if (step := step_of(session)) != "accounts.enrol":
        return onward(step)
    secret = offered_secret(form, session.staff_user, at=at)
    if secret is None:
        return onward("accounts.enrol")
    if not form.validate():
        return _enrol_page(form, secret), 422
    try:
        token = account_services.enrol(session, secret, form.code.data, at=at, **network())
    except WrongCode as refusal:
        form.code.errors = [refusal.message]
        return _enrol_page(form, secret), 422
    answer = with_session(onward("accounts.recovery_codes"), token)
    return remember_browser(answer, session.staff_user, at=at)


def _enrol_page(form: EnrolForm, secret: str) -> str:
    user = g.session_on_the_way.staff_user
    shown = offer_secret(form, user, secret, at=clock.now())
    return render_template("accounts/enrol.html", form=form, next=wanted(), account=user.mail, **shown)


@blueprint.get("/staff/second-factor/recovery-codes")
@allows("staff.sign_in")
def recovery_codes() -> str | Response:
    if (step := step_of(g.session_on_the_way)) != "accounts.recovery_codes":
        return onward(step)
    return _codes_page(KeepCodesForm(), second_factor.new_recovery_codes())


@blueprint.post("/staff/second-factor/recovery-codes")
@allows("staff.sign_in")
def keep_recovery_codes() -> Response | tuple[str, int]:
    session, form, at = g.session_on_the_way, KeepCodesForm(), clock.now()
    if (step := step_of(session)) != "accounts.recovery_codes":
        return onward(step)
    codes = offered_codes(form, session.staff_user, at=at)
    if codes is None:
        return onward("accounts.recovery_codes")
    if not form.validate():
        return _codes_page(form, codes), 422
    account_services.finish_invitation(session, codes, at=at)
    flash("二段階認証の設定が終わりました。", "success")
    return redirect(wanted() or url_for("accounts.choose"), 303)


def _codes_page(form: KeepCodesForm, codes: list[str]) -> str:
    user = g.session_on_the_way.staff_user
    shown = offer_codes(form, user, codes, at=clock.now())
    return render_template("accounts/recovery_codes.html", form=form, next=wanted(), account=user.mail, **shown)
