"""How pages are made: strict templates, the words for times and amounts, addresses of static files, the page frame."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, current_app, g, url_for
from flask_babel import gettext
from jinja2 import Environment, StrictUndefined, pass_context
from markupsafe import Markup

from app.core import clock
from app.core.access import Role
from app.core.date_words import ENGLISH_MONTHS
from app.core.facts import as_fact
from app.core.forms import error_list
from app.core.language import (
    counted,
    is_english,
    japanese,
    listed,
    locale,
    named,
    other_language,
    page_url,
    public_root,
    sentence,
    shown,
    without_prefix,
)
from app.core.time_left import deadline_line, lateness, remaining
from app.jp.lines import blocks, whole_dates
from app.jp.text import dialled, spaced_phone
from app.jp.wareki import age_words, wareki, wareki_year

WEEKDAYS = "月火水木金土日"
ENGLISH_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FRAME: dict[str, Any] = {
    "organisation": None,
    "staff_menu": (),
    "staff_user": None,
    "crumbs": (),
    "sign_out_url": None,
    "account_url": None,
    "switch_url": None,
    "request_id": "",
}


def _local(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a naive datetime has no place on a page")
    return at.astimezone(clock.JST)


def jst_date(day: date | datetime) -> str:
    """Write a day with its weekday: 2026年11月30日（月）, Mon 30 Nov 2026; an instant is taken in Japan time."""
    local = _local(day) if isinstance(day, datetime) else day
    if is_english():
        return f"{jst_short_date(day)} {local.year}"
    return f"{local.year}年{jst_short_date(day)}"


def jst_short_date(day: date | datetime) -> str:
    """Write a day without its year: 11月30日（月）, Mon 30 Nov."""
    local = _local(day) if isinstance(day, datetime) else day
    if is_english():
        return f"{ENGLISH_WEEKDAYS[local.weekday()]} {local.day} {ENGLISH_MONTHS[local.month - 1]}"
    return f"{local.month}月{local.day}日（{WEEKDAYS[local.weekday()]}）"


def _clock_time(at: datetime) -> str:
    local = _local(at)
    shown = (f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}").removeprefix("0")
    return f", {shown} JST" if is_english() else shown


def jst(at: datetime) -> str:
    """Write an instant in Japan time, its seconds where it has some: 2026年11月30日（月）17:15, …17:15:04."""
    return jst_date(at) + _clock_time(at)


def jst_short(at: datetime) -> str:
    """Write an instant without its year: 11月30日（月）17:15."""
    return jst_short_date(at) + _clock_time(at)


def jst_deadline(at: datetime, *, year: bool = True) -> str:
    """Write an announced instant; noon is named, so that nobody reads it as midnight: …（月）12:00（正午）."""
    local = _local(at)
    is_noon = (local.hour, local.minute, local.second) == (12, 0, 0)
    return (jst(at) if year else jst_short(at)) + (str(gettext("（正午）")) if is_noon else "")


def jst_seconds(at: datetime) -> str:
    """Write an instant to the second with the Japanese year: 2026年11月30日（令和8年）16:58:07."""
    local = _local(at)
    if is_english():
        return f"{jst_date(at)}, {jst_clock(at)} JST"
    return f"{local.year}年{local.month}月{local.day}日（{wareki_year(local.date())}）{jst_clock(at)}"


class DayParts(NamedTuple):
    """A day of Japan in three parts for narrow places."""

    day: int
    month: str
    weekday: str


def day_parts(at: datetime) -> DayParts:
    """Split an instant's day: 30, 11月, 月; 30, Nov, Mon."""
    local = _local(at)
    if is_english():
        return DayParts(local.day, ENGLISH_MONTHS[local.month - 1], ENGLISH_WEEKDAYS[local.weekday()])
    return DayParts(local.day, f"{local.month}月", WEEKDAYS[local.weekday()])


def jst_clock(at: datetime) -> str:
    """Write the time of day to the second: 16:58:07."""
    return f"{_local(at):%H:%M:%S}".removeprefix("0")


def jst_log(at: datetime) -> str:
    """Write an instant for dense tables of staff: 2026/11/30 16:58:07."""
    return f"{_local(at):%Y/%m/%d %H:%M:%S}"


def jst_millis(at: datetime) -> str:
    """Write an instant to the millisecond, rounded up: what is late never reads as the deadline."""
    up = _local(at) + timedelta(microseconds=-at.microsecond % 1000)
    return f"{up:%Y/%m/%d %H:%M:%S}.{up.microsecond // 1000:03d}"


