"""Who may do what: one machine-readable table (design 40), read by the routes, the tests and docs/access.md.

A cell says no (not listed), `yes`, `own` (the applicant's own things), `assigned` (openings for which the role was
granted) or
`second` (yes, and a policy asks for a person other than the one who prepared it). Policies add conditions of state
only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from flask import Flask


class Role(StrEnum):
    """Roles in an organisation (or, reviewer and chair, for an opening until a date)."""

    ADMIN = "admin"
    AUTHOR = "author"
    HR = "hr"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ACCOMMODATION = "accommodation"  # a grant to HR beside its role (design 40)
    REVIEWER = "reviewer"
    CHAIR = "chair"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS = {
    Role.ADMIN: "管理者",
    Role.AUTHOR: "募集担当",
    Role.HR: "人事担当",
    Role.APPROVER: "決裁者",
    Role.AUDITOR: "監査",
    Role.ACCOMMODATION: "配慮担当",
    Role.REVIEWER: "採点者",
    Role.CHAIR: "採点主任",
}
OPENING_ROLES = frozenset({Role.REVIEWER, Role.CHAIR})


class Allow(StrEnum):
    NO = "no"
    OWN = "own"
    ASSIGNED = "assigned"
    YES = "yes"
    SECOND = "second"


class Scope(StrEnum):
    """Whom a route serves: anybody, the applicant of the cookie, staff on the way in, signed-in staff, staff of the
    organisation in the URL."""

    PUBLIC = "public"
    APPLICANT = "applicant"
    SIGN_IN = "sign_in"
    ACCOUNT = "account"
    ORGANISATION = "organisation"


@dataclass(frozen=True)
class Action:
    name: str
    scope: Scope
    label: str
    roles: dict[Role, Allow]
    fresh: bool = False  # asks for a second factor given minutes ago (reliability B9)


def _public(name: str, label: str) -> Action:
    return Action(name, Scope.PUBLIC, label, {})


def _applicant(name: str, label: str) -> Action:
    return Action(name, Scope.APPLICANT, label, {})


def _account(name: str, label: str) -> Action:
    return Action(name, Scope.ACCOUNT, label, {})


def _staff(name: str, label: str, **roles: Allow) -> Action:
    return Action(name, Scope.ORGANISATION, label, {Role(role): allow for role, allow in roles.items()})


def _fresh(action: Action) -> Action:
    return replace(action, fresh=True)


YES, SECOND, ASSIGNED = Allow.YES, Allow.SECOND, Allow.ASSIGNED
EVERYBODY = dict.fromkeys((role.value for role in Role), YES)

ACTIONS: dict[str, Action] = {
    action.name: action
    for action in (
        _public("service.health", "稼働の確認"),
        _public("static.read", "画面の部品を読む"),
        _public("site.read", "サイトの案内（個人情報・アクセシビリティ・利用規約）を読む"),
        _public("demo.mail", "デモの受信箱と確認コードを見る（デモのみ）"),
        _public("opening.read_public", "公開中の募集を見る"),
        _public("result.read_public", "公開された合格者受験番号一覧を見る"),
        _public("eligibility.check", "応募資格セルフチェックをする（何も保存しない）"),
        _public("draft.start", "応募を始める"),
        _public("postal.read", "郵便番号から住所を引く"),
        _public("applicant.sign_in", "6桁コードでマイページに入る"),
        _public("message.ask", "公開中の募集について自治体に質問する"),
        _applicant("draft.edit", "自分の下書きを書く・送信する"),
        _applicant("application.read_own", "自分の応募と結果を見る"),
        _applicant("own_data.read", "自分の情報を見る・受け取る"),
        _applicant("contact.change_own", "自分のメールアドレスを直す・控えのメールをもう一度受け取る"),
        _applicant("application.withdraw", "自分の応募を辞退する・辞退を取り消す"),
        _applicant("message.own", "自分の応募について自治体とメッセージをやりとりする"),
        _applicant("accommodation.own", "選考での配慮を申し出る・変える・取り下げる"),
        _applicant("request.own", "自分の下書きを消す・連絡先を直す・削除を請求する"),
        Action("staff.sign_in", Scope.SIGN_IN, "職員ログイン・招待・パスワード再設定", {}),
        _account("account.manage_own", "自分のアカウントと端末を管理する"),
        _staff("dashboard.read", "ダッシュボードを見る", **EVERYBODY),
        _staff("opening.read", "未公開の募集を見る", admin=YES, author=YES, hr=YES, approver=YES, auditor=YES),
        _staff("opening.edit", "募集を作る・直す・承認を依頼する", author=YES),
        _staff("opening.approve", "募集を承認する・差し戻す", approver=SECOND),
        _staff("proposal.prepare", "締切の延長・募集の中止を申し出る", author=YES, hr=YES),
        _staff("proposal.approve", "締切の延長・募集の中止を承認する・差し戻す", approver=SECOND),
        _staff("amendment.prepare", "公開した募集の訂正を書く・承認を依頼する", author=YES),
        _staff("amendment.approve", "公開した募集の訂正を承認する・差し戻す", approver=SECOND),
        _staff("late.read", "締切後に届いた応募の一覧を見る（内容は見られない）", hr=YES, approver=YES),
        _staff("late.rule", "締切後に届いた応募の扱いを決める", hr=SECOND, approver=SECOND),
        _staff("application.list", "応募者の一覧を見る", hr=YES),
        _staff("application.read", "応募の内容を見る", hr=YES),
        _staff("message.read", "応募者からの質問とメッセージを読む", hr=YES),
        _staff("message.send", "応募者にメッセージを送る", hr=YES),
        _staff("accommodation.read", "選考での配慮の申し出を読む", accommodation=YES),
        _staff("accommodation.answer", "選考での配慮の申し出に答える", accommodation=YES),
        _staff("erasure.read", "応募者からの削除の請求を見る", hr=YES),
        _staff("erasure.answer", "応募者からの削除の請求に答える・削除の承認を依頼する", hr=YES),
        _staff("erasure.approve", "応募のデータの削除を承認する・差し戻す", hr=SECOND, approver=SECOND),
        _staff("document.read", "提出書類を開く", hr=YES),
        _staff("finding.confirm", "応募資格の判定を確認・変更する", hr=YES),
        _staff("application.accept", "応募を受理する", hr=YES),
        _staff("round.prepare", "採点期と割当を用意する", hr=YES),
        _staff("round.progress", "採点の進み具合を見る", hr=YES, chair=ASSIGNED),
        _staff("rating.enter", "割り当てられた応募を採点する", reviewer=ASSIGNED, chair=ASSIGNED),
        _staff("rating.read_all", "締めた採点期の評点を見る", hr=YES, chair=ASSIGNED),
        _staff("decision.enter", "判定を入れる・結果を用意する", hr=YES),
        _staff("result.read", "選考ボードと未公開の結果を見る", hr=YES, approver=YES),
        _staff("result.release", "結果の公開を承認する", approver=SECOND),
        _staff("staff.read", "職員の一覧を見る", admin=YES),
        _fresh(_staff("staff.manage", "職員を招待する・役割を決める・停止する", admin=YES)),
        _fresh(_staff("settings.change", "自治体の設定を見る・変える", admin=YES)),
        _staff("mail.read", "送信したメールの記録を見る", admin=YES, hr=YES),
        _staff("mail.resend", "送れなかったメールをもう一度送る", admin=YES, hr=YES),
        _staff("audit.read", "監査記録を見る", admin=YES, auditor=YES),
    )
}


class UndeclaredAction(Exception):
    """A route names no action, or one that the table does not have."""


def allows(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Name the action that a route performs.

    Raises: UndeclaredAction when the table does not have it.
    """
    if name not in ACTIONS:
        raise UndeclaredAction(name)

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.action = name  # type: ignore[attr-defined]
        return view

    return mark


