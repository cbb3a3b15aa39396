"""併願: one act of sending, an application for each city, none of which sees another (design 18, 19; I1-I3)."""

import re
import uuid
from datetime import timedelta
from functools import partial

import pytest
import time_machine

from app.applications.late_models import LateAttempt
from app.applications.models import Application, ApplicationState, ApplicationVersion, Draft, DraftChoice, Submission
from app.applications.sending_services import Press, submit
from app.audit.chain import verify
from app.audit.models import AuditEvent
from app.core import clock
from app.core.context import SYSTEM, applicant, bind
from app.core.model import new_id
from app.extensions import db
from app.openings.models import Opening
from app.openings.revision_models import Revision
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import ANSWERS, SEEN
from tests.applications.joint import Seeker, joint
from tests.applications.test_applying import rows
from tests.at_once import at_once

CITY = {"answer_city": "港の手続を変えたい"}
SEND = "応募を送信する</button>"
BOTH = {**ANSWERS["questions"], **CITY}


def both(app, calls):
    """A person whose draft names both cities, everything filled."""
    person = Seeker(app, calls.first, calls.second).start().add(calls.second)
    return person.fill(questions=CITY)


def versions_of(opening):
    [application] = [one for one in rows(Application) if one.opening_id == opening.id]
    found = [one for one in rows(ApplicationVersion) if one.application_id == application.id]
    return sorted(found, key=lambda one: one.number)


def test_one_press_sends_to_both_cities_each_its_own(app):
    calls = joint()
    person = both(app, calls)

    receipt = person.get(person.send().headers["Location"])

    applications = rows(Application)
    assert {one.opening_id for one in applications} == {calls.first.id, calls.second.id}
    assert [one.receipt_number in receipt.replace("<wbr>", "") for one in applications] == [True, True]
    assert len(rows(Submission)) == 1
    [first], [second] = versions_of(calls.first), versions_of(calls.second)
    motivation = ANSWERS["questions"]["answer_motivation"]
    assert first.answers["statements"] == {"motivation": motivation}
    assert second.answers["statements"] == {"motivation": motivation, "city": "港の手続を変えたい"}
    assert set(first.answers["documents"]) == set(second.answers["documents"]) == {"resume"}
    assert first.answers["declarations"] == {"article16": True}
    assert first.sha256 != second.sha256
    assert (first.rank, second.rank) == (None, None)
    bind(db.session, SYSTEM)
    assert verify(db.session)[1] is None


def test_each_city_mails_in_its_own_name_and_names_no_other(app):
    calls = joint()
    both(app, calls).send()

    subjects = sorted(mail.subject[:5] for mail in rows(Mail))
    assert subjects == ["【品川区】", "【大阪市】"]
    for mail in rows(Mail):
        other = "大阪" if mail.subject.startswith("【品川区】") else "品川"
        assert other not in mail.subject + mail.body


def test_a_double_click_and_a_second_tab_give_the_same_receipts(app):
    person = both(app, joint())
    one, other = person.ready_to_send(), person.ready_to_send()

    places = {person.send(fields).headers["Location"] for fields in (one, one, other)}

    assert len(places) == 1
    assert [len(rows(table)) for table in (Application, ApplicationVersion, Submission, Mail)] == [2, 2, 1, 2]


def test_eight_presses_at_once_make_one_application_in_each_city(app):
    person = both(app, joint())
    [draft], at = rows(Draft), clock.now()
    seen, to = draft.version, frozenset(one.opening_id for one in rows(DraftChoice))

    def press(number: int) -> uuid.UUID:
        bind(db.session, applicant(draft.applicant_id))
        return submit(draft.applicant_id, draft.id, Press(f"key-{number}", seen, at, to)).id

    found = at_once(app, *(partial(press, number) for number in range(8)))

    assert found == [rows(Submission)[0].id] * 8
    assert [len(rows(table)) for table in (Application, ApplicationVersion, Submission, Mail)] == [2, 2, 1, 2]
    assert person.get(f"/apply/submissions/{found[0]}").count('class="receipt"') == 2


