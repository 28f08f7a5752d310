"""Get-Command, Get-Alias, Set-Alias, New-Alias, Get-Module and its kin live in modules; functions as items in items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.dotnet.wildcard import has_wildcards
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Parameters, cmdlet
from psnet.lab.engine.command_members import syntax_of
from psnet.lab.engine.commands import CommandInfo
from psnet.lab.engine.general.variables import scope_named
from psnet.lab.values import DotNetError
from psnet.powershell.facts.parameters import ALL_SETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext

_SMA = "System.Management.Automation"


def all_commands(ctx: CmdletContext) -> list[CommandInfo]:
    """Return every command that is visible."""
    found: dict[tuple[str, str], CommandInfo] = {}
    for scope in ctx.scope.chain():
        for table in (scope.aliases, scope.functions):
            for command in table.values():
                found.setdefault((command.kind, command.name.lower()), command)
    for spec in ctx.runspace.registry.cmdlets.values():
        if spec.only not in {"", ctx.runspace.language}:
            continue
        kind = "Function" if spec.is_function else "Cmdlet"
        found.setdefault((kind, spec.name.lower()), CommandInfo(kind, spec.name, spec=spec.of(ctx.runspace.language)))
    return list(found.values())


def _wanted(command: CommandInfo, p: Parameters) -> bool:
    verb, _, noun = command.name.partition("-")
    kinds = p.get("CommandType")
    if kinds is not None and "All" not in kinds.name and command.kind not in kinds.name.split(", "):
        return False
    modules = p.list("Module")
    if modules and not any(net.is_like(command.module_name, net.to_string(m)) for m in modules):
        return False
    for part, name in ((verb, "Verb"), (noun, "Noun")):
        patterns = p.list(name)
        if patterns and not any(net.is_like(part, net.to_string(each)) for each in patterns):
            return False
    return True


@cmdlet("Get-Command")
def get_command(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Find commands."""
    for refused in ("ParameterName", "ParameterType", "FullyQualifiedModule"):
        if refused in p:
            raise net.unsupported(f"Get-Command -{refused}", ctx.processor.line)
    patterns = [net.to_string(name) for name in p.list("Name") or []]
    found: list[CommandInfo] = []
    for pattern in patterns or ["*"]:
        if has_wildcards(pattern):
            hits = [c for c in all_commands(ctx) if net.is_like(c.name, pattern) and _wanted(c, p)]
            hits = sorted(
                (c for c in hits if patterns or c.kind in {"Cmdlet", "Function", "Alias", "Filter"}),
                key=lambda c: c.name.lower(),
            )
        else:
            command = ctx.runspace.lookup_command(pattern, ctx.scope)
            hits = [command] if command is not None and _wanted(command, p) else []
            if not hits and command is not None:
                hits = [c for c in all_commands(ctx) if c.name.lower() == pattern.lower() and _wanted(c, p)]
            if not hits:
                error = ctx.runspace.not_found(pattern)
                ctx.write_error(error.exception, "CommandNotFoundException", "ObjectNotFound", pattern)
        for command in hits:
            prepare(ctx, command)
        found.extend(hits)
    limit = p.get("TotalCount")
    found = found if limit is None else found[:limit]
    if p.switch("Syntax"):
        yield from (_syntax(ctx, command) for command in found)
    else:
        yield from found


def _syntax(ctx: CmdletContext, command: CommandInfo) -> str:
    """Return what -Syntax shows of a command: a line for each parameter set."""
    if command.kind == "Alias":
        return command.definition
    meta = command.metadata
    if meta is None or command.spec is not None:
        raise net.unsupported(f"the syntax of {command.name}", ctx.processor.line)
    lines = [f"{command.name} {syntax_of(meta, name)}".rstrip() for name in meta.set_names() or [ALL_SETS]]
    return "\r\n" + "".join(f"{line}\r\n" for line in lines)


def prepare(ctx: CmdletContext, command: CommandInfo) -> None:
    """Make a function's parameters known, for Parameters and ParameterSets."""
    if command.block is not None and command.block.cached_metadata() is None:
        from psnet.lab.engine.metadata_script import build_metadata  # noqa: PLC0415 - reflection only

        try:
            command.block.keep_metadata(build_metadata(ctx.processor.caller, command.block))
        except DotNetError:
            return


