"""応募資格セルフチェック: what typed facts come to for each of some openings. Pure; nothing is kept of it."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.eligibility.check_forms import CheckForm
from app.eligibility.criteria import Assessed, Criterion, assess
from app.eligibility.words import Outcome
from app.openings.content import CriterionKind
from app.openings.queries import Published


@dataclass(frozen=True)
class Checked:
    """One opening with what each of its criteria came to."""

    row: Published
    found: tuple[Assessed, ...]
    is_open: bool = True

    @property
    def computed(self) -> list[Assessed]:
        return [one for one in self.found if one.kind != CriterionKind.PERSON and one.required]

    @property
    def met_count(self) -> int:
        return sum(one.outcome is Outcome.MEETS for one in self.computed)

    @property
    def sentence(self) -> str:
        """Sum up the required criteria that a machine looks at, in words that turn nobody away."""
        of = len(self.computed)
        if not of:
            return "この募集の必須の条件は、職員が書類から確認します。"
        if self.met_count == of:
            return f"入力の内容では、計算できる必須の条件{of}件をすべて満たしています。"
        met = f"計算できる必須の条件{of}件のうち、{self.met_count}件を満たしています。"
        return f"{met}残りは職員が確認します。{'応募はできます。' if self.is_open else ''}"


def check(
    rows: Sequence[Published], form: CheckForm, *, today: date, open_ids: Set[UUID] = frozenset()
) -> list[Checked]:
    """Assess every criterion of every opening from a form that was validated."""
    return [
        Checked(row, tuple(_assessed(row.content.criteria, form, today)), row.opening.id in open_ids) for row in rows
    ]


def _assessed(criteria: Sequence[Criterion], form: CheckForm, today: date) -> list[Assessed]:
    facts = form.facts(criteria)
    return [assess(one, facts, today=today) for one in criteria]
