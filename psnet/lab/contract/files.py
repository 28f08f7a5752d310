"""A Windows file system in memory: drives with folders and files, names without regard to case."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from psnet.errors import LabError

if TYPE_CHECKING:
    from collections.abc import Callable


ADMINISTRATORS: Final = "S-1-5-32-544"


class FileError(LabError):
    """The file system refuses; ``kind`` is missing, exists, notempty, folder, denied or invalid."""

    def __init__(self, kind: str, path: str) -> None:
        super().__init__(f"{kind}: {path}")
        self.kind = kind
        self.path = path


@dataclass(slots=True)
class Entry:
    """A file or a folder (``children`` is None for a file); ``data`` are a file's bytes.

    ``owner`` is a SID: what an administrator makes belongs to the group of administrators. ``dacl`` is its access control
    list in SDDL, without D:; empty when all of it is inherited.
    """

    name: str
    children: dict[str, Entry] | None = None
    data: bytes = b""
    changed: datetime = field(default_factory=lambda: datetime(2025, 1, 15, tzinfo=UTC))
    created: datetime = field(default_factory=lambda: datetime(2025, 1, 15, tzinfo=UTC))
    attributes: set[str] = field(default_factory=set)
    owner: str = ADMINISTRATORS
    dacl: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether this is a folder."""
        return self.children is not None


_FOLDERS = (
    "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\Modules",
    "C:\\Windows\\Temp",
    "C:\\Program Files\\WindowsPowerShell\\Modules",
    "C:\\ProgramData",
    "C:\\Users\\Administrator\\AppData\\Local\\Temp",
    "C:\\Users\\Administrator\\AppData\\Roaming",
    "C:\\Users\\Administrator\\Documents\\WindowsPowerShell\\Modules",
)


def parts_of(path: str) -> list[str]:
    """Return drive and names of an absolute path, with . and .. resolved."""
    found: list[str] = []
    for part in path.replace("/", "\\").split("\\"):
        if part == "..":
            if len(found) > 1:
                found.pop()
        elif part not in ("", "."):
            found.append(part)
    return found


class MemoryFiles:
    r"""The drives of one host; paths are absolute, such as ``C:\\Windows``. ``now`` stamps what changes."""

    def __init__(self, now: Callable[[], datetime] | None = None) -> None:
        self.drives: dict[str, Entry] = {"C:": Entry("C:\\", {})}
        self.in_use: set[str] = set()  # lower-case paths that are open for one process alone
        self.lock = threading.Lock()
        self.now = now or (lambda: datetime(2025, 1, 15, 12, tzinfo=UTC))
        for folder in _FOLDERS:
            self.make_folders(folder)

    def find(self, path: str) -> Entry | None:
        """Return what is at a path, or None."""
        parts = parts_of(path)
        entry = self.drives.get(parts[0].upper()) if parts else None
        for part in parts[1:]:
            if entry is None or entry.children is None:
                return None
            entry = entry.children.get(part.lower())
        return entry

    def real_path(self, path: str) -> str:
        """Return a path with the names as the file system has them."""
        parts = parts_of(path)
        entry = self.drives.get(parts[0].upper()) if parts else None
        names = [parts[0].upper()] if parts else []
        for part in parts[1:]:
            entry = (entry.children or {}).get(part.lower()) if entry else None
            names.append(entry.name if entry else part)
        return "\\".join(names) if len(names) > 1 else "".join(names) + "\\"

    def folder_of(self, path: str) -> Entry:
        """Return the folder that holds a path; raises ``FileError`` when it is missing."""
        parent = "\\".join(parts_of(path)[:-1]) + "\\"
        entry = self.find(parent)
        if entry is None or entry.children is None:
            raise FileError("missing", parent)
        return entry

    def make_folders(self, path: str) -> Entry:
        """Make a folder and those above it; what is there stays."""
        parts = parts_of(path)
        entry = self.drives.get(parts[0].upper())
        if entry is None:
            raise FileError("missing", path)
        for part in parts[1:]:
            if entry.children is None:
                raise FileError("exists", path)
            entry = entry.children.setdefault(part.lower(), Entry(part, {}, changed=self.now(), created=self.now()))
        if entry.children is None:
            raise FileError("exists", path)
        return entry

    def write(self, path: str, data: bytes) -> Entry:
        """Write a file, making it when it is new; its folder must exist."""
        folder = self.folder_of(path)
        name = parts_of(path)[-1]
        assert folder.children is not None  # noqa: S101 - folder_of returns folders
        entry = folder.children.setdefault(name.lower(), Entry(name, created=self.now()))
        if entry.is_folder:
            raise FileError("folder", path)
        if "ReadOnly" in entry.attributes:
            raise FileError("denied", path)
        entry.data = data
        entry.changed = self.now()
        return entry

    def read(self, path: str) -> bytes:
        """Return a file's bytes."""
        entry = self.find(path)
        if entry is None:
            raise FileError("missing", path)
        if entry.is_folder:
            raise FileError("folder", path)
        return entry.data

    def remove(self, path: str) -> None:
        """Remove a file or a folder with all it holds."""
        folder = self.folder_of(path)
        if folder.children is None or folder.children.pop(parts_of(path)[-1].lower(), None) is None:
            raise FileError("missing", path)

    def write_text(self, path: str, text: str) -> None:
        """Write a UTF-8 text, making folders as needed; for setting up hosts."""
        self.make_folders(path.replace("/", "\\").rsplit("\\", 1)[0])
        self.write(path, text.encode())

    def read_text(self, path: str) -> str:
        """Return a text, honouring a byte-order mark; without one it is UTF-8, else Windows-1252."""
        return decode(self.read(path))


def decode(data: bytes) -> str:
    """Return the text that bytes hold, as Windows PowerShell guesses it (and UTF-8 where it is valid)."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
