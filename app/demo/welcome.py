"""What bin/serve says at the terminal once the demo runs."""

from pathlib import Path

from app.core.access import Role
from app.demo.people import staff
from app.demo.postings import organisations
from app.demo.staff import DEMO_PASSWORD

SHOWN = "shinagawa"  # the city whose accounts are printed; the page of codes has all


def welcome(url: str, data: Path, *, is_empty: bool) -> str:
    """Say where everything is and, unless nothing was loaded, with which accounts."""
    lines = [
        "",
        "Koubo が動いています。止めるには Ctrl+C を押してください。",
        "",
        f"  公開の画面        {url}/",
        f"  マイページ        {url}/my/",
        f"  職員サインイン    {url}/staff/sign-in",
        f"  届いたメール      {url}/demo/mail",
        f"  職員の確認コード  {url}/demo/codes",
        f"  データの置き場所  {data}",
    ]
    return "\n".join(lines if is_empty else [*lines, *_accounts()]) + "\n"


def without_pdf(missing: str) -> str:
    """Say in one line that no PDF is made here and what mends it; nothing where all is there."""
    return f"\n  PDFは作れません（印刷用の画面は使えます）: {missing}\n" if missing else ""


def _accounts() -> list[str]:
    names = {one.slug: one.name for one in organisations()}
    accounts = [
        f"    {names[one.organisation]} {Role(one.role).label}　{one.mail}"
        for one in staff()
        if one.organisation == SHOWN
    ]
    return [
        "",
        f"  職員のアカウント（パスワードはどれも {DEMO_PASSWORD}、ほかの自治体は確認コードの画面に）",
        *accounts,
    ]
