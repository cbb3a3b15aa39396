"""The way in for staff: password, second factor, choice of the organisation, and the way out."""

from flask import g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts import account_routes, enrolment_routes, link_routes, sign_in_services
from app.accounts.blueprint import blueprint
from app.accounts.door import (
    browser_name,
    is_known_browser,
    known_browser,
    network,
    onward,
    remember_browser,
    step_of,
    wanted,
    with_session,
)
from app.accounts.forms import AgainForm, CodeForm, RecoveryForm, SignInForm
from app.accounts.guard import STAFF_COOKIE
from app.core import clock
from app.core.access import allows
from app.core.csrf import drop_cookie

__all__ = ["account_routes", "blueprint", "enrolment_routes", "link_routes"]


@blueprint.get("/staff/sign-in")
@allows("staff.sign_in")
def sign_in() -> str:
    return render_template("accounts/sign_in.html", form=SignInForm(), next=wanted())


@blueprint.post("/staff/sign-in")
@allows("staff.sign_in")
def check_password() -> Response | tuple[str, int]:
    form, at = SignInForm(), clock.now()
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form, next=wanted()), 422
    mail, password, old = form.mail.data, form.password.data, g.session_on_the_way
    whose = {"browser": browser_name(), "known": known_browser(mail, at=at), **network()}
    try:
        token = sign_in_services.sign_in(mail, password, at=at, instead_of=old, **whose)
    except sign_in_services.WrongCredentials as refusal:
        form.form_errors.append(refusal.message)
        return render_template("accounts/sign_in.html", form=form, next=wanted()), 422
    return with_session(onward("accounts.second_factor"), token)


@blueprint.get("/staff/second-factor")
@allows("staff.sign_in")
def second_factor() -> str | Response:
    return _code_page(CodeForm(), "accounts/second_factor.html")


@blueprint.post("/staff/second-factor")
@allows("staff.sign_in")
def check_second_factor() -> Response | tuple[str, int]:
    return _check_code(CodeForm(), "accounts/second_factor.html")


@blueprint.get("/staff/second-factor/recovery")
@allows("staff.sign_in")
def recovery_code() -> str | Response:
    return _code_page(RecoveryForm(), "accounts/recovery_code.html")


@blueprint.post("/staff/second-factor/recovery")
@allows("staff.sign_in")
def check_recovery_code() -> Response | tuple[str, int]:
    return _check_code(RecoveryForm(), "accounts/recovery_code.html")


def _code_page(form: CodeForm | RecoveryForm, template: str) -> str | Response:
    if (step := step_of(g.session_on_the_way)) != "accounts.second_factor":
        return onward(step)
    return render_template(template, form=form, next=wanted())


def _check_code(form: CodeForm | RecoveryForm, template: str) -> Response | tuple[str, int]:
    session, at = g.session_on_the_way, clock.now()
    if (step := step_of(session)) != "accounts.second_factor":
        return onward(step)
    if not form.validate():
        return render_template(template, form=form, next=wanted()), 422
    known = is_known_browser(session.staff_user, at=at)
    try:
        token = sign_in_services.pass_second_factor(session, form.code.data, at=at, known_browser=known, **network())
    except sign_in_services.WrongCode as refusal:
        form.code.errors = [refusal.message]
        return render_template(template, form=form, next=wanted()), 422
    answer = with_session(redirect(wanted() or url_for("accounts.choose"), 303), token)
    return remember_browser(answer, session.staff_user, at=at)


@blueprint.get("/staff/")
@allows("account.manage_own")
def choose() -> str | Response:
    if len(g.affiliations) == 1:
        return redirect(g.affiliations[0].home)
    return render_template("accounts/choose.html", affiliations=g.affiliations)


@blueprint.get("/staff/confirm")
@allows("account.manage_own")
def confirm() -> str:
    return render_template("accounts/confirm.html", form=AgainForm(), next=wanted())


@blueprint.post("/staff/confirm")
@allows("account.manage_own")
def check_confirmation() -> Response | tuple[str, int]:
    form = AgainForm()
    if not form.validate():
        return render_template("accounts/confirm.html", form=form, next=wanted()), 422
    try:
        token = sign_in_services.confirm_again(g.staff_session, form.code.data, at=clock.now(), **network())
    except sign_in_services.WrongCode as refusal:
        form.code.errors = [refusal.message]
        return render_template("accounts/confirm.html", form=form, next=wanted()), 422
    return with_session(redirect(wanted() or url_for("accounts.choose"), 303), token)


@blueprint.post("/staff/sign-out")
@allows("staff.sign_in")
def sign_out() -> Response:
    if g.session_on_the_way is not None:
        sign_in_services.sign_out(g.session_on_the_way, at=clock.now())
    answer = redirect(url_for("accounts.signed_out"), 303)
    drop_cookie(answer, STAFF_COOKIE)
    return answer


@blueprint.get("/staff/signed-out")
@allows("staff.sign_in")
def signed_out() -> str:
    return render_template("accounts/signed_out.html")
