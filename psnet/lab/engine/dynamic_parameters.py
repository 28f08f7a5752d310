"""``dynamicparam``: run the block and make parameters of what it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.types.attributes import AttributeObject, RuntimeParameter, RuntimeParameters
from psnet.lab.values import AUTOMATION_NULL, TypeValue
from psnet.powershell.facts.parameters import ALL_SETS, CommandMetadata, ParameterInfo, SetEntry

from . import net
from .attributes import validator
from .binder import Binder
from .flow import ReturnJump
from .metadata_script import FLAGS
from .typed import converter

if TYPE_CHECKING:
    from .arguments import Argument
    from .processor_script import ScriptProcessor


def with_dynamic(
    processor: ScriptProcessor, arguments: list[Argument]
) -> tuple[CommandMetadata, dict[str, RuntimeParameter]]:
    """Return a call's parameters, the declared ones and those that its ``dynamicparam`` block gives, and the latter as objects.

    As in PowerShell the block sees the declared parameters that the command line binds already.
    """
    first = Binder(processor, processor.meta)
    first.bind_declared(arguments)
    processor.binder, processor.bound = first, first.values
    processor.put_variables()
    table = _run(processor)
    if table is None:
        return processor.meta, {}
    meta = CommandMetadata(
        default_set=processor.meta.default_set,
        positional_binding=processor.meta.positional_binding,
        should_process=processor.meta.should_process,
        confirm_impact=processor.meta.confirm_impact,
    )
    for info in processor.meta.parameters.values():
        if not info.common:
            meta.add(info)
    for key, parameter in table.items():
        meta.add(_parameter(processor, net.to_string(key), parameter))
    return meta.finish(), {net.to_string(key): parameter for key, parameter in table.items()}


def _run(processor: ScriptProcessor) -> RuntimeParameters | None:
    block = processor.block.body.dynamicparam
    assert block is not None  # noqa: S101 - only functions that have one come here
    frame = processor.frame

    def run() -> None:
        try:
            frame.run(block.statements, block.traps)
        except ReturnJump:
            return

    with frame.entered(), processor.runspace.deeper(frame):
        written = [value for value in frame.captured(run) if value is not AUTOMATION_NULL]
    tables = [base for value in written if isinstance(base := net.unwrap(value), RuntimeParameters)]
    return tables[-1] if tables else None


def _parameter(processor: ScriptProcessor, name: str, parameter: RuntimeParameter) -> ParameterInfo:
    kind = parameter.kind.name if isinstance(parameter.kind, TypeValue) else "System.Object"
    info = ParameterInfo(name, kind, steps=(converter(kind, binding=True),))
    sets: dict[str, SetEntry] = {}
    validators: list[Any] = []
    for item in parameter.attributes:
        attribute = net.unwrap(item)
        if not isinstance(attribute, AttributeObject):
            raise net.unsupported("an attribute of a dynamic parameter", processor.line)
        short = attribute.type_name.rpartition(".")[2].removesuffix("Attribute").lower()
        if short == "parameter":
            named = attribute.named
            position = named.get("position")
            sets[net.to_string(named.get("parametersetname") or ALL_SETS)] = SetEntry(
                int(position) if position is not None and int(position) >= 0 else None,
                mandatory=net.to_bool(named.get("mandatory", False)),
                by_value=net.to_bool(named.get("valuefrompipeline", False)),
                by_name=net.to_bool(named.get("valuefrompipelinebypropertyname", False)),
                remaining=net.to_bool(named.get("valuefromremainingarguments", False)),
            )
        elif short == "alias":
            info.aliases = tuple(net.to_string(alias) for alias in attribute.positional)
        elif short in FLAGS:
            setattr(info, FLAGS[short], True)
        elif short != "supportswildcards":
            made = validator(processor.runspace, short, attribute.positional, attribute.named)
            if made is None:
                raise net.unsupported(f"[{attribute.type_name}] of a dynamic parameter", processor.line)
            validators.append(made)
    info.validators = tuple(validators)
    if sets:
        info.sets = sets
    return info