@cmdlet(
    "Invoke-History", "Id string 0 byname alias=\nWhatIf switch\nConfirm switch", module="Microsoft.PowerShell.Core"
)
def invoke_history(ctx: CmdletContext, p: Parameters) -> None:
    """A script has no history of its own to run again."""
    _ = p
    raise net.unsupported("Invoke-History", ctx.processor.line)


@cmdlet("Get-Alias")
def get_alias(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return aliases."""
    table: dict[str, CommandInfo] = {}
    scopes = [scope_named(ctx, p["Scope"], ctx.scope)] if "Scope" in p else ctx.scope.chain()
    for scope in scopes:
        for key, alias in scope.aliases.items():
            table.setdefault(key, alias)
    found = sorted(table.values(), key=lambda alias: alias.name.lower())
    if "Definition" in p:
        patterns = [net.to_string(each) for each in p.list("Definition") or []]
        for pattern in patterns:
            hits = [alias for alias in found if net.is_like(alias.definition, pattern)]
            if not hits and not has_wildcards(pattern):
                message = f"This command cannot find a matching alias because an alias with the definition '{pattern}' does not exist."
                exception = make_exception(f"{_SMA}.ItemNotFoundException", message)
                ctx.write_error(exception, "ItemNotFoundException", "ObjectNotFound", pattern)
            yield from hits
        return
    for pattern in p.list("Name") or ["*"]:
        text = net.to_string(pattern)
        hits = [alias for alias in found if net.is_like(alias.name, text) or alias.name.lower() == text.lower()]
        if not has_wildcards(text) or text == "?":
            hits = [alias for alias in found if alias.name.lower() == text.lower()]
            if not hits:
                message = (
                    f"This command cannot find a matching alias because an alias with the name '{text}' does not exist."
                )
                exception = make_exception(f"{_SMA}.ItemNotFoundException", message)
                ctx.write_error(exception, "ItemNotFoundException", "ObjectNotFound", text)
        yield from hits


def _put(ctx: CmdletContext, p: Parameters, *, new: bool) -> CommandInfo | None:
    name, target = net.to_string(p["Name"]), net.to_string(p["Value"])
    scope = scope_named(ctx, p.get("Scope"), ctx.scope)
    verb = "New Alias" if new else "Set Alias"
    if not ctx.should_process(f"Name: {name} Value: {target}", verb):
        return None
    old = scope.aliases.get(name.lower())
    above = next((s.aliases[name.lower()] for s in scope.chain() if name.lower() in s.aliases), None)
    if new and (old is not None or (above is not None and "allscope" in above.options)) and not p.switch("Force"):
        message = "The alias is not allowed, because an alias with the name '" + name + "' already exists."
        exception = make_exception(f"{_SMA}.SessionStateException", message)
        ctx.write_error(exception, "AliasAlreadyExists", "ResourceExists", name)
        return None
    if above is not None and above.options & {"readonly", "constant"} and not p.switch("Force"):
        message = f"Alias is not writeable because alias {name} is read-only or constant and cannot be written to."
        exception = make_exception(f"{_SMA}.SessionStateUnauthorizedAccessException", message)
        ctx.write_error(exception, "AliasNotWritable", "WriteError", name)
        return None
    made = ctx.runspace.alias(name, target, ctx.scope.state.module)
    if "Option" in p:
        made.options = {word.strip().lower() for word in p["Option"].name.split(",")} - {"none"}
    scope.aliases[name.lower()] = made
    return made


@cmdlet("Set-Alias")
def set_alias(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Set an alias."""
    made = _put(ctx, p, new=False)
    if made is not None and p.switch("PassThru"):
        yield made


@cmdlet("New-Alias")
def new_alias(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Make an alias."""
    made = _put(ctx, p, new=True)
    if made is not None and p.switch("PassThru"):
        yield made


@cmdlet("Remove-Alias")
def remove_alias(ctx: CmdletContext, p: Parameters) -> None:
    """Remove an alias (7)."""
    if ctx.runspace.language == "5.1":
        error = ctx.runspace.not_found("Remove-Alias")
        raise ctx.fail(error.exception, error.error_id, error.category, error.target)
    for item in p.list("Name") or []:
        name = net.to_string(item)
        for scope in ctx.scope.chain():
            if scope.aliases.pop(name.lower(), None) is not None:
                break
        else:
            message = (
                f"This command cannot find a matching alias because an alias with the name '{name}' does not exist."
            )
            exception = make_exception(f"{_SMA}.ItemNotFoundException", message)
            ctx.write_error(exception, "ItemNotFoundException", "ObjectNotFound", name)
