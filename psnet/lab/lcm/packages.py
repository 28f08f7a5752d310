"""Module packages (``<Name>_<Version>.zip``) unpacked to a host's disk: checked first, written after."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Final

from psnet.lab.contract.files import decode
from psnet.lab.lcm.modules import ROOTS, same_version
from psnet.lab.lcm.refusals import refused
from psnet.mof.schema import manifest_version

if TYPE_CHECKING:
    from psnet.lab.contract.files import MemoryFiles

_MOST: Final = 64 * 1024 * 1024
_FORBIDDEN: Final = frozenset('<>:"|?*')


def install(files: MemoryFiles, name: str, version: str, package: bytes) -> str:
    """Unpack a package to Program Files; return its folder. Raises HostRefusal, and then nothing was written."""
    contents = _contents(name, package)
    manifest = next((data for path, data in contents.items() if path.lower() == f"{name.lower()}.psd1"), None)
    stated = manifest_version(decode(manifest)) if manifest is not None else None
    if stated is None or not same_version(stated, version):
        raise _invalid(name, f"its manifest {name}.psd1 says version {stated}, not {version}")
    base = f"{ROOTS[0]}\\{name}\\{version}"
    if files.find(base) is not None:
        files.remove(base)
    for path, data in contents.items():
        files.make_folders(f"{base}\\{path}".rsplit("\\", 1)[0])
        files.write(f"{base}\\{path}", data)
    return base


def _contents(name: str, package: bytes) -> dict[str, bytes]:
    """Return the files of a package by their Windows paths."""
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            if sum(item.file_size for item in archive.infolist()) > _MOST:
                raise _invalid(name, "it is too large")
            for item in archive.infolist():
                if item.is_dir():
                    continue
                path = item.filename.replace("/", "\\")
                parts = PureWindowsPath(path).parts
                if path.startswith("\\") or ".." in parts or any(_FORBIDDEN & set(part) for part in parts):
                    raise _invalid(name, f"it holds the path {item.filename}")
                found[path] = archive.read(item)
    # zipfile raises RuntimeError, or a kind of it, for a compression or an encryption that it does not read.
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as error:
        raise _invalid(name, f"it is no zip file: {error}") from error
    return found


def _invalid(name: str, why: str) -> Exception:
    return refused("DownloadedModuleInvalid", f"The package of the module {name} is not valid: {why}.", "InvalidResult")
