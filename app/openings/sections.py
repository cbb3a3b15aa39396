"""The sections of the editor in their order, and how each reads and writes the content of an opening."""

from dataclasses import dataclass
from typing import Any

from app.openings.checklist import window_of
from app.openings.content import OpeningContent
from app.openings.forms import AppointmentForm, BasicForm, ScheduleForm, TermsForm
from app.openings.forms_criteria import CriteriaForm
from app.openings.forms_stages import AskedForm, StagesForm
from app.openings.models import Opening
from app.openings.publication_schedule import Window


@dataclass(frozen=True)
class Section:
    key: str
    label: str
    form: Any  # a SectionForm with values(), content() and window()
    template: str


SECTIONS = {
    section.key: section
    for section in (
        Section("basic", "基本", BasicForm, "staff_openings/_edit_basic.html"),
        Section("terms", "任用条件", TermsForm, "staff_openings/_edit_terms.html"),
        Section("criteria", "応募資格", CriteriaForm, "staff_openings/_edit_criteria.html"),
        Section("stages", "選考段階と評価", StagesForm, "staff_openings/_edit_stages.html"),
        Section("asked", "設問・書類", AskedForm, "staff_openings/_edit_asked.html"),
        Section("schedule", "日程", ScheduleForm, "staff_openings/_edit_schedule.html"),
    )
}


# an amendment leaves the instants as they are (openings.amendable)
AMENDED = SECTIONS | {
    "schedule": Section("schedule", "任用日", AppointmentForm, "staff_openings/_edit_appointment.html")
}


@dataclass(frozen=True)
class Written:
    """What the editor shows and changes, of a draft or of an amendment, as of a version."""

    content: OpeningContent
    window: Window
    version: int


def of_opening(opening: Opening) -> Written:
    return Written(OpeningContent.model_validate(opening.content), window_of(opening), opening.version)


def after(key: str) -> Section | None:
    """The section that follows."""
    order = list(SECTIONS.values())
    place = order.index(SECTIONS[key])
    return order[place + 1] if place + 1 < len(order) else None


def form_for(section: Section, stored: Written, forms_of_employment: list[tuple[str, str]]) -> Any:
    """Make the form of a section: from what was typed in a POST, else from what is stored."""
    form = section.form(data=section.form.values(stored.content, stored.window) | {"version": stored.version})
    if isinstance(form, TermsForm):
        form.prepare(forms_of_employment)
    return form


def written(form: Any, stored: Written) -> tuple[OpeningContent, Window]:
    """The whole content and the instants once this valid form is written into them."""
    return form.content(stored.content), form.window(stored.window)
