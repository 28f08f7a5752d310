"""What a function accepts, read from its text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.powershell.facts.parameters import ALL_SETS, CommandMetadata, ParameterInfo, SetEntry
from psnet.powershell.facts.validation import NotNull, NotNullOrEmpty, Pattern, Range, ValueSet
from psnet.powershell.syntax import ast
from psnet.powershell.syntax.attribute_facts import simple_name

from .literals import UNKNOWN, elements, literal

if TYPE_CHECKING:
    from collections.abc import Iterable

_FLAGS = {"allownull": "allow_null", "allowemptystring": "allow_empty_string"}


def function_metadata(function: ast.FunctionDefinition) -> CommandMetadata | None:
    """Return a function's parameters; None when only a run could tell them (dynamicparam, computed attributes).

    A workflow has those of its activities too (-PSComputerName, -AsJob), see about_WorkflowCommonParameters.
    """
    body = function.body
    if body is None or body.dynamicparam is not None or function.is_workflow:
        return None
    block = body.param
    parameters = function.parameters if function.parameters is not None else block.parameters if block else ()
    return block_metadata(parameters, block.attributes if block else ())


def block_metadata(parameters: Iterable[ast.Parameter], attributes: Iterable[ast.Node]) -> CommandMetadata | None:
    """Return the metadata of a param block."""
    meta = CommandMetadata(advanced=False)
    for attribute in attributes:
        if simple_name(attribute) == "cmdletbinding" and not _cmdlet_binding(meta, attribute):
            return None
    infos: list[ParameterInfo] = []
    for parameter in parameters:
        info = _parameter(parameter)
        if info is None:
            return None
        if any(simple_name(attribute) == "parameter" for attribute in parameter.attributes):
            meta.advanced = True
        infos.append(info)
    _place(meta, infos)
    return meta.finish()


def _place(meta: CommandMetadata, infos: list[ParameterInfo]) -> None:
    """Give positions where none is written, as PowerShell does."""
    own = any(name != ALL_SETS or entry.position is not None for info in infos for name, entry in info.sets.items())
    place = 0
    for info in infos:
        if meta.positional_binding and not own and not info.is_switch:
            entry = info.sets[ALL_SETS]
            info.sets = {ALL_SETS: _moved(entry, place)}
            place += 1
        meta.add(info)


def _moved(entry: SetEntry, position: int) -> SetEntry:
    return SetEntry(
        position, mandatory=entry.mandatory, by_value=entry.by_value, by_name=entry.by_name, remaining=entry.remaining
    )


def _named(attribute: Any) -> dict[str, Any] | None:
    found = {one.name.lower(): True if one.value is None else literal(one.value) for one in attribute.named}
    return None if any(value is UNKNOWN for value in found.values()) else found


def _cmdlet_binding(meta: CommandMetadata, attribute: Any) -> bool:
    named = _named(attribute)
    if named is None or named.get("supportspaging"):
        return False
    meta.advanced = True
    default = named.get("defaultparametersetname")
    meta.default_set = str(default) if default is not None else None
    meta.should_process = bool(named.get("supportsshouldprocess", False))
    meta.positional_binding = bool(named.get("positionalbinding", True))
    return True


def _parameter(parameter: ast.Parameter) -> ParameterInfo | None:
    info = ParameterInfo(parameter.variable.path if parameter.variable else "", steps=())
    sets: dict[str, SetEntry] = {}
    validators: list[Any] = []
    for attribute in parameter.attributes:
        if isinstance(attribute, ast.TypeConstraint):
            info.type_name = attribute.type_name
            continue
        name = simple_name(attribute)
        if name == "parameter":
            named = _named(attribute)
            if named is None:
                return None
            sets[str(named.get("parametersetname") or ALL_SETS)] = _entry(named)
        elif name == "alias" and isinstance(attribute, ast.Attribute):
            info.aliases = tuple(str(literal(node)) for node in attribute.positional)
        elif name in _FLAGS:
            setattr(info, _FLAGS[name], True)
        elif isinstance(attribute, ast.Attribute):
            validators += _validators(name, attribute)
    info.validators = tuple(validators)
    every = sets.get(ALL_SETS)  # what an attribute without a set says counts in each
    if every is not None and every.position is not None:
        sets = {n: entry if entry.position is not None else _moved(entry, every.position) for n, entry in sets.items()}
    info.sets = sets or info.sets
    return info


def _entry(named: dict[str, Any]) -> SetEntry:
    position = named.get("position")
    return SetEntry(
        int(position) if position is not None and str(position).isdigit() else None,
        mandatory=bool(named.get("mandatory", False)),
        by_value=bool(named.get("valuefrompipeline", False)),
        by_name=bool(named.get("valuefrompipelinebypropertyname", False)),
        remaining=bool(named.get("valuefromremainingarguments", False)),
    )


def _validators(name: str, attribute: ast.Attribute) -> list[Any]:
    """Return the validators whose arguments stand in the text; the others are left to a run."""
    values = [literal(node) for node in attribute.positional]
    if any(value is UNKNOWN or (isinstance(value, list) and UNKNOWN in value) for value in values):
        return []
    if name == "validateset" and not attribute.named:
        return [ValueSet([str(item) for value in values for item in elements(value)])]
    if name == "validaterange" and len(values) == 2:
        return [Range(*values)]
    if name == "validatepattern" and values and not attribute.named:
        return [Pattern(str(values[0]))]
    plain = {"validatenotnull": NotNull, "validatenotnullorempty": NotNullOrEmpty}.get(name)
    return [plain()] if plain else []
