"""The forms with which one person prepares, and another decides, what changes of a published opening."""

from datetime import datetime, time

from wtforms import HiddenField, TextAreaField

from app.core.clock import JST
from app.core.form_dates import DateParts
from app.core.forms import Form, MaxLength, Required
from app.core.numbers import whole_number
from app.openings.form_parts import ClockTime


class ExtensionForm(Form):
    closes_on = DateParts("新しい締切の日", [Required("新しい締切の日を入力してください")])
    closes_time = ClockTime("新しい締切の時刻", [Required("新しい締切の時刻を入力してください")])
    reason = TextAreaField("延長の理由", [Required("延長の理由を入力してください"), MaxLength(1000)])

    def closes_at(self) -> datetime:
        """Give the new instant of a form that was valid."""
        return datetime.combine(self.closes_on.data, self.closes_time.data or time(), tzinfo=JST)

    def check_later(self, closes_at: datetime | None, at: datetime) -> bool:
        """Say beside the field that the new instant is not later than the present deadline and than now."""
        if closes_at is not None and max(closes_at, at) < self.closes_at():
            return True
        self.closes_on.errors = [
            *self.closes_on.errors,
            "新しい締切は、いまの締切より後の、これから来る日時にしてください",
        ]
        return False


class CancellationForm(Form):
    cancel_reason = TextAreaField("中止の理由", [Required("中止の理由を入力してください"), MaxLength(1000)])


class DecisionForm(Form):
    """What was proposed, by the version that the page showed."""

    seen = HiddenField()

    def version(self) -> int:
        return whole_number(self.seen.data, -1)
