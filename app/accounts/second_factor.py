"""Codes of an authenticator app (RFC 6238) and recovery codes; no database here (reliability B3)."""

import hashlib
import hmac
import secrets
import unicodedata
import uuid
from datetime import datetime

import pyotp
import segno
from markupsafe import Markup

from app.jp.text import without_separators

STEP_SECONDS = 30
DRIFT = (0, -1, 1)  # steps: clocks of telephones are off by some seconds
ISSUER = "Koubo"
RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without look-alikes; 10 characters are 49 bits
_HALF = 5


def new_secret() -> str:
    """Make a secret of 160 bits in base 32."""
    return pyotp.random_base32()


def code_at(secret: str, at: datetime) -> str:
    """The code that an app shows at this instant; for the demo's page of codes and the tests."""
    return pyotp.TOTP(secret).generate_otp(_step(at))


def matching_step(secret: str, code: str, *, at: datetime, after: int | None = None) -> int | None:
    """Find the time step whose code this is: at most one from now, and later than `after`; None if there is none."""
    app = pyotp.TOTP(secret)
    for drift in DRIFT:
        step = _step(at) + drift
        if hmac.compare_digest(app.generate_otp(step).encode(), code.encode()) and (after is None or step > after):
            return step
    return None


def _step(at: datetime) -> int:
    return int(at.timestamp()) // STEP_SECONDS


def typed_code(text: str | None) -> str:
    """Read a code as people type it: any width and case, spaces and hyphens."""
    return without_separators(unicodedata.normalize("NFKC", text or "")).lower()


def is_app_code(code: str) -> bool:
    """Say whether this has the form of an app's code rather than of a recovery code."""
    return len(code) == 6 and code.isdecimal()


def grouped(secret: str) -> list[str]:
    """Split a secret into groups of four, to be typed into an app."""
    return [secret[start : start + 4] for start in range(0, len(secret), 4)]


def app_url(secret: str, *, account: str) -> str:
    """The address that enrols a secret in an app."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def qr_code(address: str) -> Markup:
    """Draw an enrolment address as SVG without inline style."""
    drawn = segno.make(address, error="m").svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None)
    named = drawn.replace("<svg ", '<svg role="img" aria-label="認証アプリで読み取る二次元コード" ', 1)
    return Markup(named)  # noqa: S704  # paths that segno drew: nothing of what was typed stands in it


def new_recovery_codes() -> list[str]:
    """Make ten different codes in the form that people see."""
    codes: set[str] = set()
    while len(codes) < RECOVERY_CODES:
        raw = "".join(secrets.choice(_ALPHABET) for _ in range(2 * _HALF))
        codes.add(f"{raw[:_HALF]}-{raw[_HALF:]}")
    return sorted(codes)


def recovery_hash(code: str, *, user_id: uuid.UUID) -> str:
    """What the database keeps of a recovery code: scrypt with the account as its salt, so that one look-up finds it."""
    return hashlib.scrypt(typed_code(code).encode(), salt=user_id.bytes, n=2**12, r=8, p=1, dklen=32).hex()
