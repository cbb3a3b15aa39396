"""併願 is found, and nothing on its pages leads astray: links there and back, warnings before a press."""

from sqlalchemy import delete

from app.applications.models import Application, DraftChoice
from app.core.context import SYSTEM, bind
from app.extensions import db
from tests.applications.applying import ANSWERS
from tests.applications.joint import Seeker, joint
from tests.applications.test_applying import rows
from tests.applications.test_several import both
from tests.browsing import Browser


def test_the_campaign_page_has_a_link_to_apply_for_each_open_call(sqlite_app):
    calls = joint()

    page = Browser(sqlite_app).get(f"/campaigns/{calls.campaign.slug}")

    assert [f'href="/apply/openings/{one.id}"' in page for one in calls.openings()] == [True, True]
    assert "ほかの自治体の募集を加えられます" in page


def test_the_choices_lead_back_to_the_first_open_step(sqlite_app):
    calls = joint()
    person = Seeker(sqlite_app, calls.first, calls.second).start()
    page = person.get(person.url("choices"))
    assert (f'class="back" href="{person.url("eligibility")}"' in page, "応募資格」の入力へ進む" in page) == (
        True,
        True,
    )

    person.fill()

    page = person.get(person.url("choices"))
    assert (f'class="back" href="{person.url("confirm")}"' in page, "の入力へ進む" in page) == (True, False)


def test_no_button_is_named_that_is_not_there(sqlite_app):
    calls = joint()
    person = Seeker(sqlite_app, calls.first, calls.second).start()
    assert "「応募を送信する」を押してください" not in person.get(person.url("confirm"))

    person.fill()

    assert "「応募を送信する」を押してください" in person.get(person.url("confirm"))


def test_a_draft_filled_from_another_shows_the_way_to_other_cities(sqlite_app):
    from tests import factories

    calls = joint()
    person = Seeker(sqlite_app, factories.opening(factories.organisation("kobe", "神戸市"))).start()
    person.save("contact")
    person.get(f"/apply/openings/{calls.first.id}")
    place = person.post(f"/apply/openings/{calls.first.id}", {"copy": "1"}).headers["Location"]

    page = person.get(place)

    assert "この公募のほかの自治体の募集も、希望に加える（併願）" in page


def test_an_answer_that_several_cities_receive_says_so(sqlite_app):
    calls = joint()
    person = Seeker(sqlite_app, calls.first, calls.second).start()
    assert "1つの自治体だけの名前や事情は書かないでください" not in person.get(person.url("questions"))
    person.add(calls.second)

    page = person.get(person.url("questions"))

    assert page.count("この回答は、品川区、大阪市に送ります。") == 1


def test_a_sent_application_that_the_draft_does_not_name_is_taken_in_again(sqlite_app):
    calls = joint()
    person = both(sqlite_app, calls)
    person.send()
    bind(db.session, SYSTEM)
    db.session.execute(delete(DraftChoice).where(DraftChoice.opening_id == calls.first.id))
    db.session.commit()
    db.session.remove()
    assert "希望から外した応募があります" in person.get(person.url("choices"))
    [left] = [one for one in rows(Application) if one.opening_id == calls.first.id]
    own = person.get(f"/my/applications/{left.id}")
    assert ("もう一度、希望に入れて直す" in own, "内容を直して送り直す" in own) == (True, False)

    person.post(f"/apply/openings/{calls.first.id}")

    own = person.get(f"/my/applications/{left.id}")
    assert ("もう一度、希望に入れて直す" in own, "内容を直して送り直す" in own) == (False, True)
    assert ANSWERS["questions"]["answer_motivation"] in person.get(person.url("questions"))
