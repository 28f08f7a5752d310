r"""The modules of a host's disk, and the DSC resources in them.

The Local Configuration Manager looks where SYSTEM looks: in Program Files and in System32. A module is
``<Name>\<Name>.psd1`` or ``<Name>\<Version>\<Name>.psd1``; a folder that is not named as its manifest's version is
ignored, as PowerShell does. Only MOF-based resources are known to the lab.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psnet.errors import InputError
from psnet.lab.contract.files import decode
from psnet.lab.lcm.refusals import refused
from psnet.mof.schema import manifest_version, schemas_from_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.contract.files import MemoryFiles
    from psnet.mof.keyword import Keyword
    from psnet.mof.schema import SchemaSet

ROOTS: Final = (
    "C:\\Program Files\\WindowsPowerShell\\Modules",
    "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\Modules",
)
ANY: Final = "0.0"


@dataclass(frozen=True, slots=True)
class HostModule:
    """A module on a host's disk."""

    name: str
    version: str
    base: str

    @property
    def manifest(self) -> str:
        """Return the manifest's path."""
        return f"{self.base}\\{self.name}.psd1"


@dataclass(frozen=True, slots=True)
class ResourceClass:
    """A resource that a module has: its class, its friendly name, its script module and its schema."""

    module: HostModule
    keyword: Keyword
    path: str
    schemas: SchemaSet
    read_only: frozenset[str]  # properties that only Get-TargetResource gives, in lower case

    @property
    def class_name(self) -> str:
        """Return the class's name."""
        return self.keyword.class_name


def parsed(version: str) -> tuple[int, ...]:
    """Return a version to compare by."""
    return tuple(int(part) for part in version.split("."))


def same_version(one: str, other: str) -> bool:
    """Return whether two versions are equal as System.Version has it (a part left out is not zero)."""
    return parsed(one) == parsed(other)


def modules_of(files: MemoryFiles) -> Iterator[HostModule]:
    """Yield the modules with a manifest, the newest version of each first."""
    for root in ROOTS:
        folder = files.find(root)
        for entry in (folder.children or {}).values() if folder else ():
            if entry.is_folder:
                yield from sorted(_versions(files, f"{root}\\{entry.name}", entry.name), key=_newest, reverse=True)


def _newest(module: HostModule) -> tuple[int, ...]:
    return parsed(module.version)


def _versions(files: MemoryFiles, path: str, name: str) -> Iterator[HostModule]:
    folder = files.find(path)
    below = [child.name for child in (folder.children or {}).values() if child.is_folder] if folder else []
    for base in (path, *(f"{path}\\{child}" for child in below)):
        entry = files.find(f"{base}\\{name}.psd1")
        if entry is None or entry.is_folder:
            continue
        version = manifest_version(decode(entry.data))
        if version is not None and (base == path or base.rsplit("\\", 1)[1] == version):
            yield HostModule(entry.name.rsplit(".", 1)[0], version, base)


def find_module(files: MemoryFiles, name: str, version: str) -> HostModule | None:
    """Return a module in exactly a version; 0.0 means the newest."""
    found = [item for item in modules_of(files) if item.name.lower() == name.lower()]
    if version == ANY:
        return max(found, key=_newest, default=None)
    return next((item for item in found if same_version(item.version, version)), None)


def resources_of(files: MemoryFiles, module: HostModule) -> Iterator[ResourceClass]:
    """Yield the resources of a module."""
    folder = files.find(f"{module.base}\\DSCResources")
    for entry in (folder.children or {}).values() if folder else ():
        found = resource_class(files, module, entry.name) if entry.is_folder else None
        if found is not None:
            yield found


def resource_class(files: MemoryFiles, module: HostModule, name: str) -> ResourceClass | None:
    """Return a resource by its class; None when its schema or its script is not there."""
    base = f"{module.base}\\DSCResources\\{name}"
    schema, script = files.find(f"{base}\\{name}.schema.mof"), files.find(f"{base}\\{name}.psm1")
    if schema is None or script is None or schema.is_folder or script.is_folder:
        return None
    try:
        schemas = schemas_from_text(decode(schema.data), module.name, module.version)
    except InputError as error:
        raise refused("InvalidSchema", f"{base}\\{name}.schema.mof: {error.problems[0].message}") from error
    keyword = next((item for item in schemas.keywords.values() if item.class_name.lower() == name.lower()), None)
    if keyword is None or "omi_baseresource" not in keyword.ancestors:
        raise refused("InvalidSchema", f"{name}.schema.mof declares no resource {name}.")
    if not any(prop.is_key for prop in keyword.properties.values()):
        raise refused("InvalidSchema", f"{name} has no key property.")
    declared = schemas.classes[name.lower()].properties
    read = frozenset(prop.name.lower() for prop in declared if "read" in prop.qualifiers)
    return ResourceClass(module, keyword, files.real_path(f"{base}\\{name}.psm1"), schemas, read)
