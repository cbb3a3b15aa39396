"""Words for how far away a deadline is, before it and after."""

from datetime import datetime, timedelta

from flask_babel import gettext

from app.core.language import word


def remaining(deadline: datetime, now: datetime) -> str:
    """Say how long is left, rounded down: あと7日 3時間, あと20分; 受付終了 once the instant has passed."""
    seconds = int((deadline - now).total_seconds())
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    if deadline < now:
        text = word("受付終了")
    elif days:
        text = word("あと%(d)s日 %(h)s時間") if hours else word("あと%(d)s日")
    elif hours:
        text = word("あと%(h)s時間 %(m)s分") if minutes else word("あと%(h)s時間")
    else:
        text = word("あと%(m)s分") if minutes else word("あと1分未満")
    return str(gettext(text, d=days, h=hours, m=minutes))


def deadline_line(deadline: datetime, now: datetime) -> str:
    """Give the line of the last half hour, the last five minutes and after the deadline; static/js/remaining.js says
    the same while a page stays open."""
    left = deadline - now
    if left < timedelta(0):
        return str(gettext("締切を過ぎました。これから届く応募は受け付けられません。"))
    if left <= timedelta(minutes=5):
        return str(gettext("締切まで5分を切りました。締切までに届いた応募を受け付けます。"))
    if left <= timedelta(minutes=30):
        return str(gettext("締切まで30分を切りました。早めに送信してください。"))
    return ""


def lateness(span: timedelta) -> str:
    """Say how far behind a deadline something came, rounded up to a thousandth of a second: 1時間 2分 3.004秒."""
    if span <= timedelta(0):
        return "いまの締切の前"
    thousandths = -(-span // timedelta(milliseconds=1))
    hours, rest = divmod(thousandths, 3_600_000)
    minutes, left = divmod(rest, 60_000)
    words = [f"{hours}時間"] * bool(hours) + [f"{minutes}分"] * bool(hours or minutes)
    return " ".join([*words, f"{left // 1000}.{left % 1000:03d}秒"])
