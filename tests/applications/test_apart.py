"""A question that two cities ask alike can be answered for each by itself, and no text goes when that is taken back."""

import re
from types import SimpleNamespace

from app.applications.apart import aligned
from app.applications.choices import apart_slot, slot_keys, together
from app.applications.models import Draft
from app.openings.content import OpeningContent
from tests.applications.applying import ANSWERS
from tests.applications.joint import Seeker, joint
from tests.applications.test_applying import rows
from tests.applications.test_choices import NOW, call, campaign, joined, question
from tests.applications.test_several import both, versions_of

CITY = "港の手続を変えたい"
SHARED = ANSWERS["questions"]["answer_motivation"]
BOX = re.compile(r'<textarea[^>]*name="(answer_[^"]+)"[^>]*>\s*(.*?)</textarea>', re.DOTALL)


class Writer:
    """A person with a draft of both cities who writes to each by itself."""

    def __init__(self, app):
        self.calls = joint()
        self.person = both(app, self.calls)
        self.slot = slot_keys(OpeningContent.model_validate(self.calls.first.content).questions)["motivation"]
        self.first, self.second = (
            f"answer_{apart_slot(self.slot, SimpleNamespace(opening=one))}" for one in self.calls.openings()
        )
        self.shared = f"answer_{self.slot}"

    def press(self, name, **fields):
        """Press a button of the step with what is in its boxes; give where it leads."""
        page = self.person.get(self.person.url("questions"))
        typed = {key: said.strip() for key, said in BOX.findall(page)} | fields
        return self.person.save("questions", typed, **{name: self.slot}).headers["Location"]

    def boxes(self):
        page = self.person.get(self.person.url("questions"))
        return {key: said.strip() for key, said in BOX.findall(page) if self.slot in key}

    def write_apart(self):
        self.press("apart")
        return self.press("together", **{self.first: "品川区で。", self.second: "大阪市で。"})

    def choose(self, source):
        self.person.get(f"/apply/drafts/{self.person.draft}/together/{self.slot}")
        return self.person.post(
            f"/apply/drafts/{self.person.draft}/together/{self.slot}", {"source": source.removeprefix("answer_")}
        )


def test_each_city_gets_its_own_answer(sqlite_app):
    writer = Writer(sqlite_app)
    writer.press("apart")
    assert writer.boxes() == {writer.first: SHARED, writer.second: SHARED}

    own = {writer.first: "品川区で。", writer.second: "大阪市で。", "answer_city": CITY}
    writer.person.save("questions", own)
    writer.person.send()

    said = [versions_of(one)[0].answers["statements"]["motivation"] for one in writer.calls.openings()]
    assert said == ["品川区で。", "大阪市で。"]
    assert "apart" not in versions_of(writer.calls.first)[0].answers


def test_texts_that_differ_are_shown_before_one_goes_to_all(sqlite_app):
    writer = Writer(sqlite_app)

    place = writer.write_apart()
    page = writer.person.get(place)

    assert place == f"/apply/drafts/{writer.person.draft}/together/{writer.slot}"
    assert ["品川区に書いた回答" in page, "大阪市に書いた回答" in page, "大阪市で。" in page] == [True] * 3
    assert writer.boxes() == {writer.first: "品川区で。", writer.second: "大阪市で。"}
    assert "どの回答を全部の自治体に送るか選んでください" in writer.person.post(place, {}, status=422).text


def test_what_was_not_chosen_stands_in_its_box_again(sqlite_app):
    writer = Writer(sqlite_app)
    writer.write_apart()

    writer.choose(writer.second)
    assert writer.boxes() == {writer.shared: "大阪市で。"}
    writer.person.save("questions", {"answer_motivation": "両市で。", "answer_city": CITY})
    writer.person.send()
    writer.press("apart")

    assert writer.boxes() == {writer.first: "品川区で。", writer.second: "両市で。"}
    said = [versions_of(one)[0].answers["statements"] for one in writer.calls.openings()]
    assert said == [{"motivation": "両市で。"}, {"motivation": "両市で。", "city": CITY}]


def test_equal_texts_are_put_together_at_one_press(sqlite_app):
    writer = Writer(sqlite_app)
    writer.press("apart")

    place = writer.press("together")

    assert place == f"{writer.person.url('questions')}#question-{writer.slot}"
    assert writer.boxes() == {writer.shared: SHARED}


def test_a_second_press_changes_nothing(sqlite_app):
    writer = Writer(sqlite_app)
    writer.press("apart", **{writer.shared: SHARED})
    writer.press("apart", **{writer.first: "品川区で。"})
    assert writer.boxes() == {writer.first: "品川区で。", writer.second: SHARED}

    writer.press("together")
    writer.choose(writer.first)
    missing = f"/apply/drafts/{writer.person.draft}/together/{writer.slot}"

    assert "いま選ぶ回答はありません" in writer.person.get(missing)
    assert writer.press("together").endswith(f"#question-{writer.slot}")
    assert writer.boxes() == {writer.shared: "品川区で。"}


def test_the_boxes_of_one_question_stand_together(sqlite_app):
    writer = Writer(sqlite_app)
    writer.press("apart")

    page = writer.person.get(writer.person.url("questions"))

    order = [key for key, _said in BOX.findall(page)]
    assert order[:2] == [writer.first, writer.second]
    assert order[2:] == [writer.person.names["answer_city"]]


def test_a_page_opened_before_brings_its_text_into_the_boxes_of_now():
    one, other = call(questions=[question("a")]), call("大阪市", questions=[question("b")])
    [shared] = slot_keys(one.content.questions).values()
    names = [f"answer_{apart_slot(shared, each)}" for each in (one, other)]
    parted = together(campaign(), [one, other], {}, at=NOW, apart={shared})

    assert aligned(parted, [(f"answer_{shared}", "前の画面で。")])[1:] == [(name, "前の画面で。") for name in names]
    typed = list(zip(names, ("甲", "乙"), strict=True))
    assert aligned(joined(one, other), typed)[2:] == [(f"answer_{shared}", "【品川区】\n甲\n\n【大阪市】\n乙")]


def test_of_one_opening_nothing_is_parted(sqlite_app):
    calls = joint()
    person = Seeker(sqlite_app, calls.first).start()
    slot = person.names["answer_motivation"].removeprefix("answer_")

    person.save("questions", {"answer_motivation": "一つの区で。"}, apart=slot)

    assert [draft.answers["apart"] for draft in rows(Draft)] == [[]]
