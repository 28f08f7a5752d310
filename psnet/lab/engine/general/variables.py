"""Get-/Set-/New-/Remove-/Clear-Variable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import make_exception
from psnet.lab.dotnet.objects import Native, Sequence
from psnet.lab.dotnet.wildcard import has_wildcards
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.scope import Scope, Variable
from psnet.lab.values import ArrayList, DotNetError, EnumValue, Member, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext

_SMA = "System.Management.Automation"
_OPTIONS = {"ReadOnly": 1, "Constant": 2, "Private": 4, "AllScope": 8}


def variable_object(variable: Variable) -> PSObject:
    """Return a PSVariable."""
    members = [
        Member("Name", "Property", value=variable.name),
        Member("Description", "Property", value=variable.description),
        Member("Value", "Property", getter=lambda _: variable.get(), setter=lambda _, new: variable.set(new)),
        Member("Visibility", "Property", value=EnumValue(f"{_SMA}.SessionStateEntryVisibility", "Public", 0)),
        Member("Module", "Property", value=None),
        Member("ModuleName", "Property", value=""),
        Member("Options", "Property", getter=lambda _: _options(variable)),
        Member("Attributes", "Property", getter=lambda _: _attributes(variable)),
    ]
    made = PSObject(members, (f"{_SMA}.PSVariable", "System.Object"), to_string=f"{_SMA}.PSVariable")
    made.native = variable
    return made


def _attributes(variable: Variable) -> Sequence:
    """Return the attributes: what converts and validates. What they show beside their types is refused."""
    if len(variable.attributes) > 1:
        raise net.unsupported("the order of the attributes of a variable that has several")
    items = [Native(name) for name in variable.attributes]
    return Sequence(items, f"{_SMA}.PSVariableAttributeCollection", "System.Attribute")


def _options(variable: Variable) -> EnumValue:
    names = [name for name in _OPTIONS if name.lower() in variable.options]
    return EnumValue(f"{_SMA}.ScopedItemOptions", ", ".join(names) or "None", sum(_OPTIONS[n] for n in names))


def scope_named(ctx: CmdletContext, name: Any, default: Scope) -> Scope:
    """Return the scope that -Scope names: Global, Local, Script or a number of levels up."""
    if name is None:
        return default
    word = net.to_string(name).lower()
    scope = ctx.scope
    if word == "global":
        return scope.global_scope()
    if word == "local":
        return scope
    if word == "script":
        return scope.script()
    if word == "private":
        return scope
    try:
        levels = int(word)
    except ValueError:
        raise _bad_scope(ctx, net.to_string(name)) from None
    for _ in range(levels):
        if scope.parent is None:
            message = f"The scope number '{levels}' exceeds the number of active scopes."
            exception = make_exception(f"{_SMA}.PSArgumentOutOfRangeException", message)
            raise ctx.fail(exception, "ScopeIDExceedsAvailableScopes", "InvalidArgument", levels)
        scope = scope.parent
    return scope


def _bad_scope(ctx: CmdletContext, name: str) -> Exception:
    message = f"The scope '{name}' is not valid."
    exception = make_exception(f"{_SMA}.PSArgumentException", message)
    return ctx.fail(exception, "Argument", "InvalidArgument")


def _visible(scope: Scope, *, one: bool) -> dict[str, Variable]:
    found: dict[str, Variable] = {}
    for each in [scope] if one else scope.chain():
        for key, variable in each.variables.items():
            found.setdefault(key, variable)
    return found


def _strip(name: str) -> str:
    return name[9:] if name.lower().startswith("variable:") else name


def _matching(ctx: CmdletContext, p: Parameters, patterns: list[Any]) -> list[Variable]:
    """Return the variables for -Name, reporting names that do not exist."""
    scope = scope_named(ctx, p.get("Scope"), ctx.scope)
    table = _visible(scope, one="Scope" in p)
    found: list[Variable] = []
    for pattern in patterns:
        text = _strip(net.to_string(pattern))
        if has_wildcards(text):
            hits = [v for key, v in sorted(table.items()) if net.is_like(v.name, text)]
        else:
            hits = [table[text.lower()]] if text.lower() in table else []
            special = _special(ctx, text) if not hits and "Scope" not in p else None
            if special is not None:
                hits = [special]
            if not hits:
                message = f"Cannot find a variable with the name '{text}'."
                exception = make_exception(f"{_SMA}.ItemNotFoundException", message)
                ctx.write_error(exception, "VariableNotFound", "ObjectNotFound", text)
        found.extend(
            v
            for v in hits
            if (not p.list("Include") or any(net.is_like(v.name, net.to_string(i)) for i in p.list("Include") or []))
            and not any(net.is_like(v.name, net.to_string(e)) for e in p.list("Exclude") or [])
        )
    return found


def _special(ctx: CmdletContext, name: str) -> Variable | None:
    if name == "?":
        return Variable("?", ctx.runspace.succeeded, {"readonly", "allscope"})
    value = ctx.runspace.automatic(name.lower(), ctx.processor.caller)
    return None if value is net.MISSING else Variable(name, value)


@cmdlet("Get-Variable")
def get_variable(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return variables."""
    for variable in _matching(ctx, p, p.list("Name") or ["*"]):
        if p.switch("ValueOnly"):
            ctx.write(variable.get(), enumerate_it=True)
        else:
            yield variable_object(variable)


