"""How pages are made: strict templates, the words for times and amounts, addresses of static files, the page frame."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup

from app.core import clock
from app.core.access import Role
from app.core.facts import as_fact
from app.core.forms import error_list
from app.jp.wareki import wareki, wareki_year

WEEKDAYS = "月火水木金土日"
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
    """Write a day with its weekday: 2026年11月30日（月）; an instant is taken in Japan time."""
    local = _local(day) if isinstance(day, datetime) else day
    return f"{local.year}年{local.month}月{local.day}日（{WEEKDAYS[local.weekday()]}）"


def jst_short_date(day: date | datetime) -> str:
    """Write a day without its year: 11月30日（月）."""
    return jst_date(day).partition("年")[2]


def jst(at: datetime) -> str:
    """Write an instant in Japan time, its seconds where it has some: 2026年11月30日（月）17:15, …17:15:04."""
    local = _local(at)
    clock_time = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{jst_date(at)}{clock_time.removeprefix('0')}"


def jst_short(at: datetime) -> str:
    """Write an instant without its year: 11月30日（月）17:15."""
    return jst(at).partition("年")[2]


def jst_deadline(at: datetime) -> str:
    """Write an announced instant; noon is named, so that nobody reads it as midnight: …（月）12:00（正午）."""
    local = _local(at)
    return jst(at) + ("（正午）" if (local.hour, local.minute, local.second) == (12, 0, 0) else "")


def deadline_line(deadline: datetime, now: datetime) -> str:
    """Give the line of the last half hour, the last five minutes and after the deadline; static/js/remaining.js says
    the same while a page stays open."""
    left = deadline - now
    if left < timedelta(0):
        return "締切を過ぎました。これから届く応募は受け付けられません。"
    if left <= timedelta(minutes=5):
        return "締切まで5分を切りました。締切までに届いた応募を受け付けます。"
    if left <= timedelta(minutes=30):
        return "締切まで30分を切りました。早めに送信してください。"
    return ""


def jst_seconds(at: datetime) -> str:
    """Write an instant to the second with the Japanese year: 2026年11月30日（令和8年）16:58:07."""
    local = _local(at)
    clock_time = f"{local:%H:%M:%S}".removeprefix("0")
    return f"{local.year}年{local.month}月{local.day}日（{wareki_year(local.date())}）{clock_time}"


def jst_log(at: datetime) -> str:
    """Write an instant for dense tables of staff: 2026/11/30 16:58:07."""
    return f"{_local(at):%Y/%m/%d %H:%M:%S}"


def iso(at: date | datetime) -> str:
    """Write a day or instant for `<time datetime>`, instants in Japan time."""
    return _local(at).isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


def remaining(deadline: datetime, now: datetime) -> str:
    """Say how long is left, rounded down: あと7日 3時間, あと20分; 受付終了 once the instant has passed."""
    seconds = int((deadline - now).total_seconds())
    if deadline < now:
        return "受付終了"
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if days:
        return f"あと{days}日 {hours}時間" if hours else f"あと{days}日"
    if hours:
        return f"あと{hours}時間 {minutes}分" if minutes else f"あと{hours}時間"
    return f"あと{minutes}分" if minutes else "あと1分未満"


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
    return f"{'エラー：' if has_errors else ''}{words}{'｜' + place if place else ''} — Koubo"


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
        return url_for("static", filename=path, v=versions[path])

    return asset


def page_frame() -> dict[str, Any]:
    """Give the layouts their values; a feature sets `g.organisation`, `g.staff_menu` … or passes them to the page."""
    frame = {name: g.get(name, default) for name, default in FRAME.items()}
    frame["roles_label"] = "・".join(role.label for role in Role if role in g.seat.roles()) if g.get("seat") else ""
    english = has_request_context() and request.path.startswith("/en/")
    return frame | {"demo": bool(current_app.config.get("DEMO")), "page_lang": "en" if english else "ja"}


FILTERS = (
    *(
        jst,
        jst_short,
        jst_deadline,
        deadline_line,
        jst_seconds,
        jst_log,
        jst_date,
        jst_short_date,
        iso,
        wareki,
        wareki_year,
        remaining,
    ),
    *(yen, filesize, hue, contact, error_list, as_fact),
)


def init_app(app: Flask, *, now: Callable[[], datetime] = lambda: clock.now()) -> None:
    """Make templates strict and give them our filters and globals. Reads `app.config["DEMO"]` at each page."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    for function in FILTERS:
        env.filters[function.__name__] = function
    env.globals.update(asset=_asset_urls(), now=now, page_title=page_title)
    app.context_processor(page_frame)
