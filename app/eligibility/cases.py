"""Reading a file of cases: a JSON list of `{"id", "why", "rule", "history", "expect"}`, the last not needed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import NoReturn

from app.eligibility.engine import History, Rule, parse_history, parse_rule
from app.eligibility.reading import BadInput, as_object, as_text, inside, shown

REQUIRED = frozenset({"id", "rule", "history"})
OPTIONAL = frozenset({"why", "expect"})


@dataclass(frozen=True, slots=True)
class Case:
    """One rule and one history to count, named by a text unique in its file."""

    id: str
    rule: Rule
    history: History


class BadCases(ValueError):
    """A file of cases that is refused; the text is one line naming the case and the field."""


def read_cases(content: bytes) -> list[Case]:
    """Read every case of a file in UTF-8, or refuse the whole of it.

    Raises `BadCases` for the first thing wrong.
    """
    loaded = load_json(content)
    if not isinstance(loaded, list):
        raise BadCases("ケースのリスト（[…]）ではありません")
    cases: list[Case] = []
    positions: dict[str, int] = {}
    for position, raw in enumerate(loaded, start=1):
        try:
            case = parse_case(raw)
            if case.id in positions:
                raise BadInput("id", f"{positions[case.id]}件目と同じ id です")
        except BadInput as bad:
            raise BadCases(f"{_named(position, raw)}: {bad}") from None
        positions[case.id] = position
        cases.append(case)
    return cases


def parse_case(raw: object) -> Case:
    """Read one case. Raises `BadInput` with a field such as `history.engagements[1].start`."""
    given = as_object(raw, REQUIRED, OPTIONAL)
    if "why" in given and not isinstance(given["why"], str):
        raise BadInput("why", "文字列ではありません")
    if not isinstance(given.get("expect", {}), dict):
        raise BadInput("expect", "オブジェクト（{…}）ではありません")
    return Case(
        id=inside("id", as_text, given["id"]),
        rule=parse_rule(given["rule"]),
        history=parse_history(given["history"]),
    )


def load_json(content: bytes) -> object:
    """Load strict JSON in UTF-8 (a byte order mark is let through); NaN and Infinity are refused.

    A key that stands twice in an object comes back under a name that no reader knows, so that the
    refusal can name its case. Raises `BadCases`.
    """
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_refuse, object_pairs_hook=_no_key_twice)
    except UnicodeDecodeError as error:
        raise BadCases(f"UTF-8 ではありません（{error.start + 1}バイト目）") from None
    except json.JSONDecodeError as error:
        raise BadCases(f"JSON ではありません（{error.lineno}行{error.colno}文字目）") from None
    except RecursionError:
        raise BadCases("JSON の入れ子が深すぎます") from None
    except BadCases:
        raise
    except ValueError:  # a whole number of more than 4,300 digits
        raise BadCases("JSON に桁の多すぎる数があります") from None


def _no_key_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    loaded = dict(pairs)
    if len(loaded) < len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        loaded[f"{twice}（2回）"] = None
    return loaded


def _refuse(constant: str) -> NoReturn:
    raise BadCases(f"JSON ではありません（{constant} は使えません）")


def _named(position: int, raw: object) -> str:
    identifier = raw.get("id") if isinstance(raw, dict) else None
    return f"{position}件目「{shown(identifier)}」" if isinstance(identifier, str) else f"{position}件目"
