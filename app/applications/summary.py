"""All answers in order, as rows of a check-answers page: for 確認, the receipt and my page. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.applications.answers import Answers, FileAnswer
from app.applications.steps import Step, asks_birth_date, counts_experience, declarations, is_typed
from app.core.templating import filesize
from app.eligibility.criteria import field_label
from app.eligibility.fact_words import days_rows, optional_labels, paper_rows
from app.eligibility.facts import JobEntry, Leave
from app.eligibility.rules import KINDS, LEAVE_KINDS
from app.jp.text import spaced_phone
from app.jp.wareki import age_words, both_calendars
from app.openings.content import OpeningContent
from app.openings.criterion_words import answer_words

Url = Callable[[Step], str | None]
POSTAL_CODE = "郵便番号"
JOBS = "職歴"


@dataclass(frozen=True)
class Row:
    """One answer; `value` None says that it was left out, which only an optional one may be when it is sent.

    `is_unread`: it was not left out, what was typed there could not be read yet.
    """

    label: str
    value: str | None
    change_url: str | None
    is_optional: bool = False
    is_unread: bool = False


@dataclass(frozen=True)
class Section:
    """The answers of one step; `is_behind`: it was saved once, and something else is half written there since."""

    step: Step
    rows: list[Row]
    is_behind: bool = False


def sections(content: OpeningContent, answers: Answers, url: Url) -> list[Section]:
    """Put all answers of a draft or version in the order of the steps; `url` gives where a step is changed."""
    parts = {
        Step.ELIGIBILITY: _eligibility(content, answers),
        Step.CONTACT: _contact(answers),
        Step.PROFILE: _profile(content, answers),
        Step.CAREER: _career(content, answers),
        Step.QUESTIONS: _questions(content, answers),
    }
    documents = {kind.label for kind in content.documents if not kind.required}
    optional = {POSTAL_CODE} | documents | {one.label for one in content.questions if not one.required}
    optional |= optional_labels(content.criteria) | (set() if counts_experience(content) else {JOBS})
    return [
        Section(
            step,
            [
                Row(label, value or None, _at(url(step), box), label in optional, is_typed(step, box, answers))
                for label, value, box in rows
            ],
            is_behind=step in answers.typed and step in answers.steps_done,
        )
        for step, rows in parts.items()
    ]


def _at(url: str | None, box: str) -> str | None:
    return f"{url}#{box}" if url else None


Rows = Iterator[tuple[str, str | None, str]]  # label, value, and the id of the box where it is given


def _eligibility(content: OpeningContent, answers: Answers) -> Rows:
    for criterion in declarations(content):
        words = answer_words(criterion.params)
        said = words[answers.declarations.get(criterion.key)]
        yield str(criterion.params.get("text") or criterion.label), said, f"declare_{criterion.key}-0"
    yield from days_rows(content.criteria, answers)


def _contact(answers: Answers) -> Rows:
    person = answers.person
    yield "メールアドレス", person.mail, "mail"
    yield "氏名", " ".join(part for part in (person.family_name, person.given_name) if part), "family_name"
    yield "ふりがな", " ".join(part for part in (person.family_kana, person.given_kana) if part), "family_kana"
    if person.name_note:
        yield "氏名の文字について", person.name_note, "name_note"


def _profile(content: OpeningContent, answers: Answers) -> Rows:
    person = answers.person
    if asks_birth_date(content) or person.birth_date:
        yield "生年月日", birth_date_words(person.birth_date, content.appointed_on), "birth_date-year"
    code = person.postal_code
    yield POSTAL_CODE, f"{code[:3]}-{code[3:]}" if code else None, "postal_code"
    yield "住所", person.address, "address"
    yield "電話番号", spaced_phone(person.phone), "phone"


def birth_date_words(value: str | None, appointed_on: date | None = None) -> str | None:
    """Write a birth date in both calendars with the age on the 任用日: 1995年（平成7年）4月1日　任用日（…）に32歳."""
    if not value:
        return None
    born = date.fromisoformat(value)
    return "　".join([both_calendars(born), *([age_words(born, appointed_on)] if appointed_on else [])])


def _career(content: OpeningContent, answers: Answers) -> Rows:
    if not answers.history:
        yield JOBS, "職歴はありません" if answers.no_history else None, "no_history" if answers.no_history else "jobs"
    for number, job in enumerate(answers.history, 1):
        yield f"職歴 {number}", job_words(job), f"jobs-{number - 1}-employer"
    yield from paper_rows(content.criteria, answers)
    for kind in content.documents:
        file = answers.documents.get(kind.key)
        yield kind.label, f"{file.file_name}\n{file_words(file)}" if file else None, f"file_{kind.key}"


def file_words(file: FileAnswer) -> str:
    """Write what was received of a file: 3ページ 412KB; of an image 3024×4032 1.2MB."""
    extent = f"{file.pages}ページ " if file.pages else f"{file.pixels[0]}×{file.pixels[1]}画素 " if file.pixels else ""
    return extent + filesize(file.size)


@dataclass(frozen=True)
class Slot:
    """A file that stands in its slot."""

    name: str
    note: str
    remove_value: str
    url: str | None  # where the person opens it again; None where it is not taken after all
    refusal: str | None = None


def slots(
    content: OpeningContent, answers: Answers, *, refusals: Mapping[str, str], url: Callable[[str], str]
) -> dict[str, list[Slot]]:
    """Give what stands in the slot of each document kind; `refusals` are by kind, `url` opens the file of a kind."""
    found: dict[str, list[Slot]] = {kind.key: [] for kind in content.documents}
    for key in found.keys() & answers.documents.keys():
        file, refusal = answers.documents[key], refusals.get(key)
        note = file_words(file) if refusal else f"受領 {file_words(file)}"
        found[key] = [Slot(file.file_name, note, key, None if refusal else url(key), refusal)]
    return found


def job_words(job: JobEntry) -> str:
    """Write one job in lines."""
    hours = f"週{job.weekly_hours:g}時間" if job.weekly_hours is not None else ""
    about = [KINDS[job.kind].label, *(field_label(field) for field in job.fields), hours]
    lines = [job.employer, "・".join(part for part in about if part), period_words(job)]
    lines += ["学生の間の仕事"] if job.student else []
    lines += [f"{LEAVE_KINDS[leave.kind].label}：{period_words(leave)}" for leave in job.leaves]
    return "\n".join([*lines, job.description] if job.description else lines)


def period_words(entry: JobEntry | Leave) -> str:
    """Write from when to when an entry lasted."""
    return f"{_day(entry.start)}から{_day(entry.end) + 'まで' if entry.end else '現在まで'}"


def _day(text: str) -> str:
    year, month, *day = (int(part) for part in text.split("-"))
    return f"{year}年{month}月" + (f"{day[0]}日" if day else "")


def _questions(content: OpeningContent, answers: Answers) -> Rows:
    for question in content.questions:
        said = answers.statements.get(question.key, "")
        yield question.label, f"{said}\n（{len(said)}文字）" if said else None, f"answer_{question.key}"
