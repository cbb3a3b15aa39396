"""The staff of an organisation: list, invitation, roles, end."""

import uuid
from datetime import datetime

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts import member_services
from app.accounts.forms import InvitationForm, RolesForm
from app.accounts.policy import can_manage
from app.accounts.queries import Member, get_member
from app.accounts.queries import members as members_of
from app.core import clock
from app.core.access import allows
from app.jp.text import clean_name

blueprint = Blueprint("staff_accounts", __name__)


@blueprint.get("/staff/<slug>/members")
@allows("staff.read")
def members(slug: str) -> str:
    return render_template("staff_accounts/members.html", members=members_of(g.organisation, at=clock.now()))


@blueprint.get("/staff/<slug>/members/invite")
@allows("staff.manage")
def invitation(slug: str) -> str:
    return render_template("staff_accounts/invitation.html", form=InvitationForm())


@blueprint.post("/staff/<slug>/members/invite")
@allows("staff.manage")
def invite(slug: str) -> Response | tuple[str, int]:
    form = InvitationForm()
    if not form.validate():
        return render_template("staff_accounts/invitation.html", form=form), 422
    name, mail, roles = clean_name(form.name.data), form.mail.data, form.chosen()
    member_services.invite(g.organisation, name=name, mail=mail, roles=roles, by=g.staff_user, at=clock.now())
    flash("招待メールを送りました。受け取った人がパスワードと二段階認証を設定すると使えます。", "success")
    return redirect(url_for("staff_accounts.members", slug=slug), 303)


@blueprint.get("/staff/<slug>/members/<uuid:membership_id>")
@allows("staff.manage")
def member(slug: str, membership_id: uuid.UUID) -> str:
    found = _get(membership_id, at=clock.now())
    return _member_page(found, RolesForm(roles=[role.value for role in found.roles]))


@blueprint.post("/staff/<slug>/members/<uuid:membership_id>")
@allows("staff.manage")
def change_roles(slug: str, membership_id: uuid.UUID) -> Response | tuple[str, int]:
    form, at = RolesForm(), clock.now()
    found = _get(membership_id, at=at)
    if not form.validate():
        return _member_page(found, form), 422
    member_services.change_roles(found, form.chosen(), by=g.staff_user, at=at)
    flash(f"{found.user.display_name}さんの役割を変えました。", "success")
    return redirect(url_for("staff_accounts.members", slug=slug), 303)


@blueprint.post("/staff/<slug>/members/<uuid:membership_id>/resend")
@allows("staff.manage")
def resend(slug: str, membership_id: uuid.UUID) -> Response:
    at = clock.now()
    found = _get(membership_id, at=at)
    member_services.resend_invitation(found, g.organisation, by=g.staff_user, at=at)
    flash(f"{found.user.display_name}さんへ招待メールを送り直しました。前のリンクは使えません。", "success")
    return redirect(url_for("staff_accounts.members", slug=slug), 303)


@blueprint.post("/staff/<slug>/members/<uuid:membership_id>/end")
@allows("staff.manage")
def end(slug: str, membership_id: uuid.UUID) -> Response:
    at = clock.now()
    found = _get(membership_id, at=at)
    member_services.end_membership(found, by=g.staff_user, at=at)
    flash(f"{found.user.display_name}さんの利用を停止しました。ログイン中の端末もログアウトされました。", "success")
    return redirect(url_for("staff_accounts.members", slug=slug), 303)


def _get(membership_id: uuid.UUID, *, at: datetime) -> Member:
    return get_member(g.organisation, membership_id, at=at)


def _member_page(found: Member, form: RolesForm) -> str:
    may_change = can_manage(g.staff_user, found.membership) and not found.has_ended
    return render_template("staff_accounts/member.html", member=found, form=form, may_change=may_change)
