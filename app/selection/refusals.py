"""What a decision or a result set lacks, said with what to do about it."""

from datetime import datetime

from app.core.errors import DomainError
from app.openings.models import Opening
from app.openings.queries import stages_of, takes_applications
from app.openings.revision_models import Stage
from app.openings.workflow import require_going_on
from app.reviews.queries import rounds_of
from app.selection import policy, queries
from app.selection.board import Board, get_board, live_set
from app.selection.left_over import LeftOver
from app.selection.lines import Judged, places_are_whole, unexplained
from app.selection.models import DecisionOutcome, ResultSet, ResultSetState

COMING_OUT = (
    "この段階の結果は公開の手続きの途中です。1分ほど待ってから、画面を開き直してください。"
    "それでも続くときは、管理者に連絡してください。"
)


class DecisionRefused(DomainError):
    """A decision or result set cannot stand as it is; the message names what is missing."""


def require_changeable(opening: Opening, stage: Stage, *, at: datetime) -> None:
    """Raises: DecisionRefused from the approval of results until they are out and carried out; CalledOff."""
    require_going_on(opening)
    live = live_set(opening, stage.key)
    if live is None or live.state is not ResultSetState.APPROVED:
        return
    if policy.is_released(live, opening, at=at):
        _require_carried_out(live)
        return
    raise DecisionRefused(
        "この段階の結果は承認済みのため、変更できません。公開前であれば、結果を取り消してから直してください。"
    )


def _require_carried_out(found: ResultSet) -> None:
    if found.carried_out_at is None:
        raise DecisionRefused(COMING_OUT)


def last_released(opening: Opening, stage: Stage, *, at: datetime) -> ResultSet | None:
    """The set behind which another may be prepared now; None for the first of a stage.

    Raises: DecisionRefused where one is prepared or approved and not out yet.
    """
    live = live_set(opening, stage.key)
    if live is None:
        return None
    if not policy.is_released(live, opening, at=at):
        raise DecisionRefused("この段階の結果は、すでに用意されています。直すときは、先に取り消してください。")
    _require_carried_out(live)
    return live


def require_seen(left: LeftOver, seen: str) -> None:
    """Raises: DecisionRefused where somebody is left over and the page that was sent did not say so."""
    if left.is_any and left.token != seen:
        words = "".join(left.words)
        raise DecisionRefused(f"結果に入らずに残る応募があります。{words}画面を開き直して、確かめてください。")


def require_deadline(opening: Opening, stage: Stage, *, at: datetime) -> None:
    """The first stage waits for the deadline, unless its round began early for a reason that somebody gave."""
    round_ = rounds_of(opening.organisation_id, opening.id).get(stage.key)
    if stage.key != stages_of(opening)[0].key or not takes_applications(opening, at):
        return
    if round_ is None or not round_.early_reason:
        raise DecisionRefused(
            "応募の受付が続いているため、最初の段階の結果はまだ用意できません。締切を過ぎてから用意してください。"
        )


def require_whole(board: Board) -> None:
    """Raises: DecisionRefused where the decisions that the next set would tell lack anything."""
    undecided = [row.examinee_number for row in board.standing if row.outcome is None]
    if board.is_released and not board.news:
        raise DecisionRefused("公開した結果のほかに、お知らせする判定がありません。先に判定を入れて保存してください。")
    if not board.is_released and (undecided or not board.standing):
        numbers = "、".join(undecided[:10])
        raise DecisionRefused(
            f"判定のない応募が{len(undecided)}件あります（受験番号 {numbers}）。全員の判定を入れてください。"
        )
    _require_places(board)
    told = {row.examinee_number for row in board.news}
    judged = [
        Judged(row.examinee_number, row.total, row.outcome, row.decision.reason)
        for row in board.rows
        if row.decision and row.outcome and not row.withdrawn
    ]
    if departures := [number for number in unexplained(judged) if number in told]:
        raise DecisionRefused(
            f"総合点の順と異なる合格があります（受験番号 {'、'.join(departures[:10])}）。判定の理由を入力してください。"
        )
    if early := _called_up_early(board):
        raise DecisionRefused(
            f"補欠順位の順と異なる繰上げがあります（受験番号 {'、'.join(early)}）。判定の理由を入力してください。"
        )


def _require_places(board: Board) -> None:
    """The first set counts places from 1; later ones leave the places of who was called up empty."""
    reserves = [row.decision.place for row in board.standing if row.decision and row.outcome is DecisionOutcome.RESERVE]
    if not board.is_released and not places_are_whole(reserves):
        raise DecisionRefused("補欠順位は、全員に付けないか、1から順に重なりなく付けてください。")
    given = [place for place in reserves if place is not None]
    if len(set(given)) < len(given) or 0 < len(given) < len(reserves):
        raise DecisionRefused(
            "補欠順位は、公開済みの補欠と重ならないように、全員に付けるか、全員に付けないでください。"
        )


def _called_up_early(board: Board) -> list[str]:
    """The numbers called up before a reserve of a better place, without a reason."""
    best = min((row.told.place for row in board.reserves if row.told and row.told.place), default=None)
    return [
        row.examinee_number
        for row in board.news
        if row.told and row.told.place and row.outcome is DecisionOutcome.PASS and row.decision
        if best is not None and best < row.told.place and not row.decision.reason.strip()
    ]


def require_unchanged(opening: Opening, stage: Stage, found: ResultSet, *, at: datetime) -> None:
    """Compare a set with the decisions that count now: of who stands in the stage, and of its own lines.

    Raises: DecisionRefused.
    """
    lines, rows = queries.lines_of(found), get_board(opening, stage, at=at).rows
    frozen = {line.application_id: line.decision_id for line in lines}
    counted = [row for row in rows if row.application_id in frozen or (row.has_news and not row.withdrawn)]
    now = {row.application_id: row.decision.id for row in counted if row.decision and row.outcome}
    if not queries.is_intact(found, lines) or now != frozen:
        raise DecisionRefused("用意したあとに判定が変わっています。取り消して、用意し直してください。")
