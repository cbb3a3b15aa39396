"""No city learns of another: not from its pages, papers, mails, records or rows (design 19, 42)."""

import io

import pytest
from sqlalchemy import select

from app.applications.models import Application, ApplicationVersion, Draft, DraftChoice, Submission
from app.audit.models import AuditDetail, AuditEvent
from app.core.access import Role
from app.core.context import ContextMissing, bind, staff_of
from app.extensions import db
from app.organisations.models import Organisation
from app.outbox.models import Mail
from tests import factories
from tests.applications.joint import Seeker
from tests.applications.pdf import pdf
from tests.applications.test_applying import rows
from tests.browsing import Browser

LEAVES = {"kinds": ["sick"], "min_months": 1}


def content(word, **values):
    """What one city asks, each thing with its own word; the second one looks at leaves and the birth date besides."""
    rule = {"threshold_months": 12, "as_of": "2026-11-30", **({"excluded_leave": LEAVES} if values.get("more") else {})}
    born = {
        "key": "born",
        "kind": "birth_date",
        "label": f"{word}生年月日",
        "params": {"from": "1967-04-02", "to": None},
    }
    years = {"key": "years", "kind": "experience", "label": f"{word}年数", "params": {"rule": rule}}
    said = {"key": "word", "kind": "declaration", "label": f"{word}申告", "params": {"text": f"{word}申告します"}}
    return factories.content(
        title=f"{word}募集",
        criteria=[years, said, *([born] if values.get("more") else [])],
        questions=[{"key": "own", "label": f"{word}設問", "max_characters": 500}],
        documents=[{"key": "paper", "label": f"{word}書類"}],
    )


ANSWERS = {
    "eligibility": {},
    "contact": None,
    "profile": {
        "address": "見本県例示町1番地", "phone": "090-0000-0001",
        "birth_date-year": "1991", "birth_date-month": "3", "birth_date-day": "27",
    },
    "career": {
        "jobs-0-employer": "見本システム株式会社", "jobs-0-kind": "regular", "jobs-0-start-year": "2015",
        "jobs-0-start-month": "4", "jobs-0-start-day": "1", "jobs-0-is_current": "y", "jobs-0-description": "設計",
        "jobs-0-leaves-0-kind": "sick", "jobs-0-leaves-0-start-year": "2018", "jobs-0-leaves-0-start-month": "1",
        "jobs-0-leaves-0-end-year": "2018", "jobs-0-leaves-0-end-month": "6",
    },
}  # fmt: skip


class Scene:
    """Two cities whose words never mix, and a person who applied to both."""

    def __init__(self, app, **rule):
        self.app = app
        self.east = factories.organisation("seiran", "青嵐市", short_name="SEIRA")
        self.west = factories.organisation("yoiyami", "宵闇市", short_name="YOIYA")
        self.campaign = factories.campaign(self.east, **rule)
        at = {"campaign_id": self.campaign.id}
        self.first = factories.opening(self.east, content=content("東雲"), **at)
        self.second = factories.opening(self.west, content=content("黄昏", more=True), **at)
        self.person = Seeker(app, self.first, self.second).start().add(self.second)
        self._fill()
        self.place = self.person.send().headers["Location"]

    def _fill(self):
        names = self.person.names
        own, other = (self._names(one) for one in (self.first, self.second))
        self.person.names = {}
        for step, fields in ANSWERS.items():
            typed = dict(fields) if fields is not None else None
            if step == "eligibility":
                typed = {own["declare_word"]: "yes", other["declare_word"]: "yes"}
            if step == "career":
                typed |= {
                    own["file_paper"]: (io.BytesIO(pdf(words="EASTPAPER")), "東雲の書類.pdf"),
                    other["file_paper"]: (io.BytesIO(pdf(words="WESTPAPER")), "黄昏の書類.pdf"),
                }
            self.person.save(step, typed)
        self.person.save("questions", {own["answer_own"]: "東雲への答え", other["answer_own"]: "黄昏への答え"})
        self.person.names = names

    def _names(self, opening):
        from tests.applications.joint import slot_names

        return slot_names(opening)

    def application(self, opening):
        return next(one for one in rows(Application) if one.opening_id == opening.id)

    def hr(self, city):
        browser = Browser(self.app)
        factories.sign_in(browser.client, factories.staff(city, Role.HR, Role.ADMIN))
        return browser

    def auditor(self, city):
        browser = Browser(self.app)
        factories.sign_in(browser.client, factories.staff(city, Role.AUDITOR))
        return browser

    def canaries(self, opening, city):
        """What must not be seen by the other city of this one."""
        application = self.application(opening)
        word = "東雲" if opening is self.first else "黄昏"
        paper = "EASTPAPER" if opening is self.first else "WESTPAPER"
        ids = (application.id, opening.id, city.id, rows(Draft)[0].id)
        return [word, paper, city.name, city.slug, city.short_name, application.receipt_number, *map(str, ids)]


