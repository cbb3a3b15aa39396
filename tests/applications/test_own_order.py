"""The order after sending: a note of the person's own, or, where cities see it, a version that says so."""

from app.applications.models import Application, ApplicationVersion
from app.outbox.models import Mail
from tests.applications.joint import joint
from tests.applications.test_applying import rows
from tests.applications.test_several import both

UNSENT = "直した内容は、まだ送信していません"


def test_an_order_that_no_city_sees_takes_effect_at_once(sqlite_app):
    calls = joint()
    person = both(sqlite_app, calls)
    person.send()

    person.choose("up", calls.second)

    assert "送り直す必要はありません" in person.get(person.url("choices"))
    page = person.get("/my/")
    assert (UNSENT in page, page.index("大阪市") < page.index("品川区")) == (False, True)
    assert page.index("第1希望") < page.index("第2希望")
    assert "この内容は送信済みです" in person.get(person.url("confirm"))
    assert len(rows(ApplicationVersion)) == 2
    [osaka] = [one for one in rows(Application) if one.opening_id == calls.second.id]
    for page in ("", "/receipt"):
        assert "第1希望" in person.get(f"/my/applications/{osaka.id}{page}")


def test_an_order_that_cities_see_is_sent_and_said(sqlite_app):
    calls = joint(rank_visible=True)
    person = both(sqlite_app, calls)
    person.send()
    person.choose("up", calls.second)
    assert "確認の画面で送り直すと届きます" in person.get(person.url("choices"))
    assert UNSENT in person.get("/my/")
    assert person.get(person.url("confirm")).count("希望の順番</dt>") == 2

    done = person.get(person.send().headers["Location"])

    assert done.count("順番を変えました。前は第") == 2
    bodies = [mail.body for mail in rows(Mail) if "順番を変えました" in mail.body]
    assert sorted("第1希望（順番を変えました。前は第2希望でした）" in body for body in bodies) == [False, True]


def test_the_own_data_hold_the_order(sqlite_app):
    from app.accounts.models import Applicant
    from app.core import clock
    from app.core.context import SYSTEM, bind
    from app.extensions import db
    from app.mypage.own_data import own_data

    both(sqlite_app, joint()).send()
    [person] = rows(Applicant)
    bind(db.session, SYSTEM)

    assert [one["rank"] for one in own_data(person, at=clock.now())["applications"]] == [1, 2]
