"""CommandInfo: what a command's name stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.values import EnumValue, LazyObject, Member

from . import command_members

if TYPE_CHECKING:
    from psnet.powershell.facts.parameters import CommandMetadata

    from .cmdlet import CmdletSpec
    from .modules import ModuleInfo
    from .scriptblock import ScriptBlock

_SMA = "System.Management.Automation"
_TYPES = {
    "Alias": ("AliasInfo", 1),
    "Function": ("FunctionInfo", 2),
    "Filter": ("FilterInfo", 4),
    "Cmdlet": ("CmdletInfo", 8),
    "ExternalScript": ("ExternalScriptInfo", 16),
    "Application": ("ApplicationInfo", 32),
    "Script": ("ScriptInfo", 64),
    "Configuration": ("ConfigurationInfo", 256),
}


class CommandInfo(LazyObject):
    """An alias, function, filter, cmdlet, script file or script block (kind Script, no name)."""

    __slots__ = ("block", "definition", "kind", "module", "name", "options", "path", "resolve", "spec")

    def __init__(
        self,
        kind: str,
        name: str,
        *,
        block: ScriptBlock | None = None,
        spec: CmdletSpec | None = None,
        definition: str = "",
        path: str = "",
        module: ModuleInfo | None = None,
    ) -> None:
        self.kind = kind
        self.name = name
        self.block = block
        self.spec = spec
        self.definition = definition
        self.path = path
        self.module = module
        self.options: set[str] = set()
        self.resolve: Any = None
        type_name, _ = _TYPES[kind]
        super().__init__(
            (f"{_SMA}.{type_name}", f"{_SMA}.CommandInfo", "System.Object"),
            to_string=path or name or (block.text if block else ""),
        )

    def native_members(self) -> list[Member]:
        """Return the properties of its class, then those of CommandInfo."""
        kind = EnumValue(f"{_SMA}.CommandTypes", self.kind, _TYPES[self.kind][1])
        return [
            *command_members.own(self.kind, self.name, self.definition, self.path),
            Member("Name", "Property", value=self.name),
            Member("CommandType", "Property", value=kind),
            *command_members.common(self.kind),
        ]

    @property
    def error_name(self) -> str:
        """What the ids of its errors end in."""
        return self.spec.error_name if self.spec else "" if self.kind == "Application" else self.name

    @property
    def metadata(self) -> CommandMetadata | None:
        """Its parameters; None for aliases and applications."""
        if self.spec:
            return self.spec.metadata
        return self.block.cached_metadata() if self.block else None

    @property
    def module_name(self) -> str:
        """The module that it came from."""
        if self.spec is not None:  # the core module exports cmdlets only: its functions are the session's
            own = self.kind == "Function" and self.spec.module == "Microsoft.PowerShell.Core"
            return "" if own else self.spec.module
        return self.module.name if self.module else ""

    @property
    def shown_definition(self) -> str:
        """What Definition shows."""
        return self.definition or (self.block.text if self.block else "")
