"""CommandInfo: what a command's name stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.values import EnumValue, Member, PSObject

from .records import property_member

if TYPE_CHECKING:
    from .cmdlet import CmdletSpec
    from .metadata import CommandMetadata
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
}


class CommandInfo(PSObject):
    """An alias, function, filter, cmdlet, script file or script block (kind Script, no name)."""

    __slots__ = ("block", "definition", "kind", "module", "name", "options", "path", "spec")

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
        type_name, number = _TYPES[kind]
        members = [
            Member("Name", "Property", value=name),
            Member("CommandType", "Property", value=EnumValue(f"{_SMA}.CommandTypes", kind, number)),
            property_member("Definition", lambda c: c.shown_definition),
            property_member("ModuleName", lambda c: c.module_name),
            property_member("Source", lambda c: c.path or c.module_name),
            property_member("Module", lambda c: c.module),
            Member("Version", "Property", value=None),
            Member("Visibility", "Property", value=EnumValue(f"{_SMA}.SessionStateEntryVisibility", "Public", 0)),
            property_member("Parameters", _parameters),
            property_member("ScriptBlock", lambda c: c.block),
        ]
        if kind == "Alias":
            members += [
                Member("DisplayName", "Property", value=f"{name} -> {definition}"),
                Member("ReferencedCommand", "Property", value=None),
                property_member("Options", _options),
            ]
        if kind in {"ExternalScript", "Application"}:
            members.append(Member("Path", "Property", value=path))
        super().__init__(
            members,
            (f"{_SMA}.{type_name}", f"{_SMA}.CommandInfo", "System.Object"),
            to_string=path or name,
        )

    @property
    def error_name(self) -> str:
        """What the ids of its errors end in."""
        return self.spec.error_name if self.spec else self.name

    @property
    def metadata(self) -> CommandMetadata | None:
        """Its parameters; None for aliases and applications."""
        if self.spec:
            return self.spec.metadata
        return self.block.cached_metadata() if self.block else None

    @property
    def module_name(self) -> str:
        """The module that it came from."""
        return self.spec.module if self.spec else self.module.name if self.module else ""

    @property
    def shown_definition(self) -> str:
        """What Definition shows."""
        return self.definition or (self.block.text if self.block else "")


def _options(command: CommandInfo) -> EnumValue:
    names = {"readonly": ("ReadOnly", 1), "constant": ("Constant", 2), "private": ("Private", 4)}
    names["allscope"] = ("AllScope", 8)
    found = [names[word] for word in names if word in command.options]
    shown = ", ".join(name for name, _ in found) or "None"
    return EnumValue(f"{_SMA}.ScopedItemOptions", shown, sum(number for _, number in found))


def _parameters(command: CommandInfo) -> Any:
    from psnet.lab.dotnet.objects import Dictionary  # noqa: PLC0415 - only scripts that reflect need it

    meta = command.metadata
    if meta is None:
        return None
    kind = f"{_SMA}.ParameterMetadata"
    pairs = [
        (
            info.name,
            PSObject.of({"Name": info.name, "IsDynamic": False}, kind, "System.Object", kind="Property"),
        )
        for info in meta.parameters.values()
    ]
    return Dictionary(pairs, case_sensitive=False, key_type="System.String", value_type=kind)
