"""The package of PSNetDsc: deterministic, installed only on hosts whose files differ from it."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from psnet.dsc.deliver.remote import MODULES, run_template, upload
from psnet.dsc.resources import MODULE, module_files, module_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.transport import Session

_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the first that a zip knows: same files, same bytes
_MODE: Final = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class ModulePackage:
    """A module's name, version, and files by their path in it (with slashes)."""

    name: str
    version: str
    files: Mapping[str, bytes] = field(repr=False)

    @property
    def file(self) -> str:
        """The name that pull servers know: ``<Name>_<Version>.zip``."""
        return f"{self.name}_{self.version}.zip"

    @property
    def folder(self) -> str:
        """Where the version is on a host."""
        return f"{MODULES}\\{self.name}\\{self.version}"

    def manifest(self) -> dict[str, str]:
        """Return each file's SHA-256 in upper-case hexadecimal digits."""
        return {name: hashlib.sha256(data).hexdigest().upper() for name, data in sorted(self.files.items())}

    def zip(self) -> bytes:
        """Return the package, its contents at the root; the same files give the same bytes."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sorted(self.files.items()):
                entry = zipfile.ZipInfo(name, _MOMENT)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = _MODE
                archive.writestr(entry, data)
        return stream.getvalue()


def module_package() -> ModulePackage:
    """Return PSNetDsc as this psnet has it."""
    return ModulePackage(MODULE, module_version(), module_files())


def ship_module(session: Session, host: str, package: ModulePackage) -> tuple[bool, dict[str, Any]]:
    """Bring the module to a host that has another or none; return whether that was needed, and the LCM's settings.

    It is packed out beside its place and moved there: another version stays, and when this one was there with other
    contents it is replaced, or kept when that fails.
    """
    said = run_template(
        session, host, "looking at the module", "module", folder=package.folder, files=package.manifest()
    )
    if said["same"]:
        return False, said["lcm"]
    work = upload(session, host, "installing the module", {package.file: package.zip()})
    run_template(
        session,
        host,
        "installing the module",
        "install",
        work=work,
        package=f"{work}\\{package.file}",
        staging=f"{work}\\new",
        old=f"{work}\\old",
        folder=package.folder,
    )
    return True, said["lcm"]