@pytest.fixture
def scene(app):
    return Scene(app)


def sides(scene):
    """Each city with its opening, and what of the other it must not see."""
    east, west = scene.canaries(scene.first, scene.east), scene.canaries(scene.second, scene.west)
    return [(scene.east, scene.first, west), (scene.west, scene.second, east)]


def holds(text, canaries):
    return [one for one in canaries if one in text]


def test_a_version_holds_what_its_city_asks_and_no_more(scene):
    own = {version.application_id: version.answers for version in rows(ApplicationVersion)}
    east, west = own[scene.application(scene.first).id], own[scene.application(scene.second).id]

    assert (east["statements"], west["statements"]) == ({"own": "東雲への答え"}, {"own": "黄昏への答え"})
    assert (east["declarations"], west["declarations"]) == ({"word": True}, {"word": True})
    assert [list(one["documents"]) for one in (east, west)] == [["paper"], ["paper"]]
    assert (east["person"]["birth_date"], west["person"]["birth_date"]) == (None, "1991-03-27")
    assert [len(one["history"][0]["leaves"]) for one in (east, west)] == [0, 1]
    for _city, opening, canaries in sides(scene):
        assert holds(str(own[scene.application(opening).id]), canaries) == []


def test_pages_of_staff_show_nothing_of_the_other_city(scene):
    for city, opening, canaries in sides(scene):
        browser, application = scene.hr(city), scene.application(opening)
        own = f"/staff/{city.slug}/openings/{opening.id}/applications"
        pages = [browser.get(url) for url in (own, f"{own}/{application.id}", f"/staff/{city.slug}/mails")]
        pages.append(scene.auditor(city).get(f"/staff/{city.slug}/audit"))
        assert [holds(page, canaries) for page in pages] == [[], [], [], []]
        assert [word for page in pages for word in ("志望", "併願", scene.campaign.title) if word in page] == []
        assert application.receipt_number in pages[1]


def test_mails_and_records_name_no_other_city(scene):
    for city, _opening, canaries in sides(scene):
        mails = [mail for mail in rows(Mail) if mail.organisation_id == city.id]
        events = [event for event in rows(AuditEvent) if event.organisation_id == city.id]
        details = [str(one.body) for one in _details() if one.organisation_id == city.id]

        assert (len(mails), len(events)) == (1, 1)
        assert holds("".join(mail.subject + mail.body for mail in mails), canaries) == []
        assert holds("".join(details) + "".join(event.subject for event in events), canaries) == []


def _details():
    from app.core.context import SYSTEM

    db.session.remove()
    bind(db.session, SYSTEM)
    found = list(db.session.scalars(select(AuditDetail)))
    db.session.remove()
    return found


def test_a_receipt_to_print_is_of_one_city(scene):
    for _city, opening, canaries in sides(scene):
        words = [one for one in canaries if one not in {str(rows(Draft)[0].id)}]

        page = scene.person.get(f"/my/applications/{scene.application(opening).id}/receipt")

        assert holds(page, words) == []


@pytest.mark.parametrize("table", [Draft, DraftChoice, Submission])
def test_the_rows_that_know_of_both_are_closed_to_staff(scene, table):
    bind(db.session, staff_of(scene.east.id))

    try:
        found = list(db.session.scalars(select(table)))
    except ContextMissing:
        found = []

    assert found == []


def test_staff_read_the_applications_of_their_own_city_only(scene):
    for city, opening, _canaries in sides(scene):
        bind(db.session, staff_of(city.id))
        assert [one.opening_id for one in db.session.scalars(select(Application))] == [opening.id]
        assert len(list(db.session.scalars(select(ApplicationVersion)))) == 1
        db.session.remove()


def test_the_rank_is_shown_to_staff_only_where_the_campaign_says_so(sqlite_app):
    scene = Scene(sqlite_app, rank_visible=True)
    for city, opening, canaries in sides(scene):
        own = f"/staff/{city.slug}/openings/{opening.id}/applications"
        word = "第1志望" if opening is scene.first else "第2志望"
        pages = [scene.hr(city).get(url) for url in (own, f"{own}/{scene.application(opening).id}")]
        assert [word in page for page in pages] == [True, True]
        assert [holds(page, canaries) for page in pages] == [[], []]


def test_the_person_sees_both(scene):
    home, receipt = scene.person.get("/my/"), scene.person.get(scene.place)
    assert [f"一緒に送った応募：{city.name}" in home for city in (scene.east, scene.west)] == [True, True]

    for city in rows(Organisation):
        assert city.name in home
        assert city.name in receipt
