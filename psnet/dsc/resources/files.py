"""The module PSNetDsc on disk: where it stands, its version."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from psnet._internal.bundle import dsc_module_folder
from psnet.dsc.resources.catalogue import MODULE
from psnet.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_VERSION = re.compile(r"^\s*ModuleVersion\s*=\s*'([0-9.]+)'", re.MULTILINE)


def module_folder() -> Path:
    """Return the folder of PSNetDsc: inside an installed package, or beside it in a checkout."""
    return dsc_module_folder()


@cache
def module_version(folder: Path | None = None) -> str:
    """Return the ModuleVersion of the manifest."""
    manifest = (folder or module_folder()) / f"{MODULE}.psd1"
    found = _VERSION.search(manifest.read_text(encoding="utf-8-sig"))
    if found is None:
        raise InputError(f"{manifest} has no ModuleVersion", remedy="install psnet again")
    return found[1]


def module_files() -> dict[str, bytes]:
    """Return the module's files by their path in it, with slashes, in order."""
    folder = module_folder()
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
