"""Every way in which a file is refused says what to do; what is taken keeps its own name (U1, U2, U8, U9)."""

import unicodedata

import pytest

from app.applications.documents import (
    CUT_OFF,
    EMPTY,
    LOCKED,
    ONLY_PDF,
    Limits,
    RefusedFile,
    check_size,
    clean_file_name,
    inspect,
)
from tests.applications.pdf import locked_pdf, pdf

MB = 1024 * 1024
LIMITS = Limits(file_bytes=10 * MB, application_bytes=30 * MB, pages=50)
ZIP = b"PK\x03\x04" + b"\x00" * 60
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 60


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(RefusedFile) as refused:
        inspect(name, content, LIMITS)
    return refused.value.message


def size_refusal(size: int, already: int = 0) -> str:
    with pytest.raises(RefusedFile) as refused:
        check_size(size, already, LIMITS)
    return refused.value.message


def test_a_pdf_is_taken_with_its_pages_and_text():
    seen = inspect("職務経歴書.pdf", pdf(3, "Career of ten years"), LIMITS)

    assert (seen.file_name, seen.media, seen.pages) == ("職務経歴書.pdf", "application/pdf", 3)
    assert seen.text == "\f".join(["Career of ten years"] * 3)


def test_a_pdf_without_a_text_layer_has_no_text():
    assert inspect("scan.PDF", pdf(1, ""), LIMITS).text is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("履歴書.docx", ZIP),
        ("履歴書.pdf", ZIP),
        ("写真.png", PNG),
        ("写真.pdf", PNG),
        ("履歴書.pdf", b"<html>%PDF-1.4 %%EOF</html>"),
        ("履歴書.pdf", b"just words"),
        ("履歴書.html", pdf()),
        ("履歴書.pdf.exe", pdf()),
        ("履歴書．pdf", pdf()),
        ("履歴書", pdf()),
        ("履歴書\u202efdp.exe", pdf()),
    ],
)
def test_what_is_no_pdf_by_name_and_content_is_refused_with_what_is_accepted(name, content):
    assert refusal(name, content) == ONLY_PDF


def test_a_pdf_cut_off_on_the_way_is_refused():
    whole = pdf(2)

    assert {refusal("a.pdf", whole[:at]) for at in (60, 400, len(whole) - 8)} == {CUT_OFF}


def test_a_broken_pdf_is_refused():
    assert refusal("a.pdf", b"%PDF-1.7\n" + b"x" * 500 + b"\n%%EOF\n") == CUT_OFF


def test_a_pdf_with_a_password_is_refused_with_what_to_do():
    assert refusal("a.pdf", locked_pdf()) == LOCKED


def test_fifty_pages_are_taken_and_fifty_one_are_not():
    assert inspect("a.pdf", pdf(50), LIMITS).pages == 50
    assert refusal("a.pdf", pdf(51)) == "50ページまでのPDFを選んでください（選んだファイルは51ページ）"


def test_the_largest_file_is_taken_and_one_byte_more_is_not():
    check_size(10 * MB, 20 * MB, LIMITS)

    assert size_refusal(10 * MB + 1) == "10MBより小さいファイルを選んでください（選んだファイルは10.1MB）"
    assert size_refusal(13002342) == "10MBより小さいファイルを選んでください（選んだファイルは12.4MB）"


def test_the_files_of_an_application_together_have_a_limit():
    words = "書類は全部で30MBまでです（このファイルを入れると30.1MB）。小さくしてから選んでください"

    assert size_refusal(10 * MB, 20 * MB + 1) == words


def test_an_empty_file_is_refused():
    assert size_refusal(0) == EMPTY


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("履歴書（山田　太郎）.pdf", "履歴書（山田　太郎）.pdf"),
        ("髙﨑𠮷.pdf", "髙﨑𠮷.pdf"),
        ("葛\U000e0100城.pdf", "葛\U000e0100城.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\書類\\履歴書.pdf", "履歴書.pdf"),
        ("履歴\r\nX-Evil: 1.pdf", "履歴X-Evil: 1.pdf"),
        ("a\x00b.pdf", "ab.pdf"),
        ("履歴書\u202efdp.exe", "履歴書fdp.exe"),
        (unicodedata.normalize("NFD", "ガイド.pdf"), "ガイド.pdf"),
        ("👨\u200d💻.pdf", "👨\u200d💻.pdf"),
        ("a.pdf. ", "a.pdf"),
        (".pdf", "pdf"),
        ("", "書類"),
        ("///", "書類"),
    ],
)
def test_a_file_keeps_its_own_name_without_what_could_harm(typed, kept):
    assert clean_file_name(typed) == kept


def test_a_very_long_name_is_cut_between_characters_and_keeps_its_ending():
    name = clean_file_name("履" * 200 + ".pdf")

    assert name == "履" * 83 + ".pdf"
    assert len(name.encode()) == 253
