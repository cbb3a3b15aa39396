"""What must hold before a draft is sent, and what a refusal says (design 13, 14, 18, U7)."""

import uuid
from collections.abc import Iterable, Sequence, Set
from datetime import datetime

from app.applications.amended import is_amended
from app.applications.answers import Answers
from app.applications.choice_queries import Standing
from app.applications.choices import Calls, named
from app.applications.file_queries import UNSAFE_WORDS, files_named
from app.applications.models import Draft
from app.applications.queries import Call
from app.applications.steps import missing_answers
from app.core import storage
from app.core.errors import DomainError
from app.files.kept import ScanState
from app.openings.models import OpeningState

NOTHING_SENT = "どの自治体にも、まだ送信していません。確認の画面を開き直すと、ほかの募集への応募を送信できます。"


class Late(DomainError):
    """The submit arrived after the deadline of `calls`; nothing was sent, what was late is kept as a late attempt.

    Of those `full` so many were kept that this one is not.
    """

    def __init__(self, calls: Sequence[Call], full: Sequence[Call]) -> None:
        super().__init__("締切後に届いたため、扱いを確認しています。")
        self.calls, self.full = calls, full


class OthersLeft(Late):
    """Of several openings one was late; the others can still be sent to."""


class NotReady(DomainError):
    """Something that must be there is missing, changed or gone."""


class NotTakingApplications(DomainError):
    """The opening was withdrawn or has not opened."""


def require_named(calls: Calls, to: Set[uuid.UUID]) -> None:
    """Raises: NotReady when the page did not say to which of several openings, or named one that is not chosen.

    Nothing is ever sent to all because the names were lost on the way.
    """
    chosen = {call.opening.id for call in calls.chosen}
    if (calls.is_several and not to) or (calls.campaign is not None and not to <= chosen):
        raise NotReady(
            "どの募集に送信するかを確かめられなかったため、どの自治体にも、まだ送信していません。"
            "確認の画面を開き直して、応募先を確かめてから送信してください。"
        )


def require_taking(calls: Calls, at: datetime) -> list[Call]:
    """Give those whose last instant had passed when it arrived (what is sent to them is kept, not taken).

    Raises: NotTakingApplications when one was withdrawn, or has not begun to take applications.
    """
    if withdrawn := [call for call in calls.calls if call.opening.state is not OpeningState.APPROVED]:
        raise NotTakingApplications(
            f"{named(calls, withdrawn)}この募集は中止されました。くわしくは募集のページを確かめてください。"
        )
    if closed := [call for call in calls.calls if call.is_over(at)]:
        return closed
    if early := [call for call in calls.calls if not call.is_open(at)]:
        raise NotTakingApplications(
            f"{named(calls, early)}この募集の受付は、まだ始まっていません。募集のページで受付期間を確かめてください。"
        )
    return []


def require_read(calls: Calls, read: Set[uuid.UUID]) -> None:
    """Raises: NotReady when an opening was amended since the page was opened that named the revisions `read`."""
    if unread := [call for call in calls.calls if is_amended(call) and call.revision.id not in read]:
        raise NotReady(
            f"{named(calls, unread)}確認の画面を開いたあとに、この募集が訂正されました。まだ送信していません。"
            "入力した内容は残っています。確認の画面を開き直して、変わったところを確かめてから送信してください。"
        )


def require_ready(draft: Draft, calls: Calls, answers: Answers, seen: int) -> None:
    """Raises: NotReady when the draft was changed since the page that was sent, lacks something, or a file is gone."""
    if draft.version != seen:
        raise NotReady("確認の画面を開いたあとに内容が変わりました。確認の画面を開き直してから送信してください。")
    if missing := missing_answers(calls.content, answers):
        raise NotReady("まだ送信できません。" + "。".join(one.message for one in missing[:3]) + "。")
    rows = files_named(draft.applicant_id, answers)
    for file in answers.documents.values():
        row = rows.get(uuid.UUID(file.stored_file_id))
        if row is None or not storage.has_size(row.key, file.size):
            raise NotReady(
                f"「{file.file_name}」を読み出せませんでした。「経歴・書類」で、もう一度ファイルを選んでください。"
            )
        if row.scan_state is ScanState.INFECTED:
            raise NotReady(f"「{file.file_name}」は、{UNSAFE_WORDS}。")


def require_not_joined(stands: Iterable[Standing]) -> None:
    """Raises: NotReady when an application was joined with another one of the same person."""
    if any(one.duplicate_of for one in stands):
        raise NotReady(
            "この募集への応募は、同じメールアドレスのもう一つの応募にまとめました。"
            "マイページにメールアドレスで入り、その応募から直してください。"
        )
