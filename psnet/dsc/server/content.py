"""The index of the MOF documents and module packages in the server's folder.

``<folder>/configurations/<Name>.mof`` and ``<folder>/modules/<Name>_<Version>.zip``, each with or without its
``.checksum``. Requests are looked up in the index by name; no path is made from what a request says.
"""

from __future__ import annotations

import hashlib
import logging
import re
import stat
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from psnet._internal.output import make_folder
from psnet.dsc.server.paths import NAME, VERSION, is_name
from psnet.errors import InputError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

log = logging.getLogger("psnet.dsc.server")
_PACKAGE = re.compile(rf"(?P<name>{NAME})_(?P<version>{VERSION})\.zip", re.ASCII)
_DOCUMENT: Final = ".mof"
_META: Final = ".meta.mof"


@dataclass(frozen=True, slots=True)
class Item:
    """A file that nodes may get; ``checksum`` is its SHA-256 in upper-case hexadecimal digits."""

    path: Path = field(repr=False)
    size: int
    changed: int
    checksum: str

    def read(self) -> bytes | None:
        """Return the bytes, or None when the file is no longer what the index says."""
        try:
            data = self.path.read_bytes()
        except OSError:
            return None
        return data if checksum(data) == self.checksum else None


def checksum(data: bytes) -> str:
    """Return what a .checksum file holds."""
    return hashlib.sha256(data).hexdigest().upper()


class Content:
    """The index of a folder; it is brought up to date before each look-up. Safe to use from any thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: tuple[str, ...] = ()
        self._items: dict[tuple[str, str], Item] = {}
        self._lock = threading.Lock()
        try:
            for name in ("configurations", "modules"):
                make_folder(folder / name)
        except OSError as error:
            raise InputError(f"{folder} cannot be made: {error.strerror}", remedy="choose another --folder") from None

    def configuration(self, name: str) -> Item | None:
        """Return a configuration's document, by its name in any letter case."""
        return self._fresh().get(("", name.lower()))

    def module(self, name: str, version: str) -> Item | None:
        """Return a module's package, by name in any letter case and by version."""
        return self._fresh().get((version, name.lower()))

    def names(self) -> list[str]:
        """Return the names of all configurations, sorted."""
        return sorted(name for version, name in self._fresh() if not version)

    def _fresh(self) -> dict[tuple[str, str], Item]:
        with self._lock:
            problems: list[str] = []
            items: dict[tuple[str, str], Item] = {}
            for key, path, status in self._files(problems):
                known = self._items.get(key)
                same = known is not None and (known.path, known.size, known.changed) == (
                    path,
                    status.st_size,
                    status.st_mtime_ns,
                )
                item = known if same else _read(path, status)
                if item is None:
                    continue
                stated = _stated(path)
                if stated is not None and stated != item.checksum:
                    problems.append(f"{path.name} is not what its .checksum says: it is not offered")
                elif key in items:
                    problems.append(f"{path.name} and {items[key].path.name} differ in letter case only")
                else:
                    items[key] = item
            for problem in problems:
                if problem not in self.problems:
                    log.error("%s", problem)
            self._items, self.problems = items, tuple(problems)
            return items

    def _files(self, problems: list[str]) -> Iterator[tuple[tuple[str, str], Path, os.stat_result]]:
        for path in sorted((self.folder / "configurations").glob("*.mof")):
            name = path.name.removesuffix(_DOCUMENT)
            if path.name.endswith(_META):
                continue
            if is_name(name) and (status := _plain(path)) is not None:
                yield ("", name.lower()), path, status
            else:
                problems.append(f"{path.name} is no plain file, or its name is no configuration's: it is not offered")
        for path in sorted((self.folder / "modules").glob("*.zip")):
            found = _PACKAGE.fullmatch(path.name)
            if found is not None and (status := _plain(path)) is not None:
                yield (found["version"], found["name"].lower()), path, status
            else:
                problems.append(f"{path.name} is not <Module>_<Version>.zip: it is not offered")


def _plain(path: Path) -> os.stat_result | None:
    """Return the status of a plain file; links lead out of the folder and are not followed."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _read(path: Path, status: os.stat_result) -> Item | None:
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest().upper()
    except OSError as error:
        log.warning("%s cannot be read: %s", path.name, error.strerror)
        return None
    return Item(path, status.st_size, status.st_mtime_ns, digest)


def _stated(path: Path) -> str | None:
    try:
        return path.with_name(path.name + ".checksum").read_text(encoding="utf-8-sig").strip().upper()
    except (OSError, UnicodeDecodeError):
        return None