def test_two_people_who_send_to_the_same_cities_in_other_orders_do_not_block_each_other(app):
    calls = joint()
    people = [both(app, calls), Seeker(app, calls.second, calls.first).start().add(calls.first).fill(questions=CITY)]
    fields = [person.ready_to_send() for person in people]

    answers = at_once(app, *(partial(one.send, ready) for one, ready in zip(people, fields, strict=True)))

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(rows(Application)) == 4
    bind(db.session, SYSTEM)
    assert verify(db.session)[1] is None


def test_an_error_at_the_second_city_leaves_nothing_at_the_first(app, monkeypatch):
    from app.applications import emails

    person = both(app, joint())
    fields, write, calls = person.ready_to_send(), emails.receipt, []

    def second_fails(*arguments, **named):
        calls.append(arguments)
        if len(calls) == 2:
            raise ZeroDivisionError
        return write(*arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr("app.applications.sending_services.emails.receipt", second_fails)
        person.send(fields, status=500)

    assert rows(Application) == rows(Submission) == rows(Mail) == []
    assert "submit.application" not in {event.action for event in rows(AuditEvent)}


def test_a_person_has_one_draft_of_a_campaign(app):
    calls = joint()
    person = Seeker(app, calls.first, calls.second).start()
    person.get(f"/apply/openings/{calls.second.id}")

    place = person.post(f"/apply/openings/{calls.second.id}").headers["Location"]

    assert place.split("/")[3] == person.draft
    [draft] = rows(Draft)
    assert (draft.campaign_id, draft.opening_id) == (calls.campaign.id, None)
    assert sorted((one.rank, one.opening_id) for one in rows(DraftChoice)) == [
        (1, calls.first.id),
        (2, calls.second.id),
    ]


def test_an_opening_outside_a_joint_campaign_has_a_draft_of_its_own(app):
    calls = joint(max_choices=1)
    Seeker(app, calls.first).start()

    [draft] = rows(Draft)
    assert (draft.campaign_id, draft.opening_id) == (None, calls.first.id)
    assert rows(DraftChoice) == []


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"max_choices": 2, "max_per_organisation": 3}, "合わせて2件まで応募できます"),
        ({"max_choices": 3, "max_per_organisation": 1}, "1つの自治体に1件まで応募できます"),
    ],
)
def test_the_rule_of_the_campaign_is_kept_with_a_sentence(app, rule, message):
    calls = joint(**rule)
    third = factories.opening(_city_of(calls.second), campaign_id=calls.campaign.id)
    person = Seeker(app, calls.first, calls.second, third).start().add(calls.second)

    page = person.not_chosen("add", third)

    assert message in page
    assert len(rows(DraftChoice)) == 2


def _city_of(opening):
    from app.organisations.models import Organisation

    return next(one for one in rows(Organisation) if one.id == opening.organisation_id)


def test_what_was_sent_stays_among_the_wishes_and_counts(app):
    calls = joint()
    third = factories.opening(factories.organisation("kobe", "神戸市"), campaign_id=calls.campaign.id)
    person = both(app, calls)
    person.send()

    assert ">希望から外す<" not in person.get(person.url("choices"))
    assert "応募済みの募集は、希望から外せません" in person.not_chosen("remove", calls.first)
    assert "合わせて2件まで応募できます" in person.not_chosen("add", third)
    [application] = [one for one in rows(Application) if one.opening_id == calls.first.id]
    assert application.state is ApplicationState.SUBMITTED
    assert len(rows(DraftChoice)) == 2


def test_after_an_amendment_the_same_answers_are_a_version_of_the_new_revision(app):
    calls = joint()
    person = both(app, calls)
    person.send()
    [old] = [one for one in rows(Revision) if one.opening_id == calls.first.id]
    kept = {column.key: getattr(old, column.key) for column in Revision.__table__.columns}
    new = Revision(**(kept | {"id": new_id(), "number": old.number + 1}))
    opening = next(one for one in rows(Opening) if one.id == calls.first.id)
    opening.revision_id = new.id
    factories.save(new, opening)

    person.save("questions", {**BOTH, "answer_city": "大阪だけの直し"})
    person.send()

    assert [one.revision_id for one in versions_of(calls.first)] == [old.id, new.id]