def iso(at: date | datetime) -> str:
    """Write a day or instant for `<time datetime>`, instants in Japan time."""
    return _local(at).isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


def yen(amount: int) -> str:
    """Write an amount of money: 530,000円."""
    return f"{amount:,}円"


def filesize(byte_count: int) -> str:
    """Write the size of a file, 1 KB being 1,024 bytes: 412KB, 12.4MB."""
    if byte_count < 1024:
        return f"{byte_count}バイト"
    if byte_count < 1024 * 1024:
        return f"{round(byte_count / 1024)}KB"
    return f"{byte_count / 1024 / 1024:.1f}".removesuffix(".0") + "MB"


def page_title(heading: Markup, context: Markup, *, has_errors: bool) -> str:
    """Compose `<title>`: エラー：基本情報｜品川区 — Koubo."""
    words = " ".join(heading.striptags().split())
    place = " ".join(context.striptags().split())
    mark = sentence("エラー：") if has_errors else ""
    return f"{mark}{words}{'｜' + place if place else ''} — Koubo"


def hue(organisation: Any, default: str = "hue-blue") -> str:
    """Name the class of a city's colour; `default` for a page without a city."""
    return f"hue-{organisation.hue.removeprefix('hue-')}" if organisation else default


def contact(organisation: Any) -> dict[str, str] | None:
    """Give department, phone and hours of who answers for a city, or None when no department is set."""
    given = getattr(organisation, "contact", None)
    fields = ("department", "phone", "hours")
    found = {name: getattr(given, name, "") or getattr(organisation, f"contact_{name}", "") for name in fields}
    return found if found["department"] else None


def _asset_urls() -> Callable[[str], str]:
    versions: dict[str, str] = {}

    def asset(path: str) -> str:
        """Give the address of a static file with the first 8 digits of its SHA-256, read once per process."""
        if path not in versions:
            content = (Path(str(current_app.static_folder)) / path).read_bytes()
            versions[path] = hashlib.sha256(content).hexdigest()[:8]
        return without_prefix(url_for("static", filename=path, v=versions[path]))  # one copy for both languages

    return asset


def page_frame() -> dict[str, Any]:
    """Give the layouts their values; a feature sets `g.organisation`, `g.staff_menu` … or passes them to the page."""
    frame = {name: g.get(name, default) for name, default in FRAME.items()}
    frame["roles_label"] = "・".join(role.label for role in Role if role in g.seat.roles()) if g.get("seat") else ""
    languages = {"page_lang": locale(), "other_language": other_language()}
    return frame | {"demo": bool(current_app.config.get("DEMO"))} | languages


FILTERS = (
    *(
        jst,
        jst_short,
        jst_deadline,
        deadline_line,
        jst_millis,
        lateness,
        jst_seconds,
        jst_clock,
        day_parts,
        jst_log,
        jst_date,
        jst_short_date,
        iso,
        wareki,
        wareki_year,
        remaining,
    ),
    *(
        yen,
        filesize,
        hue,
        contact,
        error_list,
        as_fact,
        shown,
        japanese,
        listed,
        named,
        age_words,
        dialled,
        spaced_phone,
        blocks,
        whole_dates,
    ),
)


def _make_globals(env: Environment) -> Callable[[Any], Any]:
    """Let templates share the globals themselves: each import compares them, and a chain of mappings is slow at it."""
    chained = env.make_globals
    return lambda own: chained(own) if own else env.globals


def _each_time(function: Callable[..., Any]) -> Callable[..., Any]:
    """Keep Jinja from filtering a constant once, when a template is compiled: what comes out depends on the page."""

    @pass_context
    @wraps(function)
    def filtered(_context: Any, *values: Any, **options: Any) -> Any:
        return function(*values, **options)

    return filtered


def init_app(app: Flask, *, now: Callable[[], datetime] = lambda: clock.now()) -> None:
    """Make templates strict and give them our filters and globals. Reads `app.config["DEMO"]` at each page."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    for function in FILTERS:
        env.filters[function.__name__] = _each_time(function)
    env.make_globals = _make_globals(env)  # type: ignore[assignment, method-assign]
    env.globals.update(asset=_asset_urls(), now=now, page_title=page_title)
    env.globals.update(url_for=page_url, public_root=public_root, is_english=is_english, counted=counted)
    app.context_processor(page_frame)
