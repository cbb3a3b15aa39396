"""What a person asks about their data: drop a draft, mend the contact, have a record erased (P9, P-09)."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.applications.models import Application, Draft, StoredFile
from app.audit.models import AuditDetail, AuditEvent
from app.core import clock, storage
from app.core.access import Role
from app.core.context import bind, staff_of
from app.correspondence.models import Accommodation, ErasureRequest
from app.correspondence.request_queries import get_erasure
from app.correspondence.request_services import NothingToAnswer, keep_all
from app.extensions import db
from app.outbox.models import Mail
from tests import factories
from tests.applications.applying import Person
from tests.applications.pdf import pdf
from tests.applications.telling import draft
from tests.applications.test_deadline import CLOSES, SECOND, ready, send_at
from tests.correspondence.arrange import Place, hidden, holding, place
from tests.screening.arrange import city, looks, rows

CANARY, ANSWER = "漏洩見本の請求", "漏洩見本の説明"
CONTACT = {"phone": "０９０−１２３４−５６７８", "postal_code": "〒100-0001", "address": "見本県見本市2番地"}


@pytest.fixture
def here(sqlite_app) -> Place:
    return place(sqlite_app)


def files_on_disk(app) -> list[str]:
    folder = app.extensions["koubo.settings"].files_dir
    return [file.name for file in folder.rglob("*") if file.is_file()]


def test_a_draft_goes_at_once_with_its_files_and_what_was_asked_beside_it(app) -> None:
    here = city()
    person = Person(app, here.opening).start()
    person.fill(career={"file_resume": (io.BytesIO(pdf(2)), "履歴.pdf")})
    url = f"/apply/drafts/{person.draft}/openings/{here.opening.id}/accommodation"
    person.post(url, {**hidden(person.get(url)), "words": CANARY})
    drop = f"/my/drafts/{person.draft}/drop"
    assert f'href="{drop}"' in person.get("/my/")
    page = person.get(drop)
    assert "選んだファイル1件（履歴.pdf）" in page
    assert f"品川区「{here.opening.title}」への応募の下書き" in page
    assert len(rows(Draft)) == 1  # reading the page drops nothing

    person.post(drop)

    assert [rows(table) for table in (Draft, StoredFile, Accommodation)] == [[], [], []]
    assert files_on_disk(app) == []
    person.get(drop, status=404)
    person.get(person.url("contact"), status=404)


def test_a_draft_that_was_sent_stays_and_nothing_of_it_goes(app) -> None:
    here = city()
    person = Person(app, here.opening)
    person.apply()
    drop = f"/my/drafts/{person.draft}/drop"

    assert "この画面では消せません" in person.get(drop)
    person.post(drop, status=409)

    assert (len(rows(Draft)), len(rows(StoredFile)), len(files_on_disk(app))) == (1, 1, 1)


def test_a_file_that_came_late_stays_though_another_draft_that_has_it_goes(sqlite_app) -> None:
    person, fields = ready(sqlite_app)
    send_at(person, fields, CLOSES + SECOND, status=409)
    [first], [file] = rows(Draft), rows(StoredFile)
    with time_machine.travel(CLOSES, tick=False):
        second = draft(factories.opening(factories.organisation("minato", "港区")), "d@example.jp")
    second.applicant_id, second.answers, first.answers = first.applicant_id, first.answers, {}
    factories.save(first, second)

    with time_machine.travel(CLOSES + timedelta(minutes=1), tick=False):
        person.get(f"/my/drafts/{second.id}/drop")
        person.post(f"/my/drafts/{second.id}/drop")

    assert [one.id for one in rows(Draft)] == [first.id]
    assert storage.has_size(file.key, file.size)


def test_nobody_drops_the_draft_of_another(sqlite_app) -> None:
    here = city()
    person, other = Person(sqlite_app, here.opening).start(), Person(sqlite_app, here.opening).start()
    other.get(other.url("contact"))

    other.get(f"/my/drafts/{person.draft}/drop", status=404)
    other.post(f"/my/drafts/{person.draft}/drop", status=404)

    assert len(rows(Draft)) == 2


def test_contact_is_mended_live_and_the_record_names_the_fields_alone(app) -> None:
    here = place(app)
    url = here.mine("contact")
    page = here.person.post(url, {**CONTACT, "phone": "12"}, status=422).text if here.person.get(url) else ""
    assert 'value="12"' in page

    here.person.post(url, CONTACT)
    here.person.get(url)
    here.person.post(url, CONTACT)

    [row] = rows(Application)
    assert (row.phone, row.postal_code, row.address) == ("09012345678", "1000001", "見本県見本市2番地")
    [event] = [one for one in rows(AuditEvent) if one.action == "change.contact"]
    [detail] = [one.body for one in rows(AuditDetail) if one.event_id == event.id]
    assert sorted(detail["fields"].split("、")) == sorted(["住所", "郵便番号", "電話番号"])
    assert "見本市2番地" not in str(detail)
    assert "090-1234-5678" in here.staff(Role.HR).get(here.city.url(here.application.id))


def test_sending_again_does_not_bring_the_old_contact_back(sqlite_app) -> None:
    here = city()
    person = Person(sqlite_app, here.opening)
    person.apply()
    [row] = rows(Application)
    person.get(f"/my/applications/{row.id}/contact")

    person.post(f"/my/applications/{row.id}/contact", CONTACT)
    assert "まだ送信していません" not in person.get("/my/")
    person.save("questions", {"answer_motivation": "書き直した志望動機です。"})
    person.send()

    [row] = rows(Application)
    assert (row.phone, row.address) == ("09012345678", "見本県見本市2番地")


def test_a_request_for_erasure_waits_where_hr_sees_it_once_however_often_it_is_pressed(here: Place) -> None:
    hr, url, staff_url = here.staff(Role.HR), here.mine("erasure"), here.theirs.replace("messages", "erasure")
    hr.get(staff_url, status=404)
    assert "保存期間が終わるまで残ります" in here.person.get(url)

    for _press in range(2):
        here.person.post(url, {"reason": CANARY})

    assert len(rows(ErasureRequest)) == 1
    assert "削除の請求" in hr.get("/staff/shinagawa/")
    assert "回答待ち" in hr.get("/staff/shinagawa/erasures")
    assert CANARY in hr.get(staff_url)


def test_a_request_for_erasure_is_answered_by_keeping_and_nothing_goes(app) -> None:
    here = place(app)
    hr, url, staff_url = here.staff(Role.HR), here.mine("erasure"), here.theirs.replace("messages", "erasure")
    here.person.get(url)
    here.person.post(url, {"reason": CANARY})
    hr.get(staff_url)
    hr.post(staff_url, status=422)

    hr.post(staff_url, {"words": ANSWER})

    hr.get(staff_url)
    hr.post(staff_url, {"words": "行き違い"}, status=409)
    page = here.person.get(url)
    assert [words in page for words in ("保存期間が終わるまで保存します", ANSWER)] == [True, True]
    assert len(rows(Application)) == 1
    [news] = [one for one in rows(Mail) if one.kind == "message-news"]
    assert ANSWER not in news.body
    assert ("read.erasure", f"application:{here.application.id}", 1) in looks()
    details = [str(one.body) for one in rows(AuditDetail)]
    assert not [text for text in details if CANARY in text or ANSWER in text]
    here.person.post(url, {"reason": "もう一度"})
    assert len(rows(ErasureRequest)) == 2


def test_the_page_says_what_goes_what_stays_and_by_when_before_anything_is_asked(here: Place) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 15, 30, tzinfo=UTC)):  # the 24th in Japan
        person = holding(here.app, here.application.applicant_id)
        page = person.get(here.mine("erasure"))
        assert rows(ErasureRequest) == []
        for words in ("すぐには消えません", "応募の内容 1回分", "請求しても残る", "2026年12月24日（木）"):
            assert words in page

        person.post(here.mine("erasure"), {"reason": CANARY})

    assert rows(ErasureRequest)[0].answer_by == date(2026, 12, 24)


def test_a_request_can_be_taken_back(app) -> None:
    here = place(app)
    hr, url, staff_url = here.staff(Role.HR), here.mine("erasure"), here.theirs.replace("messages", "erasure")
    here.person.get(url)
    here.person.post(url, {"reason": CANARY})
    assert "回答待ち" in here.person.get(here.mine())

    for _press in range(2):
        here.person.post(f"{url}/withdraw")

    pages = here.person.get(here.mine()), here.person.get(url), hr.get("/staff/shinagawa/erasures")
    assert ["取り下げました" in page for page in pages] == [True, True, True]
    assert "回答はいりません" in hr.get(staff_url)
    assert "削除の請求" not in hr.get("/staff/shinagawa/").partition("<main")[2]
    hr.post(staff_url, {"words": ANSWER}, status=409)
    [row] = rows(ErasureRequest)
    assert (row.outcome, row.answer, row.withdrawn_at is not None) == (None, "", True)
    assert [one.kind for one in rows(Mail) if one.kind == "message-news"] == []
    actions = sorted(one.action for one in rows(AuditEvent) if "erasure" in one.action)
    assert actions == ["ask.erasure", "withdraw.erasure"]


def test_only_a_request_that_waits_for_its_answer_is_taken_back(here: Place) -> None:
    hr, url, staff_url = here.staff(Role.HR), here.mine("erasure"), here.theirs.replace("messages", "erasure")
    here.person.get(url)
    here.person.post(f"{url}/withdraw", status=404)
    here.person.post(url, {"reason": CANARY})
    here.person.post(f"{url}/withdraw")
    here.person.post(url, {"reason": "もう一度"})
    hr.get(staff_url)
    hr.post(staff_url, {"words": ANSWER})

    here.person.post(f"{url}/withdraw", status=409)

    assert sorted(one.label for one in rows(ErasureRequest)) == ["保存期間が終わるまで保存します", "取り下げました"]


def test_of_an_answer_and_a_withdrawal_at_once_the_first_stands(app) -> None:
    here = place(app)
    here.person.get(here.mine("erasure"))
    here.person.post(here.mine("erasure"), {"reason": CANARY})
    bind(db.session, staff_of(here.city.organisation.id))
    read = get_erasure(here.city.organisation.id, here.city.opening.id, here.application.id)
    hr = factories.staff(here.city.organisation, Role.HR)
    db.session.remove()
    here.person.post(here.mine("erasure", "withdraw"))
    bind(db.session, staff_of(here.city.organisation.id))

    with pytest.raises(NothingToAnswer):
        keep_all(read, ANSWER, by=hr, at=clock.now())

    db.session.remove()
    assert rows(ErasureRequest)[0].label == "取り下げました"


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HR])
def test_nobody_but_hr_reads_or_answers_a_request(here: Place, role: Role) -> None:
    here.person.get(here.mine("erasure"))
    here.person.post(here.mine("erasure"), {"reason": CANARY})
    one, url = here.staff(role), here.theirs.replace("messages", "erasure")
    one.get("/staff/shinagawa/")

    one.get(url, status=404)
    one.post(url, {"words": ANSWER}, status=404)
    one.get("/staff/shinagawa/erasures", status=403)

    assert rows(ErasureRequest)[0].answered_at is None


def test_other_people_and_cities_find_nothing(app) -> None:
    here, there = place(app), place(app, "hamamatsu", "浜松市")
    here.person.get(here.mine("erasure"))
    here.person.post(here.mine("erasure"), {"reason": CANARY})
    there.person.get(there.mine("messages"))

    there.person.post(here.mine("erasure", "withdraw"), status=404)
    for part in ("erasure", "contact"):
        there.person.get(here.mine(part), status=404)
        there.person.post(here.mine(part), {"reason": CANARY, **CONTACT}, status=404)
    hr = there.staff(Role.HR)
    url = here.theirs.replace("messages", "erasure")
    hr.get(url, status=404)
    hr.get(url.replace("shinagawa", "hamamatsu"), status=404)
    assert here.application.receipt_number not in hr.get("/staff/hamamatsu/erasures")
    assert rows(ErasureRequest)[0].is_waiting
