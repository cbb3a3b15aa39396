"""The style sheets hold what pages use, and stay small."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_BYTES = 52_000
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
COMPOSED = ("btn--", "tag--", "notice--", "hue-", "input--", "select--", "textarea--")  # stem and a value, in macros


def styles() -> str:
    return re.sub(r"/\*.*?\*/", "", "".join(sheet.read_text() for sheet in SHEETS), flags=re.DOTALL)


@pytest.fixture(scope="module")
def used() -> set[str]:
    """Every word of the templates, the scripts and the code that could name a class or a value."""
    files = [*ROOT.glob("templates/**/*"), *ROOT.glob("static/js/*.js"), *ROOT.glob("app/**/*.py")]
    text = " ".join(file.read_text() for file in files if file.is_file())
    return set(re.findall(r"[\w-]+", text))


def test_every_class_of_the_styles_is_used_by_a_page(used: set[str]) -> None:
    selectors = re.sub(r"\{[^{}]*\}", " ", styles())
    named = set(re.findall(r"\.([a-z][\w-]*)", selectors))

    assert sorted(one for one in named - used if not one.startswith(COMPOSED)) == []


def test_every_value_of_the_styles_is_used_by_them() -> None:
    defined = set(re.findall(r"[\s;{](--[\w-]+)\s*:", styles()))

    assert sorted(defined - set(re.findall(r"var\((--[\w-]+)", styles()))) == []


def test_the_styles_stay_small() -> None:
    assert sum(sheet.stat().st_size for sheet in SHEETS) < MOST_BYTES
