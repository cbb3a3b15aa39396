"""What a person asks about their data: drop a draft, mend the contact, have a record erased (P9, P-09)."""

import io

import pytest

from app.applications.models import Application, Draft, StoredFile
from app.audit.models import AuditDetail, AuditEvent
from app.core.access import Role
from app.correspondence.models import Accommodation, ErasureRequest
from app.outbox.models import Mail
from tests.applications.applying import Person
from tests.applications.pdf import pdf
from tests.correspondence.arrange import Place, hidden, place
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
    assert "添付したファイル 1件" in page
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
    assert "09012345678" in here.staff(Role.HR).get(here.city.url(here.application.id))


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


def test_a_request_for_erasure_is_answered_by_the_city_and_erases_nothing_by_itself(app) -> None:
    here = place(app)
    hr, url = here.staff(Role.HR), here.mine("erasure")
    staff_url = here.theirs.replace("messages", "erasure")
    hr.get(staff_url, status=404)
    page = here.person.get(url)
    assert "保存期間が終わるまで残ります" in page
    for _press in range(2):
        here.person.post(url, {"reason": CANARY})
    assert len(rows(ErasureRequest)) == 1
    assert "削除の請求" in hr.get("/staff/shinagawa/")
    assert "回答待ち" in hr.get("/staff/shinagawa/erasures")
    assert CANARY in hr.get(staff_url)
    hr.post(staff_url, {"outcome": "kept"}, status=422)

    hr.post(staff_url, {"outcome": "kept", "words": ANSWER})

    hr.get(staff_url)
    hr.post(staff_url, {"outcome": "erased", "words": "行き違い"}, status=409)
    page = here.person.get(url)
    assert "保存期間が終わるまで保存します" in page
    assert ANSWER in page
    assert len(rows(Application)) == 1
    [news] = [one for one in rows(Mail) if one.kind == "message-news"]
    assert ANSWER not in news.body
    assert ("read.erasure", f"application:{here.application.id}", 1) in looks()
    details = [str(one.body) for one in rows(AuditDetail)]
    assert not [text for text in details if CANARY in text or ANSWER in text]
    here.person.post(url, {"reason": "もう一度"})
    assert len(rows(ErasureRequest)) == 2


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HR])
def test_nobody_but_hr_reads_or_answers_a_request(here: Place, role: Role) -> None:
    here.person.get(here.mine("erasure"))
    here.person.post(here.mine("erasure"), {"reason": CANARY})
    one, url = here.staff(role), here.theirs.replace("messages", "erasure")
    one.get("/staff/shinagawa/")

    one.get(url, status=404)
    one.post(url, {"outcome": "kept", "words": ANSWER}, status=404)
    one.get("/staff/shinagawa/erasures", status=403)

    assert rows(ErasureRequest)[0].answered_at is None


def test_other_people_and_cities_find_nothing(app) -> None:
    here, there = place(app), place(app, "hamamatsu", "浜松市")
    here.person.get(here.mine("erasure"))
    here.person.post(here.mine("erasure"), {"reason": CANARY})
    there.person.get(there.mine("messages"))

    for part in ("erasure", "contact"):
        there.person.get(here.mine(part), status=404)
        there.person.post(here.mine(part), {"reason": CANARY, **CONTACT}, status=404)
    hr = there.staff(Role.HR)
    url = here.theirs.replace("messages", "erasure")
    hr.get(url, status=404)
    hr.get(url.replace("shinagawa", "hamamatsu"), status=404)
    assert here.application.receipt_number not in hr.get("/staff/hamamatsu/erasures")
