"""Modules that a lab's hosts have from the start: psnet's own, or folders of the user."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from psnet._internal.bundle import dsc_module_folder
from psnet.errors import LabError
from psnet.lab.contract.files import decode
from psnet.lab.lcm.modules import ROOTS
from psnet.mof.schema import manifest_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.host.model import Host

OWN: Final = "PSNetDsc"


def preinstall(host: Host, modules: Iterable[str], base: Path | None = None) -> None:
    """Put modules into a host's Program Files: ``PSNetDsc``, or the path of a module's folder (relative to ``base``).

    Raises LabError for a folder without ``<Name>.psd1`` that names its version.
    """
    for module in modules:
        folder = dsc_module_folder() if module == OWN else (base or Path()) / module
        manifest = folder / f"{folder.resolve().name}.psd1"
        version = manifest_version(decode(manifest.read_bytes())) if manifest.is_file() else None
        if version is None:
            raise LabError(
                f"{folder} is no folder of a PowerShell module", remedy=f"name {OWN}, or a folder with {manifest.name}"
            )
        root = f"{ROOTS[0]}\\{manifest.stem}\\{version}"
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            target = "\\".join((root, *file.relative_to(folder).parts))
            host.files.make_folders(target.rsplit("\\", 1)[0])
            host.files.write(target, file.read_bytes())
