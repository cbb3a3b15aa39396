"""What a file may weigh, and how it keeps its own name (U2, U8, U9)."""

import unicodedata

import pytest

from app.applications.documents import Limits, check_size
from app.files.names import clean_file_name
from app.files.verdict import EMPTY, RefusedFile

MB = 1024 * 1024
LIMITS = Limits(file_bytes=10 * MB, application_bytes=30 * MB, pages=50)


def size_refusal(size: int, already: int = 0) -> str:
    with pytest.raises(RefusedFile) as refused:
        check_size(size, already, LIMITS)
    return refused.value.message


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
        ("\ufa19谷カ\u3099.pdf", "\ufa19谷ガ.pdf"),
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
