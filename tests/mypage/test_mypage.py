"""A person's own applications, files and results; nobody else's, nothing before its instant (U9, U10, D8)."""

import json
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine

from app.accounts.applicants import resume_code
from app.applications.models import Application, ApplicationDocument, ApplicationState, Withdrawal
from app.applications.policy import UNDO_WITHIN
from app.core import clock
from app.core.access import Role
from app.core.model import new_id
from app.core.templating import jst
from app.outbox.models import Mail
from app.selection.lines import FrozenLine, digest
from app.selection.models import Decision, DecisionOutcome, ResultLine, ResultSet, ResultSetState
from app.selection.queries import frame_of
from tests import factories
from tests.applications.applying import Person
from tests.applications.pdf import pdf
from tests.applications.test_applying import rows
from tests.browsing import apart

NAME = "履歴書（髙﨑）[最終].pdf"


@pytest.fixture
def person(app, opening):
    import io

    found = Person(app, opening)
    found.apply(
        contact={"family_name": "髙﨑𠮷", "given_name": "葛\U000e0100\r\nBcc: x@example.jp"},
        career={"file_resume": (io.BytesIO(pdf(2)), NAME)},
    )
    return found


def release(application, city, outcome, *, at, state=ResultSetState.APPROVED, stage="documents"):
    hr, approver = factories.staff(city, Role.HR), factories.staff(city, Role.APPROVER)
    own = {"organisation_id": city.id}
    decision = Decision(
        id=new_id(), application_id=application.id, stage_key=stage, number=1, outcome=outcome, by=hr.id, at=at, **own
    )
    results = ResultSet(
        id=new_id(), opening_id=application.opening_id, stage_key=stage, number=1, state=state, release_at=at,
        prepared_by=hr.id, prepared_at=at, sha256="", applied_count=1, examined_count=1,
        approver_id=approver.id if state is ResultSetState.APPROVED else None, **own,
    )  # fmt: skip
    line = ResultLine(
        id=new_id(), result_set_id=results.id, application_id=application.id, decision_id=decision.id,
        examinee_number="100002", outcome=outcome, **own,
    )  # fmt: skip
    frozen = FrozenLine(application.id, line.examinee_number, decision.id, outcome, None)
    results.sha256 = digest(frame_of(results), [frozen])
    factories.save(decision, results, line)


def test_all_applications_of_all_cities_stand_on_one_page(app, person):
    other = Person(app, factories.opening(factories.organisation("osaka", "大阪市")))
    other.client, other.token = person.client, person.token
    other.apply()

    page = person.get("/my/")

    assert len(rows(Application)) == 2
    assert all(application.receipt_number in page for application in rows(Application))
    assert "大阪市" in page
    assert page.count("受付済</span>") == 2


def test_what_was_sent_is_shown_to_the_byte(person):
    [application] = rows(Application)

    page = person.get(f"/my/applications/{application.id}")

    assert "髙﨑𠮷 葛\U000e0100 Bcc: x@example.jp" in page  # a break becomes a space: a name stands in one line
    assert "（髙﨑）" in page
    assert application.receipt_number in page


def test_the_mail_to_an_unconfirmed_address_holds_nothing_of_the_answers(person):
    [mail] = rows(Mail)
    [application] = rows(Application)

    assert mail.subject == f"【品川区】応募を受け付けました（受付番号 {application.receipt_number}）"
    assert mail.body.startswith("応募された方へ\n")
    assert mail.recipient == "mihon@example.jp"
    for secret in (
        "髙﨑",
        "Bcc",
        "見本システム",
        "090",
        "見本県",
        "来なくても",
        "履歴書",
        "満たして",
        resume_code(application.applicant_id),
    ):
        assert secret not in mail.body
    assert "職務経歴書" in mail.body


def test_an_own_file_comes_back_as_it_was_under_its_own_name(person):
    [application], [document] = rows(Application), rows(ApplicationDocument)

    answer = person.client.get(f"/my/applications/{application.id}/files/{document.id}")

    assert answer.data == pdf(2)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="document.pdf"; filename*=UTF-8')
    assert unquote(answer.headers["Content-Disposition"].partition("''")[2]) == NAME
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_another_persons_things_are_not_there(app, opening, person):
    [application], [document] = rows(Application), rows(ApplicationDocument)
    stranger = Person(app, opening).start()
    own = f"/my/applications/{application.id}"

    for url in (own, f"{own}/withdraw", f"{own}/files/{document.id}"):
        stranger.get(url, status=404)
    stranger.post(f"{own}/withdraw", {"reason": ""}, status=404)
    stranger.post(f"{own}/reinstate", {}, status=404)
    assert rows(Application)[0].state is ApplicationState.SUBMITTED


