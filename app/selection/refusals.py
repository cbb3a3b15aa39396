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

RELEASED = (
    "この段階の結果は公開済みのため、判定の変更も追加もできません。公開した結果に入っていない応募があるときは、"
    "その方へ、応募の画面のメッセージで事情と今後の扱いをお知らせください。"
)


class DecisionRefused(DomainError):
    """A decision or result set cannot stand as it is; the message names what is missing."""


def require_changeable(opening: Opening, stage: Stage, *, at: datetime) -> None:
    """Raises: DecisionRefused once the results of a stage are approved; CalledOff."""
    require_going_on(opening)
    live = live_set(opening, stage.key)
    if live is None or live.state is not ResultSetState.APPROVED:
        return
    if policy.is_released(live, opening, at=at):
        raise DecisionRefused(RELEASED)
    raise DecisionRefused(
        "この段階の結果は承認済みのため、変更できません。公開前であれば、結果を取り消してから直してください。"
    )


def require_no_set(opening: Opening, stage: Stage, *, at: datetime) -> None:
    """Raises: DecisionRefused where a stage has a set that is not void."""
    live = live_set(opening, stage.key)
    if live is not None and policy.is_released(live, opening, at=at):
        raise DecisionRefused(RELEASED)
    if live is not None:
        raise DecisionRefused("この段階の結果は、すでに用意されています。直すときは、先に取り消してください。")


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
    undecided = [row.examinee_number for row in board.standing if row.outcome is None]
    if undecided or not board.standing:
        numbers = "、".join(undecided[:10])
        raise DecisionRefused(
            f"判定のない応募が{len(undecided)}件あります（受験番号 {numbers}）。全員の判定を入れてください。"
        )
    reserves = [row.decision.place for row in board.standing if row.decision and row.outcome is DecisionOutcome.RESERVE]
    if not places_are_whole(reserves):
        raise DecisionRefused("補欠順位は、全員に付けないか、1から順に重なりなく付けてください。")
    judged = [
        Judged(row.examinee_number, row.total, row.outcome, row.decision.reason)
        for row in board.standing
        if row.decision and row.outcome
    ]
    if departures := unexplained(judged):
        raise DecisionRefused(
            f"総合点の順と異なる合格があります（受験番号 {'、'.join(departures[:10])}）。判定の理由を入力してください。"
        )


def require_unchanged(opening: Opening, stage: Stage, found: ResultSet) -> None:
    """Compare a set with the decisions that count now: of who stands in the stage, and of its own lines.

    Raises: DecisionRefused.
    """
    lines, rows = queries.lines_of(found), get_board(opening, stage).rows
    frozen = {line.application_id: line.decision_id for line in lines}
    counted = [row for row in rows if row.application_id in frozen or not row.withdrawn]
    now = {row.application_id: row.decision.id for row in counted if row.decision and row.outcome}
    if not queries.is_intact(found, lines) or now != frozen:
        raise DecisionRefused("用意したあとに判定が変わっています。取り消して、用意し直してください。")
