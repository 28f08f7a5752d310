"""Instances -> a machine configuration package: a zip with the MOF, its metaconfig and the module.

The layout is what New-GuestConfigurationPackage of Azure/GuestConfiguration writes: ``<Name>.mof``,
``<Name>.metaconfig.json`` with Type and Version, and ``Modules/<Module>/``. The same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Final

from psnet.dsc.compile.mof import mof_document
from psnet.dsc.compile.options import SiteDocument
from psnet.dsc.resources import MODULE, module_files, module_version
from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.dsc.compile.options import SiteOptions
    from psnet.dsc.resources import DscInstance
    from psnet.inventories import InventoryHost

_NODE: Final = "localhost"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold
_FILE_MODE: Final = 0o100644 << 16


def package_document(
    name: str, instances: Sequence[DscInstance], host: InventoryHost, options: SiteOptions
) -> tuple[SiteDocument | None, tuple[str, ...]]:
    """Return ``<host>.zip`` and warnings; None when there is nothing to configure.

    Raises InputError for credentials: a package is no place for secrets (Microsoft's own advice).
    """
    if options.run_as is not None:
        raise InputError(
            "a machine configuration package holds no credentials",
            remedy="leave --run-as out, or compile with --format mof",
        )
    made, warnings = mof_document(name, instances, host, options, node=_NODE)
    if made is None:
        return None, warnings
    modules = {f"Modules/{MODULE}/{path}": data for path, data in module_files().items()}
    metaconfig = {"Type": "AuditAndSet", "Version": content_version({"mof": made.data, **modules})}
    files = {
        f"{host.name}.mof": made.data,
        f"{host.name}.metaconfig.json": (json.dumps(metaconfig, indent=2) + "\n").encode("ascii"),
        **modules,
    }
    data = zip_bytes(files)
    return SiteDocument(host.name, f"{host.name}.zip", data, len(instances), has_checksum=False), warnings


def content_version(files: dict[str, bytes]) -> str:
    """Return major and minor of the module's version, and a number that is another one for other contents.

    Machine configuration takes a package anew when its version is another one; the number says so, not which is newer.
    """
    digest = hashlib.sha256()
    for path, data in files.items():
        digest.update(f"{path}\0{len(data)}\0".encode() + data)
    major, minor, *_ = module_version().split(".")
    return f"{major}.{minor}.{int.from_bytes(digest.digest()[:4], 'big') >> 1}"


def zip_bytes(files: dict[str, bytes]) -> bytes:
    """Return a zip of files by their path, with no time of its own."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _FILE_MODE
            entry.create_system = 3  # Unix, wherever it is made
            archive.writestr(entry, data)
    return stream.getvalue()
