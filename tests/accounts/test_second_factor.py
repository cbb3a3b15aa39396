"""Codes of the app and recovery codes, without a database."""

import uuid
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import second_factor
from app.accounts.browsers import browser_words
from app.accounts.second_factor import matching_step, recovery_hash, typed_code

AT = datetime(2026, 11, 23, 3, 0, 10, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = int(AT.timestamp()) // 30


@pytest.mark.parametrize(
    ("seconds", "found"), [(0, STEP), (-30, STEP - 1), (30, STEP + 1), (-60, None), (60, None), (3600, None)]
)
def test_a_code_counts_for_one_step_around_now(seconds: int, found: int | None) -> None:
    code = pyotp.TOTP(SECRET).at(AT + timedelta(seconds=seconds))

    assert matching_step(SECRET, code, at=AT) == found


@pytest.mark.parametrize(("after", "found"), [(None, STEP), (STEP - 1, STEP), (STEP, None), (STEP + 1, None)])
def test_a_step_counts_only_after_the_last_one_used(after: int | None, found: int | None) -> None:
    assert matching_step(SECRET, second_factor.code_at(SECRET, AT), at=AT, after=after) == found


@given(st.text(max_size=12))
def test_no_text_breaks_the_comparison(text: str) -> None:
    matching_step(SECRET, typed_code(text), at=AT)
    second_factor.is_app_code(typed_code(text))


@pytest.mark.parametrize("typed", ["１２３４５６", "123 456", " 123-456 ", "123456"])
def test_digits_are_read_as_people_type_them(typed: str) -> None:
    assert typed_code(typed) == "123456"
    assert second_factor.is_app_code(typed_code(typed))


def test_recovery_codes_are_ten_different_and_without_look_alikes() -> None:
    codes = second_factor.new_recovery_codes()

    assert len(set(codes)) == 10
    assert {len(code) for code in codes} == {11}
    assert set("".join(codes)) <= set("23456789abcdefghjkmnpqrstuvwxyz-")
    assert not any(second_factor.is_app_code(typed_code(code)) for code in codes)


def test_a_recovery_code_is_lenient_when_typed_and_bound_to_its_account() -> None:
    mine, other = uuid.uuid4(), uuid.uuid4()

    assert recovery_hash("abcde-fghjk", user_id=mine) == recovery_hash(" ＡＢＣＤＥ fghjk", user_id=mine)
    assert recovery_hash("abcde-fghjk", user_id=mine) != recovery_hash("abcde-fghjk", user_id=other)


def test_the_qr_code_is_drawn_without_inline_style_and_with_a_name() -> None:
    svg = second_factor.qr_code(second_factor.app_url(SECRET, account='a"<b>@example.jp'))

    assert svg.startswith('<svg role="img" aria-label=')
    assert "style" not in svg
    assert "<b>" not in svg


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0"
            ".0.0 Safari/537.36 Edg/131.0.0.0",
            "Windows の Edge",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.0 Mobile/15E148 Safari/604.1",
            "iPhone の Safari",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Linux の Firefox"),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/131.0.0.0 Mobile Safari/537.36",
            "Android の Chrome",
        ),
        ("curl/8.5.0", "種類のわからないブラウザー"),
        ("", "種類のわからないブラウザー"),
    ],
)
def test_a_browser_is_said_in_plain_words(user_agent: str, words: str) -> None:
    assert browser_words(user_agent) == words
