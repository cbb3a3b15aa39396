"""Bytes are whole, private and unreachable by name (S2, U8)."""

import hashlib
import io
import os
import stat
import time

import pytest

from app.core import storage
from app.core.storage import FileTooLarge, MissingBytes


def files(app):
    folder = app.extensions["koubo.settings"].files_dir
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_was_kept_is_read_back(sqlite_app):
    kept = storage.keep(io.BytesIO(b"words" * 1000), limit=5000)

    with storage.open_file(kept.key) as file:
        assert file.read() == b"words" * 1000
    assert kept.size == 5000
    assert kept.sha256 == hashlib.sha256(b"words" * 1000).hexdigest()


def test_a_file_is_readable_by_its_owner_alone_under_a_name_that_says_nothing(sqlite_app):
    kept = storage.keep(io.BytesIO(b"x"), limit=10)

    [path] = files(sqlite_app)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.name == kept.key
    assert len(kept.key) == 64


def test_too_many_bytes_leave_no_file_behind(sqlite_app):
    with pytest.raises(FileTooLarge):
        storage.keep(io.BytesIO(b"x" * 11), limit=10)

    assert files(sqlite_app) == []


def test_a_stream_that_breaks_leaves_no_file_behind(sqlite_app):
    class Broken(io.BytesIO):
        def read(self, *_args):
            raise OSError("the line was cut")

    with pytest.raises(OSError, match="the line was cut"):
        storage.keep(Broken(), limit=10)

    assert files(sqlite_app) == []


@pytest.mark.parametrize("key", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "/etc/passwd", "a" * 62 + "/x"])
def test_only_a_key_of_ours_leads_to_a_file(sqlite_app, key):
    with pytest.raises(MissingBytes):
        storage.open_file(key)
    assert not storage.has_size(key, 0)


def test_a_symbolic_link_is_not_followed(sqlite_app, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    folder = sqlite_app.extensions["koubo.settings"].files_dir / "aa"
    folder.mkdir()
    (folder / ("a" * 64)).symlink_to(secret)

    with pytest.raises(MissingBytes):
        storage.open_file("a" * 64)


def test_dropped_bytes_are_gone(sqlite_app):
    kept = storage.keep(io.BytesIO(b"x"), limit=10)

    storage.drop(kept.key)
    storage.drop(kept.key)

    assert files(sqlite_app) == []


def test_what_a_crash_left_half_written_is_found(sqlite_app):
    folder = sqlite_app.extensions["koubo.settings"].files_dir / "ab"
    folder.mkdir()
    old, new = folder / "old.part", folder / "new.part"
    old.write_bytes(b"")
    new.write_bytes(b"")
    os.utime(old, (time.time() - 100_000,) * 2)

    assert list(storage.stray_parts(time.time() - 50_000)) == [old]


def test_a_file_that_goes_while_the_folder_is_read_stops_nobody(sqlite_app):
    folder = sqlite_app.extensions["koubo.settings"].files_dir / "ab"
    folder.mkdir()
    for name in ("ab" + "0" * 62, "ab" + "1" * 62):
        (folder / name).write_bytes(b"x")

    found = storage.kept_files(time.time() + 60)
    first = next(found)
    for path in folder.iterdir():
        path.unlink()

    assert (first.parent, list(found)) == (folder, [])
