r"""Modules on the disk: which there are below $env:PSModulePath, in which versions, and which one a name means.

A module is ``<Name>\<Name>.psd1`` (or .psm1) or ``<Name>\<Version>\<Name>.psd1``; a version's folder counts only
when the manifest says that version, and the newest that fits wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.contract.files import decode
from psnet.lab.dotnet.objects import Version
from psnet.lab.engine import modules, net, pathname
from psnet.lab.engine.modules import ModuleInfo
from psnet.lab.values import DotNetError, Hashtable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet_context import CmdletContext

_EXTENSIONS: Final = (".psd1", ".psm1")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The versions that will do: exactly one, or one and all later ones."""

    required: Version | None = None
    minimum: Version | None = None

    def admits(self, version: Version) -> bool:
        """Return whether a version will do."""
        if self.required is not None:
            return parts(version) == parts(self.required)
        return self.minimum is None or parts(version) >= parts(self.minimum)

    @property
    def shown(self) -> str:
        """Return the version that messages name, "" when every one will do."""
        found = self.required or self.minimum
        return net.to_string(found) if found is not None else ""


@dataclass(frozen=True, slots=True)
class DiskModule:
    """A module on the disk and its file."""

    name: str
    version: Version
    path: str


def parts(version: Version) -> tuple[int, int, int, int]:
    """Return a version to compare by."""
    return version.major, version.minor, version.build, version.revision


def specified(value: Any) -> tuple[str, Wanted]:
    """Return what a module specification means: a name, or ``@{ ModuleName = ...; ModuleVersion = ... }``."""
    plain = net.unwrap(value)
    if not isinstance(plain, Hashtable):
        return net.to_string(value), Wanted()
    if set(map(str.lower, map(net.to_string, plain.keys()))) - {"modulename", "moduleversion", "requiredversion"}:
        raise net.unsupported("a module specification with other keys")
    versions = [
        net.convert(plain[key], "System.Version") if key in plain else None
        for key in ("RequiredVersion", "ModuleVersion")
    ]
    return net.to_string(plain.get("ModuleName")), Wanted(*versions)


def disk_modules(ctx: CmdletContext) -> Iterator[DiskModule]:
    """Yield the modules below $env:PSModulePath, folder by folder, by name, the newest version first."""
    for root in _roots(ctx):
        entry = ctx.host.files.find(root)
        for child in sorted((entry.children or {}).values(), key=lambda item: item.name.lower()) if entry else ():
            if child.is_folder:
                yield from _in_folder(ctx, pathname.join(root, child.name))


def find_module_file(ctx: CmdletContext, name: str, wanted: Wanted | None = None) -> str | None:
    """Return the file that a module's name or path means, in a version that will do."""
    runspace, files = ctx.runspace, ctx.host.files
    wanted = wanted or Wanted()
    if any(mark in name for mark in "\\/") or name.lower().endswith((".psm1", ".psd1", ".ps1")):
        candidates = [runspace.full_path(name)]
    else:
        candidates = [pathname.join(root, name) for root in _roots(ctx)]
    for path in candidates:
        entry = files.find(path)
        if entry is not None and entry.is_folder:
            found = next((item.path for item in _in_folder(ctx, path) if wanted.admits(item.version)), None)
            if found is not None:
                return found
            continue
        for file in [path] if entry is not None else [path + extension for extension in _EXTENSIONS]:
            if files.find(file) is not None and (not wanted.shown or wanted.admits(manifest_version(ctx, file))):
                return file
    return None


def _roots(ctx: CmdletContext) -> list[str]:
    path = ctx.runspace.environment_get("PSModulePath") or ""
    return [ctx.runspace.full_path(each) for each in path.split(";") if each]


def _in_folder(ctx: CmdletContext, path: str) -> list[DiskModule]:
    """Return the versions of the module in a folder, the newest first."""
    files, leaf = ctx.host.files, pathname.leaf(path)
    entry = files.find(path)
    below = [child.name for child in (entry.children or {}).values() if child.is_folder] if entry else []
    found: list[DiskModule] = []
    for folder in (path, *(pathname.join(path, name) for name in below if name[:1].isdigit())):
        for extension in _EXTENSIONS:
            file = pathname.join(folder, leaf + extension)
            held = files.find(file)
            if held is None:
                continue
            version = manifest_version(ctx, file)
            if folder == path or net.to_string(version) == pathname.leaf(folder):
                found.append(DiskModule(held.name.rsplit(".", 1)[0], version, files.real_path(file)))
            break
    return sorted(found, key=lambda item: parts(item.version), reverse=True)


def manifest_version(ctx: CmdletContext, path: str) -> Version:
    """Return the version that a manifest names; 0.0 for a module without one."""
    if not path.lower().endswith(".psd1"):
        return Version(0, 0)
    try:
        held = read_data_file(ctx, path).get("ModuleVersion")
        version = net.convert(held, "System.Version") if held is not None else None
    except DotNetError:
        version = None
    return version if isinstance(version, Version) else Version(0, 0)


def described(ctx: CmdletContext, found: DiskModule) -> ModuleInfo:
    """Return a module that is not loaded, as Get-Module -ListAvailable and Test-ModuleManifest show it."""
    module = ModuleInfo(found.name, modules.new_state(ctx.runspace), path=found.path, version=found.version)
    if found.path.lower().endswith(".psd1"):
        module.private_data = read_data_file(ctx, found.path).get("PrivateData")
    return module


def read_data_file(ctx: CmdletContext, path: str) -> Hashtable:
    """Return the hashtable of a .psd1 file."""
    runspace = ctx.runspace
    block = runspace.script_block(decode(ctx.host.files.read(path)), runspace.state, path)
    values = runspace.run_block(block, [], processor=ctx.processor)
    if len(values) != 1 or not isinstance(net.unwrap(values[0]), Hashtable):
        raise ctx.fail(
            f"The data file '{path}' holds more than one hashtable.", "CouldNotParseAsPowerShellDataFile", "InvalidData"
        )
    return net.unwrap(values[0])  # type: ignore[no-any-return]
