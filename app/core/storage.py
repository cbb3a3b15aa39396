"""Bytes under opaque random keys in a folder outside any served one: file, then row, then answer (S2, U8)."""

import contextlib
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from flask import current_app

_KEY = re.compile(r"[0-9a-f]{64}")
_CHUNK = 256 * 1024


class FileTooLarge(Exception):
    """More bytes came than the caller allows; nothing was kept. `size` is what was read before giving up."""

    def __init__(self, size: int) -> None:
        super().__init__(f"more than allowed: {size} bytes so far")
        self.size = size


class MissingBytes(Exception):
    """A key has no file, or is no key: a fault of ours, never of the person who asks."""


@dataclass(frozen=True)
class Kept:
    """What is known of bytes once they are on the disk."""

    key: str
    sha256: str
    size: int


def _folder() -> Path:
    folder: Path = current_app.extensions["koubo.settings"].files_dir
    return folder


def _path(key: str) -> Path:
    if not _KEY.fullmatch(key):
        raise MissingBytes(key)
    return _folder() / key[:2] / key


def keep(stream: IO[bytes], *, limit: int) -> Kept:
    """Write a stream under a new random key: temporary file, sync, rename, sync of the folder; mode 0600.

    Raises: FileTooLarge once more than `limit` bytes were read; no file is left behind.
    """
    key = secrets.token_hex(32)
    path = _path(key)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    try:
        sha256, size = _write(temporary, stream, limit)
        os.rename(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    _sync_folder(path.parent.parent)
    return Kept(key, sha256, size)


def _write(path: Path, stream: IO[bytes], limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise FileTooLarge(size)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_file(key: str) -> BinaryIO:
    """Open the bytes of a key for reading; a symbolic link is not followed.

    Raises: MissingBytes.
    """
    try:
        return os.fdopen(os.open(_path(key), os.O_RDONLY | os.O_NOFOLLOW), "rb")
    except OSError as error:
        raise MissingBytes(key) from error


def has_size(key: str, size: int) -> bool:
    """Say whether a key has a file of this size, without reading it."""
    with contextlib.suppress(OSError, MissingBytes):
        return _path(key).lstat().st_size == size
    return False


def drop(key: str) -> None:
    """Remove the bytes of a key; nothing happens where there are none."""
    _path(key).unlink(missing_ok=True)


def kept_files(older_than: float) -> Iterator[Path]:
    """Find the files under a key that were last written before the POSIX time `older_than`."""
    return (path for path in _folder().glob("*/*") if _KEY.fullmatch(path.name) and _is_older(path, older_than))


def _is_older(path: Path, than: float) -> bool:
    """Say whether a file is there and was last written before an instant; one that goes meanwhile is not."""
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_mtime < than
    return False


def has_room(size: int, *, spare: int) -> bool:
    """Say whether `spare` bytes stay free on the disk when so many more are kept."""
    return shutil.disk_usage(_folder()).free - size >= spare


def stray_parts(older_than: float) -> Iterator[Path]:
    """Find temporary files left by a crash and last written before the POSIX time `older_than`."""
    return (path for path in _folder().glob("*/*.part") if _is_older(path, older_than))
