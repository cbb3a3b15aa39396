"""Links from mails. Opening one moves its token into a cookie and changes nothing; its form uses it up (B4, C7)."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts import link_services
from app.accounts.blueprint import blueprint
from app.accounts.door import LINK_COOKIE, browser_name, carried_link, carry_link, network, with_session
from app.accounts.forms import MailForm, NewPasswordForm
from app.accounts.models import TokenPurpose
from app.accounts.passwords import WeakPassword
from app.core import clock
from app.core.access import allows
from app.core.csrf import drop_cookie

INVITATION, RESET = TokenPurpose.INVITATION, TokenPurpose.PASSWORD_RESET


@blueprint.get("/staff/invitation/<token>")
@allows("staff.sign_in")
def open_invitation(token: str) -> Response:
    return carry_link(redirect(url_for("accounts.invitation")), INVITATION, token, at=clock.now())


@blueprint.get("/staff/invitation")
@allows("staff.sign_in")
def invitation() -> str | tuple[str, int]:
    return _password_page(NewPasswordForm(), INVITATION)


@blueprint.post("/staff/invitation")
@allows("staff.sign_in")
def accept_invitation() -> Response | str | tuple[str, int]:
    form, at = NewPasswordForm(), clock.now()
    if not form.validate():
        return _password_page(form, INVITATION, status=422)
    token = carried_link(INVITATION, at=at)
    try:
        session = link_services.accept_invitation(token, form.password.data, at=at, browser=browser_name())
    except WeakPassword as refusal:
        form.password.errors = [refusal.message]
        return _password_page(form, INVITATION, status=422)
    answer = with_session(redirect(url_for("accounts.enrol"), 303), session)
    drop_cookie(answer, LINK_COOKIE)
    return answer


@blueprint.get("/staff/password/reset/<token>")
@allows("staff.sign_in")
def open_reset(token: str) -> Response:
    return carry_link(redirect(url_for("accounts.reset_password")), RESET, token, at=clock.now())


@blueprint.get("/staff/password/reset")
@allows("staff.sign_in")
def reset_password() -> str | tuple[str, int]:
    return _password_page(NewPasswordForm(), RESET)


@blueprint.post("/staff/password/reset")
@allows("staff.sign_in")
def set_password() -> Response | str | tuple[str, int]:
    form, at = NewPasswordForm(), clock.now()
    if not form.validate():
        return _password_page(form, RESET, status=422)
    try:
        link_services.reset_password(carried_link(RESET, at=at), form.password.data, at=at)
    except WeakPassword as refusal:
        form.password.errors = [refusal.message]
        return _password_page(form, RESET, status=422)
    flash("パスワードを変えました。新しいパスワードでログインしてください。", "success")
    answer = redirect(url_for("accounts.sign_in"), 303)
    drop_cookie(answer, LINK_COOKIE)
    return answer


def _password_page(form: NewPasswordForm, purpose: TokenPurpose, *, status: int = 200) -> str | tuple[str, int]:
    """Show the form to whom the link belongs; a link that opens nothing gets a page that says what to do."""
    at = clock.now()
    account = link_services.find_link_account(purpose, carried_link(purpose, at=at), at=at)
    if account is None:
        return render_template("accounts/link_gone.html", is_invitation=purpose is INVITATION), 410
    template = "accounts/invitation.html" if purpose is INVITATION else "accounts/reset_password.html"
    return render_template(template, form=form, account=account), status


@blueprint.get("/staff/password/lost")
@allows("staff.sign_in")
def lost_password() -> str:
    return render_template("accounts/lost_password.html", form=MailForm())


@blueprint.post("/staff/password/lost")
@allows("staff.sign_in")
def ask_password_reset() -> Response | tuple[str, int]:
    form = MailForm()
    if not form.validate():
        return render_template("accounts/lost_password.html", form=form), 422
    link_services.ask_password_reset(form.mail.data, at=clock.now(), **network())
    return redirect(url_for("accounts.reset_asked"), 303)


@blueprint.get("/staff/password/lost/asked")
@allows("staff.sign_in")
def reset_asked() -> str:
    return render_template("accounts/reset_asked.html")
