"""The forms of the five steps. Each is filled from answers and writes them (`written`)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FieldList,
    FileField,
    FormField,
    RadioField,
    StringField,
    TextAreaField,
    ValidationError,
)

from app.applications.answers import Answers
from app.applications.steps import Step, answer_missing, asks_birth_date, declarations, lists_needed
from app.core import clock
from app.core.form_dates import DateParts
from app.core.forms import Form, MaxLength, Phone, PostalCode, Required, RequiredChoice
from app.eligibility.criteria import asked_of, rules_of
from app.eligibility.fact_forms import day_fields, fact_values, facts_written, paper_fields
from app.eligibility.job_forms import MOST_JOBS, job_form, job_values, plain_text
from app.jp import text
from app.jp.mail import mail_address, mail_fault
from app.openings.content import OpeningContent, QuestionContent
from app.openings.criterion_words import answer_choices

DECLARE = "declare_"  # before the key of the criterion


def is_mail(form: Any, field: Any) -> None:
    """Refuse what is no mail address, saying why."""
    if field.data and (fault := mail_fault(field.data)):
        raise ValidationError(fault)


def _name(typed: str | None) -> str:
    return text.clean_name(typed or "")


def _kana(typed: str | None) -> str:
    return text.hiragana(typed or "")


def _is_kana(form: Any, field: Any) -> None:
    if field.data and not text.is_hiragana_name(field.data):
        raise ValidationError(f"{field.label.text}（ふりがな）をひらがなで入力してください")


class StepForm(Form):
    """A step's form; the token stands in the page's form tag and is checked for every unsafe request (core.csrf)."""

    def __init__(self, formdata: MultiDict[str, Any] | None = None, **values: Any) -> None:
        super().__init__(formdata=formdata, data=values, meta={"csrf": False})

    def written(self, answers: Answers) -> Answers:
        """Give the answers with what this form holds written in."""
        raise NotImplementedError

    def _person(self, answers: Answers, **values: Any) -> Answers:
        return answers.model_copy(update={"person": answers.person.model_copy(update=values)})


class EligibilityForm(StepForm):
    """はい or いいえ to each declaration of the opening and the days of work, as fields made in `eligibility_form`."""

    def declared(self) -> list[Any]:
        return [field for field in self if field.name.startswith(DECLARE)]

    def written(self, answers: Answers) -> Answers:
        given = {field.name.removeprefix(DECLARE): field.data == "yes" for field in self.declared()}
        return answers.model_copy(update={"declarations": {**answers.declarations, **given}, **facts_written(self)})


def eligibility_form(content: OpeningContent) -> type[EligibilityForm]:
    fields: dict[str, Any] = {
        f"{DECLARE}{criterion.key}": RadioField(
            str(criterion.params.get("text") or criterion.label),
            [RequiredChoice(answer_missing(criterion))],
            choices=answer_choices(criterion.params),
        )
        for criterion in declarations(content)
    }
    fields |= day_fields(content.criteria, asked_of(content.criteria))
    return type("OpeningEligibilityForm", (EligibilityForm,), fields)


class ContactForm(StepForm):
    mail = StringField(
        "メールアドレス", [Required("メールアドレスを入力してください"), is_mail], filters=[mail_address]
    )
    family_name = StringField("姓", [Required("姓を入力してください"), MaxLength(100)], filters=[_name])
    given_name = StringField("名", [Required("名を入力してください"), MaxLength(100)], filters=[_name])
    family_kana = StringField(
        "せい", [Required("せい（ふりがな）を入力してください"), _is_kana, MaxLength(100)], filters=[_kana]
    )
    given_kana = StringField(
        "めい", [Required("めい（ふりがな）を入力してください"), _is_kana, MaxLength(100)], filters=[_kana]
    )
    name_note = StringField("氏名の文字について", [MaxLength(200)], filters=[plain_text])

    def written(self, answers: Answers) -> Answers:
        return self._person(answers, **self.data)


class ProfileForm(StepForm):
    birth_date = DateParts("生年月日", [Required("生年月日を入力してください")])
    postal_code = StringField("郵便番号", [PostalCode()])
    address = StringField("住所", [Required("住所を入力してください"), MaxLength(400)], filters=[_name])
    phone = StringField("電話番号", [Required("電話番号を入力してください"), Phone()])

    def validate_birth_date(self, field: Any) -> None:
        if field.data and not 1900 <= field.data.year <= clock.today().year - 10:
            field.bad_parts = ("year",)
            raise ValidationError("生年月日の年を確かめてください")

    def written(self, answers: Answers) -> Answers:
        born = self.birth_date.data.isoformat() if self.birth_date is not None and self.birth_date.data else None
        return self._person(
            answers,
            birth_date=born,
            postal_code=text.postal_code(self.postal_code.data or "") or "",
            address=self.address.data,
            phone=text.phone(self.phone.data) or "",
        )


class CareerForm(StepForm):
    """Job history and files; the list of jobs and the file fields are the opening's (`career_form`)."""

    no_history = BooleanField("職歴はありません")

    def validate_no_history(self, field: Any) -> None:
        if field.data and self.entries():
            raise ValidationError("職歴を入力したときは、「職歴はありません」の選択を外してください")

    def entries(self) -> list[Any]:
        return [job.form for job in self.jobs if not job.form.is_blank()]

    def written(self, answers: Answers) -> Answers:
        history = [job.entry() for job in self.entries()]
        jobs = {"history": history, "no_history": bool(self.no_history.data)}
        return answers.model_copy(update=jobs | facts_written(self))


