"""What several openings ask together, and what each of them sees: rules alone (design 18, 19, note 012)."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from app.applications.answers import Answers
from app.applications.carrying import carried
from app.applications.choice_rules import can_reorder, still_done, too_many
from app.applications.choices import one_call, slot_keys, together
from app.core import clock
from app.openings.models import Campaign, OpeningState
from tests import factories

NOW = clock.now().replace(microsecond=0)


class Call(SimpleNamespace):
    def is_over(self, at):
        return at > self.opening.closes_at

    def is_open(self, at):
        return not self.is_over(at)

    @property
    def is_called_off(self):
        return self.opening.state is OpeningState.WITHDRAWN

    @property
    def last_instant(self):
        return self.opening.closes_at


def call(city="品川区", *, hours=24, **values):
    opening = SimpleNamespace(id=uuid4(), state=OpeningState.APPROVED, closes_at=NOW + timedelta(hours=hours))
    organisation = SimpleNamespace(id=city, name=city)
    return Call(opening=opening, organisation=organisation, content=factories.content(**values))


def campaign(**values):
    rule = {"title": "合同公募", "ranked": True, "max_choices": 2, "max_per_organisation": 1, "rank_visible": False}
    return Campaign(**(rule | values))


def question(key, label="志望動機", **values):
    return {"key": key, "label": label, "max_characters": 1000, **values}


def joined(*calls, **rule):
    return together(campaign(**rule), calls, {one.opening.id: n for n, one in enumerate(calls, 1)}, at=NOW)


def slot(one, part="questions", key=None):
    keys = slot_keys(getattr(one.content, part))
    return keys[key] if key else next(iter(keys.values()))


def test_one_opening_keeps_its_own_keys():
    calls = one_call(call())

    assert [one.key for one in calls.content.questions] == ["motivation"]


def test_what_is_asked_alike_is_asked_once_whatever_its_key():
    one, other = call(questions=[question("a")]), call("大阪市", questions=[question("b")])

    calls = joined(one, other)

    assert [(q.label, q.key) for q in calls.content.questions] == [("志望動機", slot(one))]
    answers = Answers(statements={slot(one): "答え"})
    assert calls.own(one, answers).statements == {"a": "答え"}
    assert calls.own(other, answers).statements == {"b": "答え"}


def test_what_differs_under_the_same_key_is_asked_twice_and_says_who_asks():
    one, other = call(questions=[question("a")]), call("大阪市", questions=[question("a", "港への思い")])

    calls = joined(one, other)

    assert [q.label for q in calls.content.questions] == ["志望動機（品川区）", "港への思い（大阪市）"]
    answers = Answers(statements={slot(one): "区", slot(other): "港"})
    assert calls.own(other, answers).statements == {"a": "港"}


def test_two_openings_of_one_city_are_told_apart_by_their_titles():
    one, other = call(title="企画", questions=[question("a")]), call(title="開発", questions=[question("a", "言語")])

    assert [q.label for q in joined(one, other).content.questions] == ["志望動機（品川区 企画）", "言語（品川区 開発）"]


def test_the_same_question_twice_in_one_opening_stays_two():
    one = call(questions=[question("a"), question("b")])

    assert len({q.key for q in joined(one, call("大阪市", questions=[])).content.questions}) == 2


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_changes_no_slot(order):
    some = [call(questions=[question("a")]), call("大阪市", questions=[question("a", "港"), question("b")])]

    assert {q.key for q in joined(*some[::order]).content.questions} == {slot(some[0]), slot(some[1])}


def test_the_stricter_limit_holds():
    one = call(questions=[question("a", required=False)], documents=[{"key": "p", "label": "書類", "required": False}])
    other = call("大阪市", questions=[question("a", max_characters=500)], documents=[{"key": "q", "label": "書類"}])

    [asked], [paper] = joined(one, other).content.questions, joined(one, other).content.documents

    assert (asked.max_characters, asked.required, paper.required) == (500, True, True)


def test_kinds_of_file_that_differ_are_two_slots():
    one = call(documents=[{"key": "p", "label": "書類"}])
    other = call("大阪市", documents=[{"key": "p", "label": "書類", "media": ["application/pdf", "image/png"]}])

    assert [kind.label for kind in joined(one, other).content.documents] == ["書類（品川区）", "書類（大阪市）"]


def test_what_only_a_closed_opening_asks_is_not_asked():
    one, other = call(), call("大阪市", hours=-1, questions=[question("b", "港への思い")])

    calls = joined(one, other)

    assert [q.label for q in calls.content.questions] == ["志望動機"]
    assert (calls.chosen, calls.calls, calls.closed) == ((one, other), (one,), (other,))


def test_the_rank_is_seen_only_where_the_campaign_shows_it():
    one, other = call(), call("大阪市")

    assert joined(one, other).visible_rank(other) is None
    assert joined(one, other, rank_visible=True).visible_rank(other) == 2
    assert joined(one, other, rank_visible=True, ranked=False).visible_rank(other) is None


def test_the_rule_counts_in_all_and_by_city():
    taken = [call(), call("大阪市")]

    assert "合わせて2件まで" in too_many(campaign(), taken, call("神戸市"))
    assert "1つの自治体に1件まで" in too_many(campaign(max_choices=3), taken, call("大阪市"))
    assert too_many(campaign(max_choices=3), taken, call("神戸市")) is None


def test_what_was_called_off_takes_no_place():
    taken = [call(), call("大阪市")]
    taken[0].opening.state = OpeningState.WITHDRAWN

    assert too_many(campaign(), taken, call("神戸市")) is None
    assert too_many(campaign(), taken, call()) is None


def test_the_order_is_open_up_to_the_first_deadline():
    calls = joined(call(hours=2), call("大阪市", hours=1))

    assert can_reorder(calls, at=NOW + timedelta(hours=1))
    assert not can_reorder(calls, at=NOW + timedelta(hours=1, microseconds=1))
    assert not can_reorder(joined(call(), call("大阪市"), ranked=False), at=NOW)


def test_a_called_off_opening_has_no_deadline_while_others_go_on():
    off, other = call(hours=1), call("大阪市", hours=2)
    off.opening.state = OpeningState.WITHDRAWN

    assert joined(off, other).deadline(NOW) == other.opening.closes_at
    assert can_reorder(joined(off, other), at=other.opening.closes_at)
    assert joined(off).deadline(NOW) == off.opening.closes_at


def test_a_step_in_which_something_new_is_asked_is_open_again():
    one, other = call(), call("大阪市", questions=[question("b", "港への思い", required=False)])

    assert still_done(["contact", "career", "questions"], [one], [one, other]) == ["contact", "career"]


def test_a_new_draft_is_filled_with_what_is_asked_alike_and_declares_anew():
    old, new = (
        call(questions=[question("a"), question("b", "港")]),
        call("大阪市", questions=[question("x"), question("y")]),
    )
    answers = Answers(
        statements={"a": "動機", "b": "港のこと"},
        declarations={"article16": True},
        steps_done=["eligibility", "contact", "questions"],
    )

    filled = carried(one_call(old), answers, one_call(new))

    assert filled.statements == {"x": "動機"}
    assert filled.declarations == {}
    assert filled.steps_done == ["contact"]
    assert filled.filled_from == "品川区 DX推進担当"


def test_what_was_written_for_a_campaign_fills_an_opening_of_its_own():
    old, other = call(questions=[question("a")]), call("大阪市", questions=[question("b", "港")])
    answers = Answers(statements={slot(old): "動機", slot(other): "港のこと"})

    filled = carried(joined(old, other), answers, one_call(call("神戸市", questions=[question("z", "港")])))

    assert filled.statements == {"z": "港のこと"}
