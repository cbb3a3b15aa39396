"""A person's own account: sessions, password, recovery codes, second factor."""

import uuid
from typing import Any

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts import account_services, second_factor
from app.accounts.account_services import WrongPassword
from app.accounts.blueprint import blueprint
from app.accounts.browsers import browser_words
from app.accounts.door import network, offer_codes, offer_secret, offered_codes, offered_secret, with_session
from app.accounts.forms import ChangePasswordForm, ChangeSecondFactorForm, RenewCodesForm
from app.accounts.guard import ABSOLUTE, STAFF_COOKIE
from app.accounts.passwords import WeakPassword
from app.accounts.queries import recovery_codes_left, sessions_of
from app.accounts.sign_in_services import WrongCode
from app.core import clock
from app.core.access import allows
from app.core.csrf import drop_cookie

PAGES = (
    ("accounts.choose", "自治体の画面へ", "back"),
    ("accounts.sessions", "ログイン中の端末", "lock"),
    ("accounts.change_password", "パスワード", "edit"),
    ("accounts.change_second_factor", "認証アプリ", "shield"),
    ("accounts.renew_codes", "リカバリーコード", "file"),
)


def _page(template: str, current: str, **values: object) -> str:
    menu: list[dict[str, Any]] = [
        {"label": label, "url": url_for(endpoint), "icon": icon, "current": endpoint == current, "count": None}
        for endpoint, label, icon in PAGES
    ]
    return render_template(template, staff_menu=menu, **values)


@blueprint.get("/staff/account/sessions")
@allows("account.manage_own")
def sessions() -> str:
    at = clock.now()
    rows = [
        {"row": row, "browser": browser_words(row.browser), "is_this": row.id == g.staff_session.id}
        for row in sessions_of(g.staff_user, since=at - ABSOLUTE)
    ]
    return _page("accounts/sessions.html", "accounts.sessions", sessions=rows)


@blueprint.post("/staff/account/sessions/<uuid:session_id>/end")
@allows("account.manage_own")
def end_session(session_id: uuid.UUID) -> Response:
    account_services.end_session(g.staff_user, session_id, at=clock.now())
    if session_id == g.staff_session.id:
        answer = redirect(url_for("accounts.signed_out"), 303)
        drop_cookie(answer, STAFF_COOKIE)
        return answer
    flash("選んだ端末をログアウトしました。", "success")
    return redirect(url_for("accounts.sessions"), 303)


@blueprint.post("/staff/account/sessions/end-others")
@allows("account.manage_own")
def end_other_sessions() -> Response:
    account_services.end_other_sessions(g.staff_session, at=clock.now())
    flash("ほかの端末をすべてログアウトしました。", "success")
    return redirect(url_for("accounts.sessions"), 303)


@blueprint.get("/staff/account/password")
@allows("account.manage_own")
def change_password() -> str:
    return _page("accounts/change_password.html", "accounts.change_password", form=ChangePasswordForm())


@blueprint.post("/staff/account/password")
@allows("account.manage_own")
def save_password() -> Response | tuple[str, int]:
    form = ChangePasswordForm()
    if form.validate():
        try:
            token = account_services.change_password(g.staff_session, form.old.data, form.password.data, at=clock.now())
        except WrongPassword as refusal:
            form.old.errors = [refusal.message]
        except WeakPassword as refusal:
            form.password.errors = [refusal.message]
        else:
            flash("パスワードを変えました。ほかの端末はログアウトされました。", "success")
            return with_session(redirect(url_for("accounts.sessions"), 303), token)
    return _page("accounts/change_password.html", "accounts.change_password", form=form), 422


@blueprint.get("/staff/account/second-factor")
@allows("account.manage_own")
def change_second_factor() -> str:
    return _second_factor_page(ChangeSecondFactorForm(), second_factor.new_secret())


@blueprint.post("/staff/account/second-factor")
@allows("account.manage_own")
def save_second_factor() -> Response | tuple[str, int]:
    form, at = ChangeSecondFactorForm(), clock.now()
    secret = offered_secret(form, g.staff_user, at=at)
    if secret is None:
        return redirect(url_for("accounts.change_second_factor"), 303)
    if form.validate():
        try:
            proof = form.proof()
            token = account_services.change_second_factor(g.staff_session, secret, proof, at=at, **network())
        except account_services.WrongNewCode as refusal:
            form.code.errors = [refusal.message]
        except WrongCode as refusal:
            form.current.errors = [refusal.message]
        except WrongPassword as refusal:
            form.password.errors = [refusal.message]
        else:
            flash("認証アプリを変えました。ほかの端末はログアウトされました。", "success")
            return with_session(redirect(url_for("accounts.sessions"), 303), token)
    return _second_factor_page(form, secret), 422


def _second_factor_page(form: ChangeSecondFactorForm, secret: str) -> str:
    shown = offer_secret(form, g.staff_user, secret, at=clock.now())
    return _page("accounts/change_second_factor.html", "accounts.change_second_factor", form=form, **shown)


@blueprint.get("/staff/account/recovery-codes")
@allows("account.manage_own")
def renew_codes() -> str:
    return _codes_page(RenewCodesForm(), second_factor.new_recovery_codes())


@blueprint.post("/staff/account/recovery-codes")
@allows("account.manage_own")
def save_codes() -> Response | tuple[str, int]:
    form, at = RenewCodesForm(), clock.now()
    codes = offered_codes(form, g.staff_user, at=at)
    if codes is None:
        return redirect(url_for("accounts.renew_codes"), 303)
    if form.validate():
        try:
            account_services.renew_recovery_codes(g.staff_session, codes, form.password.data, at=at)
        except WrongPassword as refusal:
            form.password.errors = [refusal.message]
        else:
            flash("新しいリカバリーコードが有効になりました。前のコードは使えません。", "success")
            return redirect(url_for("accounts.sessions"), 303)
    return _codes_page(form, codes), 422


def _codes_page(form: RenewCodesForm, codes: list[str]) -> str:
    shown = offer_codes(form, g.staff_user, codes, at=clock.now())
    left = recovery_codes_left(g.staff_user)
    return _page("accounts/renew_codes.html", "accounts.renew_codes", form=form, left=left, **shown)
