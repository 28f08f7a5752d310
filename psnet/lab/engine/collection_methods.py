"""``.Where()`` and ``.ForEach()``, which every value has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import runtime_error
from psnet.lab.dotnet.objects import Sequence
from psnet.lab.values import AUTOMATION_NULL, TypeValue

from . import net
from .scriptblock import ScriptBlock

if TYPE_CHECKING:
    from .frame import Frame

_MODES = ("Default", "First", "Last", "SkipUntil", "Until", "Split")


def _result(values: list[Any]) -> Sequence:
    return Sequence(values, "System.Collections.ObjectModel.Collection`1[System.Management.Automation.PSObject]")


def collection_method(frame: Frame, owner: Any, name: str, arguments: list[Any]) -> Any:
    """Run ``Where`` or ``ForEach``."""
    items = net.enumerate_collection(owner)
    found = [owner] if items is None else items
    return _where(frame, found, arguments) if name == "where" else _foreach(frame, found, arguments)


def _test(frame: Frame, block: Any, item: Any) -> bool:
    values = frame.runspace.run_block(block, [], this=item, processor=frame.processor, new_scope=False)
    return net.to_bool(net.collapse(values))


def _where(frame: Frame, items: list[Any], arguments: list[Any]) -> Any:
    if not arguments or not isinstance(net.unwrap(arguments[0]), ScriptBlock):
        raise runtime_error("WhereScriptBlockRequired", "The Where operator requires a script block.")
    block = net.unwrap(arguments[0])
    mode = net.to_string(arguments[1]).lower() if len(arguments) > 1 else "default"
    known = next((word for word in _MODES if word.lower() == mode or str(_MODES.index(word)) == mode), None)
    if known is None:
        raise net.unsupported(f"Where mode {mode}", frame.line)
    count = int(net.convert(arguments[2], "System.Int32")) if len(arguments) > 2 else 0
    if known in {"SkipUntil", "Until"}:
        at = next((n for n, item in enumerate(items) if _test(frame, block, item)), len(items))
        kept = items[at:] if known == "SkipUntil" else items[:at]
        return _result(kept[:count] if count else kept)
    if known == "First":
        kept = []
        for item in items:
            if _test(frame, block, item):
                kept.append(item)
                if len(kept) >= (count or 1):
                    break
        return _result(kept)
    passed: list[Any] = []
    failed: list[Any] = []
    for item in items:
        full = known in {"Default", "Split"} and count and len(passed) >= count
        if full and known == "Default":
            break
        (passed if not full and _test(frame, block, item) else failed).append(item)
    if known == "Last":
        return _result(passed[-(count or 1) :])
    if known == "Split":
        return _result([_result(passed), _result(failed)])
    return _result(passed)


def _foreach(frame: Frame, items: list[Any], arguments: list[Any]) -> Any:
    from .members import call_method, find_property, set_property  # noqa: PLC0415 - cycle

    if not arguments:
        raise runtime_error("ForEachNoArguments", "The ForEach operator requires an argument.")
    first = net.unwrap(arguments[0])
    values: list[Any] = []
    for item in items:
        if isinstance(first, ScriptBlock):
            results = frame.runspace.run_block(
                first, arguments[1:], this=item, processor=frame.processor, new_scope=False
            )
            values.extend(results)
        elif isinstance(first, TypeValue):
            values.append(net.convert(item, first.name))
        else:
            name = net.to_string(first)
            found = find_property(frame, item, name) if item is not None else None
            if found is not net.MISSING and not _is_method(found):
                if len(arguments) > 1:
                    set_property(frame, item, name, arguments[1])
                else:
                    values.append(found)
                continue
            result = call_method(frame, item, name, arguments[1:])
            if result is not AUTOMATION_NULL:
                values.append(result)
    return _result(values)


def _is_method(value: Any) -> bool:
    return net.type_name_of(value).endswith("PSMethod")
