"""The person's address and the receipt mail: sent again, mended, changed with a code."""

import secrets
import uuid

from flask import flash, g, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from app.accounts import applicants
from app.accounts.applicants import CODE_COOKIE, WrongCode
from app.applications import queries as own
from app.applications.words import masked_mail
from app.core import clock
from app.core.access import allows
from app.core.arrival import network_address
from app.core.csrf import read_cookie, set_cookie
from app.core.limits import Limit, count
from app.mypage import contact_services
from app.mypage.forms import CodeForm, MailForm, NewMailForm
from app.mypage.routes import blueprint

COPIES_PER_PERSON = Limit("receipt.copy", 6, 3600)
MENDS_PER_PERSON = Limit("address.mend", 6, 3600)
NEW = "new_mail"


@blueprint.post("/my/applications/<uuid:application_id>/receipt-mail")
@allows("contact.change_own")
def resend_receipt(application_id: uuid.UUID) -> Response:
    count(COPIES_PER_PERSON, str(g.applicant.id), at=clock.now())
    application = own.get_application(g.applicant.id, application_id)
    mail, place = masked_mail(application.mail), _receipt_of(application_id)
    contact_services.resend_receipt(application, by=g.applicant.actor, at=clock.now())
    flash(f"控えのメールを、もう一度 {mail} に送ります。", "success")
    return redirect(place, 303)


def _receipt_of(application_id: uuid.UUID) -> str:
    versions = own.versions_of(own.get_application(g.applicant.id, application_id))
    return url_for("apply.done", submission_id=versions[0].submission_id) + "#mail"


@blueprint.get("/my/applications/<uuid:application_id>/address")
@allows("contact.change_own")
def mend_form(application_id: uuid.UUID) -> str:
    application = own.get_application(g.applicant.id, application_id)
    return render_template("mypage/mend.html", form=MailForm(mail=application.mail), application=application)


@blueprint.post("/my/applications/<uuid:application_id>/address")
@allows("contact.change_own")
def mend(application_id: uuid.UUID) -> Response | tuple[str, int]:
    form = MailForm()
    if not form.validate():
        application = own.get_application(g.applicant.id, application_id)
        return render_template("mypage/mend.html", form=form, application=application), 422
    count(MENDS_PER_PERSON, str(g.applicant.id), at=clock.now())
    application = own.get_application(g.applicant.id, application_id)
    queued = contact_services.mend_address(application, form.mail.data, applicant=g.applicant, at=clock.now())
    news = f"控えのメールを {masked_mail(form.mail.data)} に送ります。" if queued else contact_services.NO_MORE_COPIES
    flash(f"メールアドレスを直しました。{news}", "success")
    return redirect(_receipt_of(application_id), 303)


@blueprint.get("/my/address")
@allows("contact.change_own")
def address() -> str:
    mail = g.applicant.mail if g.applicant.confirmed_at else None
    return render_template("mypage/address.html", form=NewMailForm(), mail=mail)


@blueprint.post("/my/address")
@allows("contact.change_own")
def ask_address() -> Response | tuple[str, int]:
    form = NewMailForm()
    if g.applicant.confirmed_at is None:
        return redirect(url_for("mypage.sign_in"), 303)
    if not form.validate():
        return render_template("mypage/address.html", form=form, mail=g.applicant.mail), 422
    browser = read_cookie(CODE_COOKIE) or secrets.token_urlsafe(32)
    applicants.request_code(form.mail.data, browser, address=network_address(), at=clock.now())
    session[NEW] = form.mail.data
    answer = redirect(url_for("mypage.address_code"), 303)
    set_cookie(answer, CODE_COOKIE, browser)
    return answer


@blueprint.get("/my/address/code")
@allows("contact.change_own")
def address_code() -> str:
    return render_template("mypage/address_code.html", form=CodeForm(), mail=session.get(NEW))


@blueprint.post("/my/address/code")
@allows("contact.change_own")
def change_address() -> Response | tuple[str, int]:
    form, mail = CodeForm(), session.get(NEW)
    if mail is None or g.applicant.confirmed_at is None:
        return redirect(url_for("mypage.address"), 303)
    if not form.validate():
        return render_template("mypage/address_code.html", form=form, mail=mail), 422
    try:
        browser = read_cookie(CODE_COOKIE) or ""
        contact_services.change_address(
            g.applicant, mail, form.code.data, browser, address=network_address(), at=clock.now()
        )
    except WrongCode as wrong:
        form.code.errors = [wrong.message]
        return render_template("mypage/address_code.html", form=form, mail=mail), 422
    session.pop(NEW)
    flash("メールアドレスを変えました。これからのお知らせは、新しいアドレスに届きます。", "success")
    return redirect(url_for("mypage.home"), 303)
