"""The forms with which one person prepares, and another decides, what changes of a published opening."""

from datetime import datetime, time

from wtforms import HiddenField, TextAreaField

from app.core.clock import JST
from app.core.form_dates import DateParts
from app.core.forms import Form, MaxLength, Required
from app.core.numbers import whole_number
from app.openings.form_parts import ClockTime
from app.openings.models import Opening
from app.openings.policy import is_too_far


class ExtensionForm(Form):
    closes_on = DateParts("新しい締切の日", [Required("新しい締切の日を入力してください")])
    closes_time = ClockTime("新しい締切の時刻", [Required("新しい締切の時刻を入力してください")])
    reason = TextAreaField("延長の理由", [Required("延長の理由を入力してください"), MaxLength(1000)])

    def closes_at(self) -> datetime:
        """Give the new instant of a form that was valid."""
        return datetime.combine(self.closes_on.data, self.closes_time.data or time(), tzinfo=JST)

    def check_later(self, opening: Opening, at: datetime) -> bool:
        """Say beside the field that the new instant is not later than the present deadline and than now, or too far."""
        closes_at, wrong = opening.closes_at, None
        if closes_at is None or self.closes_at() <= max(closes_at, at):
            wrong = "新しい締切は、いまの締切より後の、これから来る日時にしてください"
        elif is_too_far(opening, self.closes_at(), at):
            wrong = "新しい締切は、いまの締切から1年以内にしてください。年の数字を確かめてください"
        self.closes_on.errors = [*self.closes_on.errors, *([wrong] if wrong else [])]
        return wrong is None


class CancellationForm(Form):
    cancel_reason = TextAreaField("中止の理由", [Required("中止の理由を入力してください"), MaxLength(1000)])


class DecisionForm(Form):
    """What was proposed, by the version that the page showed."""

    seen = HiddenField()

    def version(self) -> int:
        return whole_number(self.seen.data, -1)
