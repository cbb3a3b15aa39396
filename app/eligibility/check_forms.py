"""The one form of 応募資格セルフチェック: what the criteria of some openings look at, each thing once, all optional."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, FieldList, FormField, RadioField, StringField

from app.core.form_dates import DateParts
from app.core.forms import Form, MaxLength
from app.core.language import sentence, word
from app.eligibility.criteria import Asked, Criterion, rules_of
from app.eligibility.fact_forms import NoneBeside, day_fields, facts_written, nothing_needed, paper_fields
from app.eligibility.facts import Facts, JobEntry
from app.eligibility.job_doubts import Doubt, doubts
from app.eligibility.job_forms import MOST_JOBS, clean_text, job_form
from app.openings.content import DECLARED, CriterionKind
from app.openings.criterion_words import answer_choices

ABOUT = {  # said in English beside a question that a city asks in Japanese
    CriterionKind.NATIONALITY: word("国籍の条件についての質問です。自治体が日本語で書いています。"),
    CriterionKind.RESIDENCE: word("住まいの条件についての質問です。自治体が日本語で書いています。"),
    CriterionKind.DECLARATION: word("申告を求める質問です。自治体が日本語で書いています。"),
}
DECLARE = "declare_"  # before a name made of the text: several cities that ask the same ask it once


class CheckForm(Form):
    """Jobs, papers, birth date, days and declarations, as far as criteria look at them (`check_form`)."""

    def __init__(self, typed: Any = None) -> None:
        super().__init__(formdata=typed, meta={"csrf": False})  # the page's form tag has the token

    def declared(self) -> list[Any]:
        return [field for field in self if field.name.startswith(DECLARE)]

    def jobs_given(self) -> list[JobEntry]:
        """Give the jobs; one without the name of its employer is taken for another employer than all the others."""
        entries = [job.form.entry() for job in self.jobs if not job.form.is_blank()] if "jobs" in self else []
        return [
            job if job.employer else job.model_copy(update={"employer": str(sentence("勤務先%(n)s", n=number))})
            for number, job in enumerate(entries, 1)
        ]

    def doubts(self, *, today: date) -> list[Doubt]:
        """Give what to ask about the jobs of a form that was validated."""
        born = self.birth_date.data if "birth_date" in self else None
        return doubts(self.jobs_given(), born.isoformat() if born else None, today=today)

    def facts(self, criteria: Sequence[Criterion]) -> Facts:
        """Give what was typed as the facts that these criteria see."""
        said = {field.name: field.data for field in self.declared() if field.data}
        declarations = {one.key: said[name] == "yes" for one in criteria if (name := declared_name(one)) in said}
        born = self.birth_date.data if "birth_date" in self else None
        return Facts(
            history=self.jobs_given(),
            declarations=declarations,
            birth_date=born.isoformat() if born else None,
            **facts_written(self),
        )


def declared_name(criterion: Criterion) -> str:
    """Name the field of a declaration after its text and the words of its choices."""
    asked = "\n".join((declared_text(criterion), *(words for _value, words in answer_choices(criterion.params))))
    return DECLARE + hashlib.sha256(asked.encode()).hexdigest()[:16]


def declared_text(criterion: Criterion) -> str:
    return str(criterion.params.get("text") or criterion.label)


def check_form(criteria: Sequence[Criterion]) -> type[CheckForm]:
    """Make the form for the criteria of one opening or of several."""
    needed = nothing_needed(criteria)
    fields: dict[str, Any] = {}
    if Asked.HISTORY in needed:
        fields["jobs"] = FieldList(FormField(_job_form(criteria)), word("職歴"), min_entries=1, max_entries=MOST_JOBS)
        fields["no_history"] = BooleanField(word("職歴はありません"), [NoneBeside("jobs", "職歴")])
    fields |= paper_fields(criteria, needed)
    if Asked.BIRTH_DATE in needed:
        fields["birth_date"] = DateParts(word("生年月日"))
    fields |= day_fields(criteria, needed)
    for one in criteria:
        if one.kind in DECLARED:
            fields[declared_name(one)] = RadioField(
                declared_text(one),
                description=ABOUT.get(one.kind, ABOUT[CriterionKind.DECLARATION]),
                choices=answer_choices(one.params),
                validate_choice=False,
            )
    return type("AskedCheckForm", (CheckForm,), fields)


def _job_form(criteria: Sequence[Criterion]) -> type[Any]:
    employer = StringField(word("勤務先"), [MaxLength(200)], filters=[clean_text])
    return type("CheckJobForm", (job_form(rules_of(criteria)),), {"employer": employer, "description": None})