def _set(ctx: CmdletContext, p: Parameters, name: str, value: Any, scope: Scope) -> Variable | None:
    """Set a variable with the options that were given; report what refuses."""
    force = p.switch("Force")
    try:
        key = name.lower()
        old = scope.variables.get(key)
        if old is None:
            scope.set_local(name, value, force=force)
        else:
            old.set(value, force=force)
    except DotNetError as refused:
        ctx.write_error(refused.exception, refused.error_id, refused.category, refused.target)
        return None
    variable = scope.variables.get(name.lower()) or scope.find(name.lower())
    if variable is not None:
        if "Option" in p:
            option = p["Option"]
            variable.options = {word.strip().lower() for word in option.name.split(",")} - {"none"}
        if "Description" in p:
            variable.description = net.to_string(p["Description"])
        if "Visibility" in p:
            raise net.unsupported("-Visibility of a variable")
    return variable


@cmdlet("Set-Variable")
class SetVariable(Cmdlet):
    """Set variables; input from the pipeline is collected into the value."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.values: list[Any] = []

    def process(self) -> None:
        """Set, or collect."""
        if self.ctx.expecting_input and "Name" in self.p and "Value" in self.p:
            self.values.append(self.p["Value"])
        elif "Value" in self.p or not self.ctx.expecting_input:
            self._assign(self.p.get("Value"))

    def end(self) -> None:
        """Set what was collected."""
        if self.values:
            from psnet.lab.values import Array  # noqa: PLC0415 - one use

            self._assign(self.values[0] if len(self.values) == 1 else Array(self.values))

    def _assign(self, value: Any) -> None:
        ctx, p = self.ctx, self.p
        scope = scope_named(ctx, p.get("Scope"), ctx.scope)
        for item in p.list("Name") or []:
            name = _strip(net.to_string(item))
            names = [name]
            if has_wildcards(name):
                names = [v.name for v in _visible(scope, one=True).values() if net.is_like(v.name, name)]
            for each in names:
                if not ctx.should_process(f"Name: {each} Value: {net.to_string(value)}", "Set variable"):
                    continue
                made = _set(ctx, p, each, value, scope)
                if made is not None and p.switch("PassThru"):
                    ctx.write(variable_object(made))


@cmdlet("New-Variable")
def new_variable(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Make a variable."""
    name, value = net.to_string(p["Name"]), p.get("Value")
    scope = scope_named(ctx, p.get("Scope"), ctx.scope)
    if not ctx.should_process(f"Name: {name} Value: {net.to_string(value)}", "New variable"):
        return
    if name.lower() in scope.variables and not p.switch("Force"):
        message = f"A variable with name '{name}' already exists."
        exception = make_exception(f"{_SMA}.SessionStateException", message)
        ctx.write_error(exception, "VariableAlreadyExists", "ResourceExists", name)
        return
    made = _set(ctx, p, name, value, scope)
    if made is not None and p.switch("PassThru"):
        yield variable_object(made)


@cmdlet("Remove-Variable")
def remove_variable(ctx: CmdletContext, p: Parameters) -> None:
    """Remove variables."""
    scope = scope_named(ctx, p.get("Scope"), ctx.scope)
    for variable in _matching(ctx, p, p.list("Name") or []):
        if not ctx.should_process(f"Name: {variable.name}", "Remove variable"):
            continue
        if "constant" in variable.options or ("readonly" in variable.options and not p.switch("Force")):
            message = (
                f"Cannot remove variable {variable.name} because it is constant or read-only. If the variable is "
                "read-only, try the operation again specifying the Force option."
            )
            exception = make_exception(f"{_SMA}.SessionStateUnauthorizedAccessException", message)
            ctx.write_error(exception, "VariableNotRemovable", "WriteError", variable.name)
            continue
        for each in [scope] if "Scope" in p else scope.chain():
            if each.variables.get(variable.name.lower()) is variable:
                del each.variables[variable.name.lower()]
                break


@cmdlet("Clear-Variable")
def clear_variable(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Set variables to null."""
    for variable in _matching(ctx, p, p.list("Name") or []):
        if not ctx.should_process(f"Name: {variable.name}", "Clear variable"):
            continue
        try:
            value: Any = None
            if isinstance(variable.get(), ArrayList) and variable.name.lower() == "error":
                variable.get().items.clear()
                continue
            variable.set(value, force=p.switch("Force"))
        except DotNetError as refused:
            ctx.write_error(refused.exception, refused.error_id, refused.category, refused.target)
            continue
        if p.switch("PassThru"):
            yield variable_object(variable)
