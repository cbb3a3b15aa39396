"""The name of a file that leaves: the true one in UTF-8, and a plain one that every browser and folder takes."""

from urllib.parse import unquote

import pytest

from app.core.downloads import disposition


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("resume.pdf", "resume.pdf"),
        ("My Resume (final).PDF", "My-Resume-final.pdf"),
        ("職務経歴書.pdf", "document.pdf"),
        ("応募の控え_品川-2026-ABCD.pdf", "document-2026-ABCD.pdf"),
        ('a"b\\c;d.pdf', "a-b-c-d.pdf"),
        ("it's 100%.docx", "it-s-100.docx"),
        ("../../etc/passwd", "etc-passwd"),
        ("x\r\nSet-Cookie: a=b.pdf", "x-Set-Cookie-a-b.pdf"),
        (".pdf", "pdf"),
        ("経歴.最終版", "document"),
        ("", "document"),
    ],
)
def test_a_file_has_a_plain_name_beside_its_own(name: str, plain: str) -> None:
    header = disposition(name)

    first, true = header.split("; filename*=UTF-8''")
    assert first == f'attachment; filename="{plain}"'
    assert unquote(true) == name
    assert true.isascii()
    assert not set(true) & set("\"';\r\n\\ ")
