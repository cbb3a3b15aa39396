"""Confirming criteria and accepting: what is recorded, what is refused, on both databases."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from flask import Flask

from app.accounts.models import StaffUser
from app.applications import screening
from app.applications.applicant_list import Asked
from app.applications.list_queries import applicants
from app.applications.models import Application, ApplicationState, ApplicationVersion
from app.applications.rulings import Ruling, needs_reason, overrides
from app.applications.screening import NotAcceptable, NotConfirmable
from app.applications.screening_detail import get_view
from app.applications.screening_models import Confirmation, Finding, FindingOutcome, StageEntry
from app.applications.standing import Standing, standing_of
from app.applications.workflow import TRANSITIONS, NoSuchStep, can_move, move
from app.audit.chain import verify
from app.audit.models import AuditDetail, AuditEvent
from app.core import clock
from app.core.access import Role
from app.core.context import SYSTEM, bind
from app.core.errors import NotFound, StaleWrite
from app.core.model import new_id
from app.extensions import db
from app.jp.numbers import is_valid_examinee_number
from app.outbox.models import Mail
from tests import factories
from tests.at_once import at_once
from tests.screening.arrange import MET, accept, act_for, city, confirm, rows, rulings, view_of

MEETS, FAILS, CHECK = FindingOutcome.MEETS, FindingOutcome.DOES_NOT_MEET, FindingOutcome.CHECK
S = ApplicationState


@pytest.mark.parametrize("old", list(S))
@pytest.mark.parametrize("new", list(S))
def test_the_life_of_an_application_has_these_steps_and_no_others(old: S, new: S) -> None:
    known = {
        (S.SUBMITTED, S.ACCEPTED),
        (S.SUBMITTED, S.WITHDRAWN),
        (S.ACCEPTED, S.WITHDRAWN),
        (S.WITHDRAWN, S.SUBMITTED),
        (S.WITHDRAWN, S.ACCEPTED),
    }
    application = Application(state=old)

    assert set(TRANSITIONS) == set(S)
    assert can_move(application, new) is ((old, new) in known)
    if (old, new) in known:
        move(application, new)
        assert application.state is new
    else:
        with pytest.raises(NoSuchStep):
            move(application, new)
        assert application.state is old


@pytest.mark.parametrize(
    ("kind", "computed", "chosen", "reason", "against"),
    [
        ("experience", MEETS, MEETS, False, False),
        ("experience", MEETS, FAILS, True, True),
        ("experience", MEETS, CHECK, False, False),
        ("experience", FAILS, FAILS, False, False),
        ("experience", FAILS, MEETS, True, True),
        ("experience", CHECK, MEETS, True, False),
        ("experience", CHECK, FAILS, True, False),
        ("experience", CHECK, CHECK, False, False),
        ("person", CHECK, MEETS, False, False),
        ("person", CHECK, FAILS, True, False),
        ("person", CHECK, CHECK, False, False),
    ],
)
def test_a_reason_stands_where_a_decision_is_not_what_was_computed(kind, computed, chosen, reason, against) -> None:
    assert needs_reason(kind, computed, chosen) is reason
    assert overrides(computed, chosen) is against


@pytest.mark.parametrize(
    ("state", "required", "standing"),
    [
        (S.SUBMITTED, {"a": None, "b": MEETS}, Standing.WAITING),
        (S.SUBMITTED, {"a": MEETS, "b": MEETS}, Standing.READY),
        (S.SUBMITTED, {}, Standing.READY),
        (S.SUBMITTED, {"a": None, "b": FAILS}, Standing.INELIGIBLE),
        (S.ACCEPTED, {"a": None, "b": FAILS}, Standing.RECHECK),
        (S.ACCEPTED, {"a": MEETS, "b": FAILS}, Standing.ACCEPTED),
        (S.WITHDRAWN, {"a": MEETS}, Standing.WITHDRAWN),
    ],
)
def test_an_application_stands_in_exactly_one_place(state, required, standing) -> None:
    assert standing_of(state, required) is standing


def test_confirmations_are_kept_and_the_last_word_counts(app: Flask) -> None:
    here = city()
    someone, first, second = here.application(), here.staff(Role.HR), here.staff(Role.HR)

    made = confirm(here, someone, first)
    wrong = {"regular_years": Ruling(FAILS, "在職証明書の期間が短い")}
    confirm(here, someone, second, given=wrong)

    assert {row.criterion_key: row.overrides for row in made} == dict.fromkeys(MET, False)
    view = view_of(here, someone.id)
    years = view.criteria[0]
    said = [(one.outcome, one.overrides, one.reason, one.by) for one in years.confirmations]
    assert said == [(FAILS, True, "在職証明書の期間が短い", second.id), (MEETS, False, "", first.id)]
    assert view.standing is Standing.INELIGIBLE
    assert [event.action for event in rows(AuditEvent)] == ["confirm.criterion"] * 4
    assert "在職証明書" not in str([detail.body for detail in rows(AuditDetail)])


def test_what_says_the_same_is_not_recorded_again(app: Flask) -> None:
    here = city()
    someone, hr = here.application(), here.staff(Role.HR)
    confirm(here, someone, hr)

    assert confirm(here, someone, hr) == []
    assert len(rows(Confirmation)) == 3


def test_two_words_at_one_instant_still_have_a_last_one(app: Flask) -> None:
    here = city()
    someone, hr = here.application(), here.staff(Role.HR)
    with time_machine.travel(datetime(2026, 11, 1, tzinfo=UTC), tick=False):
        for outcome in ("meets", "check", "meets"):
            confirm(here, someone, hr, given={"regular_years": Ruling(FindingOutcome(outcome), "理由")})

        assert [one.outcome for one in view_of(here, someone.id).criteria[0].confirmations] == [MEETS, CHECK, MEETS]


def test_a_different_decision_without_a_reason_is_refused(app: Flask) -> None:
    here = city()
    someone, hr = here.application(), here.staff(Role.HR)

    with pytest.raises(NotConfirmable, match="正規職務経験5年以上"):
        confirm(here, someone, hr, regular_years="does_not_meet")
    with pytest.raises(NotConfirmable):
        confirm(here, someone, hr, given={"regular_years": Ruling(FAILS, "  ")})
    with pytest.raises(NotConfirmable):
        confirm(here, someone, hr, unheard_of="meets")

    assert rows(Confirmation) == []


def test_an_older_page_confirms_nothing(app: Flask) -> None:
    here = city()
    someone, hr = here.application(), here.staff(Role.HR)
    seen = view_of(here, someone.id).seen
    confirm(here, someone, hr, regular_years="meets")

    view = view_of(here, someone.id)
    with pytest.raises(StaleWrite):
        screening.confirm(view, rulings(**MET), seen=seen, by=hr, at=clock.now())

    assert len(rows(Confirmation)) == 1


def test_confirmations_of_an_older_version_no_longer_count(app: Flask) -> None:
    here = city()
    someone, hr = here.application(), here.staff(Role.HR)
    confirm(here, someone, hr)
    factories.another_version(someone)

    view = view_of(here, someone.id)

    assert view.version.number == 2
    assert view.standing is Standing.WAITING
    assert [(len(one.confirmations), len(one.earlier)) for one in view.criteria] == [(0, 1)] * 3
    with pytest.raises(NotAcceptable, match="確認待ち"):
        accept(here, someone, hr)


def test_a_withdrawn_application_is_neither_confirmed_nor_accepted(app: Flask) -> None:
    here = city()
    someone, hr = here.application(), here.staff(Role.HR)
    confirm(here, someone, hr)
    factories.withdrawn(someone)

    with pytest.raises(NotConfirmable, match="辞退"):
        confirm(here, someone, hr, given={"regular_years": Ruling(CHECK, "もう一度")})
    with pytest.raises(NotAcceptable, match="辞退"):
        accept(here, someone, hr)


def test_acceptance_gives_a_number_an_entry_a_mail_and_a_link(app: Flask) -> None:
    here = city()
    someone, hr = here.application(family_name="漏洩太"), here.staff(Role.HR)
    confirm(here, someone, hr)

    accepted = accept(here, someone, hr)

    assert is_valid_examinee_number(accepted.examinee_number)
    assert (accepted.state, accepted.accepted_by) == (S.ACCEPTED, hr.id)
    entries = [(entry.application_id, entry.stage_key, entry.left_at) for entry in rows(StageEntry)]
    assert entries == [(someone.id, "documents", None)]
    [mail] = rows(Mail)
    assert (mail.kind, mail.recipient, mail.subject_id) == ("examinee-number", someone.mail, someone.id)
    assert mail.subject == f"【品川区】受験番号のお知らせ（受付番号 {someone.receipt_number}）"
    assert "http://localhost/my/" in mail.body
    assert accepted.examinee_number not in mail.body + mail.subject
    assert all(word not in mail.body for word in ("満たす", "合格", "資格"))
    assert [event.action for event in rows(AuditEvent)][-1] == "accept.application"
    db.session.remove()
    bind(db.session, SYSTEM)
    assert verify(db.session) == (4, None)


@pytest.mark.parametrize("missing", list(MET))
def test_acceptance_needs_every_required_criterion(app: Flask, missing: str) -> None:
    here = city()
    someone, hr = here.application(), here.staff(Role.HR)
    confirm(here, someone, hr, **{key: value for key, value in MET.items() if key != missing})

    with pytest.raises(NotAcceptable, match="確認待ち"):
        accept(here, someone, hr)

    assert (rows(StageEntry), rows(Mail)) == ([], [])


def test_a_preferred_criterion_does_not_hold_up_acceptance(app: Flask) -> None:
    said = factories.content().model_dump()
    said["criteria"][2]["required"] = False
    here = city(content=type(factories.content()).model_validate(said))
    someone, hr = here.application(), here.staff(Role.HR)
    confirm(here, someone, hr, regular_years="meets", article16="meets")

    assert accept(here, someone, hr).state is S.ACCEPTED


def test_who_is_confirmed_as_not_eligible_is_not_accepted_and_hears_nothing(app: Flask) -> None:
    here = city()
    someone, hr = here.application(findings={"regular_years": "does_not_meet"}), here.staff(Role.HR)
    confirm(here, someone, hr, regular_years="does_not_meet", article16="meets", knowledge="meets")

    with pytest.raises(NotAcceptable, match="資格なし"):
        accept(here, someone, hr)

    assert view_of(here, someone.id).standing is Standing.INELIGIBLE
    assert rows(Mail) == []


def test_a_taken_examinee_number_is_drawn_again(app: Flask) -> None:
    here = city()
    hr, people = here.staff(Role.HR), [here.application() for _ in range(2)]
    for someone in people:
        confirm(here, someone, hr)
    draws = iter([7, 7, 7, 8])

    numbers = [accept(here, someone, hr, random=lambda _below: next(draws)).examinee_number for someone in people]

    assert [number[:5] for number in numbers] == ["10007", "10008"]
    assert [event.action for event in rows(AuditEvent)].count("accept.application") == 2


def test_the_same_number_may_stand_in_two_openings(app: Flask) -> None:
    here, there = city(), city("hamamatsu", "浜松市")
    numbers = []
    for place in (here, there):
        someone, hr = place.application(), place.staff(Role.HR)
        confirm(place, someone, hr)
        numbers.append(accept(place, someone, hr, random=lambda _below: 7).examinee_number)

    assert numbers[0] == numbers[1]


def test_accepting_twice_accepts_once(app: Flask) -> None:
    here = city()
    someone, hr = here.application(), here.staff(Role.HR)
    confirm(here, someone, hr)
    seen = view_of(here, someone.id).seen
    accept(here, someone, hr)

    again = view_of(here, someone.id)
    with pytest.raises(StaleWrite):
        screening.accept(again, seen=seen, by=hr, at=clock.now())
    with pytest.raises(NotAcceptable, match="受理"):
        screening.accept(again, seen=again.seen, by=hr, at=clock.now())

    assert len(rows(StageEntry)) == 1


def test_of_two_engines_the_later_speaks_also_where_ten_follows_nine(sqlite_app: Flask) -> None:
    here = city()
    someone = here.application()
    [version] = rows(ApplicationVersion)
    said = {"organisation_id": here.organisation.id, "application_version_id": version.id, "working": {}}
    nine, ten = (
        Finding(id=new_id(), criterion_key="knowledge", engine_version=number, outcome=outcome, **said)
        for number, outcome in (("9", MEETS), ("10", FAILS))
    )
    factories.save(ten, nine)

    view = view_of(here, someone.id)
    [line] = applicants(here.opening, Asked.of({})).lines

    assert {one.content.key: one.computed for one in view.criteria}["knowledge"] is FAILS
    assert line.outcomes["knowledge"].outcome is FAILS


def test_two_people_who_accept_at_once_make_one_acceptance(app: Flask) -> None:
    here = city()
    someone, staff = here.application(), [here.staff(Role.HR) for _ in range(2)]
    confirm(here, someone, staff[0])
    seen = view_of(here, someone.id).seen
    db.session.remove()

    def press(user: StaffUser) -> None:
        screening.accept(view_of(here, someone.id), seen=seen, by=user, at=clock.now())

    ended = at_once(app, *(partial(press, user) for user in staff))

    assert sorted(type(one).__name__ for one in ended) == ["NoneType", "StaleWrite"]
    assert (len(rows(StageEntry)), len(rows(Mail))) == (1, 1)


def test_the_staff_of_another_city_find_no_application(app: Flask) -> None:
    here, there = city(), city("hamamatsu", "浜松市")
    someone = here.application()

    act_for(there)
    with pytest.raises(NotFound):
        get_view(there.organisation.id, here.opening.id, someone.id)
    with pytest.raises(NotFound):
        get_view(here.organisation.id, here.opening.id, someone.id)  # even a caller that names the other city


def test_a_search_is_kept_for_a_day_and_for_one_person(app: Flask) -> None:
    from app.applications.screening_models import ApplicantSearch
    from app.applications.screening_queries import find_search

    here = city()
    hr, other = here.staff(Role.HR), here.staff(Role.HR)
    at = clock.now()
    act_for(here)
    row = screening.search(here.opening, " みほん ", by=hr, at=at)
    mine = here.organisation.id, here.opening.id, row.id

    act_for(here)
    assert find_search(*mine, hr.id, at=at + timedelta(hours=23)) == "みほん"
    assert find_search(*mine, other.id, at=at) is None
    assert find_search(*mine, hr.id, at=at + timedelta(hours=24)) is None
    screening.search(here.opening, "べつ", by=hr, at=at + timedelta(hours=25))
    assert [search.typed for search in rows(ApplicantSearch)] == ["べつ"]


HISTORIES = {
    "nothing": [],
    "part": [{"regular_years": MEETS}],
    "all": [dict.fromkeys(MET, MEETS)],
    "no": [{"regular_years": FAILS}],
    "yes, then no": [dict.fromkeys(MET, MEETS), {"knowledge": FAILS}],
    "no, then yes": [{"knowledge": FAILS}, dict.fromkeys(MET, MEETS)],
    "yes, then taken back": [dict.fromkeys(MET, MEETS), {"knowledge": CHECK}],
    "no, then taken back": [{"knowledge": FAILS}, {"knowledge": CHECK}],
}


STANDS = {
    "nothing": Standing.WAITING,
    "part": Standing.WAITING,
    "all": Standing.WAITING,
    "no": Standing.INELIGIBLE,
    "yes, then no": Standing.INELIGIBLE,
    "no, then yes": Standing.READY,
    "yes, then taken back": Standing.WAITING,
    "no, then taken back": Standing.WAITING,
    "accepted": Standing.ACCEPTED,
    "accepted anew": Standing.RECHECK,
    "accepted and seen": Standing.ACCEPTED,
}


def test_lists_and_pages_agree_where_an_application_stands(app: Flask) -> None:
    here = city()
    hr, people = here.staff(Role.HR), {name: here.application() for name in HISTORIES}
    for name, said in HISTORIES.items():
        for words in said:
            given = {key: Ruling(outcome, "理由") for key, outcome in words.items()}
            confirm(here, people[name], hr, given=given)
    factories.another_version(people["all"])
    for name in ("accepted", "accepted anew", "accepted and seen"):
        people[name] = here.application()
        confirm(here, people[name], hr)
        accept(here, people[name], hr)
    for name in ("accepted anew", "accepted and seen"):
        factories.another_version(people[name])
    confirm(here, people["accepted and seen"], hr, regular_years="meets", article16="meets", knowledge="meets")

    stands = {name: view_of(here, one.id).standing for name, one in people.items()}
    act_for(here)
    listed = {line.application.id: line.standing for line in applicants(here.opening, Asked()).lines}

    assert stands == STANDS
    assert {name: listed[one.id] for name, one in people.items()} == STANDS
