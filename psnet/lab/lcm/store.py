r"""The Local Configuration Manager's files in ``C:\Windows\System32\Configuration``.

From WMF 5.0 on Windows encrypts them; here they are packed, so that no script can read a document from there.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.lcm.refusals import failed

if TYPE_CHECKING:
    from psnet.lab.contract.files import MemoryFiles

FOLDER: Final = "C:\\Windows\\System32\\Configuration"
CURRENT, PENDING, PREVIOUS, BACKUP = "Current.mof", "Pending.mof", "Previous.mof", "backup.mof"
META: Final = "MetaConfig.mof"
META_BACKUP: Final = "MetaConfig.backup.mof"
_MARK: Final = b"\x00psnet lab\x00"
_STATUS: Final = "ConfigurationStatus"


class Files:
    """Reads and writes the files of the Local Configuration Manager."""

    def __init__(self, files: MemoryFiles) -> None:
        self.files = files

    def read(self, name: str) -> bytes | None:
        """Return what a file holds, None when it is not there."""
        entry = self.files.find(f"{FOLDER}\\{name}")
        if entry is None:
            return None
        if not entry.data.startswith(_MARK):
            raise failed(f"{FOLDER}\\{name} is corrupted.")
        return zlib.decompress(entry.data[len(_MARK) :])

    def write(self, name: str, data: bytes) -> None:
        """Write a file."""
        path = f"{FOLDER}\\{name}"
        self.files.make_folders(path.rsplit("\\", 1)[0])
        self.files.write(path, _MARK + zlib.compress(data))

    def remove(self, name: str) -> bool:
        """Remove a file; return whether it was there."""
        there = self.files.find(f"{FOLDER}\\{name}") is not None
        if there:
            self.files.remove(f"{FOLDER}\\{name}")
        return there

    def promote(self) -> None:
        """Make Pending.mof the current document; what was current becomes Previous.mof."""
        pending, current = self.read(PENDING), self.read(CURRENT)
        if pending is None:
            return
        if current is not None:
            self.write(PREVIOUS, current)
        self.write(CURRENT, pending)
        self.write(BACKUP, pending)
        self.remove(PENDING)

    def write_json(self, name: str, value: Any) -> None:
        """Write a record of a run."""
        self.write(f"{_STATUS}\\{name}", json.dumps(value).encode())

    def jsons(self) -> dict[str, Any]:
        """Return the records of runs by their file names."""
        folder = self.files.find(f"{FOLDER}\\{_STATUS}")
        names = sorted(entry.name for entry in (folder.children or {}).values()) if folder else []
        return {name: json.loads(self.read(f"{_STATUS}\\{name}") or b"null") for name in names}

    def remove_json(self, name: str) -> None:
        """Forget the record of a run."""
        self.remove(f"{_STATUS}\\{name}")
