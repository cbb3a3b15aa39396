"""A real call as the content of an opening: its own words, and demo values marked where the source is silent."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from app.core.clock import JST
from app.demo.postings import DemoCriterion, DemoCriterionKind, DemoPosting, DemoTerm
from app.demo.values import DEMO_VALUES, DemoStage
from app.openings.content import OpeningContent

TERMS_OF = {"employment_form": "form_key", "work_days": "days"}  # names of postings that terms call otherwise
IN_TERMS = ("employment_form", "term", "renewal", "headcount", "pay", "work_days", "remote", "work_place")
SCHOOLS = {"大学": "university", "短期大学": "junior_college", "高等専門学校": "technical_college"}
FORMER_NAMES = {"基本情報技術者試験": ("第二種情報処理技術者試験",)}
NOT_STAFF = ("commission", "outsourcing")  # 欠格条項 of 地方公務員法 does not apply


def opening_content(posting: DemoPosting, *, closes_at: datetime | None, disqualification: str) -> OpeningContent:
    """Make the content of one call; with `closes_at` it runs and gets stages, questions and documents."""
    filled, names = DEMO_VALUES.filled(posting)
    said = {
        "title": filled.title,
        "summary": filled.summary,
        "duties": filled.duties or (),
        "background": _background(filled),
        "occupation": filled.occupation,
        "terms": _terms(filled),
        "criteria": list(_criteria(filled, closes_at)),
        "announcement": filled.announcement or "",
        "source_url": filled.source_url,
        "source_note": filled.source_note,
        "demo_values": sorted(_marks(names)),
    }
    if closes_at is not None:
        said |= _running(filled, closes_at, said, disqualification)
    return OpeningContent.model_validate(said)


def _background(posting: DemoPosting) -> str:
    free = [one.label_ja for one in posting.required or () if one.kind is DemoCriterionKind.UNRESTRICTED]
    past = posting.results.text if posting.results else None
    return "\n".join([*(f"{text}。" for text in free), *((f"これまでの公募：{past}",) if past else ())])


def _terms(posting: DemoPosting) -> dict[str, Any]:
    days_min, days_max = _days(posting)
    return {
        "form_key": posting.employment_form,
        "form_note": posting.form_words,
        "is_side_job": posting.side_job,
        "department": posting.department,
        "rank": posting.rank,
        "headcount": posting.headcount.text if posting.headcount else None,
        "term": posting.term.text if posting.term else None,
        "term_months": _months(posting.term) if posting.term else None,
        "renewal": posting.renewal,
        "days": posting.work_days.text if posting.work_days else None,
        "days_min": days_min,
        "days_max": days_max,
        "remote": posting.remote.kind if posting.remote else "unstated",
        "remote_note": posting.remote.text if posting.remote else None,
        "pay": _pay(posting),
        "work_place": posting.work_place,
    }


def _months(term: DemoTerm) -> int | None:
    """The months that a source says, or that lie between its two days."""
    if term.months is not None or not term.start or not term.end or len(term.start) < len("2026-04-01"):
        return term.months
    start, after = date.fromisoformat(term.start), date.fromisoformat(term.end) + timedelta(days=1)
    return (after.year - start.year) * 12 + after.month - start.month + (after.day > start.day)


def _pay(posting: DemoPosting) -> dict[str, Any] | None:
    pay = posting.pay
    return None if pay is None else {"kind": pay.type, "text": pay.text, "min_yen": pay.min_yen, "max_yen": pay.max_yen}


def _days(posting: DemoPosting) -> tuple[int | None, int | None]:
    """Days a week times ten; days a month count as a fourth of that."""
    days = posting.work_days
    if days is None:
        return None, None
    per_week = (days.per_week_min, days.per_week_max)
    per_month = (days.per_month_min, days.per_month_max)
    least, most = (
        week * 10 if week is not None else month * 10 // 4 if month is not None else None
        for week, month in zip(per_week, per_month, strict=True)
    )
    return least, most


def _criteria(posting: DemoPosting, closes_at: datetime | None) -> Iterator[dict[str, Any]]:
    for required, criteria in ((True, posting.required), (False, posting.preferred)):
        for number, one in enumerate(criteria or (), 1):
            if one.kind is not DemoCriterionKind.UNRESTRICTED:
                key = f"{'required' if required else 'preferred'}_{number}"
                params = _params(one, closes_at)
                yield {
                    "key": key,
                    "kind": one.kind.value,
                    "label": one.label_ja,
                    "required": required,
                    "params": params,
                }


def _params(criterion: DemoCriterion, closes_at: datetime | None) -> dict[str, Any]:
    if criterion.kind is DemoCriterionKind.EXPERIENCE:
        as_of = closes_at.astimezone(JST).date().isoformat() if closes_at else criterion.params.get("as_of")
        part = {name: value for name, value in criterion.params.items() if name == "of_which"}
        return {"rule": {**criterion.params["rule"], **({"as_of": as_of} if as_of else {})}, **part}
    if criterion.kind is DemoCriterionKind.EDUCATION:
        return {
            "any_of": [SCHOOLS[name] for name in criterion.params["any_of"]],
            "expected_by": criterion.params["expected_by"],
        }
    if criterion.kind is DemoCriterionKind.QUALIFICATION:
        return {**criterion.params, "any_of": [_named(name) for name in criterion.params["any_of"]]}
    if criterion.kind is DemoCriterionKind.BIRTH_DATE:
        return {"from": criterion.params["born_on_or_after"], "to": None}
    return {} if criterion.kind is DemoCriterionKind.PERSON else dict(criterion.params)


def _marks(names: frozenset[str]) -> Iterator[str]:
    for name in names:
        yield f"terms.{TERMS_OF.get(name, name)}" if name in IN_TERMS else "criteria" if name == "required" else name
        if name == "remote":
            yield "terms.remote_note"


def _running(posting: DemoPosting, closes_at: datetime, said: dict[str, Any], disqualification: str) -> dict[str, Any]:
    """What a call needs in order to run and its source does not give, all of it marked."""
    closes_on = closes_at.astimezone(JST).date()
    form_terms = DEMO_VALUES.form_terms.get(posting.employment_form or "", {})
    marks = {"window", "stages", "rubric", "questions", "documents", "contact", *(f"terms.{one}" for one in form_terms)}
    more: dict[str, Any] = {
        "terms": said["terms"] | form_terms,
        "questions": [vars_of(one) for one in DEMO_VALUES.questions_for(posting)],
        "documents": [vars_of(one) for one in DEMO_VALUES.document_kinds],
        "stages": [_stage(stage, closes_on) for stage in DEMO_VALUES.stages(posting.source_id)],
        "announcement": said["announcement"] or DEMO_VALUES.announcement,
        "tie_rule": DEMO_VALUES.tie_rule,
    }
    if not said["announcement"]:
        marks.add("announcement")
    if posting.employment_form not in NOT_STAFF:
        more["disqualification_text"] = disqualification
        more["criteria"] = [*said["criteria"], _declaration()]
        marks.add("disqualification")
    return {**more, "demo_values": sorted({*said["demo_values"], *marks})}


def _named(name: str) -> dict[str, Any]:
    """A qualification with its earlier names (旧名称)."""
    return {"name": name, "aliases": list(FORMER_NAMES.get(name, ()))}


def _declaration() -> dict[str, Any]:
    return {
        "key": "disqualification",
        "kind": "declaration",
        "label": "欠格条項に当たらないこと",
        "params": {
            "text": "地方公務員法第16条の欠格条項のいずれにも当たりません。",
            "yes": "当たりません",
            "no": "当たるものがあります",
        },
    }


def _stage(stage: DemoStage, closes_on: date) -> dict[str, Any]:
    named = {"key": stage.key, "kind": stage.kind, "name": stage.name, "method": stage.method, "blind": stage.blind}
    rubric = [
        vars_of(item) | {"levels": [vars_of(one) for one in item.levels]} for item in DEMO_VALUES.rubric[stage.kind]
    ]
    result_on = closes_on + timedelta(days=stage.result_days)
    return named | {
        "carry": stage.carry,
        "min_reviewers": stage.min_reviewers,
        "result_on": result_on,
        "rubric": rubric,
    }


def vars_of(value: Any) -> dict[str, Any]:
    """The fields of a frozen dataclass with slots, not deep."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