def takes_idle(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a POST view that also answers an applicant whose time has run out, so that no typed text is lost (50).

    It finds nobody in `g.applicant` but the person in `g.idle_applicant`, may keep what was typed, and shows nothing.
    To a browser that holds nobody the page of 401 gives back what it sent, as that of 400 or 500 does.
    """
    view.takes_idle = True  # type: ignore[attr-defined]
    return view


def pressed_again(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Name what one more press does with what this view could not take: the words of the button that gives it back."""

    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.pressed_again = words  # type: ignore[attr-defined]
        return view

    return mark


def only_reads(view: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a POST view that answers and keeps nothing: its transaction is one that the database refuses to write in."""
    view.only_reads = True  # type: ignore[attr-defined]
    return view


def action_of(app: Flask, endpoint: str) -> Action:
    """Find the action of an endpoint.

    Raises: UndeclaredAction.
    """
    if endpoint == "static":
        return ACTIONS["static.read"]
    name = getattr(app.view_functions[endpoint], "action", None)
    if name is None:
        raise UndeclaredAction(f"route {endpoint} names no action of app/core/access.py")
    return ACTIONS[name]


def check_routes(app: Flask) -> None:
    """Refuse to build an application with a route that names no action (reliability A1)."""
    for rule in app.url_map.iter_rules():
        action_of(app, rule.endpoint)


def allowed(action: Action, roles: frozenset[Role]) -> bool:
    """Say whether one of these roles may perform the action."""
    return any(action.roles.get(role, Allow.NO) is not Allow.NO for role in roles)


def as_markdown() -> str:
    """The table as docs/access.md shows it."""
    roles = list(Role)
    lines = [
        "# Who may do what",
        "",
        "Written by `bin/flask access-table` from `app/core/access.py`; a test holds that this page is current.",
        "",
        "| action | 画面 | whom | " + " | ".join(f"{role.value} {role.label}" for role in roles) + " |",
        "|" + " --- |" * (len(roles) + 3),
    ]
    for action in ACTIONS.values():
        cells = (action.roles.get(role, Allow.NO).value.replace("no", "–") for role in roles)
        lines.append(f"| `{action.name}` | {action.label} | {action.scope.value} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