class SaysRequired:
    """Marks a field 必須 whose presence is asked elsewhere: a file that is there already is not sent again."""

    field_flags = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        return None


def career_form(content: OpeningContent) -> type[CareerForm]:
    one = job_form(rules_of(content.criteria))
    fields: dict[str, Any] = {"jobs": FieldList(FormField(one), "職歴", max_entries=MOST_JOBS)}
    fields |= paper_fields(content.criteria, asked_of(content.criteria))
    for kind in content.documents:
        fields[f"file_{kind.key}"] = FileField(kind.label, [SaysRequired()] if kind.required else [])
    return type("OpeningCareerForm", (CareerForm,), fields)


class QuestionsForm(StepForm):
    """The opening's questions, as fields made in `questions_form`."""

    def written(self, answers: Answers) -> Answers:
        given = {field.name.removeprefix("answer_"): field.data for field in self}
        return answers.model_copy(update={"statements": {**answers.statements, **given}})


class FewEnough:
    """At most the characters that the question allows, said in the question's own words."""

    def __init__(self, question: QuestionContent) -> None:
        self.question = question

    def __call__(self, form: Any, field: Any) -> None:
        most = self.question.max_characters
        over = len(field.data or "") - most
        if over > 0:
            raise ValidationError(f"「{self.question.label}」は{most}文字以内です。{over}文字減らしてください")


def questions_form(content: OpeningContent) -> type[QuestionsForm]:
    fields = {}
    for question in content.questions:
        needed = [Required(f"「{question.label}」に回答してください")] if question.required else []
        fields[f"answer_{question.key}"] = TextAreaField(
            question.label, [*needed, FewEnough(question)], filters=[plain_text]
        )
    return type("OpeningQuestionsForm", (QuestionsForm,), fields)


def _values(step: Step, content: OpeningContent, answers: Answers) -> dict[str, Any]:
    person = answers.person.model_dump()
    if step is Step.ELIGIBILITY:
        said = {f"{DECLARE}{key}": "yes" if yes else "no" for key, yes in answers.declarations.items()}
        return fact_values(answers) | said
    if step is Step.PROFILE:
        return person | {"birth_date": text_date(person["birth_date"])}
    if step is Step.CAREER:
        jobs = [job_values(job) for job in answers.history]
        given = {"jobs": jobs or ([] if answers.no_history else [{}]), "no_history": answers.no_history}
        return _without_blanks(given | fact_values(answers), lists_needed(content))
    if step is Step.QUESTIONS:
        return {f"answer_{key}": said for key, said in answers.statements.items()}
    return person


def _without_blanks(values: dict[str, Any], needed: Mapping[str, bool]) -> dict[str, Any]:
    """Leave out a blank entry, whose boxes say 必須, where the list may stay empty."""
    return values | {name: [] for name, is_needed in needed.items() if not is_needed and values[name] == [{}]}


def text_date(value: str | None) -> Any:
    """Read an ISO date, or None."""
    return date.fromisoformat(value) if value else None


def step_form(
    step: Step, content: OpeningContent, answers: Answers, typed: MultiDict[str, Any] | None = None
) -> StepForm:
    """Make the form of a step: filled with what was typed where given, else with the saved answers."""
    kinds: dict[Step, Any] = {
        Step.ELIGIBILITY: lambda: eligibility_form(content),
        Step.CONTACT: lambda: ContactForm,
        Step.PROFILE: lambda: ProfileForm,
        Step.CAREER: lambda: career_form(content),
        Step.QUESTIONS: lambda: questions_form(content),
    }
    form: StepForm = kinds[step]()(typed, **({} if typed is not None else _values(step, content, answers)))
    if step is Step.PROFILE and not asks_birth_date(content):
        del form.birth_date
    return form
