"""docs/design.md and docs/applying.md say where what stands and what shows it: every place and test named is there."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
APPLYING = (ROOT / "docs" / "applying.md").read_text(encoding="utf-8")
PLACE = re.compile(r"`([\w/]+\.py)(?::(\w+))?`")


@cache
def names_in(path: Path) -> frozenset[str]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return frozenset(one.name for one in body if isinstance(one, ast.FunctionDef | ast.ClassDef))


def is_there(path: str, name: str) -> bool:
    is_test = path.rpartition("/")[2].startswith(("test_", "page_checks"))
    file = ROOT / path if path.startswith("bench/") else ROOT / ("tests" if is_test else "app") / path
    return file.is_file() and (not name or name in names_in(file))


def test_every_decision_has_its_line_in_order() -> None:
    numbers = [int(found) for found in re.findall(r"^\*\*(\d+) ", PAGE, re.MULTILINE)]

    assert numbers == list(range(1, 56))


def test_every_place_and_test_that_it_names_is_there() -> None:
    named = PLACE.findall(PAGE.partition("\n## ")[2])

    assert len(named) > 150
    assert [f"{path}:{name}" for path, name in named if not is_there(path, name)] == []


def test_every_promise_to_applicants_names_what_is_there() -> None:
    promised = APPLYING.partition("\n## ")[2]
    named = PLACE.findall(promised)

    assert len(named) > 150
    assert [f"{path}:{name}" for path, name in named if not is_there(path, name)] == []
    assert re.findall(r"^## (\d+) ", APPLYING, re.MULTILINE) == [str(number) for number in range(1, 12)]
    assert [one for one in promised.split("\n\n") if one.startswith("**") and not PLACE.search(one)] == []


def test_the_code_cites_no_other_decision() -> None:
    cited = {
        int(number)
        for path in (ROOT / "app").rglob("*.py")
        for numbers in re.findall(r"\(?[Dd]esign (\d+(?:(?:, | and |-)\d+)*)", path.read_text(encoding="utf-8"))
        for number in re.findall(r"\d+", numbers)
    }

    assert cited <= set(range(1, 56))
