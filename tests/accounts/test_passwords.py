"""What a password may be and how it is kept (reliability B1, B2)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher

from app.accounts import passwords
from app.accounts.passwords import TooBusy, WeakPassword, hash_password, is_right, needs_rehash, require_good

AROUND = ("品川区", "品川", "shinagawa", "見本 花子", "hanako", "hanako@shinagawa.example.jp")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "晴れの日も雨の日も歩いて通う",
        "   三つの 空白 から 始まる   ",
        "8f3k2m9q7x1z",
        "847261950382",
        "a" * 100 + "bcde fgh ijk",
        "品川区の夜景は冬がきれい",
        "🐟🐠🐡🦈🐙🦑🦐🦞🦀🐚🐳🐋",
        "x" * 60 + "yzwv" * 17,
    ],
)
def test_any_characters_make_a_password(password: str) -> None:
    require_good(password, context=AROUND)


@pytest.mark.parametrize(
    "password",
    [
        "elevenchars",
        "x" * 20,
        "121212121212",
        "123456789012",
        "abcdefghijklm",
        "password1234",
        "PASSWORD-2026!",
        "ｐａｓｓｗｏｒｄ１２３４",
        "qwertyuiop12",
        "administrator1",
        "shinagawa2026",
        "品川区採用担当2026年",
        "koubo-koubo-koubo",
        "公募採用koubo2026",
        "hanako@shinagawa.example.jp",
        "見本 花子 見本 花子 見本",
        "hanakohanako1",
        "パスワードパスワード12",
        "y" * 129,
    ],
)
def test_what_others_would_guess_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        require_good(password, context=AROUND)


def test_a_password_is_kept_as_argon2id_and_compared_exactly() -> None:
    stored = hash_password("がぎぐげご がぎぐげご 朝")

    assert stored.startswith("$argon2id$")
    assert is_right(stored, "がぎぐげご がぎぐげご 朝")
    assert not is_right(stored, "がぎぐげご がぎぐげご 朝 ")
    assert not is_right(stored, "か\u3099ぎぐげご がぎぐげご 朝")


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_nobody_has_no_password(stored: str | None) -> None:
    assert not is_right(stored, "nobody has this password")


def test_an_overlong_password_is_refused_before_hashing() -> None:
    stored, huge = hash_password("correct horse battery"), "x" * 1_000_000

    started = time.perf_counter()
    assert not is_right(stored, huge)
    with pytest.raises(WeakPassword):
        hash_password(huge)

    assert time.perf_counter() - started < 0.02


def test_a_hash_of_other_parameters_is_made_anew() -> None:
    assert needs_rehash(PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("x"))
    assert not needs_rehash(hash_password("correct horse battery"))


class SlowHasher:
    """Takes its time, and remembers how many it was asked for at once at the most."""

    def __init__(self) -> None:
        self.at_work, self.most, self.gate = 0, 0, threading.Lock()

    def hash(self, _password: str) -> str:
        with self.gate:
            self.at_work += 1
            self.most = max(self.most, self.at_work)
        time.sleep(0.05)
        with self.gate:
            self.at_work -= 1
        return "hash"


def hashed_or_busy() -> str:
    try:
        return hash_password("correct horse battery")
    except TooBusy:
        return "busy"


def test_many_at_once_are_turned_away_and_never_more_than_two_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = SlowHasher()
    monkeypatch.setattr(passwords, "_HASHER", slow)

    with ThreadPoolExecutor(30) as people:
        outcomes = list(people.map(lambda _n: hashed_or_busy(), range(30)))

    assert slow.most == passwords.AT_ONCE
    assert outcomes.count("hash") >= passwords.IN_LINE
    assert outcomes.count("busy") >= 10
    assert hash_password("correct horse battery") == "hash"
