"""The sections 基本, 任用条件 and 日程 of the editor, and the small forms around approval."""

from datetime import date, datetime, time
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional, Regexp

from app.core.clock import JST
from app.core.form_dates import DateParts
from app.core.forms import Form, MaxLength, Required
from app.openings.content import OpeningContent, Pay, Terms
from app.openings.form_parts import ClockTime, Lines, SectionForm, or_none
from app.openings.publication_schedule import Window
from app.openings.words import OCCUPATIONS, PAY_KINDS, REMOTE, TERMS

UNCHOSEN = ("", "選んでください")


class NewForm(Form):
    title = StringField("募集の名前", [Required("募集の名前を入力してください"), MaxLength(200)])


class ReasonForm(Form):
    reason = TextAreaField("理由", [Required("理由を入力してください"), MaxLength(1000)])


class BasicForm(SectionForm):
    TO_PUBLISH = ("summary", "occupation", "duties")

    title = StringField("募集の名前", [Required("募集の名前を入力してください"), MaxLength(200)])
    summary = StringField("ひとことの説明", [MaxLength(400)])
    occupation = SelectField("職種の分類", choices=[UNCHOSEN, *OCCUPATIONS.items()])
    duties = Lines("仕事内容")
    background = TextAreaField("募集の背景・補足", [MaxLength(8000)])
    contact = StringField("問い合わせ先（自治体の設定と違うとき）", [MaxLength(200)])
    source_url = StringField(
        "公告のURL",
        [Optional(), MaxLength(500), Regexp(r"^https?://", message="URLは https:// から入力してください")],
    )

    @staticmethod
    def values(content: OpeningContent, _window: Window) -> dict[str, Any]:
        names = ("title", "summary", "occupation", "duties", "background", "contact", "source_url")
        return {name: getattr(content, name) for name in names}

    def content(self, content: OpeningContent) -> OpeningContent:
        values = {
            "title": self.title.data.strip(),
            "summary": (self.summary.data or "").strip(),
            "occupation": self.occupation.data or None,
            "duties": self.duties.data,
            "background": (self.background.data or "").strip(),
            "contact": or_none(self.contact.data),
            "source_url": or_none(self.source_url.data),
        }
        return OpeningContent.model_validate(content.model_dump() | values)

    def window(self, window: Window) -> Window:
        return window


def _short(name: str) -> StringField:
    return StringField(TERMS[name], [MaxLength(200)])


def _count(label: str, most: int, **options: Any) -> IntegerField:
    message = f"{label}は0から{most:,}までの整数で入力してください"
    return IntegerField(label, [Optional(), NumberRange(0, most, message=message)], **options)


class TermsForm(SectionForm):
    TO_PUBLISH = ("form_key", "headcount", "term")

    form_key = SelectField("任用形態")
    form_note = StringField("任用形態の補足", [MaxLength(200)])
    is_side_job = BooleanField("副業・兼業として応募できる")
    department, rank, headcount = _short("department"), _short("rank"), _short("headcount")
    term = _short("term")
    term_months = IntegerField(
        "任期の月数", [Optional(), NumberRange(1, 600, message="任期の月数は1から600までの整数で入力してください")]
    )
    renewal, days, hours = _short("renewal"), _short("days"), _short("hours")
    days_min = _count("勤務日数の下限（週の日数の10倍。週5日は50、月2日は5）", 70)
    days_max = _count("勤務日数の上限（同じ数え方）", 70)
    remote = SelectField("リモートの可否", choices=list(REMOTE.items()))
    remote_note = _short("remote_note")
    pay_kind = SelectField("給与・報酬の種類", choices=[UNCHOSEN, *PAY_KINDS.items()])
    pay_text = StringField("給与・報酬", [MaxLength(200)])
    pay_min, pay_max = _count("金額の下限（円）", 100_000_000), _count("金額の上限（円）", 100_000_000)
    allowances, insurance = _short("allowances"), _short("insurance")
    work_place, smoking = _short("work_place"), _short("smoking")
    trial, side_job_rule = _short("trial"), _short("side_job_rule")
    budget_condition = _short("budget_condition")

    PLAIN = tuple(name for name in Terms.model_fields if name != "pay")

    def prepare(self, forms: list[tuple[str, str]]) -> None:
        self.form_key.choices = [UNCHOSEN, *forms]

    @classmethod
    def values(cls, content: OpeningContent, _window: Window) -> dict[str, Any]:
        terms, pay = content.terms, content.terms.pay
        plain = {name: getattr(terms, name) for name in cls.PLAIN}
        plain["form_key"] = terms.form_key or ""
        if pay is None:
            return plain
        return plain | {"pay_kind": pay.kind, "pay_text": pay.text, "pay_min": pay.min_yen, "pay_max": pay.max_yen}

    def content(self, content: OpeningContent) -> OpeningContent:
        values = {name: self[name].data for name in self.PLAIN}
        texts = {name: or_none(value) for name, value in values.items() if isinstance(value, str)}
        terms = Terms.model_validate(values | texts | {"pay": self._pay()})
        return content.model_copy(update={"terms": terms})

    def _pay(self) -> Pay | None:
        if not or_none(self.pay_text.data):
            return None
        return Pay(
            kind=self.pay_kind.data or "table",
            text=self.pay_text.data,
            min_yen=self.pay_min.data,
            max_yen=self.pay_max.data,
        )

    def window(self, window: Window) -> Window:
        return window