def test_a_result_is_seen_from_its_instant_and_not_a_moment_before(city, person):
    [application] = rows(Application)
    at = clock.now().replace(microsecond=0) + timedelta(hours=1)
    release(application, city, DecisionOutcome.PASS, at=at)

    with time_machine.travel(at - timedelta(microseconds=1), tick=False):
        before = person.get(f"/my/applications/{application.id}") + person.get("/my/")
    with time_machine.travel(at, tick=False):
        after = person.get(f"/my/applications/{application.id}")

    assert "合格しました" not in before
    assert "面接のご案内" not in before
    assert "書類選考に合格しました。次は面接です。" in after
    assert "面接のご案内</span>" in after


def test_the_way_to_the_numbers_opens_with_the_result(city, person):
    [application] = rows(Application)
    numbers = f'href="/openings/{application.opening_id}/results/documents"'
    at = clock.now().replace(microsecond=0) + timedelta(hours=1)
    release(application, city, DecisionOutcome.FAIL, at=at)
    pages = ["/my/", f"/my/applications/{application.id}"]

    assert [person.get(page).count(numbers) for page in pages] == [0, 0]
    with time_machine.travel(at, tick=False):
        assert [person.get(page).count(numbers) for page in pages] == [1, 1]


def test_a_result_that_nobody_approved_is_never_seen(city, person):
    [application] = rows(Application)
    release(application, city, DecisionOutcome.FAIL, at=clock.now() - timedelta(hours=1), state=ResultSetState.PREPARED)

    assert "選考終了" not in person.get(f"/my/applications/{application.id}")


def test_a_result_whose_lines_were_changed_after_approval_tells_nobody(city, person):
    [application] = rows(Application)
    release(application, city, DecisionOutcome.PASS, at=clock.now() - timedelta(hours=1))
    own = f"/my/applications/{application.id}"
    assert "書類選考に合格しました" in person.get(own)

    [results] = rows(ResultSet)
    results.sha256 = "0" * 64
    factories.save(results)

    assert "書類選考に合格しました" not in person.get(own)
    assert "書類選考に合格しました" not in person.get("/my/")


def test_three_applications_and_drafts_cost_as_many_queries_as_one(app, city, person):
    def one_more():
        other = Person(app, factories.opening(city))
        other.client, other.token = person.client, person.token
        other.apply()
        draft = Person(app, factories.opening(city))
        draft.client, draft.token = other.client, other.token
        draft.start()

    one_more()
    for application in rows(Application):
        release(application, city, DecisionOutcome.PASS, at=clock.now() - timedelta(hours=1))
    person.get("/my/")
    few = person.statements_of("/my/")
    one_more()
    one_more()

    assert person.statements_of("/my/") == few


def test_a_withdrawal_can_be_taken_back_for_a_day(app, person):
    [application] = rows(Application)
    own = f"/my/applications/{application.id}"
    person.get(f"{own}/withdraw")
    person.post(f"{own}/withdraw", {"reason": "別の仕事に決まりました"})

    assert rows(Application)[0].state is ApplicationState.WITHDRAWN
    assert rows(Withdrawal)[0].reason == "別の仕事に決まりました"
    assert [mail.kind for mail in rows(Mail)].count("application-withdrawn") == 1
    page, until = person.get(own), jst(rows(Withdrawal)[0].at + UNDO_WITHIN)
    assert f"辞退の申し出を受け付けました。{until}まで、この画面で取り消せます。" in page
    assert page.index(">辞退を取り消す</button>") < page.index('id="flow"')  # before all that was sent
    person.post(f"{own}/withdraw", {"reason": ""}, status=409)

    person.post(f"{own}/reinstate")
    assert rows(Application)[0].state is ApplicationState.SUBMITTED
    person.post(f"{own}/reinstate", status=409)
    assert [mail.subject for mail in rows(Mail) if mail.kind == "application-reinstated"] == [
        f"【品川区】応募の辞退を取り消しました（受付番号 {application.receipt_number}）"
    ]
    data = json.loads(apart(person.client.post, "/my/data", data={"csrf_token": person.token, "as": "json"}).data)
    [gone] = data["applications"][0]["withdrawals"]
    assert gone["undone_at"] >= gone["at"]


def test_after_a_day_a_withdrawal_stands(person):
    [application] = rows(Application)
    own = f"/my/applications/{application.id}"
    person.get(f"{own}/withdraw")
    person.post(f"{own}/withdraw", {"reason": ""})

    with time_machine.travel(rows(Withdrawal)[0].at + timedelta(hours=24, microseconds=1), tick=False):
        assert "辞退を取り消す" not in person.get(own)
        person.post(f"{own}/reinstate", status=409)

    assert rows(Application)[0].state is ApplicationState.WITHDRAWN


def test_without_a_cookie_my_page_asks_who_one_is(app):
    answer = app.test_client().get("/my/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/my/sign-in")


def test_a_staff_cookie_opens_no_page_of_applicants(app, city, opening):
    browser = Person(app, opening)
    factories.sign_in(browser.client, factories.staff(city, Role.HR))

    assert browser.client.get("/my/").status_code == 302