def test_a_city_added_after_sending_gets_version_1_and_the_first_gets_none(app):
    calls = joint()
    person = Seeker(app, calls.first, calls.second).start().fill()
    first_place = person.send().headers["Location"]
    person.add(calls.second)
    person.save("eligibility")
    person.save("questions", BOTH)

    receipt = person.get(person.send().headers["Location"])

    assert [one.number for one in versions_of(calls.first)] == [1]
    assert [one.number for one in versions_of(calls.second)] == [1]
    assert "大阪市" in receipt
    assert len(rows(Mail)) == 2
    person.get(first_place)


def test_until_a_second_city_has_its_receipt_its_application_is_called_incomplete(sqlite_app):
    calls = joint()
    person = Seeker(sqlite_app, calls.first, calls.second).start().fill()
    person.send()
    person.add(calls.second)
    before = [person.get(person.url(step)) for step in ("contact", "questions", "confirm")]
    person.save("questions", BOTH)
    ready = person.get(person.url("confirm"))
    person.send()
    after = [person.get(person.url(step)) for step in ("contact", "questions", "confirm")]

    incomplete = "まだ応募は完了していません（大阪市）"
    assert [incomplete in page for page in [*before, ready]] == [True] * 4
    assert ["応募は未完了 " in re.search(r"<title>(.*?)</title>", page).group(1) for page in [*before, *after]] == (
        [True] * 3 + [False] * 3
    )
    assert SEND in ready
    assert [incomplete in page for page in after] == [False] * 3


def test_only_what_differs_is_asked_of_the_second_city(app):
    calls = joint()
    person = Seeker(app, calls.first, calls.second).start().fill()
    place = person.post(f"/apply/openings/{calls.second.id}").headers["Location"]

    assert place == person.url("questions")
    page = person.get(place)
    assert "大阪でしたいこと（大阪市）" in page
    assert ANSWERS["questions"]["answer_motivation"] in page
    missing = person.get(person.url("confirm"))
    assert "「大阪でしたいこと（大阪市）」に回答してください" in missing
    assert missing.count("に回答してください") == 1


def test_a_step_that_a_city_opened_again_is_finished_once_the_city_is_taken_out(sqlite_app):
    calls = joint()
    person = Seeker(sqlite_app, calls.first, calls.second).start().fill()
    pages, open_steps = [], []
    for act in ("add", "remove", "add"):
        person.choose(act, calls.second)
        pages.append(person.get(person.url("confirm")))
        open_steps.append(person.get("/my/").count("未完了"))
    person.save("questions", {**ANSWERS["questions"], "answer_city": "港の窓口を減らします。"})
    for act in ("remove", "add"):  # nothing is asked of somebody who has answered it before
        person.choose(act, calls.second)
        pages.append(person.get(person.url("confirm")))

    assert [SEND in page for page in pages] == [False, True, False, True, True]
    assert open_steps == [1, 0, 1]


def test_what_is_declared_to_one_city_is_not_declared_to_another_whose_text_differs(sqlite_app):
    kobe = "神戸市職員として懲戒免職の処分を受けた人は応募できません。"
    calls = joint(second={"content": factories.content(disqualification_text=kobe)})
    person = Seeker(sqlite_app, calls.first, calls.second).start().fill()

    place = person.post(f"/apply/openings/{calls.second.id}").headers["Location"]

    assert place == person.url("eligibility")
    page = person.get(place)
    assert page.count(kobe) == 1
    assert '<details class="fold mt" open><summary>欠格条項を読む（大阪市）</summary>' in page
    checked = person.get(person.url("confirm"))
    assert "（大阪市）」は、「はい」か「いいえ」を選んでください" in checked
    assert "（品川区）」は、" not in checked
    assert SEND not in checked
    person.post(person.url("eligibility"), {**dict(declared(page)), "seen": SEEN.search(page).group(1)})
    checked = person.get(person.url("confirm"))
    assert checked.count("懲戒免職の処分") == 1
    assert SEND in checked


def declared(page):
    """Answer はい to all that a page asks to declare."""
    return ((name, "yes") for name in re.findall(r'name="(declare_[^"]+)"', page))