class ScheduleForm(SectionForm):
    published_on, published_time = DateParts("公開する日"), ClockTime("公開する時刻")
    opens_on, opens_time = DateParts("受付を始める日"), ClockTime("受付を始める時刻")
    closes_on, closes_time = DateParts("締切の日"), ClockTime("締切の時刻")
    appointed_on = DateParts("任用日")

    NAMES = ("published", "opens", "closes")
    TO_PUBLISH = tuple(f"{name}_{part}" for part in ("on", "time") for name in ("published", "opens", "closes"))

    @classmethod
    def values(cls, content: OpeningContent, window: Window) -> dict[str, Any]:
        values: dict[str, Any] = {"appointed_on": content.appointed_on}
        for name in cls.NAMES:
            at = getattr(window, f"{name}_at")
            local = at.astimezone(JST) if at else None
            values |= {f"{name}_on": local and local.date(), f"{name}_time": local and local.time()}
        return values

    def validate(self, extra_validators: Any = None) -> bool:
        good = super().validate(extra_validators)
        for name in self.NAMES:
            on, at = self[f"{name}_on"], self[f"{name}_time"]
            if bool(on.data) != bool(at.data) and not (on.errors or at.errors):
                missing = at if on.data else on
                missing.errors = [*missing.errors, f"{missing.label.text}も入力してください"]
                good = False
        return good and self._is_ordered()

    def _is_ordered(self) -> bool:
        window = self.window(Window())
        if window.opens_at and window.closes_at and window.closes_at <= window.opens_at:
            self.closes_on.errors = [*self.closes_on.errors, "締切は受付を始める時刻より後にしてください"]
            return False
        return True

    def content(self, content: OpeningContent) -> OpeningContent:
        return content.model_copy(update={"appointed_on": self.appointed_on.data})

    def window(self, _window: Window) -> Window:
        return Window(*(_instant(self[f"{name}_on"].data, self[f"{name}_time"].data) for name in self.NAMES))


class AppointmentForm(SectionForm):
    """日程 of an amendment, which moves no instant: a deadline is put off by an extension."""

    appointed_on = DateParts("任用日")

    @staticmethod
    def values(content: OpeningContent, _window: Window) -> dict[str, Any]:
        return {"appointed_on": content.appointed_on}

    def content(self, content: OpeningContent) -> OpeningContent:
        return content.model_copy(update={"appointed_on": self.appointed_on.data})

    def window(self, window: Window) -> Window:
        return window


def _instant(day: date | None, at: time | None) -> datetime | None:
    return datetime.combine(day, at, tzinfo=JST) if day and at is not None else None


class VersionForm(Form):
    """A button that acts on the opening as it was shown."""

    version = HiddenField()


class ApproveForm(Form):
    seen = HiddenField()
