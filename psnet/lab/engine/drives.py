"""Paths and drives: the file system, the current folder, environment variables."""

from __future__ import annotations

from typing import Any

from psnet.lab.contract.files import parts_of

from . import net
from .pathname import is_drive_qualified


class Drives:
    """The current folder and what hangs on drives; part of ``Runspace``."""

    host: Any
    folder: str
    folders: list[str]

    def prepare_drives(self) -> None:
        """Set the current folder."""
        self.folders = []
        home = self.environment_get("USERPROFILE") or "C:\\"
        self.folder = home if self.host.files.find(home) else "C:\\"

    def environment_get(self, name: str) -> str | None:
        """Return an environment variable, names without regard to case."""
        wanted = name.lower()
        for known, value in self.host.environment.items():
            if known.lower() == wanted:
                return str(value)
        return None

    def environment_set(self, name: str, value: str | None) -> None:
        """Set an environment variable; nothing or "" removes it."""
        key = next((known for known in self.host.environment if known.lower() == name.lower()), name)
        if value is None or value == "":
            self.host.environment.pop(key, None)
        else:
            self.host.environment[key] = value

    def full_path(self, path: str) -> str:
        """Return a file system path from the root of its drive."""
        text = path.replace("/", "\\")
        if text.lower().startswith("filesystem::"):
            text = text[12:]
        if text.lower().startswith("microsoft.powershell.core\\filesystem::"):
            text = text[38:]
        if text == "~" or text.startswith("~\\"):
            text = (self.environment_get("USERPROFILE") or "C:\\") + text[1:]
        if is_drive_qualified(text):
            joined = text if text[2:3] == "\\" else f"{text[:2]}\\{text[2:]}"
        elif text.startswith("\\"):
            joined = self.folder[:2] + text
        else:
            joined = f"{self.folder}\\{text}"
        parts = parts_of(joined)
        return "\\".join(parts) if len(parts) > 1 else f"{parts[0]}\\"

    def drive_content(self, drive: str, name: str) -> Any:
        """Return ``${c:path}``: a file's lines; ``MISSING`` for drives that do not exist."""
        if len(drive) != 1 or f"{drive.upper()}:" not in self.host.files.drives:
            return net.MISSING
        raise net.unsupported(f"${{{drive}:{name}}}")
