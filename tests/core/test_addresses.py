"""Where `next` may lead (reliability C5)."""

import pytest

from app.core.addresses import own_path


@pytest.mark.parametrize(
    "address",
    [
        "/staff/",
        "/staff/shinagawa/members",
        "/staff/shinagawa/openings?state=open&q=DX",
        "/staff/a?q=神戸",
        "/staff/a%20b",
    ],
)
def test_own_paths_are_kept(address: str) -> None:
    assert own_path(address, under="/staff/") == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "staff/",
        "https://evil.example/",
        "https:evil.example",
        "//evil.example/staff/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/staff/\\evil.example",
        "/staff/%5c%5cevil.example",
        "/staff//evil.example",
        "/staff/%2f%2fevil.example",
        "/staff/%252f%252fevil.example",
        "/staff/%0d%0aLocation:%20https://evil.example",
        "/staff/?a=%0d%0aSet-Cookie:%20a=b",
        "/staff/\r\nSet-Cookie: a=b",
        "/staff/%00",
        "/staff/\t/evil.example",
        "/staff/../my/",
        "/staff/%2e%2e/my/",
        "/staff/./x",
        "/staff/evil。example",
        "/staff/evil．example",
        "/staff/@evil.example",
        "/staff/;evil",
        "/my/",
        "/STAFF/",
        "javascript:alert(1)",
        "/staff/javascript:alert(1)",
        "data:text/html,x",
        " /staff/",
        "/staff/#" + "x",
        "/staff/" + "x" * 1000,
    ],
)
def test_everything_else_is_refused(address: str | None) -> None:
    assert own_path(address, under="/staff/") is None
