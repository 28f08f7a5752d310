"""New-Module, Import-Module, Export-ModuleMember, Get-Module, Remove-Module, Test-ModuleManifest, data files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.contract.files import decode
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.dotnet.wildcard import has_wildcards
from psnet.lab.engine import modules, net, pathname
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.engine.general.module_search import (
    DiskModule,
    Wanted,
    described,
    disk_modules,
    find_module_file,
    manifest_version,
    read_data_file,
    specified,
)
from psnet.lab.engine.modules import ModuleInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.engine.scriptblock import ScriptBlock
    from psnet.lab.values import Hashtable


def _target_scope(ctx: CmdletContext, p: Parameters) -> Any:
    word = net.to_string(p["Scope"]).lower() if "Scope" in p else ""
    if p.switch("Global") or word == "global":
        return ctx.runspace.state.top
    return ctx.scope.state.top


def run_body(ctx: CmdletContext, module: ModuleInfo, block: ScriptBlock, arguments: list[Any]) -> list[Any]:
    """Run a module's text in its own scope and return what it wrote."""
    return ctx.runspace.run_block(block.bound_to(module.state), arguments, new_scope=False, processor=ctx.processor)


@cmdlet("New-Module")
def new_module(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Make a dynamic module and import what it exports."""
    runspace = ctx.runspace
    name = p.get("Name") or f"__DynamicModule_{len(runspace.modules):08x}"
    module = ModuleInfo(name, modules.new_state(runspace), dynamic=True)
    results = run_body(ctx, module, p["ScriptBlock"], p.list("ArgumentList") or [])
    module.collect_default()
    if "Function" in p:
        wanted = [net.to_string(each) for each in p.list("Function") or []]
        module.functions = {
            key: command
            for key, command in module.state.top.functions.items()
            if any(net.is_like(command.name, pattern) for pattern in wanted)
        }
    if p.switch("AsCustomObject"):
        yield modules.as_object(module)
        return
    modules.import_into(runspace, module, ctx.scope.state.top)
    if p.switch("ReturnResult"):
        yield from results
    else:
        yield module


@cmdlet("Export-ModuleMember")
def export_module_member(ctx: CmdletContext, p: Parameters) -> None:
    """Choose what a module exports."""
    module = ctx.scope.state.module
    if module is None:
        raise ctx.fail(
            "The Export-ModuleMember cmdlet can only be called from inside a module.",
            "Modules_CanOnlyExecuteExportModuleMemberInsideAModule",
            "PermissionDenied",
            exception="System.InvalidOperationException",
        )
    texts = {
        name: [net.to_string(each) for each in p.list(parameter) or []]
        for name, parameter in (("functions", "Function"), ("aliases", "Alias"), ("variables", "Variable"))
    }
    modules.export(module, **texts)


def load_module(ctx: CmdletContext, path: str, arguments: list[Any]) -> ModuleInfo:
    """Run a module file and return the module; a manifest's root module is run in the module's own state."""
    runspace = ctx.runspace
    real = ctx.host.files.real_path(path)
    name = pathname.leaf(real).rsplit(".", 1)[0]
    manifest: Hashtable | None = None
    script = real
    if real.lower().endswith(".psd1"):
        manifest = read_data_file(ctx, real)
        root = manifest.get("RootModule") or manifest.get("ModuleToProcess")
        script = runspace.full_path(pathname.join(pathname.parent(real), net.to_string(root))) if root else ""
        for refused in (
            "NestedModules",
            "RequiredAssemblies",
            "ScriptsToProcess",
            "TypesToProcess",
            "FormatsToProcess",
        ):
            value = manifest.get(refused)
            if value is not None and (net.enumerate_collection(value) or not net.is_enumerable(value)):
                if refused in {"TypesToProcess", "FormatsToProcess"}:
                    continue
                raise net.unsupported(f"{refused} in a module manifest")
    version = net.convert(manifest.get("ModuleVersion"), "System.Version") if manifest else None
    module = ModuleInfo(name, modules.new_state(runspace), path=real, version=version)
    if script:
        entry = ctx.host.files.find(script)
        if entry is None:
            raise not_found(ctx, script)
        block = runspace.script_block(decode(entry.data), module.state, ctx.host.files.real_path(script))
        block.file_level = True
        results = run_body(ctx, module, block, arguments)
        for value in results:
            ctx.write(value)
    module.collect_default()
    if not module.explicit:
        module.aliases = {}
    if manifest is not None:
        _restrict(module, manifest)
        module.private_data = manifest.get("PrivateData")
    return module


def _restrict(module: ModuleInfo, manifest: Hashtable) -> None:
    for key, table in (
        ("FunctionsToExport", module.functions),
        ("AliasesToExport", module.aliases),
        ("VariablesToExport", module.variables),
    ):
        value = manifest.get(key)
        if value is None and key in manifest:
            table.clear()
            continue
        if value is None:
            continue
        found = net.enumerate_collection(value)
        patterns = [net.to_string(each) for each in ([value] if found is None else found)]
        for name in [n for n, item in table.items() if not any(net.is_like(item.name, p) for p in patterns)]:
            del table[name]


def not_found(ctx: CmdletContext, name: str, wanted: Wanted | None = None) -> Exception:
    """Return the error for a module that does not exist, or not in a version that is wanted."""
    version = wanted.shown if wanted is not None else ""
    named = f"'{name}' with version '{version}'" if version else f"'{name}'"
    message = (
        f"The specified module {named} was not loaded because no valid module file was found in any module directory."
    )
    exception = make_exception("System.IO.FileNotFoundException", message)
    error_id = "Modules_ModuleWithVersionNotFound" if version else "Modules_ModuleNotFound"
    return ctx.fail(exception, error_id, "ResourceUnavailable", name)


@cmdlet("Import-Module")
def import_module(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Load modules and import what they export."""
    runspace = ctx.runspace
    loaded: list[ModuleInfo] = list(p.list("ModuleInfo") or [])
    wanted = Wanted(p.get("RequiredVersion"), p.get("MinimumVersion"))
    for item in p.list("Name") or []:
        name = net.to_string(item)
        known = runspace.modules.get(name.lower())
        if known is not None and not wanted.admits(known.version):
            known = None
        path = find_module_file(ctx, name, wanted)
        if known is None and path is not None:
            known = runspace.modules.get(pathname.leaf(path).rsplit(".", 1)[0].lower())
            if known is not None and known.path.lower() != path.lower():
                known = None
        if known is not None and not p.switch("Force"):
            loaded.append(known)
            continue
        if path is None and known is None:
            built_in = runspace.registry_module(name)
            if built_in is not None:
                if wanted.shown:
                    raise net.unsupported(f"a version of the module {name}, which Windows brings with it")
                loaded.append(built_in)
                continue
            refused = not_found(ctx, name, wanted)
            ctx.write_error(refused.record)  # type: ignore[attr-defined]
            continue
        if known is not None:
            modules.remove(runspace, known)
        if path is None:
            continue
        module = load_module(ctx, path, p.list("ArgumentList") or [])
        runspace.modules[module.name.lower()] = module
        loaded.append(module)
    for module in loaded:
        modules.import_into(runspace, module, _target_scope(ctx, p), prefix=net.to_string(p.get("Prefix")))
        runspace.modules.setdefault(module.name.lower(), module)
        if p.switch("PassThru"):
            yield module


@cmdlet("Get-Module")
def get_module(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return loaded modules, or those that could be."""
    names = [(net.to_string(each), Wanted()) for each in p.list("Name") or []]
    names += [specified(each) for each in p.list("FullyQualifiedName") or []]
    names = names or [("*", Wanted())]
    runspace = ctx.runspace

    def fits(name: str, version: Any) -> bool:
        return any(net.is_like(name, pattern) and wanted.admits(version) for pattern, wanted in names)

    if p.switch("ListAvailable"):
        for found in disk_modules(ctx):
            if fits(found.name, found.version):
                yield described(ctx, found)
        for name in runspace.registry_modules():
            built_in = runspace.registry_module(name)
            if built_in is not None and fits(name, built_in.version):
                yield built_in
        return
    for module in sorted(runspace.modules.values(), key=lambda m: m.name.lower()):
        if fits(module.name, module.version):
            yield module


@cmdlet("Remove-Module")
def remove_module(ctx: CmdletContext, p: Parameters) -> None:
    """Unload modules."""
    found: list[ModuleInfo] = list(p.list("ModuleInfo") or [])
    for item in p.list("Name") or []:
        name = net.to_string(item)
        hits = [m for m in ctx.runspace.modules.values() if net.is_like(m.name, name)]
        if not hits and not has_wildcards(name):
            message = "No modules were removed. Verify that the specification of modules to remove is correct and those modules exist in the runspace."
            exception = make_exception("System.InvalidOperationException", message)
            ctx.write_error(exception, "Modules_NoModulesRemoved", "ResourceUnavailable", None)
        found.extend(hits)
    for module in found:
        if ctx.should_process(module.name, "Remove-Module"):
            modules.remove(ctx.runspace, module)


@cmdlet("Import-PowerShellDataFile")
def import_data_file(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Read data files."""
    for item in p.list("Path") or p.list("LiteralPath") or []:
        path = ctx.runspace.full_path(net.to_string(item))
        if ctx.host.files.find(path) is None:
            from psnet.lab.engine.general.filesystem import path_not_found  # noqa: PLC0415 - one use

            ctx.write_error(path_not_found(ctx, net.to_string(item), path))
            continue
        yield read_data_file(ctx, path)


@cmdlet("Test-ModuleManifest")
def test_module_manifest(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Read a manifest and describe its module."""
    path = ctx.runspace.full_path(p["Path"])
    if ctx.host.files.find(path) is None:
        raise not_found(ctx, p["Path"])
    yield described(ctx, DiskModule(pathname.leaf(path).rsplit(".", 1)[0], manifest_version(ctx, path), path))
