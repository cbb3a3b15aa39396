"""受験票, what is left to do in a draft, and finding out whether an application arrived."""

import threading

import pypdfium2
import pytest

from app.applications.models import Application, ApplicationState
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.extensions import db
from tests import factories
from tests.applications.applying import Person
from tests.applications.test_applying import rows
from tests.browsing import Browser, apart


@pytest.fixture
def city(sqlite_app):
    return factories.organisation()


def accepted(application, number="100007", state=ApplicationState.ACCEPTED):
    db.session.remove()
    bind(db.session, SYSTEM)
    row = db.session.get_one(Application, application.id)
    row.examinee_number, row.state = number, state
    db.session.commit()
    db.session.remove()
    return f"/my/applications/{application.id}"


def applicant(app, opening, name):
    person = Person(app, opening)
    person.apply(contact={"family_name": name, "mail": f"{len(name)}@example.jp"})
    return person


def words_of(made):
    return "".join("".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(made))


def test_the_ticket_shows_the_number_and_what_comes_next(sqlite_app, opening):
    person = applicant(sqlite_app, opening, "髙﨑")
    own = f"/my/applications/{rows(Application)[0].id}"
    assert "受験票" not in person.get(own)
    person.get(f"{own}/ticket", status=404)
    accepted(rows(Application)[0])

    page, made = person.get(f"{own}/ticket"), apart(person.client.get, f"{own}/ticket.pdf")

    assert f'href="{own}/ticket">受験票を開く' in person.get(own)
    for expected in ("100007", "髙﨑春香", "DX推進担当", "書類選考", "12月11日", "人事課"):
        assert (expected in "".join(page.split()), expected in words_of(made.data)) == (True, True), expected
    accepted(rows(Application)[0], state=ApplicationState.WITHDRAWN)
    person.get(f"{own}/ticket", status=404)


def test_many_at_once_get_each_their_own(sqlite_app, opening):
    people = [applicant(sqlite_app, opening, name) for name in ("青木", "石川原", "上田中村")]
    found = sorted(rows(Application), key=lambda row: row.received_at)
    urls = [accepted(row, f"{n}00007") for n, row in enumerate(found, 1)]
    made: dict[int, list[str]] = {0: [], 1: [], 2: []}

    def take(n):
        for _ in range(3):
            made[n].append(words_of(apart(people[n].client.get, f"{urls[n]}/ticket.pdf").data))

    threads = [threading.Thread(target=take, args=(n,)) for n in made]
    [one.start() for one in threads]
    [one.join() for one in threads]

    for n, row in enumerate(found):
        assert [row.family_name in words and f"{n + 1}00007" in words for words in made[n]] == [True, True, True]
        assert not any(other.family_name in words for other in found if other is not row for words in made[n])
    for url in urls[1:]:
        people[0].get(f"{url}/ticket", status=404)
        people[0].get(f"{url}/ticket.pdf", status=404)


def test_a_draft_names_its_steps_and_what_is_missing(sqlite_app, opening):
    person = Person(sqlite_app, opening).start()
    person.save("eligibility")

    page = person.get("/my/")

    assert f'href="{person.url("eligibility")}">応募資格</a> <span class="tag tag--good">完了</span>' in page
    assert page.count(">未完了</span>") == 4
    assert f'href="{person.url("career")}">' in page


def test_documents_are_replaced_from_my_page(sqlite_app, opening):
    person = applicant(sqlite_app, opening, "見本")
    own = f"/my/applications/{rows(Application)[0].id}"

    page = person.get(own)

    assert f'href="{person.url("career")}">書類を追加・差し替える' in page
    assert "「直した内容で送り直す」を押すまでは、前に送った書類のままです" in page


def test_anybody_finds_out_whether_it_arrived(sqlite_app, opening):
    browser = Browser(sqlite_app)

    assert 'href="/my/received">応募できたか確かめる' in browser.get("/")
    page = browser.get("/my/received")

    for place in ("/my/", "/my/resume", "/my/sign-in"):
        assert f'href="{place}"' in page


def test_staff_open_an_application_by_the_number_read_out_to_them(sqlite_app, city, opening):
    applicant(sqlite_app, opening, "見本")
    elsewhere = factories.organisation("osaka", "大阪市")
    hr, other = Browser(sqlite_app), Browser(sqlite_app)
    factories.sign_in(hr.client, factories.staff(city, Role.HR))
    factories.sign_in(other.client, factories.staff(elsewhere, Role.HR))
    [application] = rows(Application)
    typed = {"number": application.receipt_number.replace("-", "").lower()}
    hr.get(f"/staff/{city.slug}/applications")
    other.get(f"/staff/{elsewhere.slug}/applications")

    place = hr.post(f"/staff/{city.slug}/applications/find", typed).headers["Location"]
    nowhere = other.post(f"/staff/{elsewhere.slug}/applications/find", typed).headers["Location"]
    wrong = hr.post(f"/staff/{city.slug}/applications/find", {"number": "x"}).headers["Location"]

    assert place == f"/staff/{city.slug}/openings/{opening.id}/applications/{application.id}"
    assert nowhere == f"/staff/{elsewhere.slug}/applications"
    assert "見つかりません" in hr.get(wrong)
