"""The forms of the board: one field of each kind for every row, and the instant of release."""

import unicodedata
import uuid
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, ValidationError

from app.applications.screening_models import Attendance
from app.core.clock import JST
from app.core.form_dates import DateParts
from app.core.forms import Form, MaxLength, Required
from app.core.numbers import whole_number
from app.selection.board import BoardRow
from app.selection.left_over import LeftOver
from app.selection.models import DecisionOutcome
from app.selection.services import Choice

OUTCOMES = [("", "判定なし"), *((outcome.value, outcome.label) for outcome in DecisionOutcome)]
ATTENDANCE = [("", "未入力"), (Attendance.PRESENT.value, "出席"), (Attendance.ABSENT.value, "欠席")]


def is_place(_form: Any, field: Any) -> None:
    text = _plain(field.data)
    if text and whole_number(text, -1) < 0:
        raise ValidationError(f"{field.label.text}は数字で入力してください")


def board_form(rows: Sequence[BoardRow], *, top: int | None = None) -> Any:
    """Make the form of a board; with `top`, the undecided up to that rank are offered as passing (unsaved)."""
    fields: dict[str, Any] = {}
    given: dict[str, Any] = {}
    for place, row in enumerate(rows):
        label = f"受験番号 {row.examinee_number} の"
        fields[f"attendance_{place}"] = SelectField(label + "出欠", choices=ATTENDANCE)
        fields[f"outcome_{place}"] = SelectField(label + "判定", choices=OUTCOMES)
        fields[f"place_{place}"] = StringField(label + "補欠順位", [is_place])
        fields[f"reason_{place}"] = StringField(label + "理由", [MaxLength(1000)])
        fields[f"seen_{place}"] = HiddenField()
        fields[f"id_{place}"] = HiddenField()
        given |= _given(place, row, top)
    made: type[FlaskForm] = type("BoardForm", (Form,), fields)
    return made(data=given)


def _given(place: int, row: BoardRow, top: int | None) -> dict[str, Any]:
    decision = row.decision
    offered = DecisionOutcome.PASS.value if top and row.rank is not None and row.rank <= top else ""
    return {
        f"attendance_{place}": row.attendance.value if row.attendance else "",
        f"outcome_{place}": decision.outcome.value if decision and decision.outcome else offered,
        f"place_{place}": str(decision.place) if decision and decision.place else "",
        f"reason_{place}": decision.reason if decision else "",
        f"seen_{place}": str(decision.number if decision else 0),
        f"id_{place}": str(row.application_id),
    }


def read_choices(form: Any, rows: Sequence[BoardRow]) -> list[Choice]:
    """Read the decisions of a valid form; each belongs to the application that its hidden field names."""
    return [_choice(form, place, row) for place, row in enumerate(rows)]


def _choice(form: Any, n: int, row: BoardRow) -> Choice:
    """The decision of one row; the published place of a reserve who is called up or refused is no part of it."""
    outcome = DecisionOutcome(form[f"outcome_{n}"].data) if form[f"outcome_{n}"].data else None
    is_moved = row.told is not None and outcome is not DecisionOutcome.RESERVE
    return Choice(
        application_id=uuid.UUID(form[f"id_{n}"].data),
        outcome=outcome,
        place=None if is_moved else _place(form[f"place_{n}"].data),
        reason=(form[f"reason_{n}"].data or "").strip(),
        seen=whole_number(form[f"seen_{n}"].data, -1),
    )


def read_attendance(form: Any, rows: Sequence[BoardRow]) -> dict[uuid.UUID, Attendance | None]:
    """Read who was present and absent from a valid form."""
    return {
        uuid.UUID(form[f"id_{place}"].data): Attendance(value) if (value := form[f"attendance_{place}"].data) else None
        for place, _row in enumerate(rows)
    }


def is_of_these_rows(form: Any, rows: Sequence[BoardRow]) -> bool:
    """Say whether the form was made from the same rows in the same order; if not, the page is old."""
    return [form[f"id_{place}"].data for place, _row in enumerate(rows)] == [str(row.application_id) for row in rows]


def _place(text: str | None) -> int | None:
    number = whole_number(_plain(text), -1)
    return number if number >= 0 else None


def _plain(text: str | None) -> str:
    return unicodedata.normalize("NFKC", text or "").strip()


def _seen_box() -> BooleanField:
    return BooleanField("結果に入らずに残る応募があることを確かめました")


class SeenForm(Form):
    """A word that one has seen who is left over; `left` says which of them the page named."""

    seen = _seen_box()
    left = HiddenField()

    def refuse_unseen(self, found: LeftOver) -> bool:
        """Say beside the box that it is not ticked for what is left over now; return whether that is so."""
        if not found.is_any or (self.seen.data and self.left.data == found.token):
            return False
        self.seen.data = False
        self.seen.errors = [*self.seen.errors, "残る応募を確かめて、印を付けてください"]
        return True


class ReleaseForm(SeenForm):
    on = DateParts("公開する日", [Required("公開する日を入力してください")])
    at = StringField("公開する時刻", [Required("公開する時刻を入力してください")], default="9:00")
    seen = _seen_box()  # after the instant, as on the page

    def validate_at(self, field: Any) -> None:
        if field.data and self.clock_time() is None:
            raise ValidationError("公開する時刻は「9:00」のように入力してください")

    def refuses(self, left: LeftOver, *, at: datetime) -> bool:
        """Say beside the fields all that is wrong; return whether anything is."""
        is_wrong = not self.validate() or self.refuse_past(at)
        return self.refuse_unseen(left) or is_wrong

    def refuse_past(self, at: datetime) -> bool:
        """Say beside the date that the instant of a valid form is past; return whether it is."""
        if self.release_at() > at:
            return False
        self.on.errors = [*self.on.errors, "公開する日時は、これから来る日時を入力してください"]
        return True

    def clock_time(self) -> time | None:
        """The time typed as 9:00 or ９：００, in Japan."""
        hour, _, minute = unicodedata.normalize("NFKC", self.at.data or "").strip().partition(":")
        if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2):
            return None
        return time(int(hour), int(minute)) if int(hour) < 24 and int(minute) < 60 else None

    def release_at(self) -> datetime:
        """The instant of a valid form."""
        moment = self.clock_time()
        if moment is None:
            raise ValueError("the form was not validated")
        return datetime.combine(self.on.data, moment, JST)