def test_check_says_which_answer_goes_to_several_cities_and_leads_to_answering_apart(sqlite_app):
    calls = joint()
    person = Seeker(sqlite_app, calls.first, calls.second).start().fill().add(calls.second)

    page = person.get(person.url("confirm"))

    slot = person.names["answer_motivation"].removeprefix("answer_")
    assert "「志望動機」の回答は、品川区、大阪市に送ります。" in page
    assert f'href="{person.url("questions")}?via=check#question-{slot}">自治体ごとに別の回答を書く' in page


def test_a_change_that_one_city_asks_for_makes_a_version_there_alone(app):
    calls = joint()
    person = both(app, calls)
    person.send()
    person.save("questions", {**BOTH, "answer_city": "水道の手続も変えたい"})

    person.send()

    assert [one.number for one in versions_of(calls.first)] == [1]
    assert [one.answers["statements"]["city"] for one in versions_of(calls.second)] == [
        "港の手続を変えたい",
        "水道の手続も変えたい",
    ]
    assert len(rows(Mail)) == 3


def test_sending_again_without_a_real_change_gives_the_last_receipts(app):
    person = both(app, joint())
    place = person.send().headers["Location"]
    person.save("questions", {**BOTH, "answer_city": "別の答え"})
    fields = person.ready_to_send()
    person.save("questions", BOTH)

    assert person.send(fields).headers["Location"] == place
    assert len(rows(ApplicationVersion)) == 2


def soon():
    return clock.now().replace(microsecond=0) + timedelta(hours=1)


def test_one_that_closes_on_the_way_stops_all_is_named_and_the_page_offers_the_rest(app):
    closes_at = soon()
    calls = joint(second={"closes_at": closes_at})
    person = both(app, calls)
    fields = person.ready_to_send()

    with time_machine.travel(closes_at + timedelta(seconds=1)):
        page = person.send(fields, status=409).text

        assert "大阪市" in page
        assert "どの自治体にも、まだ送信していません" in page
        assert f'href="{person.url("confirm")}"' in page
        assert rows(Application) == rows(Submission) == []
        [late] = rows(LateAttempt)
        assert late.opening_id == calls.second.id
        assert set(late.answers["statements"]) == {"motivation", "city"}
        again = person.get(person.url("confirm"))
        assert "この募集には送信できません" in again
        person.send()
    assert [one.opening_id for one in rows(Application)] == [calls.first.id]
    assert len(rows(LateAttempt)) == 1


def test_what_only_a_closed_city_asks_is_not_asked_and_its_version_stays(app):
    closes_at = soon()
    calls = joint(second={"closes_at": closes_at})
    person = both(app, calls)
    person.send()

    with time_machine.travel(closes_at + timedelta(seconds=1)):
        assert "大阪でしたいこと" not in person.get(person.url("questions"))
        person.save("questions", {"answer_motivation": "書き直しました。"})
        page = person.get(person.url("confirm"))
        [osaka] = [one for one in rows(Application) if one.opening_id == calls.second.id]
        assert f"前に送った内容（受付番号 {osaka.receipt_number}）のまま選考されます" in page
        person.send()
        assert "応募済みの募集は、希望から外せません" in person.not_chosen("remove", calls.second)

    assert [one.number for one in versions_of(calls.first)] == [1, 2]
    [only] = versions_of(calls.second)
    assert only.answers["statements"]["city"] == "港の手続を変えたい"


def test_the_order_changes_until_the_first_deadline(app):
    closes_at = soon()
    calls = joint(second={"closes_at": closes_at})
    person = Seeker(app, calls.first, calls.second).start().add(calls.second)

    person.choose("up", calls.second)

    assert sorted((one.rank, one.opening_id) for one in rows(DraftChoice)) == [
        (1, calls.second.id),
        (2, calls.first.id),
    ]
    with time_machine.travel(closes_at, tick=False):
        person.choose("down", calls.second)
    with time_machine.travel(closes_at + timedelta(seconds=1)):
        assert ">上へ<" not in person.get(person.url("choices"))
        assert "最初の締切まで変えられます" in person.not_chosen("up", calls.second)
    assert min(rows(DraftChoice), key=lambda one: one.rank).opening_id == calls.first.id


def test_an_opening_of_another_campaign_is_not_there_to_be_added(sqlite_app):
    calls = joint(max_choices=3)
    kobe = factories.organisation("kobe", "神戸市")
    stranger = factories.opening(kobe, campaign_id=factories.campaign(kobe).id)
    person = Seeker(sqlite_app, calls.first, calls.second).start()

    person.choose("add", stranger, status=404)

    assert [one.opening_id for one in rows(DraftChoice)] == [calls.first.id]


