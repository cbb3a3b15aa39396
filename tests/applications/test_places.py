"""What the rule of a campaign leaves room for is said before a press; 辞退 is taken back as promised."""

import html
import io
from dataclasses import replace

import pytest

from app.applications import drafting
from app.applications.models import Application, ApplicationState, Draft, DraftChoice
from app.openings.models import OpeningState
from app.outbox.models import Mail
from tests import factories
from tests.applications.joint import Seeker, joint
from tests.applications.pdf import pdf
from tests.applications.test_applying import rows
from tests.applications.test_several import both

OWN_DECLARATION = {
    "key": "evening",
    "kind": "declaration",
    "label": "夜間の勤務",
    "params": {"text": "月に2回、夜間の障害対応ができます"},
}


def application_of(opening):
    return next(one for one in rows(Application) if one.opening_id == opening.id)


def full(app):
    """A person who has sent to both cities of a campaign in which there is room for two, and a third city."""
    calls = joint()
    third = factories.opening(factories.organisation("kobe", "神戸市"), campaign_id=calls.campaign.id)
    person = both(app, calls)
    person.send()
    return calls, third, person


def test_taking_a_withdrawal_back_is_promised_as_long_as_its_place_is_free(app):
    calls, third, person = full(app)
    own = f"/my/applications/{application_of(calls.first).id}"
    assert "合わせて2件" in person.get(f"{own}/withdraw")
    person.post(f"{own}/withdraw", {"reason": ""})
    [mail] = [one for one in rows(Mail) if one.kind == "application-withdrawn"]
    assert "合わせて2件に達すると、ほかを外すまで取り消せません" in mail.body
    assert "加えると、品川区の辞退を取り消せなくなります" in person.get(person.url("choices"))
    assert "加えると、品川区の辞退を取り消せなくなります" in person.get(f"/apply/openings/{third.id}")
    assert ">辞退を取り消す<" in person.get(own)

    person.add(third)

    page = person.get(own)
    assert (">辞退を取り消す<" in page, "いま選んでいるのは" in page) == (False, True)
    refused = html.unescape(person.post(f"{own}/reinstate", status=409).text)
    assert ("辞退から24時間以内なら取り消せます" in refused, f'href="{own}">応募に戻る' in refused) == (True, True)
    person.choose("remove", third)
    person.get(own)
    person.post(f"{own}/reinstate")
    assert application_of(calls.first).state is ApplicationState.SUBMITTED


def test_sending_what_fills_the_place_of_a_withdrawn_one_says_so_first(sqlite_app):
    calls, third, person = full(sqlite_app)
    own = f"/my/applications/{application_of(calls.first).id}"
    person.get(f"{own}/withdraw")
    person.post(f"{own}/withdraw", {"reason": ""})
    person.add(third)
    declared = {name: "yes" for name in person.names.values() if name.startswith("declare_")}
    person.save("eligibility", declared)

    assert "いまは品川区の辞退を取り消せません" in person.get(person.url("confirm"))


def test_what_cannot_be_added_is_not_offered_and_says_why(sqlite_app):
    _calls, third, person = full(sqlite_app)

    choices, start = person.get(person.url("choices")), person.get(f"/apply/openings/{third.id}")

    assert [page.count("いまは加えられません。") for page in (choices, start)] == [1, 1]
    assert [">希望に加える<" in choices, "この募集を希望に加える" in start] == [False, False]


def test_what_a_city_called_off_after_it_was_sent_leaves_its_place_to_another(sqlite_app):
    calls, third, person = full(sqlite_app)
    assert "合わせて2件まで" in person.not_chosen("add", third)
    calls.second.state = OpeningState.WITHDRAWN
    factories.save(calls.second)

    person.choose("add", third)

    assert {one.opening_id for one in rows(DraftChoice)} == {calls.first.id, calls.second.id, third.id}


def test_a_file_for_an_opening_that_was_let_go_takes_no_room_from_the_others(sqlite_app, monkeypatch):
    ask = [*factories.content().as_json()["documents"], {"key": "plan", "label": "企画書"}]
    calls = joint(second={"content": factories.content(documents=ask)})
    person = Seeker(sqlite_app, calls.second, calls.first).start().add(calls.first).fill()
    file = pdf(1)
    person.save("career", {"file_plan": (io.BytesIO(file), "企画.pdf")})
    limits = replace(drafting.file_limits(), application_bytes=int(1.5 * len(file)))
    monkeypatch.setattr(drafting, "file_limits", lambda: limits)

    person.choose("remove", calls.second)
    person.save("career", {"file_resume": (io.BytesIO(file), "新しい経歴.pdf")})

    [draft] = rows(Draft)
    assert {file["file_name"] for file in draft.answers["documents"].values()} == {"新しい経歴.pdf", "企画.pdf"}


def test_after_a_move_the_page_opens_at_what_was_moved_and_says_its_place(sqlite_app):
    calls = joint()
    person = both(sqlite_app, calls)

    place = person.choose("up", calls.second).headers["Location"]
    page = person.get(place)

    assert place == f"{person.url('choices')}?moved={calls.second.id}#choice-{calls.second.id}"
    assert page.count(f'id="choice-{calls.second.id}" tabindex="-1"') == 1
    assert '<p class="mt8" role="status"><b>大阪市を第1希望にしました。</b></p>' in page


@pytest.mark.parametrize(
    ("is_shown", "said"), [(False, "自治体には見えず、選考にも使いません"), (True, "第何希望かだけが見えます")]
)
def test_what_the_order_is_for_stands_before_it_is_made(sqlite_app, is_shown, said):
    calls = joint(rank_visible=is_shown)
    person = Seeker(sqlite_app, calls.first, calls.second).start().add(calls.second)

    page = person.get(person.url("choices"))

    assert page.index(said) < page.index(">選んだ募集<")


def test_adding_an_opening_says_which_finished_steps_ask_something_new(sqlite_app):
    asked = factories.content(title="大阪のDX担当", criteria=[*factories.CRITERIA, OWN_DECLARATION])
    calls = joint(second={"content": asked})
    first, other = (Seeker(sqlite_app, calls.first, calls.second).start().fill() for _ in range(2))

    said = first.press(first.url("choices"), {"act": "add", "opening": str(calls.second.id)})
    other.get(f"/apply/openings/{calls.second.id}")
    begun = other.press(f"/apply/openings/{calls.second.id}")

    new = "ただし「応募資格」には、この募集だけの新しい質問があります。送信する前に答えてください。"
    assert (new in said, ">「応募資格」の入力へ進む</a>" in said, new in begun) == (True, True, True)


def test_adding_an_opening_that_asks_nothing_new_says_so(sqlite_app):
    calls = joint(second={"content": factories.content(title="大阪のDX担当")})
    person = Seeker(sqlite_app, calls.first, calls.second).start().fill()

    said = person.press(person.url("choices"), {"act": "add", "opening": str(calls.second.id)})

    assert ("もう一度答える必要はありません" in said, "新しい質問" in said) == (True, False)
