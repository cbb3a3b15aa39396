import pytest

from app.core.numbers import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("999999999", 999_999_999)]
    + [(text, -1) for text in (None, "", " 1", "+1", "-1", "1.0", "１", "²", "1\x00", "9" * 10, "9" * 5_000)],
)
def test_a_number_is_read_as_our_pages_write_it_and_nothing_else_is(text, number):
    assert whole_number(text, -1) == number
