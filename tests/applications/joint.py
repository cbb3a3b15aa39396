"""Two cities that call together, and a person who applies to both, for tests."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.applications.choices import criteria_of, slot_keys
from app.openings.content import OpeningContent
from tests import factories
from tests.applications.applying import ANSWERS, Person

OWN_QUESTION = {"key": "city", "label": "大阪でしたいこと", "max_characters": 500}


@dataclass
class Joint:
    """A campaign of two cities: the second asks one question more."""

    campaign: Any
    first: Any
    second: Any

    def openings(self) -> list[Any]:
        return [self.first, self.second]


def joint(*, first: dict[str, Any] | None = None, second: dict[str, Any] | None = None, **rule: Any) -> Joint:
    """Make the campaign; `first` and `second` are values of the openings."""
    one, other = factories.organisation(), factories.organisation("osaka", "大阪市")
    campaign = factories.campaign(one, **rule)
    questions = [*factories.content().as_json()["questions"], OWN_QUESTION]
    asked = factories.content(title="大阪のDX担当", questions=questions)
    return Joint(
        campaign,
        factories.opening(one, campaign_id=campaign.id, **(first or {})),
        factories.opening(other, campaign_id=campaign.id, **({"content": asked} | (second or {}))),
    )


def slot_names(*openings: Any) -> dict[str, str]:
    """By the field of an opening draft, the field of a campaign's draft that asks the same."""
    found = {}
    for opening in openings:
        said = OpeningContent.model_validate(opening.content)
        for prefix, asked in (
            ("declare", criteria_of(said)),
            ("answer", said.questions),
            ("file", said.documents),
        ):
            found |= {f"{prefix}_{own}": f"{prefix}_{slot}" for own, slot in slot_keys(asked).items()}
    return found


class Seeker(Person):
    """A person who applies within a campaign; fields are given by the openings' own keys."""

    def __init__(self, app: Flask, opening: Any, *others: Any) -> None:
        super().__init__(app, opening)
        self.names = slot_names(*others, opening)

    def save(self, step: str, fields: dict[str, Any] | None = None, *, status: int = 303, **more: Any) -> TestResponse:
        typed = {**(ANSWERS[step] if fields is None else fields), **more}
        return super().save(step, {self.names.get(name, name): value for name, value in typed.items()}, status=status)

    def choose(self, act: str, opening: Any, *, status: int = 303) -> TestResponse:
        self.get(self.url("choices"))
        return self.post(self.url("choices"), {"act": act, "opening": str(opening.id)}, status=status)

    def not_chosen(self, act: str, opening: Any) -> str:
        """Press what the rule of the campaign does not allow; give the page that says so, the same as before."""
        place = self.choose(act, opening).headers["Location"]
        assert place == self.url("choices")
        return self.get(place)

    def add(self, opening: Any) -> "Seeker":
        self.choose("add", opening)
        return self
