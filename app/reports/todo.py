"""今日やること: what waits for a member of staff, each line with the list behind its number."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.accounts.guard import Seat
from app.applications.late_queries import undecided_counts
from app.applications.screening_queries import OpeningCounts
from app.applications.standing import Standing
from app.core.templating import jst_short
from app.core.time_left import remaining
from app.correspondence.erasing_queries import erasures_to_approve
from app.correspondence.queue_queries import oldest_waiting
from app.correspondence.request_queries import unanswered_count
from app.openings.models import Opening
from app.outbox.models import MailState
from app.reports import queries
from app.reports.menu import link


@dataclass(frozen=True)
class Task:
    """One line: how many, what, a note, and the address of exactly these."""

    count: int
    title: str
    note: str
    url: str | None
    verb: str
    is_pressing: bool = False


def tasks(seat: Seat, counted: list[OpeningCounts], *, at: datetime) -> list[Task]:
    """List what the seat's roles can do something about; nothing for what is done."""
    parts = (
        _screening(seat, counted),
        _late(seat),
        _messages(seat),
        _accommodations(seat),
        _unread_needs(seat, at=at),
        _erasures(seat),
        _scoring(seat),
        _approvals(seat),
        _returned(seat),
        _mails(seat),
        _closing(seat, at=at),
    )
    return [task for part in parts for task in part if task.count]


def _screening(seat: Seat, counted: list[OpeningCounts]) -> Iterator[Task]:
    words = {
        Standing.WAITING: ("資格の確認を待つ応募", "確認する"),
        Standing.RECHECK: ("受理のあとに版が変わり、再確認を待つ応募", "確認する"),
        Standing.READY: ("受理を待つ応募", "受理する"),
    }
    for standing, (title, verb) in words.items():
        for row in counted:
            if not row.goes_on:
                continue
            where = {"slug": seat.organisation.slug, "opening_id": row.opening.id, "standing": standing.value}
            url = link("staff_applications.listing", **where)
            yield Task(row.counts[standing], title, row.opening.title, url, verb, standing is not Standing.READY)


def _late(seat: Seat) -> Iterator[Task]:
    if seat.may("late.rule"):
        for opening, count in undecided_counts(seat.organisation.id):
            url = link("staff_applications.late", slug=seat.organisation.slug, opening_id=opening.id)
            yield Task(count, "締切後に届き、扱いの決まっていない送信", opening.title, url, "決める", True)


def _messages(seat: Seat) -> Iterator[Task]:
    if seat.may("message.read") and (since := oldest_waiting(seat.organisation.id)) is not None:
        url = link("staff_correspondence.listing", slug=seat.organisation.slug)
        note = f"最も古いものは {jst_short(since)}"
        yield Task(queries.messages_waiting(seat), "返事を待っているメッセージ", note, url, "返信する", True)


def _accommodations(seat: Seat) -> Iterator[Task]:
    if seat.may("accommodation.read"):
        url = link("staff_correspondence.accommodations", slug=seat.organisation.slug)
        count = queries.accommodations_waiting(seat)
        yield Task(count, "選考での配慮の申し出", "受け付けたもの・相談中のもの", url, "確かめる", True)


def _unread_needs(seat: Seat, *, at: datetime) -> Iterator[Task]:
    """For the admins: somebody waits, and nobody may read what for."""
    if seat.may("staff.manage") and queries.needs_go_unread(seat.organisation.id, at=at):
        url, note = (
            link("staff_accounts.members", slug=seat.organisation.slug),
            "選考での配慮の申し出を、だれも読めません",
        )
        yield Task(1, "「配慮担当」の職員がいません", note, url, "職員に付ける", True)


def _erasures(seat: Seat) -> Iterator[Task]:
    if seat.may("erasure.read"):
        url = link("staff_correspondence.erasures", slug=seat.organisation.slug)
        yield Task(unanswered_count(seat.organisation.id), "削除の請求", "回答を待っているもの", url, "確かめる")


def _scoring(seat: Seat) -> Iterator[Task]:
    if seat.may("rating.enter"):
        url = link("staff_reviews.queue", slug=seat.organisation.slug)
        yield Task(queries.scoring_left(seat), "自分の採点が残っています", "採点中の採点期", url, "採点する", True)


def _approvals(seat: Seat) -> Iterator[Task]:
    own, me, slug = seat.organisation.id, seat.membership.staff_user_id, seat.organisation.slug
    if seat.may("opening.approve"):
        for opening in queries.openings_to_approve(own, me):
            yield Task(1, "承認待ち：募集", _title(opening), _opening_url(slug, opening), "承認する")
    if seat.may("result.release"):
        for result, opening in queries.results_to_approve(own, me):
            url = link("staff_selection.result", slug=slug, opening_id=opening.id, set_id=result.id)
            note = f"{opening.title}　公開予定 {jst_short(result.release_at)}"
            yield Task(1, "承認待ち：選考結果の公開", note, url, "承認する")
    if seat.may("erasure.approve"):
        for one, opening in erasures_to_approve(own, me):
            url = link("staff_correspondence.erase_form", slug=slug, opening_id=opening.id, application_id=one.id)
            yield Task(1, "承認待ち：応募のデータの削除", f"{one.receipt_number}　{opening.title}", url, "確かめる")


def _returned(seat: Seat) -> Iterator[Task]:
    if seat.may("opening.edit"):
        for opening in queries.returned_openings(seat.organisation.id):
            url = _opening_url(seat.organisation.slug, opening)
            yield Task(1, "差し戻された募集", _title(opening), url, "直す")


def _mails(seat: Seat) -> Iterator[Task]:
    if seat.may("mail.read"):
        url = link("staff_outbox.listing", slug=seat.organisation.slug, state=MailState.FAILED.value)
        count = queries.failed_mails(seat.organisation.id)
        yield Task(count, "メールが届いていません", "送信できなかったメール", url, "確かめる", True)


def _closing(seat: Seat, *, at: datetime) -> Iterator[Task]:
    if not seat.may("opening.read"):
        return
    for opening in queries.closing_soon(seat.organisation.id, at=at):
        due = f"　{jst_short(opening.closes_at)}（{remaining(opening.closes_at, at)}）" if opening.closes_at else ""
        yield Task(1, "まもなく締切の募集", opening.title + due, _opening_url(seat.organisation.slug, opening), "見る")


def _opening_url(slug: str, opening: Opening) -> str | None:
    return link("staff_openings.detail", slug=slug, opening_id=opening.id)


def _title(opening: Opening) -> str:
    return opening.title or "（名前のない募集）"