@pytest.mark.parametrize(("is_over", "ranks"), [(False, [1, 2]), (True, [1, 3])])
def test_the_others_move_up_only_while_the_order_is_open(app, is_over, ranks):
    closes_at = soon()
    calls = joint(first={"closes_at": closes_at}, max_choices=3)
    third = factories.opening(factories.organisation("kobe", "神戸市"), campaign_id=calls.campaign.id)
    person = Seeker(app, calls.first, calls.second).start().add(calls.second).add(third)

    with time_machine.travel(closes_at + timedelta(seconds=1 if is_over else 0), tick=False):
        person.choose("remove", calls.second)

    assert sorted((one.rank, one.opening_id) for one in rows(DraftChoice)) == [
        (ranks[0], calls.first.id),
        (ranks[1], third.id),
    ]


def test_the_order_never_mixes_answers(app):
    calls = joint()
    person = both(app, calls)
    person.choose("up", calls.second)

    person.send()

    assert versions_of(calls.second)[0].answers["statements"]["city"] == "港の手続を変えたい"
    assert "city" not in versions_of(calls.first)[0].answers["statements"]


def test_the_rank_is_kept_only_where_the_campaign_shows_it(app):
    calls = joint(rank_visible=True)
    person = both(app, calls)
    person.send()
    assert [versions_of(one)[0].rank for one in (calls.first, calls.second)] == [1, 2]

    person.choose("up", calls.second)
    person.send()

    assert [[v.rank for v in versions_of(one)] for one in (calls.first, calls.second)] == [[1, 2], [2, 1]]


def test_a_confirmation_made_before_the_choices_changed_sends_nothing(app):
    calls = joint()
    person = Seeker(app, calls.first, calls.second).start().fill()
    old = person.ready_to_send()
    person.add(calls.second)

    assert "内容が変わりました" in person.send(old, status=409).text
    assert rows(Application) == []


def test_withdrawing_takes_the_city_out_and_sending_again_does_not_revive_it(app):
    calls = joint()
    person = both(app, calls)
    person.send()
    [osaka] = [one for one in rows(Application) if one.opening_id == calls.second.id]
    own = f"/my/applications/{osaka.id}"
    person.get(f"{own}/withdraw")
    person.post(f"{own}/withdraw", {"reason": ""})

    person.save("questions", {"answer_motivation": "書き直しました。"})
    person.send()

    states = {one.opening_id: one.state for one in rows(Application)}
    assert states == {calls.first.id: ApplicationState.SUBMITTED, calls.second.id: ApplicationState.WITHDRAWN}
    assert [one.number for one in versions_of(calls.second)] == [1]
    person.get(own)
    person.post(f"{own}/reinstate")
    assert len(rows(DraftChoice)) == 2


@pytest.mark.parametrize(("is_shown", "has_changed"), [(False, False), (True, True)])
def test_after_withdrawing_from_one_the_other_is_unsent_only_where_it_is_shown_another_order(
    app, is_shown, has_changed
):
    calls = joint(rank_visible=is_shown)
    person = both(app, calls)
    person.send()
    [tokyo] = [one for one in rows(Application) if one.opening_id == calls.first.id]
    own = f"/my/applications/{tokyo.id}"
    person.get(f"{own}/withdraw")

    person.post(f"{own}/withdraw", {"reason": ""})
    after_withdrawing = person.get("/my/")
    person.post(f"{own}/reinstate")

    words = "直した内容は、まだ送信していません"
    assert (words in after_withdrawing, words in person.get("/my/")) == (has_changed, has_changed)
    assert ("この内容は送信済みです" in person.get(person.url("confirm"))) is not has_changed


def test_my_page_shows_the_second_city_as_unsent(app):
    calls = joint()
    person = Seeker(app, calls.first, calls.second).start().fill()
    person.send()
    person.add(calls.second)

    page = person.get("/my/")

    drafts = page[page.index('id="drafts"') :]
    assert "大阪市" in drafts
    assert not re.search("品川区", drafts.split("</section>")[0])
