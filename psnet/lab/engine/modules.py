"""Modules: New-Module, Import-Module and what they export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.objects import Dictionary, Guid, Version
from psnet.lab.values import EnumValue, Member, PSObject

from . import net
from .records import property_member
from .scope import SessionState, Variable

if TYPE_CHECKING:
    from .commands import CommandInfo
    from .runspace import Runspace
    from .scope import Scope

_SMA = "System.Management.Automation"


class ModuleInfo(PSObject):
    """PSModuleInfo: a session state of its own, and what it exports."""

    __slots__ = (
        "aliases",
        "dynamic",
        "explicit",
        "functions",
        "imported",
        "name",
        "on_remove",
        "path",
        "private_data",
        "state",
        "variables",
        "version",
    )

    def __init__(
        self, name: str, state: SessionState, *, path: str = "", version: Any = None, dynamic: bool = False
    ) -> None:
        self.name = name
        self.state = state
        self.path = path
        self.version = version or Version(0, 0)
        self.dynamic = dynamic
        self.explicit = False
        self.functions: dict[str, CommandInfo] = {}
        self.aliases: dict[str, CommandInfo] = {}
        self.variables: dict[str, Variable] = {}
        self.imported: list[tuple[dict[str, Any], str, Any]] = []
        self.private_data: Any = None
        self.on_remove: Any = None
        state.module = self
        kind, number = ("Manifest", 2) if path.lower().endswith(".psd1") else ("Script", 0)
        members = [
            Member("Name", "Property", value=name),
            Member("Path", "Property", value=path or None),
            Member("ModuleBase", "Property", value=_folder(path)),
            Member("Version", "Property", value=self.version),
            Member("ModuleType", "Property", value=EnumValue(f"{_SMA}.ModuleType", kind, number)),
            Member("Guid", "Property", value=Guid("00000000-0000-0000-0000-000000000000")),
            property_member("ExportedFunctions", lambda m: _exported(m.functions)),
            property_member("ExportedAliases", lambda m: _exported(m.aliases)),
            property_member("ExportedVariables", lambda m: _exported(m.variables)),
            property_member("ExportedCmdlets", lambda _: _exported({})),
            property_member("ExportedCommands", lambda m: _exported({**m.functions, **m.aliases})),
            property_member("PrivateData", lambda m: m.private_data),
            Member("Description", "Property", value=""),
            Member("Author", "Property", value=""),
            Member(
                "OnRemove",
                "Property",
                getter=lambda m: m.on_remove,
                setter=lambda m, value: setattr(m, "on_remove", value),
            ),
            property_member("SessionState", lambda _: None),
            Member("Invoke", "Method", value=None),
        ]
        super().__init__(members, (f"{_SMA}.PSModuleInfo", "System.Object"), to_string=name)
        self.native = self

    def collect_default(self) -> None:
        """Export every function, as a module without Export-ModuleMember does."""
        if not self.explicit:
            self.functions = dict(self.state.top.functions)


def _folder(path: str) -> str:
    return path.rsplit("\\", 1)[0] if "\\" in path else ""


def _exported(table: dict[str, Any]) -> Dictionary:
    pairs = [(item.name, item) for item in table.values()]
    return Dictionary(pairs, case_sensitive=False, key_type="System.String", value_type=f"{_SMA}.CommandInfo")


def export(module: ModuleInfo, *, functions: list[str], aliases: list[str], variables: list[str]) -> None:
    """Do Export-ModuleMember."""
    top = module.state.top
    module.explicit = True
    kinds: tuple[tuple[list[str], dict[str, Any], dict[str, Any]], ...] = (
        (functions, top.functions, module.functions),
        (aliases, top.aliases, module.aliases),
        (variables, top.variables, module.variables),
    )
    for patterns, source, target in kinds:
        for key, item in source.items():
            if any(net.is_like(item.name, pattern) for pattern in patterns):
                target[key] = item


def import_into(runspace: Runspace, module: ModuleInfo, scope: Scope, *, prefix: str = "") -> None:
    """Make a module's exports visible in a scope."""
    kinds: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
        (module.functions, scope.functions),
        (module.aliases, scope.aliases),
        (module.variables, scope.variables),
    )
    for source, target in kinds:
        for key, item in list(source.items()):
            name = _prefixed(item.name, prefix) if prefix and source is not module.variables else item.name
            lowered = name.lower() if prefix else key
            target[lowered] = item
            module.imported.append((target, lowered, item))
    _ = runspace


def _prefixed(name: str, prefix: str) -> str:
    verb, dash, noun = name.partition("-")
    return f"{verb}-{prefix}{noun}" if dash else f"{prefix}{name}"


def as_object(module: ModuleInfo) -> PSObject:
    """Return a custom object with a module's functions as methods and its variables as properties."""
    made = PSObject((), ("System.Management.Automation.PSCustomObject", "System.Object"))
    for command in module.functions.values():
        made.members[command.name.lower()] = Member(command.name, "ScriptMethod", command.block)
    for variable in module.variables.values():
        made.members[variable.name.lower()] = _live(variable)
    return made


def _live(variable: Variable) -> Member:
    """Return a property that reads and sets a variable."""

    def put(_: Any, value: Any) -> None:
        variable.set(value)

    return Member(variable.name, "NoteProperty", getter=lambda _: variable.get(), setter=put)


def remove(runspace: Runspace, module: ModuleInfo) -> None:
    """Take a module's exports out of the session."""
    if module.on_remove is not None:
        runspace.run_block(module.on_remove, [])
    for table, key, item in module.imported:
        if table.get(key) is item:
            table.pop(key, None)
    runspace.modules.pop(module.name.lower(), None)


def new_state(runspace: Runspace) -> SessionState:
    """Return the session state of a new module: its scope is a child of the global one."""
    return SessionState(runspace.state.top.global_scope())
