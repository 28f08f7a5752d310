"""Names that a Windows has beside the commands of ``inbox``; what is in them is known, not described.

Sources: the module pages of Windows Server in Microsoft's documentation (``data/server-5.1.txt``: modules that the
listing engine lacked), those of PowerShell 7.4 (``data/modern-7.txt``: what only it has) and the Windows Commands
reference (``data/programs.txt``: programs in System32, without .exe).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER: Final = Path(__file__).resolve().parent / "data"


@cache
def _names(file: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in (_FOLDER / file).read_text(encoding="utf-8").splitlines():
        module, *names = line.split()
        found.update(dict.fromkeys(names, module))
    return found


def server_commands() -> Mapping[str, str]:
    """Return command -> module of the modules that every Windows Server brings beside those of ``inbox``."""
    return _names("server-5.1.txt")


def modern_commands() -> Mapping[str, str]:
    """Return command -> module of the commands that only PowerShell 7 has."""
    return _names("modern-7.txt")


@cache
def programs() -> frozenset[str]:
    """Return the programs in System32, lower case, without their extension."""
    return frozenset((_FOLDER / "programs.txt").read_text(encoding="utf-8").split())
