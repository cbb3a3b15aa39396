"""応募資格セルフチェック: what typed facts come to for each of some openings. Pure; nothing is kept of it."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.core.language import counted, listed, paragraph, sentence
from app.eligibility.check_forms import CheckForm
from app.eligibility.criteria import Assessed, Criterion, assess
from app.eligibility.words import Outcome
from app.openings.content import CriterionKind
from app.openings.public_queries import Published


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
    def sentence(self) -> str:
        """Sum up the required criteria, in words that turn nobody away."""
        of = len(self.computed)
        if not of:
            return sentence("この募集の必須の条件は、職員が書類から確認します。")
        met = sum(one.outcome is Outcome.MEETS for one in self.computed)
        if met == of:
            all_met = counted("入力の内容では、計算できる必須の条件%(n)s件をすべて満たしています。", of)
            return paragraph(all_met, self._by_people)
        can_apply = sentence("応募はできます。") if self.is_open else ""
        return paragraph(self._of_each(of, met), self._by_people, can_apply)

    def _of_each(self, of: int, met: int) -> str:
        unanswered = sum(one.is_unanswered for one in self.computed)
        parts = [counted("満たしているもの%(n)s件", met)]
        parts += [counted("まだ答えていないもの%(n)s件", unanswered)] if unanswered else []
        parts += [counted("職員が確認するもの%(n)s件", of - met - unanswered)] if of > met + unanswered else []
        return counted("計算できる必須の条件%(n)s件のうち、%(parts)sです。", of, parts=listed(parts))

    @property
    def _by_people(self) -> str:
        count = sum(one.kind == CriterionKind.PERSON and one.required for one in self.found)
        return counted("ほかに、職員が書類から確認する必須の条件が%(n)s件あります。", count) if count else ""


@dataclass(frozen=True)
class Shared:
    """What one criterion came to, with the openings for which it came to just that."""

    found: Assessed
    rows: list[Published]


def shared(checked: Sequence[Checked]) -> list[Shared]:
    """Say once what is the same for several openings, in the order in which it first stands."""
    said: list[Shared] = []
    for one in checked:
        for found in (replace(each, key="", working={}) for each in one.found):
            same = next((each for each in said if each.found == found and one.row not in each.rows), None)
            if same is None:
                said.append(Shared(found, [one.row]))
            else:
                same.rows.append(one.row)
    return said


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
