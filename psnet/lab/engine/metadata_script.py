"""Parameters of functions and script blocks: from the syntax tree to what the binder needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.values import AUTOMATION_NULL
from psnet.powershell.facts.parameters import ALL_SETS, CommandMetadata, ParameterInfo, SetEntry
from psnet.powershell.syntax import ast
from psnet.powershell.syntax.attribute_facts import simple_name

from . import net
from .attributes import attribute_arguments, validators_of
from .scope import Variable
from .typed import attribute_types, converter, variable_steps

if TYPE_CHECKING:
    from .cmdlet import Parameters
    from .frame import Frame
    from .processor_script import ScriptProcessor
    from .scriptblock import ScriptBlock


def metadata_of(block: ScriptBlock, processor: ScriptProcessor) -> CommandMetadata:
    """Return a block's metadata; made once."""
    known = block.cached_metadata()
    if known is not None:
        return known
    from .frame import Frame  # noqa: PLC0415 - frames import this module's users

    state = block.state or processor.caller.state
    frame = Frame(
        processor.runspace,
        state.current,
        state,
        processor.caller.out,
        processor.caller.streams,
        block.source,
        parent=processor.caller,
    )
    return block.keep_metadata(build_metadata(frame, block))


def build_metadata(frame: Frame, block: ScriptBlock) -> CommandMetadata:
    """Read CmdletBinding and the parameters."""
    # A function with dynamicparam is an advanced one.
    meta = CommandMetadata(advanced=block.body.dynamicparam is not None)
    for attribute in block.attributes():
        _command_attribute(frame, meta, attribute)
    if any(simple_name(a) == "parameter" for p in block.all_parameters() for a in p.attributes):
        meta.advanced = True
    infos = [_parameter(frame, block, parameter, simple=not meta.advanced) for parameter in block.all_parameters()]
    own_places = any(
        name != ALL_SETS or entry.position is not None for info in infos for name, entry in info.sets.items()
    )
    place = 0
    for info in infos:
        if meta.positional_binding and not own_places and not info.is_switch:
            entry = info.sets[ALL_SETS]
            info.sets = {
                ALL_SETS: SetEntry(
                    place,
                    mandatory=entry.mandatory,
                    by_value=entry.by_value,
                    by_name=entry.by_name,
                    remaining=entry.remaining,
                )
            }
            place += 1
        meta.add(info)
    return meta.finish()


def _command_attribute(frame: Frame, meta: CommandMetadata, attribute: Any) -> None:
    name = simple_name(attribute)
    if name == "cmdletbinding":
        meta.advanced = True
        _, named = attribute_arguments(frame, attribute)
        default = named.get("defaultparametersetname")
        meta.default_set = net.to_string(default) if default is not None else None
        meta.should_process = net.to_bool(named.get("supportsshouldprocess", False))
        meta.positional_binding = net.to_bool(named.get("positionalbinding", True))
        meta.confirm_impact = net.to_string(named.get("confirmimpact", "Medium"))
        if net.to_bool(named.get("supportspaging", False)):
            raise net.unsupported("SupportsPaging", frame.source.line_of(attribute.start))
    elif name not in {
        "outputtype",
        "diagnostics.codeanalysis.suppressmessageattribute",
        "diagnostics.codeanalysis.suppressmessage",
        "system.diagnostics.codeanalysis.suppressmessageattribute",
        "system.diagnostics.codeanalysis.suppressmessage",
        "alias",
        "obsolete",
    }:
        raise net.unsupported(f"attribute [{attribute.type_name}]", frame.source.line_of(attribute.start))


FLAGS = {"allownull": "allow_null", "allowemptystring": "allow_empty_string"}
FLAGS["allowemptycollection"] = "allow_empty_collection"
_INERT = {"supportswildcards", "psdefaultvalue", "argumentcompleter", "argumentcompletions", "obsolete", "dontshow"}


def _parameter(frame: Frame, block: ScriptBlock, parameter: ast.Parameter, *, simple: bool) -> ParameterInfo:
    assert parameter.variable is not None  # noqa: S101 - the parser gives every parameter its variable
    info = ParameterInfo(parameter.variable.path, steps=())
    steps: list[Any] = []
    validators: list[Any] = []
    sets: dict[str, SetEntry] = {}
    for attribute in reversed(parameter.attributes):
        if isinstance(attribute, ast.TypeConstraint):
            if not steps:
                info.type_name = frame.runspace.resolve_type(attribute.type_name, frame)
            steps.append(converter(info.type_name if not steps else attribute.type_name, binding=True, simple=simple))
            continue
        assert isinstance(attribute, ast.Attribute)  # noqa: S101 - the other kind of a parameter's attributes
        name = simple_name(attribute)
        if name == "parameter":
            set_name, entry = _set_entry(frame, attribute)
            sets[set_name] = entry
        elif name == "alias":
            positional, _ = attribute_arguments(frame, attribute)
            info.aliases = tuple(net.to_string(alias) for alias in positional)
        elif name in FLAGS:
            setattr(info, FLAGS[name], True)
        elif name == "pstypename":
            positional, _ = attribute_arguments(frame, attribute)
            info.ps_type = net.to_string(positional[0])
        elif name not in _INERT:
            validators.extend(validators_of(frame, attribute, block))
    info.steps = tuple(steps)
    info.validators = tuple(reversed(validators))
    if sets:
        info.sets = dict(reversed(sets.items()))
    return info


def _set_entry(frame: Frame, attribute: ast.Attribute) -> tuple[str, SetEntry]:
    _, named = attribute_arguments(frame, attribute)
    position = named.get("position")

    def flag(name: str) -> bool:
        return net.to_bool(named.get(name, False))

    entry = SetEntry(
        int(position) if position is not None and int(position) >= 0 else None,
        mandatory=flag("mandatory"),
        by_value=flag("valuefrompipeline"),
        by_name=flag("valuefrompipelinebypropertyname"),
        remaining=flag("valuefromremainingarguments"),
    )
    return net.to_string(named.get("parametersetname", ALL_SETS)), entry


def attach_variable(frame: Frame, meta: CommandMetadata, parameter: ast.Parameter, bound: Parameters) -> None:
    """Make a parameter's variable: its argument, else its default value, else its type's."""
    assert parameter.variable is not None  # noqa: S101 - the parser gives every parameter its variable
    name = parameter.variable.path
    info = meta.parameters[name.lower()]
    if name in bound:
        value = bound[name]
    elif parameter.default is not None:
        value = frame.value(parameter.default)
        if value is AUTOMATION_NULL:
            value = None
        for step in info.steps or ():
            value = step(value)
    else:
        value = default_of(info)
    variable = Variable(name, value)
    variable.steps = variable_steps(name, info.steps or (), info.validators)
    variable.attributes = attribute_types(len(info.steps or ()), info.validators)
    frame.scope.variables[name.lower()] = variable


def default_of(info: ParameterInfo) -> Any:
    """Return what an unbound parameter without a default value holds."""
    if not info.steps:
        return None
    kind = info.type_name
    if kind == "System.Management.Automation.PSReference":
        return None
    if kind in {"System.String", "System.Boolean"} or kind.endswith("SwitchParameter"):
        return net.convert(None, kind)
    if not net.is_value_type(kind) or kind.startswith("System.Nullable"):
        return None
    try:
        return net.convert(None, kind)
    except net.DotNetError:
        return net.default_instance(kind)
