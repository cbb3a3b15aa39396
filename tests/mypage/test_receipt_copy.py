"""The copy of what was sent (応募の控え), as PDF and as a page to print: everything, to the byte, and for its owner."""

import io
import subprocess
import sys
from urllib.parse import unquote

import pypdfium2
import pytest

from app.applications.models import Application, ApplicationVersion
from app.core import pdf
from app.core.limits import Limit
from app.core.templating import jst_seconds
from app.extensions import db
from app.mypage import paper_routes
from tests import factories
from tests.applications.applying import Person
from tests.applications.pdf import pdf as small_pdf
from tests.applications.test_applying import rows
from tests.browsing import apart

NAME = "髙﨑𠮷"
GIVEN = "葛\U000e0100辻\U000e0101葛"
FILE = "履歴書（髙﨑𠮷）[最終].pdf"


@pytest.fixture
def opening(sqlite_app):
    return factories.opening(factories.organisation())


@pytest.fixture
def person(sqlite_app, opening):
    found = Person(sqlite_app, opening)
    found.apply(
        contact={"family_name": NAME, "given_name": GIVEN}, career={"file_resume": (io.BytesIO(small_pdf(2)), FILE)}
    )
    return found


def url_of(application, more=".pdf"):
    return f"/my/applications/{application.id}/receipt{more}"


def words_of(made):
    document = pypdfium2.PdfDocument(made)
    text = "".join(document[n].get_textpage().get_text_bounded() for n in range(len(document)))
    return "".join(text.split())


def test_the_pdf_holds_everything_that_was_sent(person):
    [application], [version] = rows(Application), rows(ApplicationVersion)

    answer = apart(person.client.get, url_of(application))

    words = words_of(answer.data)
    file = version.answers["documents"]["resume"]
    for expected in (
        application.receipt_number, "品川区", "DX推進担当", NAME, GIVEN, "みほんはるか", FILE, file["sha256"],
        version.sha256, "mihon@example.jp", "見本県見本市例示町1番地", "見本システム株式会社", "基幹システムの設計",
        "来なくても済むもの", "通算", "必要な期間", "正規職務経験5年以上", "人事課", "03-0000-0000", "2ページ",
    ):  # fmt: skip
        assert expected in words, expected
    assert f"{jst_seconds(version.received_at)}（日本時間）" in words


def test_it_comes_as_a_tagged_attachment_under_a_name_with_the_number(person):
    [application] = rows(Application)

    answer = apart(person.client.get, url_of(application))

    document = pypdfium2.PdfDocument(answer.data)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert unquote(answer.headers["Content-Disposition"].partition("''")[2]) == (
        f"応募の控え_{application.receipt_number}.pdf"
    )
    assert document.is_tagged()
    assert document.get_metadata_dict(skip_empty=True) == {
        "Title": f"応募の控え {application.receipt_number}",
        "Producer": document.get_metadata_dict()["Producer"],
    }


def test_each_version_has_its_copy(person):
    [application] = rows(Application)
    person.save("questions", {"answer_motivation": "直した文章です。"})
    person.send()

    first, last = (
        words_of(apart(person.client.get, url_of(application, more)).data) for more in (".pdf?version=1", ".pdf")
    )

    assert ("直した文章" in first, "直した文章" in last) == (False, True)
    assert "このあとに送り直した内容があります" in first
    assert "2回目に送った内容です" in last
    person.get(url_of(application, ".pdf?version=3"), status=404)


def test_nobody_else_gets_it(sqlite_app, opening, person):
    [application] = rows(Application)
    stranger = Person(sqlite_app, opening).start()

    for more in ("", ".pdf", ".pdf?version=1"):
        stranger.get(url_of(application, more), status=404)


def test_markup_that_a_person_types_stays_text_and_fetches_nothing(sqlite_app, opening):
    typed = '<img src="file:///etc/passwd"><link rel="attachment" href="http://127.0.0.1:9/x"> {{ 7*7 }}'
    person = Person(sqlite_app, opening)
    person.apply(questions={"answer_motivation": typed})
    [application] = rows(Application)

    words = words_of(apart(person.client.get, url_of(application)).data)

    assert "".join(typed.split()) in words
    assert "root:" not in words


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "data:image/png;base64,aaaa"])
def test_a_document_that_names_an_address_is_not_made(sqlite_app, address):
    with pytest.raises(pdf.NamesAnAddress):
        pdf.render(f'<html lang="ja"><title>x</title><body><img src="{address}" alt="x">')


def test_no_transaction_is_held_while_a_pdf_is_made(person, monkeypatch):
    [application], make, seen = rows(Application), pdf.render, []
    monkeypatch.setattr(pdf, "render", lambda html: (seen.append(db.engine.pool.checkedout()), make(html))[1])

    answer = apart(person.client.get, url_of(application))

    assert (answer.status_code, seen) == (200, [0])


def test_where_no_pdf_can_be_made_the_button_leads_to_the_page_to_print(sqlite_app, opening, monkeypatch):
    monkeypatch.setitem(sqlite_app.extensions, pdf.KNOWN, "no Pango")
    person = Person(sqlite_app, opening)

    done = person.apply(contact={"family_name": NAME, "given_name": GIVEN})

    [application] = rows(Application)
    assert "控えをPDFで保存" not in done
    assert f'href="{url_of(application, "?version=1")}">控えを印刷する' in done
    page = person.get(url_of(application, "?version=1"))
    assert f"{NAME} {GIVEN}" in page
    assert "控えをPDFで保存" not in page
    person.get(url_of(application), status=404)


def test_the_button_makes_the_pdf_where_one_can_be_made(sqlite_app, person):
    [application] = rows(Application)

    page = person.get(url_of(application, ""))

    assert pdf.can_render()
    assert f'href="{url_of(application, ".pdf?version=1")}">控えをPDFで保存' in page


LOOK = "import sys; sys.modules['weasyprint'] = None; from app.core.pdf import missing; print(missing())"


def test_what_is_missing_is_named():
    without_library = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    without_font = subprocess.run(
        [sys.executable, "-c", "from app.core.pdf import missing; print(missing())"],
        capture_output=True, text=True, check=True, env={"PATH": "/nowhere"},
    )  # fmt: skip

    assert "apt-get install libpango-1.0-0" in without_library.stdout
    assert "apt-get install fontconfig fonts-noto-cjk" in without_font.stdout


def test_one_person_makes_so_many_an_hour(person, monkeypatch):
    [application] = rows(Application)
    monkeypatch.setattr(paper_routes, "PAPERS_PER_PERSON", Limit("paper.make", 2, 3600))

    statuses = [apart(person.client.get, url_of(application)).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
    person.get(url_of(application, ""))
