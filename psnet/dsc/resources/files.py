"""The module PSNetDsc on disk: where it stands, its version, and what of it is generated."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from psnet._internal.bundle import dsc_module_folder
from psnet.dsc.resources.catalogue import MODULE, resources
from psnet.dsc.resources.pages import example_texts, readme_text
from psnet.dsc.resources.text import schema_text, shared_text, with_parameters
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


def generated_files(folder: Path) -> dict[Path, str]:
    """Return each generated file with the text that it should have."""
    version = module_version(folder)
    made = {folder / "Modules" / f"{MODULE}.Common" / f"{MODULE}.Shared.ps1": shared_text()}
    for cls in resources().values():
        base = folder / "DSCResources" / cls.name
        made[base / f"{cls.name}.schema.mof"] = schema_text(cls, version)
        script = base / f"{cls.name}.psm1"
        made[script] = with_parameters(script.read_text(encoding="utf-8"), cls)
        made[base / "README.md"] = readme_text(cls)
        examples = folder / "Examples" / "Resources" / cls.friendly
        made |= {examples / name: text for name, text in example_texts(cls).items()}
    return made
