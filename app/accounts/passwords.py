"""What a password may be, and its Argon2id hash (reliability B1, B2)."""

import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.core.errors import DomainError

SHORTEST = 12
LONGEST = 128
MIN_DIFFERENT = 5  # characters; fewer is a pattern like 121212121212
MIN_OWN = 4  # characters that must be left once everything guessable is taken out
AT_ONCE = 2  # hashes computed at a time: each takes 64 MiB and a core for a tenth of a second
IN_LINE = 4  # requests that hash or wait for it; more are turned away, so that they never hold up the readers

GUESSABLE = tuple(Path(__file__).with_name("guessable_words.txt").read_text(encoding="utf-8").split())
_RUNS = ("0123456789" * 3, "9876543210" * 3, "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba")


class WeakPassword(DomainError):
    """A password that is too short, too long or easily guessed; shown beside the field."""

    status = 422


class TooBusy(DomainError):
    """More people sign in at this moment than hashes may be computed."""

    status = 503

    def __init__(self) -> None:
        super().__init__("ログインが混み合っています。少し待ってから、もう一度お試しください。")


def require_good(password: str, *, context: Iterable[str] = ()) -> None:
    """Refuse a password that others would guess; `context` are words around the person (city, name, mail).

    Any characters count, nothing has to be mixed.

    Raises: WeakPassword.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(f"パスワードは{SHORTEST}文字以上にしてください")
    if len(password) > LONGEST:
        raise WeakPassword(f"パスワードは{LONGEST}文字以内にしてください")
    if _is_guessable(password, context):
        raise WeakPassword("推測されやすいパスワードです。自治体名・氏名・よく使われる語のほかに、文字を加えてください")


def _is_guessable(password: str, context: Iterable[str]) -> bool:
    plain = _plain(password)
    if len(set(plain)) < MIN_DIFFERENT or any(plain in run for run in _RUNS):
        return True
    words = sorted({_plain(word) for word in (*GUESSABLE, *context)} - {""}, key=len, reverse=True)
    for word in words:
        plain = plain.replace(word, " ")
    own = [character for character in plain if character.isalpha()]
    return len(own) < MIN_OWN and len(set(plain) - {" "}) < 2 * MIN_OWN


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


_HASHER = PasswordHasher()
_line, _slots = threading.BoundedSemaphore(IN_LINE), threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def _turn() -> Iterator[None]:
    if not _line.acquire(blocking=False):
        raise TooBusy
    try:
        with _slots:
            yield
    finally:
        _line.release()


def hash_password(password: str) -> str:
    """Hash with Argon2id; outside of any transaction, as it takes a tenth of a second.

    Raises: WeakPassword for a length out of bounds, before hashing; TooBusy.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(f"パスワードは{SHORTEST}文字以上{LONGEST}文字以内にしてください")
    with _turn():
        return _HASHER.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Say whether this is the password; without a stored hash the same work is done for nothing (B8).

    Raises: TooBusy.
    """
    if len(password) > LONGEST:
        return False
    dummy = _dummy()
    with _turn():
        try:
            return _HASHER.verify(dummy if stored is None else stored, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def needs_rehash(stored: str) -> bool:
    """Say whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _dummy() -> str:
    return _HASHER.hash("nobody has this password")
