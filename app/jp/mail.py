"""Mail addresses as people in Japan have them: old phone addresses with their dots, and slips of the finger. Pure."""

import re
import unicodedata

SHAPE = "メールアドレスは name@example.jp のような形で入力してください"
DOTS = "@ より前の点（.）を確かめてください。点が続いたり、最初や @ のすぐ前にあったりします"

_MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_LONGEST = 254
# phone companies that gave out addresses with dots in a row and before the @, until 2009; people still have them
_DOTTED = (
    "docomo.ne.jp", "ezweb.ne.jp", "au.com", "softbank.ne.jp", "i.softbank.jp", "vodafone.ne.jp", "disney.ne.jp",
    "ymobile.ne.jp", "emobile.ne.jp", "willcom.com", "pdx.ne.jp",
)  # fmt: skip
_USUAL = (
    "gmail.com", "yahoo.co.jp", "icloud.com", "outlook.jp", "outlook.com", "hotmail.com", "hotmail.co.jp",
    "docomo.ne.jp", "ezweb.ne.jp", "softbank.ne.jp", "i.softbank.jp", "ymobile.ne.jp",
)  # fmt: skip
_NO_SLIPS = frozenset({"mail.com", "ymail.com", "hotmail.co.uk", *_USUAL, *_DOTTED})
_SLIPS = {"gmail.co.jp": "gmail.com", "icloud.co.jp": "icloud.com", "docomo.co.jp": "docomo.ne.jp"}
_ENDINGS = dict.fromkeys(("con", "cpm", "cim", "vom", "xom", "comm", "coom"), "com") | dict.fromkeys(
    ("jo", "jpn", "jjp", "jpp", "jp1"), "jp"
)


def mail_address(typed: str | None) -> str:
    """Read a mail address as typed in any width, without outer spaces."""
    return unicodedata.normalize("NFKC", typed or "").strip()


def mail_fault(address: str) -> str | None:
    """Say what is wrong with an address; None when mail can go there."""
    local, _, domain = address.rpartition("@")
    if len(address) > _LONGEST or not _MAIL.fullmatch(address):
        return SHAPE
    is_dotted = ".." in local or local.endswith(".")
    if local.startswith(".") or (is_dotted and not _is_of(domain.lower(), _DOTTED)):
        return DOTS
    return None


def mail_hint(address: str) -> str | None:
    """Name the domain that was probably meant: gmail.com for gmial.com; None when nothing looks wrong.

    None too for what is no address: a mended domain would not make it one.
    """
    if mail_fault(address):
        return None
    domain = address.rpartition("@")[2].lower()
    if not domain or domain in _NO_SLIPS:
        return None
    name, _, ending = domain.rpartition(".")
    mended = f"{name}.{_ENDINGS.get(ending, ending)}"
    meant = _SLIPS.get(mended) or next((usual for usual in _USUAL if _is_one_slip(mended, usual)), mended)
    return meant if meant != domain else None


def _is_of(domain: str, owners: tuple[str, ...]) -> bool:
    return any(domain == owner or domain.endswith(f".{owner}") for owner in owners)


def _is_one_slip(typed: str, meant: str) -> bool:
    """Say whether one letter is missing, too many, another one, or two stand the wrong way round."""
    start = next((i for i, pair in enumerate(zip(typed, meant, strict=False)) if len(set(pair)) > 1), None)
    start = min(len(typed), len(meant)) if start is None else start
    was, is_ = typed[start:], meant[start:]
    turned = is_[1::-1] + is_[2:]
    return was[1:] == is_[1:] or was[1:] == is_ or was == is_[1:] or was == turned
