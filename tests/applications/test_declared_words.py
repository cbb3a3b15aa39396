"""A declaration in the negative is answered in words that cannot be misread; what is kept is a boolean."""

import re

from flask import Flask

from app.applications.models import Application
from app.openings.content import CriterionKind
from app.openings.criterion_notice import say
from app.openings.criterion_params import faults
from app.openings.forms_criterion import CriterionEntry, entry_values
from tests import factories
from tests.applications.applying import Person
from tests.applications.test_applying import rows
from tests.browsing import Browser

YES, NO = "当たりません", "当たるものがあります"
PARAMS = {"text": "欠格条項のいずれにも当たりません", "yes": YES, "no": NO}
ARTICLE = {"key": "article16", "kind": "declaration", "label": "欠格条項に当たらないこと", "params": PARAMS}


def an_opening():
    said = factories.content()
    kept = [one.model_dump(mode="json") for one in said.criteria if one.key != "article16"]
    return factories.opening(factories.organisation(), content=factories.content(criteria=[*kept, ARTICLE]))


def test_the_choices_say_what_they_mean_from_the_form_to_what_is_kept(sqlite_app: Flask) -> None:
    person = Person(sqlite_app, an_opening()).start()
    step = person.get(person.url("eligibility"))
    missing = person.refused("eligibility", {})
    person.fill(eligibility={"declare_article16": "no"})
    confirm = person.get(person.url("confirm"))
    person.send()

    [application] = rows(Application)
    home = person.get(f"/my/applications/{application.id}")
    choices = re.findall(r"<span>([^<]*)</span></label>", step)
    assert [one for one in choices if one in (YES, NO, "はい", "いいえ")] == [YES, NO]
    assert f"「欠格条項に当たらないこと」は、「{YES}」か「{NO}」を選んでください" in missing
    assert f"「{NO}」と回答しました。" in confirm
    assert NO in home
    assert "「いいえ」" not in confirm + home


def test_the_self_check_uses_the_same_words(sqlite_app: Flask) -> None:
    url = f"/openings/{an_opening().id}/check"
    browser = Browser(sqlite_app)
    page = browser.get(url)
    name = re.findall(r'name="(declare_[^"]+)"', page)[0]
    checked = browser.press(url, {name: "yes"})

    assert YES in page
    assert NO in page
    assert f"「{YES}」と回答しました。" in checked


def test_the_notice_says_the_words_and_the_author_names_both_or_none() -> None:
    criterion = factories.content(criteria=[ARTICLE]).criteria[0]
    half = list(faults(CriterionKind.DECLARATION, {"text": "当たりません", "yes": YES}))

    assert say(criterion)[0] == f"応募のときに「{YES}」「{NO}」で申告します：{PARAMS['text']}"
    assert half == ["申告の選択肢の言葉は、二つとも、違う言葉で入力してください"]
    assert list(faults(CriterionKind.DECLARATION, PARAMS)) == []


def test_the_editor_keeps_the_words(sqlite_app: Flask) -> None:
    criterion = factories.content(criteria=[ARTICLE]).criteria[0]
    with sqlite_app.test_request_context():
        entry = CriterionEntry(data={"kind": "declaration", **entry_values(criterion)})
        assert entry.params() == PARAMS
        entry = CriterionEntry(data={"kind": "declaration", "text": "確認しました"})
        assert entry.params() == {"text": "確認しました"}
