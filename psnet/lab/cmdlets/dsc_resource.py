"""The cmdlets of PSDesiredStateConfiguration that deal with single resources, and New-DscChecksum."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.dsc_common import CmdletClient, lcm_of, write_remote
from psnet.lab.cmdlets.objects import only
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.objects import Version
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.lcm.check import Bound
from psnet.lab.lcm.invoke_values import typed_values
from psnet.lab.lcm.model import Item
from psnet.lab.lcm.modules import find_module, modules_of, parsed, resources_of
from psnet.lab.lcm.objects import current_instance, method_result
from psnet.lab.lcm.refusals import refused
from psnet.lab.lcm.values import TYPES
from psnet.lab.values import Array, EnumValue, Hashtable, PSObject
from psnet.mof.model import Instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.lcm.modules import ResourceClass
    from psnet.mof.keyword import KeywordProperty

_INFO: Final = "Microsoft.PowerShell.DesiredStateConfiguration"
_DIRECT: Final = "DirectResourceAccess"
_EXTENSIONS: Final = (".mof", ".zip")


@cmdlet("Get-DscResource")
def get_resource(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the MOF-based resources of the modules on the disk."""
    only(p, "Name", "Module")
    names = [str(item) for item in p.list("Name") or ["*"]]
    wanted = _module_wanted(p.get("Module"))
    found: set[str] = set()
    for module in modules_of(ctx.host.files):
        if wanted is not None and (module.name.lower() != wanted[0].lower() or wanted[1] not in (None, module.version)):
            continue
        for resource in resources_of(ctx.host.files, module):
            hits = [name for name in names if like(resource.keyword.name, name)]
            found.update(hits)
            if hits:
                yield _info(resource)
    for name in names:
        if name not in found and not set("*?[") & set(name):
            ctx.write_error(f"Resource with name {name} was not found.", "Lab.ResourceNotFound", "ObjectNotFound", name)


def _module_wanted(value: Any) -> tuple[str, str | None] | None:
    """Return name and version of a module that is named by a text or a module specification."""
    plain = net.unwrap(value)
    if plain is None:
        return None
    if isinstance(plain, str):
        return plain, None
    if isinstance(plain, Hashtable) and plain.get("ModuleName"):
        version = plain.get("RequiredVersion") or plain.get("ModuleVersion")
        return net.to_string(plain["ModuleName"]), net.to_string(version) if version is not None else None
    raise UnsupportedError("a module that is neither a name nor @{ ModuleName = ...; ModuleVersion = ... }")


def _info(resource: ResourceClass) -> PSObject:
    properties = [_property(prop) for prop in resource.keyword.properties.values()]
    return PSObject.of(
        {
            "ResourceType": resource.class_name,
            "Name": resource.keyword.name,
            "FriendlyName": resource.keyword.name,
            "ModuleName": resource.module.name,
            "Version": Version(*parsed(resource.module.version)),
            "Path": resource.path,
            "ParentPath": resource.path.rsplit("\\", 1)[0],
            "ImplementedAs": EnumValue(f"{_INFO}.ImplementedAsType", "PowerShell", 1),
            "Properties": Array(properties, f"{_INFO}.DscResourcePropertyInfo"),
        },
        f"{_INFO}.DscResourceInfo",
        "System.Object",
        kind="Property",
    )


def _property(prop: KeywordProperty) -> PSObject:
    kind = prop.embedded_class if prop.type == "instance" else TYPES[prop.type].removeprefix("System.").lower()
    return PSObject.of(
        {
            "Name": prop.name,
            "PropertyType": f"[{kind}{'[]' if prop.is_array else ''}]",
            "IsMandatory": prop.is_mandatory,
            "Values": Array(list(prop.values), "System.String"),
        },
        f"{_INFO}.DscResourcePropertyInfo",
        "System.Object",
        kind="Property",
    )


@cmdlet("Invoke-DscResource")
def invoke_resource(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Run one function of a resource, beside any configuration."""
    only(p, "Name", "Method", "ModuleName", "Property")
    lcm, client, method = lcm_of(ctx), CmdletClient(ctx), str(p["Method"]).lower()
    outputs: Any = None
    try:
        bound = _direct(ctx, p)
        outputs = lcm.direct(bound, method, client=client, stop=ctx.runspace.stop)
    except HostRefusal as refusal:
        write_remote(ctx, refusal)
        return
    if method == "get":
        yield current_instance(bound, outputs)
    elif method == "test":
        yield method_result("ResourceTest", {"InDesiredState": outputs})
    else:
        yield method_result("ResourceSet", {"RebootRequired": outputs})


def _direct(ctx: CmdletContext, p: Parameters) -> Bound:
    """Return the resource that is named, with the values that are given."""
    name, wanted = str(p["Name"]), _module_wanted(p["ModuleName"])
    assert wanted is not None  # noqa: S101 - the parameter is mandatory
    files = ctx.host.files
    same = [item for item in modules_of(files) if item.name.lower() == wanted[0].lower()]
    if wanted[1] is None and len(same) > 1:
        raise refused("SeveralVersions", f"The module {wanted[0]} is there in several versions; name one.")
    module = find_module(files, wanted[0], wanted[1] or (same[0].version if same else "0.0"))
    for resource in resources_of(files, module) if module is not None else ():
        if name.lower() in (resource.keyword.name.lower(), resource.class_name.lower()):
            table = net.unwrap(p["Property"])
            values = typed_values(resource, table if isinstance(table, Hashtable) else Hashtable())
            identity = f"[{resource.keyword.name}]{_DIRECT}"
            instance = Instance(resource.class_name, None, {})
            version = resource.module.version
            item = Item(identity, resource.class_name, resource.module.name, version, (), None, None, instance)
            return Bound(item, resource, values)
    raise refused("ResourceNotFound", f"Resource {name} was not found in the module {wanted[0]}.", "ObjectNotFound")


@cmdlet("New-DscChecksum")
def new_checksum(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Write the SHA-256 of documents and packages beside them: upper-case hex, no line end, UTF-8 without mark."""
    only(p, "Path", "OutPath", "Force")
    files = ctx.host.files
    target = ctx.runspace.full_path(str(p["OutPath"])) if "OutPath" in p else None
    if target is not None and ((entry := files.find(target)) is None or not entry.is_folder):
        raise refused("InvalidOutPath", f"The folder {target} does not exist.", "ObjectNotFound")
    for given in p.list("Path") or []:
        for path in _content_files(ctx, ctx.runspace.full_path(str(given))):
            folder, name = path.rsplit("\\", 1)
            written = f"{target or folder}\\{name}.checksum"
            if files.find(written) is not None and not p.switch("Force"):
                ctx.write_verbose(
                    f"File '{written}' already exists. Please specify -Force parameter to overwrite existing checksum "
                    "files."
                )
            elif ctx.should_process(written, "New-DscChecksum"):
                files.write(written, hashlib.sha256(files.read(path)).hexdigest().upper().encode())
    yield from ()


def _content_files(ctx: CmdletContext, path: str) -> list[str]:
    entry = ctx.host.files.find(path)
    if entry is None:
        raise refused("InvalidPath", f"The path {path} does not exist.", "ObjectNotFound")
    if not entry.is_folder:
        return [path]
    found = [child.name for child in (entry.children or {}).values() if not child.is_folder]
    return [f"{path}\\{name}" for name in found if name.lower().endswith(_EXTENSIONS)]
