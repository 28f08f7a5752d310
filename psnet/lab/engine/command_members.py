"""The properties of CommandInfo and its kinds, in the order in which .NET has them: a class's own, then its base's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.objects import Dictionary, Sequence, Version
from psnet.lab.dotnet.typenames import power_name
from psnet.lab.values import EnumValue, Member, PSObject, TypeValue
from psnet.powershell.facts.parameters import ALL_SETS, SetEntry
from psnet.powershell.syntax.attribute_facts import simple_name

from . import net
from .records import property_member

if TYPE_CHECKING:
    from psnet.powershell.facts.parameters import CommandMetadata, ParameterInfo

    from .commands import CommandInfo

#: Versions of the inbox modules of Windows Server 2016 and later.
_VERSIONS = {
    "cimcmdlets": "1.0.0.0",
    "dnsclient": "1.0.0.0",
    "hyper-v": "2.0.0.0",
    "netadapter": "2.0.0.0",
    "netconnection": "1.0.0.0",
    "netnat": "1.0.0.0",
    "netqos": "2.0.0.0",
    "netsecurity": "2.0.0.0",
    "nettcpip": "1.0.0.0",
}
_SMA = "System.Management.Automation"
_READ_ONLY = "System.Collections.ObjectModel.ReadOnlyCollection`1"


def own(kind: str, name: str, definition: str, path: str) -> list[Member]:
    """Return what the class of a kind of command adds."""
    shown = property_member("Definition", _definition)
    block = property_member("ScriptBlock", lambda c: c.block)
    output = property_member("OutputType", _output_types)
    options = property_member("Options", _options)
    verb, _, noun = name.partition("-")
    words = [_fixed("Verb", verb if noun else ""), _fixed("Noun", noun)]
    if kind in {"Function", "Filter"}:
        advanced = property_member("CmdletBinding", lambda c: bool(c.metadata and c.metadata.advanced))
        default = property_member("DefaultParameterSet", _default_set)
        helped = [_fixed("Description", None), *words, _fixed("HelpFile", None)]
        return [block, advanced, default, shown, options, *helped, output]
    if kind == "Cmdlet":
        return [*words, shown, property_member("DefaultParameterSet", _default_set), output, options]
    if kind == "Alias":
        called = _fixed("DisplayName", f"{name} -> {definition}")
        followed = [
            property_member("ReferencedCommand", lambda c: _resolved(c, follow=False)),
            property_member("ResolvedCommand", lambda c: _resolved(c, follow=True)),
            property_member("ResolvedCommandName", lambda c: getattr(_resolved(c, follow=True), "name", None)),
            _fixed("Description", ""),
        ]
        return [*followed, called, shown, options, output]
    if kind == "ExternalScript":
        return [_fixed("Path", path), shown, property_member("Source", _source), block, output]
    if kind == "Application":
        dot = path.rfind(".")
        return [_fixed("Path", path), _fixed("Extension", path[dot:] if dot >= 0 else ""), shown, output]
    return [block, shown, output]


def common(kind: str) -> list[Member]:
    """Return what CommandInfo has after the name and the type."""
    found = [
        property_member("Source", _source),
        property_member("Version", _version),
        _fixed("Visibility", EnumValue(f"{_SMA}.SessionStateEntryVisibility", "Public", 0)),
        property_member("ModuleName", lambda c: c.module_name),
        property_member("Module", lambda c: c.module),
        _fixed("RemotingCapability", EnumValue(f"{_SMA}.RemotingCapability", "PowerShell", 1)),
        property_member("Parameters", _parameters),
        property_member("ParameterSets", _parameter_sets),
        Member("Namespace", "AliasProperty", "ModuleName"),
        Member("HelpUri", "ScriptProperty", getter=lambda _: ""),
    ]
    return [each for each in found if kind != "Script" or each.name != "Parameters"]


def _resolved(command: CommandInfo, *, follow: bool) -> CommandInfo | None:
    """Return what an alias stands for; an alias of an alias is followed to its end."""
    if command.resolve is None:
        raise net.unsupported("the command of an alias outside of a session")
    found: CommandInfo | None = command.resolve(command.definition)
    while follow and found is not None and found.kind == "Alias":
        found = _resolved(found, follow=True)
    return found


def _fixed(name: str, value: Any) -> Member:
    return Member(name, "Property", value=value)


def _version(command: CommandInfo) -> Version | None:
    """Return the version of a cmdlet's module; a program's file version is not known."""
    if command.kind == "Application":
        raise net.unsupported("the file version of a program")
    if command.spec is None or not command.module_name:
        return None
    if command.spec.module.startswith("Microsoft.PowerShell."):
        core = command.spec.module == "Microsoft.PowerShell.Core"
        text = "7.0.0.0" if modern() and not core else "7.4.5.500" if modern() else "3.0.0.0" if core else "3.1.0.0"
    else:
        text = _VERSIONS.get(command.spec.module.lower(), "")
    if not text:
        raise net.unsupported(f"the version of the module {command.spec.module}")
    return Version(*map(int, text.split(".")))


def _definition(command: CommandInfo) -> str:
    if command.kind == "Cmdlet":
        raise net.unsupported("the Definition of a cmdlet: its syntax")
    if command.block is None and command.spec is not None:
        raise net.unsupported(f"the text of the function {command.name}")
    return command.shown_definition


def _source(command: CommandInfo) -> str:
    return command.path or command.module_name


def _default_set(command: CommandInfo) -> str | None:
    meta = command.metadata
    return meta.default_set or None if meta is not None else None


def _output_types(command: CommandInfo) -> Sequence:
    block = command.block
    param = block.body.param if block is not None else None
    if param is not None and any(simple_name(each) == "outputtype" for each in param.attributes):
        raise net.unsupported("the OutputType of a function that declares it")
    return Sequence([], f"{_READ_ONLY}[{_SMA}.PSTypeName]", f"{_SMA}.PSTypeName")


def _parameter_sets(command: CommandInfo) -> Sequence | None:
    meta = command.metadata
    if meta is None:
        return None
    kind = f"{_SMA}.CommandParameterSetInfo"
    found = []
    for name in meta.set_names() or [ALL_SETS]:
        parameters = [each for each in meta.parameters.values() if each.entry(name) is not None]
        shown = {
            "Name": name,
            "IsDefault": name == (meta.default_set or ""),
            "Parameters": Sequence(
                [
                    PSObject.of(
                        _set_parameter(each, name), f"{_SMA}.CommandParameterInfo", "System.Object", kind="Property"
                    )
                    for each in parameters
                ],
                f"{_READ_ONLY}[{_SMA}.CommandParameterInfo]",
                f"{_SMA}.CommandParameterInfo",
            ),
        }
        made = PSObject.of(shown, kind, "System.Object", kind="Property")
        made.to_string = syntax_of(meta, name)
        found.append(made)
    return Sequence(found, f"{_READ_ONLY}[{kind}]", kind)


def _set_parameter(info: ParameterInfo, set_name: str) -> dict[str, Any]:
    entry = info.entry(set_name)
    assert entry is not None  # noqa: S101 - only those of the set come here
    return {
        "Name": info.name,
        "ParameterType": TypeValue(net.full_type_name(info.type_name)),
        "IsMandatory": entry.mandatory,
        "IsDynamic": info.dynamic,
        "Position": -(2**31) if entry.position is None else entry.position,
        "ValueFromPipeline": entry.by_value,
        "ValueFromPipelineByPropertyName": entry.by_name,
        "ValueFromRemainingArguments": entry.remaining,
        "HelpMessage": entry.help_message or "",
        "Aliases": Sequence(list(info.aliases), f"{_READ_ONLY}[System.String]", "System.String"),
    }


def _parameter(info: ParameterInfo) -> dict[str, Any]:
    return {
        "Name": info.name,
        "ParameterType": TypeValue(net.full_type_name(info.type_name)),
        "IsDynamic": info.dynamic,
        "Aliases": Sequence(
            list(info.aliases), "System.Collections.ObjectModel.Collection`1[System.String]", "System.String"
        ),
        "SwitchParameter": info.is_switch,
        "ParameterSets": Dictionary(
            [
                (name, PSObject.of(_part(entry), f"{_SMA}.ParameterSetMetadata", "System.Object", kind="Property"))
                for name, entry in (info.sets or {ALL_SETS: SetEntry()}).items()
            ],
            case_sensitive=False,
            key_type="System.String",
            value_type=f"{_SMA}.ParameterSetMetadata",
        ),
    }


def _part(entry: SetEntry) -> dict[str, Any]:
    return {
        "IsMandatory": entry.mandatory,
        "Position": -(2**31) if entry.position is None else entry.position,
        "ValueFromPipeline": entry.by_value,
        "ValueFromPipelineByPropertyName": entry.by_name,
        "ValueFromRemainingArguments": entry.remaining,
        "HelpMessage": entry.help_message,
    }


def syntax_of(meta: CommandMetadata, set_name: str) -> str:
    """Return a parameter set as Get-Command -Syntax shows it, without the command's name."""
    members = [each for each in meta.parameters.values() if each.entry(set_name) is not None]
    placed = [each for each in members if (entry := each.entry(set_name)) and entry.position is not None]
    placed.sort(key=lambda each: (each.entry(set_name) or _NO_ENTRY).position or 0)
    named = [each for each in members if each not in placed and not each.common]
    named.sort(key=lambda each: not (each.entry(set_name) or _NO_ENTRY).mandatory)
    words = [_syntax_word(each, each.entry(set_name) or _NO_ENTRY) for each in [*placed, *named]]
    words += [f"[-{name}]" for name in ("WhatIf", "Confirm") if meta.should_process]
    words += ["[<CommonParameters>]"] if meta.advanced else []
    return " ".join(words)


