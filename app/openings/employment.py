"""The common forms of employment (任用形態) from which an organisation starts; its own are rows (L-01)."""

import uuid
from dataclasses import dataclass
from typing import Any

from app.core.language import word
from app.core.model import new_id
from app.openings.models import EmploymentForm, EmploymentFormVersion

STAFF_TEXTS = (
    *("headcount", "term", "days", "hours", "pay", "insurance", "work_place"),
    *("smoking", "trial", "side_job_rule"),
)
PART_TIME_TEXTS = ("headcount", "term", "days", "pay", "work_place", "side_job_rule")
CONTRACT_TEXTS = ("headcount", "term", "pay")


@dataclass(frozen=True)
class CommonForm:
    """One form: `term_cap_months` None has no cap by law; `texts` are keys of `Terms` that a lawful notice needs."""

    key: str
    label: str
    basis: str
    term_cap_months: int | None
    texts: tuple[str, ...]
    is_employee: bool = True
    is_side_job: bool = False


FIXED_TERM_ACT = "地方公共団体の一般職の任期付職員の採用に関する法律"
COMMON_FORMS = (
    CommonForm("specific_fixed_term", word("特定任期付職員"), f"{FIXED_TERM_ACT} 第3条第1項", 60, STAFF_TEXTS),
    CommonForm("general_fixed_term", word("一般任期付職員"), f"{FIXED_TERM_ACT} 第3条第2項", 60, STAFF_TEXTS),
    CommonForm("short_time_fixed_term", word("任期付短時間勤務職員"), f"{FIXED_TERM_ACT} 第5条", 36, STAFF_TEXTS),
    CommonForm("fiscal_year", word("会計年度任用職員"), "地方公務員法 第22条の2", 12, STAFF_TEXTS),
    CommonForm(
        "special_part_time", word("特別職非常勤職員"), "地方公務員法 第3条第3項第3号", None, PART_TIME_TEXTS, True, True
    ),
    CommonForm("commission", word("委嘱"), "委嘱（要綱による）", None, CONTRACT_TEXTS, False, True),
    CommonForm("outsourcing", word("業務委託"), "業務委託契約", None, CONTRACT_TEXTS, False, True),
    CommonForm("unpaid", word("プロボノ（無報酬）"), "委嘱（無報酬）", None, ("headcount", "term"), False, True),
    CommonForm("permanent", word("任期の定めのない職員"), "地方公務員法 第17条の2", None, STAFF_TEXTS),
)
FORM_LABELS = {form.key: form.label for form in COMMON_FORMS}


def rows_for(organisation_id: uuid.UUID) -> list[Any]:
    """Make an organisation's forms with their first versions; adds nothing to a session."""
    return [row for form in COMMON_FORMS for row in _rows(form, organisation_id)]


def _rows(form: CommonForm, organisation_id: uuid.UUID) -> tuple[EmploymentForm, EmploymentFormVersion]:
    own = EmploymentForm(
        id=new_id(), organisation_id=organisation_id, key=form.key, label=form.label, is_side_job=form.is_side_job
    )
    first = EmploymentFormVersion(
        id=new_id(),
        organisation_id=organisation_id,
        form_id=own.id,
        number=1,
        basis=form.basis,
        term_cap_months=form.term_cap_months,
        required_texts=list(form.texts),
        is_employee=form.is_employee,
    )
    return own, first
