"""The DSC resources' schemas of a host's modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.contract.files import decode
from psnet.mof.schema import joined_schemas, manifest_version, schemas_from_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.mof import SchemaSet

_ROOTS: Final = (
    "C:\\Program Files\\WindowsPowerShell\\Modules",
    "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\Modules",
)


def schemas_of(host: Any) -> SchemaSet:
    """Return the schemas of all modules of a host."""
    found = []
    for root in _ROOTS:
        for name, version, base in _modules(host.files, root):
            folder = host.files.find(f"{base}\\DSCResources")
            for entry in (folder.children or {}).values() if folder else ():
                schema = host.files.find(f"{base}\\DSCResources\\{entry.name}\\{entry.name}.schema.mof")
                if schema is not None and not schema.is_folder:
                    found.append(schemas_from_text(decode(schema.data), name, version))
    return joined_schemas(found)


def _modules(files: Any, root: str) -> Iterator[tuple[str, str, str]]:
    """Yield (name, version, folder) of the modules below a root, of each the newest."""
    folder = files.find(root)
    for entry in (folder.children or {}).values() if folder else ():
        below = [each.name for each in (entry.children or {}).values() if each.is_folder]
        for base in (
            *(f"{root}\\{entry.name}\\{child}" for child in sorted(below, reverse=True)),
            f"{root}\\{entry.name}",
        ):
            manifest = files.find(f"{base}\\{entry.name}.psd1")
            version = manifest_version(decode(manifest.data)) if manifest is not None else None
            if version is not None:
                yield entry.name, version, base
                break
