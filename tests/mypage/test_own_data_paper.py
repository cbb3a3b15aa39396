"""The PDF of one's own data: for people to read, soon ready however much is held, and in nobody's way."""

import json
import os
import time
from pathlib import Path
from threading import Thread

import pypdfium2
import pytest
from flask import render_template

from app.core import pdf
from app.mypage.own_data_paper import at, chapters
from tests import factories
from tests.applications.applying import Person
from tests.browsing import apart
from tests.mypage.test_own_data import take
from tests.mypage.test_receipt_copy import words_of

LONG = "窓口の手続を、来なくても済むものにしたいと考えています。" * 30
GRID = "<div style='display:grid;grid-template-columns:42mm 1fr'><b>題</b><div>"
NESTED = f"<html lang=ja><title>x</title><body>{GRID * 24}終わらない"


@pytest.fixture
def person(sqlite_app):
    found = Person(sqlite_app, factories.opening(factories.organisation()))
    found.apply(questions={"answer_motivation": LONG[:900]})
    return found


def rich(data):
    """As `own_data` lays it out: three applications with six versions, letters, eight jobs and four documents."""
    [sent] = data["applications"]
    [version] = sent["versions"]
    [(_kind, file)] = version["answers"]["documents"].items()
    files = {f"file{n}": file | {"file_name": f"{'とても長い名前' * 8}{n}.pdf"} for n in range(4)}
    jobs = [{"asked": f"職歴 {n}", "answer": f"見本システム株式会社第{n}部\n正規職員\n{LONG[:300]}"} for n in range(8)]
    version["answers"] |= {"documents": files}
    version["read"] += [*jobs, {"asked": "長い語", "answer": "x" * 900}]
    asked = {"state": "相談中", "needs": ["手話通訳"], "words": LONG[:900], "reach": "メール", "answer": "",
             "asked_at": data["made_at"], "answered_at": None}  # fmt: skip
    said = {"from": "from_applicant", "body": LONG[:900], "sent_at": data["made_at"], "files": list(files.values())[:3]}
    letter = {"city": "品川区", "opening": "DX推進担当", "messages": [said, said | {"from": "from_city"}] * 3}
    applications = [sent | {"versions": [version | {"number": n} for n in (1, 2)]}] * 3
    return data | {"applications": applications, "letters": [letter | {"accommodation": asked, "unsent_files": [file]}]}


def document(app, data):
    with app.test_request_context("/my/data"):
        return render_template("papers/own_data.html", data=data, chapters=chapters(data), made_at=at(data["made_at"]))


def test_much_is_ready_within_three_seconds_of_the_processor(sqlite_app, person):
    data = rich(json.loads(take(person).data))
    html, before = document(sqlite_app, data), os.times()

    made = pdf.render(html, is_long=True)

    after = os.times()
    took = after.children_user + after.children_system - before.children_user - before.children_system
    if keep := os.environ.get("KOUBO_KEEP_PDF"):
        Path(keep).write_bytes(made)
    assert took < 3
    assert "<table" not in html
    assert len(pypdfium2.PdfDocument(made)) > 10


def test_it_reads_as_it_was_asked(person):
    words = words_of(take(person, "pdf").data)

    for expected in ("志望", "職歴1", "正規", "日本時間"):
        assert expected in words
    for raw in ("openings", "required_", "regular", "eligibility", "T1", "+09:00", "declarations", "steps_done"):
        assert raw not in words


def test_a_document_that_never_ends_is_ended_and_holds_up_no_receipt(sqlite_app, monkeypatch):
    monkeypatch.setattr(pdf, "SECONDS", 6.0)
    refused = []

    def hang():
        try:
            pdf.render(NESTED, is_long=True)
        except pdf.TooLong as error:
            refused.append(error.message)

    hanging = Thread(target=hang)
    hanging.start()
    time.sleep(0.5)
    receipt = pdf.render("<html lang=ja><title>x</title><body>応募の控え")
    was_hanging = hanging.is_alive()
    hanging.join(20)

    assert receipt.startswith(b"%PDF")
    assert was_hanging
    assert [words[:12] for words in refused] == ["PDFを作りきれませんで"]


def test_where_none_comes_out_the_person_is_offered_json(person, monkeypatch, tmp_path):
    hang = tmp_path / "hang.py"
    hang.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(pdf, "CHILD", hang)
    monkeypatch.setattr(pdf, "SECONDS", 0.2)

    answer = take(person, "pdf")
    page = person.get(answer.headers["Location"])

    assert (answer.status_code, answer.headers["Location"]) == (303, "/my/data")
    assert "PDFを作りきれませんでした" in page
    assert "JSONで受け取る" in page


def test_where_no_receipt_comes_out_the_page_to_print_stands_in(person, monkeypatch, tmp_path):
    hang = tmp_path / "hang.py"
    hang.write_text("raise MemoryError")
    monkeypatch.setattr(pdf, "CHILD", hang)
    url = json.loads(take(person).data)["applications"][0]["receipt_number"]
    link = next(part for part in person.get("/my/").split('"') if part.startswith("/my/applications/"))

    answer = apart(person.client.get, f"{link}/receipt.pdf")
    page = person.get(answer.headers["Location"])

    assert answer.headers["Location"] == f"{link}/receipt?version=1"
    assert "PDFを作りきれませんでした" in page
    assert url in page
