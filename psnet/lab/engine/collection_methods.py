"""``.Where()`` and ``.ForEach()``, which every value has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from psnet.lab.dotnet.errors import runtime_error
from psnet.lab.dotnet.objects import Sequence
from psnet.lab.values import AUTOMATION_NULL, GenericList, TypeValue

from . import net
from .scriptblock import ScriptBlock

if TYPE_CHECKING:
    from collections.abc import Callable

    from .frame import Frame

MemberOfItem: TypeAlias = "Callable[[Frame, Any, str, list[Any]], list[Any]]"
_MODES = ("Default", "First", "Last", "SkipUntil", "Until", "Split")


def _result(values: list[Any]) -> Sequence:
    return Sequence(values, "System.Collections.ObjectModel.Collection`1[System.Management.Automation.PSObject]")


def collection_method(frame: Frame, owner: Any, name: str, arguments: list[Any], of_item: MemberOfItem) -> Any:
    """Run ``Where`` or ``ForEach``; ``of_item`` reads, sets or calls a member of one element by its name."""
    items = net.enumerate_collection(owner)
    if name == "foreach" and isinstance(net.unwrap(owner), GenericList) and items is not None and len(arguments) == 1:
        block = net.unwrap(arguments[0])
        if isinstance(block, ScriptBlock):  # List`1 has a ForEach(Action) of its own, which gives nothing
            for item in items:
                frame.runspace.run_block(block, [item], processor=frame.processor)
            return AUTOMATION_NULL
    found = [owner] if items is None else items
    return _where(frame, found, arguments) if name == "where" else _foreach(frame, found, arguments, of_item)


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


def _foreach(frame: Frame, items: list[Any], arguments: list[Any], of_item: MemberOfItem) -> Any:
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
            values.extend(of_item(frame, item, net.to_string(first), arguments[1:]))
    return _result(values)
