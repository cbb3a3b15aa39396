"""The walls of the house: who may import whom, and what each kind of file never does (design, The house)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
ORDER = (
    "organisations",
    "accounts",
    "openings",
    "eligibility",
    "applications",
    "correspondence",
    "reviews",
    "selection",
    "bookings",
    "records",
    "mypage",
    "reports",
    "demo",
)
LEAVES = frozenset({"audit", "outbox", "files"})
WIRING = frozenset({"__init__", "wiring", "cli"})
PURE = (
    "eligibility/engine.py",
    "reviews/scoring.py",
    "openings/publication.py",
    "openings/fairness.py",
    "openings/publication_asked.py",
    "applications/applicant_list.py",
    "applications/matching.py",
    "correspondence/conversation.py",
    "correspondence/needs.py",
    "correspondence/workflow.py",
    "reviews/blind.py",
    "reviews/masking.py",
    "selection/lines.py",
    "mypage/status.py",
    "mypage/own_data_paper.py",
)


def python_files(folder: Path = APP) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def room(path: Path) -> str:
    return path.relative_to(APP).parts[0].removesuffix(".py")


def app_rooms(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("app.") and len(name.split(".")) > 1}


def allowed(path: Path, other: str) -> bool:
    """Say whether a file may import from another room."""
    own = room(path)
    if own in WIRING or other in {own, "core", "jp", "extensions"}:
        return own not in {"core", "jp"} or other in {own, "core", "jp"} or _is_core_bridge(path, other)
    if own in {"core", "jp"}:
        return False
    if own in LEAVES:
        return _is_staff_page(path) or (own, other) == ("outbox", "audit")  # sending again is a recorded change
    if other in LEAVES:
        return True
    return other in ORDER and own in ORDER and ORDER.index(other) < ORDER.index(own)


def _is_core_bridge(path: Path, other: str) -> bool:
    return other == "extensions" and path.name in {"csrf.py", "errors_pages.py"}


def _is_staff_page(path: Path) -> bool:
    """The staff pages of the leaves show names of accounts; nothing else of theirs knows a feature."""
    return path.name in {"staff_routes.py", "queries.py"}


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(APP)))
def test_imports_go_one_way(path: Path) -> None:
    if room(path) in WIRING or path == APP / "extensions.py":
        return

    wrong = {other for other in app_rooms(path) if not allowed(path, other)}

    assert wrong == set()


@pytest.mark.parametrize(
    ("path", "other"),
    [("accounts/services.py", "openings"), ("applications/queries.py", "mypage"), ("core/model.py", "accounts")],
)
def test_a_wrong_import_is_seen(path: str, other: str) -> None:
    assert not allowed(APP / path, other)


def test_services_import_no_other_features_services() -> None:
    wrong = [
        f"{path.relative_to(APP)}: {name}"
        for path in python_files()
        if path.name.endswith("services.py")
        for name in imports(path)
        if re.fullmatch(r"app\.\w+\.(\w+_)?services", name) and name.split(".")[1] != room(path)
    ]
    assert wrong == []


def test_routes_know_no_database() -> None:
    wrong = [
        f"{path.relative_to(APP)}: {name}"
        for path in python_files()
        if path.name.endswith("routes.py")
        for name in [*imports(path), *_imported_names(path)]
        if name == "db" or name.startswith(("sqlalchemy", "flask_sqlalchemy"))
    ]
    assert wrong == []


def _imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (alias.name for alias in node.names)


def test_pure_modules_know_neither_flask_nor_the_database() -> None:
    found = [APP / name for name in PURE]
    wrong = [
        f"{path.name}: {name}"
        for path in found
        for name in imports(path)
        if name.split(".")[0] in {"flask", "sqlalchemy"} or name in {"app.extensions", "app.core.clock"}
    ]

    assert wrong == []


def test_the_clock_is_read_in_one_place() -> None:
    pattern = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    wrong = [
        str(path.relative_to(APP))
        for path in python_files()
        if pattern.search(path.read_text(encoding="utf-8")) and path != APP / "core" / "clock.py"
    ]
    assert wrong == []


def test_the_environment_is_read_in_one_place() -> None:
    pattern = re.compile(r"os\.environ|os\.getenv")
    launcher = APP / "demo" / "serve.py"  # hands the environment on to the processes that it starts
    found = [path for path in python_files() if pattern.search(path.read_text(encoding="utf-8"))]
    wrong = [str(path.relative_to(ROOT)) for path in found if path != launcher]
    assert wrong == []


def test_states_change_in_workflows_alone() -> None:
    pattern = re.compile(r"^\s+(?!self\.|row\.state = state).*\.state = ", re.M)
    wrong = [
        f"{path.relative_to(APP)}"
        for path in python_files()
        if "workflow" not in path.name and pattern.search(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_mail_leaves_from_the_outbox_alone() -> None:
    wrong = [
        str(path.relative_to(APP))
        for path in python_files()
        if room(path) != "outbox" and path != APP / "core" / "mail.py" and "flask_mail" in set(imports(path))
    ]
    assert wrong == []


def test_no_city_is_named_in_a_rule() -> None:
    """What differs between cities is data (design, Code or data?)."""
    pattern = re.compile(r"(slug|short_name|code|name)\s*==\s*[\"']")
    wrong = [
        f"{path.relative_to(APP)}: {line.strip()}"
        for path in python_files()
        for line in path.read_text(encoding="utf-8").splitlines()
        if pattern.search(line) and "organisation" in line
    ]
    assert wrong == []


def test_decision_notes_are_numbered_without_a_gap_and_dated() -> None:
    notes = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    heads = [note.read_text(encoding="utf-8").split("\n", 4) for note in notes]

    assert [note.name[:3] for note in notes] == [f"{n:03}" for n in range(1, len(notes) + 1)]
    assert [head[0][:6] for head in heads] == [f"# {note.name[:3]} " for note in notes]
    assert [note.name for note, head in zip(notes, heads, strict=True) if not re.match(r"\*\d{4}-", head[2])] == []


TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def test_templates_escape_everything_and_ask_no_database() -> None:
    pattern = re.compile(
        r"\|\s*safe\b|autoescape false|\.query\b|session\.|style=\"|<script(?![^>]*src=)(?![^>]*ld\+json)"
    )
    wrong = [
        f"{path.relative_to(ROOT)}: {line.strip()[:100]}"
        for path in TEMPLATES
        for line in path.read_text(encoding="utf-8").splitlines()
        if pattern.search(line) and path.name != "icons.html"  # its shapes are its own constants
    ]
    assert wrong == []


def test_every_template_is_used() -> None:
    sources = "\n".join(p.read_text(encoding="utf-8") for p in [*python_files(), *TEMPLATES])
    unused = []
    for path in TEMPLATES:
        name = path.relative_to(ROOT / "templates").as_posix()
        if name not in sources and path.name not in sources and path.parent.name != "errors":
            unused.append(name)
    assert unused == []
