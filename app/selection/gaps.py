"""What saved decisions still lack before results can be prepared, said on the board at once. Pure."""

from app.selection.board import Board
from app.selection.lines import Judged, places_are_whole, unexplained
from app.selection.models import DecisionOutcome


def gaps(board: Board) -> list[str]:
    """Name the examinee numbers whose decision lacks a reason or a place."""
    decided = [(row, row.decision) for row in board.standing if row.decision]
    judged = [Judged(row.examinee_number, row.total, d.outcome, d.reason) for row, d in decided if d.outcome]
    said = []
    if departures := unexplained(judged):
        said.append(f"総合点の順と異なる合格に、理由がありません（受験番号 {'、'.join(departures)}）。")
    reserves = [(row.examinee_number, d.place) for row, d in decided if d.outcome is DecisionOutcome.RESERVE]
    bare = [number for number, place in reserves if place is None]
    whole = places_are_whole(place for _number, place in reserves)
    if bare:
        more = (
            "順位を付けない補欠としてなら、このまま用意できます。"
            if whole
            else "全員に付けるか、全員に付けないでください。"
        )
        said.append(f"補欠順位のない補欠があります（受験番号 {'、'.join(bare)}）。{more}")
    elif not whole:
        numbers = "、".join(number for number, _place in reserves)
        said.append(f"補欠順位は、1から順に重なりなく付けてください（受験番号 {numbers}）。")
    return said
