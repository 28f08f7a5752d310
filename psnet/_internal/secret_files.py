"""Files that hold a secret: read only when nobody else could have read or replaced them."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from psnet.errors import InventoryError

if TYPE_CHECKING:
    from pathlib import Path

#: Bytes of one secret; a private key is far shorter.
_LONGEST = 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
#: Seconds for which a file that nobody has touched is not read and looked at again: all hosts of a run have one.
_FRESH = 1.0


@dataclass(frozen=True, slots=True)
class _Read:
    at: float
    found: tuple[int, ...]
    secret: SecretStr


_READ: dict[tuple[str, str], _Read] = {}


def read_secret_file(path: Path, what: str) -> SecretStr:
    """Return the one secret that a file holds, without the line end after it.

    On POSIX the file must be its owner's alone (mode 600), the owner this user or root, and no folder or link on the
    way to it another user's to change. Raises InventoryError that says what is wrong; ``what`` names the file in it.
    """
    key = (str(path), what)
    known, now = _READ.get(key), time.monotonic()
    if known is not None and now - known.at < _FRESH and known.found == _touched(path):
        return known.secret
    found = _touched(path)
    secret = _read(path, what)
    _READ.clear()  # one is enough: what is read again and again is the same file
    if found:
        _READ[key] = _Read(now, found, secret)
    return secret


def _touched(path: Path) -> tuple[int, ...]:
    """Return what changes when a file, its owner or its mode does; nothing when it is not there."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return (
        found.st_dev,
        found.st_ino,
        found.st_size,
        found.st_mtime_ns,
        found.st_ctime_ns,
        found.st_mode,
        found.st_uid,
    )


def _read(path: Path, what: str) -> SecretStr:
    try:
        with path.open("rb") as stream:
            if os.name == "posix":
                _check_file(os.fstat(stream.fileno()), path, what)  # of what was opened, not of what is there now
                ways = dict.fromkeys((path.absolute(), path.resolve()))  # two where a link leads there
                for way in ways:
                    _check_way(way, what)
            return SecretStr(stream.read(_LONGEST).decode("utf-8").rstrip("\r\n"))
    except OSError as error:
        raise InventoryError(f"{what} {path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InventoryError(f"{what} {path} is not UTF-8 text") from None


def _check_file(found: os.stat_result, path: Path, what: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise InventoryError(f"{what} {path} is no file")
    if found.st_mode & _OTHERS:
        raise InventoryError(f"others may read {what} {path}", remedy=f"run chmod 600 {path}")
    if not _mine(found):
        raise InventoryError(f"{what} {path} belongs to somebody else", remedy=f"run chown {os.geteuid()} {path}")


def _check_way(path: Path, what: str) -> None:
    """Refuse links of other users, and folders in which others could put another file in its place."""
    for step in (path, *path.parents):
        found = step.lstat()
        if stat.S_ISLNK(found.st_mode) and not _mine(found):
            raise InventoryError(
                f"{what} {path} is reached by a link of somebody else: {step}", remedy="name it directly"
            )
        if stat.S_ISDIR(found.st_mode) and found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX:
            raise InventoryError(
                f"others may replace {what} {path}: {step} is open to all", remedy=f"run chmod o-w {step}"
            )


def _mine(found: os.stat_result) -> bool:
    return found.st_uid in (0, os.geteuid())
