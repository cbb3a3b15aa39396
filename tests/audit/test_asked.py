"""The record filtered by person, act, days and thing; as a file; of an application by its receipt number."""

import csv
import io
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from app.audit import chain
from app.audit.asked import Asked, read_day
from app.audit.sheets import as_csv
from app.audit.words import detail_words
from app.core.access import Role
from tests import factories
from tests.audit.test_pages import auditor, note, table
from tests.screening.arrange import City, city, looks

URL = "/staff/shinagawa/audit"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2026/11/1", (2026, 11, 1)),
        ("２０２６-１１-0１", (2026, 11, 1)),
        ("2026年11月1日", (2026, 11, 1)),
        ("13月", None),
        ("2026/2/30", None),
        ("", None),
    ],
)
def test_days_are_read_as_people_type_them(typed: str, read: tuple[int, int, int] | None) -> None:
    found = read_day(typed)

    assert (found and (found.year, found.month, found.day)) == read


def test_an_address_that_says_nonsense_asks_for_everything() -> None:
    assert Asked.of({"subject": "application:1", "page": "x"}) == Asked()
    assert Asked.of({"since": "きのう"}).unread == ["きのう"]


def acts(place: City) -> None:
    someone = factories.staff(place.organisation, Role.HR, display_name="見本 花子")
    for at, action, by in (
        (datetime(2026, 10, 31, 14, 59, tzinfo=UTC), "edit.opening", someone.actor),  # 23:59 in Japan
        (datetime(2026, 10, 31, 15, 0, tzinfo=UTC), "edit.opening", "system"),  # midnight
        (datetime(2026, 11, 1, 15, 0, tzinfo=UTC), "submit.application", "applicant:4"),
    ):
        with time_machine.travel(at, tick=False):
            note(place.organisation, action, by=by)


def test_each_filter_shows_exactly_those(sqlite_app: Flask) -> None:
    place = city()
    acts(place)
    reader = auditor(sqlite_app, place.organisation)

    def count(query: str) -> int:
        return len(table(reader.get(f"{URL}?{query}")))

    assert [count(one) for one in ("", "actor=applicant", "actor=system", "action=edit.opening")] == [3, 1, 1, 2]
    days = "since=2026/11/1", "until=2026/10/31", "since=2026/11/1&until=2026/11/1"
    assert [count(one) for one in days] == [2, 1, 1]
    assert "当てはまる記録はありません" in reader.get(f"{URL}?actor=nobody")
    assert "「13月」は日付として読み取れません" in reader.get(f"{URL}?since=13月")


def test_one_application_is_found_by_its_number_which_no_address_holds(sqlite_app: Flask) -> None:
    place = city()
    one, other = place.application(), place.application()
    own = {"by": "system", "organisation_id": place.organisation.id}
    for seen in (one, other):
        chain.record_look("read.application", f"application:{seen.id}", **own)
    reader = auditor(sqlite_app, place.organisation)
    assert one.receipt_number in reader.get(f"{URL}/looks")

    led = reader.post(f"{URL}/find", {"number": one.receipt_number.lower(), "of": "looks"}).headers["Location"]
    rows = table(reader.get(led))

    assert one.receipt_number not in led
    assert len(rows) == 1
    assert f"応募 {one.receipt_number}" in rows[0]
    assert "見つかりません" in reader.press(f"{URL}/find", {"number": "SHI-26-XXXX"})


def test_the_record_is_taken_as_a_file_and_that_is_recorded(sqlite_app: Flask) -> None:
    place = city()
    acts(place)
    reader = auditor(sqlite_app, place.organisation)

    answer = reader.client.get(f"{URL}/changes.csv?action=edit.opening")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))

    assert answer.mimetype == "text/csv"
    assert rows[0][:4] == ["番号", "日時（日本時間）", "行った人", "操作"]
    assert [row[1:5] for row in rows[1:]] == [
        ["2026/11/01 00:00:00", "システム", "募集を編集", "自治体 品川区"],
        ["2026/10/31 23:59:00", "見本 花子", "募集を編集", "自治体 品川区"],
    ]
    assert looks() == [("take.record", f"organisation:{place.organisation.id}", 2)]
    assert reader.client.get(f"{URL}/looks.csv").status_code == 200
    assert auditor(sqlite_app, place.organisation, Role.HR).client.get(f"{URL}/changes.csv").status_code == 403


@pytest.mark.parametrize("before", ["", " ", "　", "\n", "\t", "\u200b", "\ufeff", "\u202e \u00a0", "\x00"])
@pytest.mark.parametrize("sign", "=+-@＝＋－＠−")
def test_a_cell_is_never_a_formula(before: str, sign: str) -> None:
    formula = f"{before}{sign}HYPERLINK(1)"

    written = as_csv([formula], [[formula]]).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(written, newline=""))) == [[f"'{formula}"]] * 2


def test_a_cell_of_plain_words_is_written_as_it_is() -> None:
    words = ["1", "品川区", "a=1", "2026-11-24", "（-）", "", "5,000\n円"]

    written = as_csv(words, [words]).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(written, newline=""))) == [words] * 2


def test_details_are_words_names_and_japan_time() -> None:
    names = {"opening:1": "DX推進担当"}
    detail = {"opening": "1", "closes_at": "2026-11-30T08:15:00+00:00", "role": "hr", "label": "経験", "criterion": "x"}

    assert detail_words({**detail, "reason": ""}, names) == [
        ("募集", "DX推進担当"),
        ("締切", "2026/11/30 17:15:00"),
        ("役割", "人事担当"),
        ("名称", "経験"),
    ]
