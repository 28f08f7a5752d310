"""Finding ansible-core and the collection. psnet never imports it: it runs its programs."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from psnet.errors import InputError

_OLDEST: Final = (2, 19)


def program(name: str = "ansible-playbook") -> Path:
    """Return a program of ansible-core's: beside this Python, else on the path. Raises InputError."""
    if sys.platform == "win32":
        raise InputError(
            f"{name} does not run on Windows", remedy="use psnet apply, psnet run, or psnet play in a Linux (WSL)"
        )
    beside = Path(sys.executable).with_name(name)
    if beside.is_file():
        _check_version()
        return beside
    found = shutil.which(name)
    if found is None:
        raise InputError(f"{name} is not installed", remedy="run: pip install 'psnet[ansible]'")
    return Path(found)


def _check_version() -> None:
    try:
        installed = version("ansible-core")
    except PackageNotFoundError:
        return
    if tuple(int(part) for part in installed.split(".")[:2] if part.isdigit()) < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise InputError(
            f"ansible-core {installed} is too old: the collection needs {oldest}",
            remedy="run: pip install --upgrade 'psnet[ansible]'",
        )


def python_of(program: Path) -> str:
    """Return the Python that a program of ansible-core's runs with: that of its first line."""
    with program.open("rb") as file:
        first = file.readline(512).decode("utf-8", "replace").strip()
    words = first.removeprefix("#!").split()
    if not first.startswith("#!") or not words or not Path(words[0]).is_absolute() or Path(words[0]).name == "env":
        return sys.executable
    return words[0]