_NO_ENTRY: Final = SetEntry()


def _syntax_word(info: ParameterInfo, entry: SetEntry) -> str:
    if info.is_switch:
        return f"-{info.name}" if entry.mandatory else f"[-{info.name}]"
    kind = power_name(net.full_type_name(info.type_name))
    short = kind if kind.startswith("System.Nullable") else kind.rpartition(".")[2] or kind
    name = f"[-{info.name}]" if entry.position is not None else f"-{info.name}"
    word = f"{name} <{short}>"
    return word if entry.mandatory else f"[{word}]"


def _options(command: CommandInfo) -> EnumValue:
    names = {"readonly": ("ReadOnly", 1), "constant": ("Constant", 2), "private": ("Private", 4)}
    names["allscope"] = ("AllScope", 8)
    found = [names[word] for word in names if word in command.options]
    shown = ", ".join(name for name, _ in found) or "None"
    return EnumValue(f"{_SMA}.ScopedItemOptions", shown, sum(number for _, number in found))


def _parameters(command: CommandInfo) -> Any:
    meta = command.metadata
    if meta is None:
        return None
    kind = f"{_SMA}.ParameterMetadata"
    shape = (kind, "System.Object")
    pairs = [(info.name, PSObject.of(_parameter(info), *shape, kind="Property")) for info in meta.parameters.values()]
    return Dictionary(pairs, case_sensitive=False, key_type="System.String", value_type=kind)
