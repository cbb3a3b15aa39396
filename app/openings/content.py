"""What an author writes of an opening, as one typed value.

It is kept as JSON in `opening.content` and, once approved, in a revision. Shape only: whether it may be published is
`publication.missing_items`. None means that the notice says nothing (要項に記載なし).
"""

import hashlib
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.files.kinds import DOCX, PDF

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=8000)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class CriterionKind(StrEnum):
    """How a criterion is checked; `criterion_params` says what each kind is set to."""

    EXPERIENCE = "experience"
    EDUCATION = "education"
    QUALIFICATION = "qualification"
    LANGUAGE = "language"
    BIRTH_DATE = "birth_date"
    AVAILABILITY = "availability"
    NATIONALITY = "nationality"
    RESIDENCE = "residence"
    DECLARATION = "declaration"
    PERSON = "person"  # judged by people from the documents; outcome is always "check"

    @property
    def label(self) -> str:
        return {
            "experience": "職務経験の年数",
            "education": "学歴",
            "qualification": "資格（どれか一つ）",
            "language": "語学（どれか一つ）",
            "birth_date": "生年月日",
            "availability": "勤務できる日数",
            "nationality": "国籍の要件（申告）",
            "residence": "居住の要件（申告）",
            "declaration": "申告（はい・いいえ）",
            "person": "職員が判断",
        }[self.value]

    @property
    def how(self) -> str:
        """How it is checked, in a word for people who apply."""
        if self in DECLARED:
            return "申告してもらいます"
        return {"experience": "職歴から計算します", "person": "職員が確認します"}.get(self.value, "入力から確かめます")


DECLARED = frozenset({CriterionKind.NATIONALITY, CriterionKind.RESIDENCE, CriterionKind.DECLARATION})


class CriterionContent(Part):
    key: Key
    kind: CriterionKind
    label: Short
    required: bool = True
    params: dict[str, Any] = {}


class QuestionContent(Part):
    key: Key
    label: Short
    hint: Annotated[str, Field(max_length=400)] = ""
    required: bool = True
    max_characters: Annotated[int, Field(ge=50, le=4000)] = 1000


class DocumentContent(Part):
    key: Key
    label: Annotated[str, Field(max_length=120)]
    hint: Annotated[str, Field(max_length=400)] = ""
    required: bool = True
    media: Annotated[tuple[str, ...], Field(min_length=1)] = (PDF, DOCX)


class LevelContent(Part):
    value: Annotated[int, Field(ge=1, le=9)]
    anchor: Annotated[str, Field(min_length=1, max_length=300)]
    evidence_required: bool = False


class RubricContent(Part):
    key: Key
    label: Annotated[str, Field(max_length=120)]
    weight: Annotated[int, Field(ge=1, le=100)]  # per cent; the weights of a stage add up to 100
    levels: tuple[LevelContent, ...]


class StageContent(Part):
    key: Key
    kind: Annotated[str, Field(pattern="^(documents|task|test|interview)$")]
    name: Annotated[str, Field(max_length=80)]
    method: Short = ""
    result_on: date | None = None
    blind: bool = True
    carry: Annotated[str, Field(pattern="^(carry|reset)$")] = "reset"  # 積み上げ方式 / リセット方式
    min_reviewers: Annotated[int, Field(ge=1, le=9)] = 2
    rubric: tuple[RubricContent, ...] = ()


class Pay(Part):
    """Pay as the notice words it, with yen for sorting and filters where it gives figures."""

    kind: Annotated[str, Field(pattern="^(hourly|daily|monthly|annual|per_session|per_deliverable|unpaid|table)$")]
    text: Short
    min_yen: Annotated[int, Field(ge=0)] | None = None
    max_yen: Annotated[int, Field(ge=0)] | None = None


class Terms(Part):
    """The conditions of the position. Values marked in `demo_values` are the demo's own (design 55)."""

    form_key: str | None = None  # employment_form.key of the organisation
    form_note: Short | None = None  # the source's own words for the form
    is_side_job: bool = False
    department: Short | None = None
    rank: Short | None = None
    headcount: Short | None = None  # never just an integer: 若干名, 3名程度
    term: Short | None = None  # 任期
    term_months: Annotated[int, Field(ge=1, le=600)] | None = None  # for the cap of the form (L-02)
    renewal: Short | None = None
    days: Short | None = None  # 勤務日数
    days_min: Annotated[int, Field(ge=0, le=70)] | None = None  # days a week times ten; 月2日 is 5
    days_max: Annotated[int, Field(ge=0, le=70)] | None = None
    hours: Short | None = None
    remote: Annotated[str, Field(pattern="^(full|partial|office|unstated)$")] = "unstated"
    remote_note: Short | None = None
    pay: Pay | None = None
    allowances: Short | None = None
    insurance: Short | None = None
    work_place: Short | None = None
    smoking: Short | None = None  # 受動喫煙対策
    trial: Short | None = None  # 条件付採用・試用
    side_job_rule: Short | None = None  # 兼業の扱い
    budget_condition: Short | None = None


class OpeningContent(Part):
    """All that an opening says. The order of the tuples is the order on the page."""

    title: Annotated[str, Field(max_length=200)] = ""
    summary: Annotated[str, Field(max_length=400)] = ""
    duties: tuple[Short, ...] = ()
    background: Long = ""
    occupation: str | None = None  # openings.words.OCCUPATIONS
    terms: Terms = Terms()
    criteria: tuple[CriterionContent, ...] = ()
    questions: tuple[QuestionContent, ...] = ()
    documents: tuple[DocumentContent, ...] = ()
    stages: tuple[StageContent, ...] = ()
    announcement: Annotated[str, Field(max_length=400)] = ""  # 合格発表の方法
    tie_rule: Annotated[str, Field(max_length=400)] = ""  # 同点のとき
    appointed_on: date | None = None  # 任用日
    contact: Short | None = None  # else the organisation's
    disqualification_text: Long = ""  # 欠格条項
    source_url: Annotated[str, Field(pattern=r"^https?://", max_length=500)] | None = None
    source_note: Annotated[str, Field(max_length=1000)] | None = None
    demo_values: tuple[str, ...] = ()  # dotted names of values that the demo made up: "terms.pay", "stages", "window"

    @property
    def is_checkable(self) -> bool:
        """Whether a machine can say anything about the criteria before somebody applies."""
        return any(one.kind is not CriterionKind.PERSON for one in self.criteria)

    def as_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


def digest(content: OpeningContent, *instants: object) -> str:
    """The SHA-256 of a content and the instants that go with it: what a second person approves."""
    text = content.model_dump_json() + "\x1f" + "\x1f".join(str(instant) for instant in instants)
    return hashlib.sha256(text.encode()).hexdigest()
