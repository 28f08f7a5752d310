"""Members of .NET values through ``psnet.lab.dotnet.members``, with what only the engine can do added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import closed, members
from psnet.lab.dotnet.bases import split_generic
from psnet.lab.dotnet.errors import make_exception, runtime_error
from psnet.lab.values import Array, DotNetError, Member, PSObject
from psnet.powershell.facts import dotnet

from . import net
from .scriptblock import ScriptBlock

if TYPE_CHECKING:
    from collections.abc import Callable

    from .frame import Frame


def get(owner: Any, name: str) -> Any:
    """Return a value's own property, ``MISSING`` when it has none."""
    found, value = members.find_own(owner, name)
    if found:
        return value
    if isinstance(net.unwrap(owner), str | Array) or members.find_methods(net.type_name_of(owner), name):
        overloads = members.find_methods(net.type_name_of(owner), name)
        if overloads:
            return method_value(owner, overloads[0].name, [overload.definition for overload in overloads])
    closed.refuse_known(owner, name)
    return net.MISSING


def has(owner: Any, name: str) -> bool:
    """Say whether a value itself has a property that could be set."""
    return bool(members.find_own(owner, name)[0])


def set_(owner: Any, name: str, value: Any) -> None:
    """Set a property."""
    members.set_member(owner, name, value)


def has_method(owner: Any, name: str) -> bool:
    """Say whether a value itself has a method."""
    if isinstance(owner, PSObject):
        member = owner.members.get(name.lower())
        if member is not None:
            return member.kind in {"Method", "ScriptMethod"}
    return bool(members.find_methods(net.type_name_of(net.unwrap(owner)), name))


def call(frame: Frame, owner: Any, name: str, arguments: list[Any]) -> Any:
    """Call a method."""
    found, result = members.try_call(owner, name, arguments, invoker(frame))
    if found:
        return result
    closed.refuse_known(owner, name)
    raise members.method_not_found(net.unwrap(owner), name)


def invoker(frame: Frame) -> Callable[..., Any]:
    """Return what runs a script block for .NET: as a delegate, a script property or a script method."""

    def invoke(block: Any, arguments: list[Any], this: Any = None, underscore: Any = None) -> Any:
        base = net.unwrap(block)
        if not isinstance(base, ScriptBlock):
            raise net.unsupported("this delegate", frame.line)
        if this is None and underscore is None:
            return net.collapse(frame.runspace.run_delegate(base, list(arguments), frame.processor))
        values = frame.runspace.run_block(base, list(arguments), this=underscore, that=this, processor=frame.processor)
        return net.collapse(values)

    return invoke


def method_value(owner: Any, name: str, definitions: list[str] | None = None) -> PSObject:
    """Return a PSMethod: a method named without a call."""
    shown = [Member("OverloadDefinitions", "Property", value=Array(list(definitions or []), "System.String"))]
    shown.append(Member("Name", "Property", value=name))
    shown.append(Member("Invoke", "Method", value=lambda _, arguments: members.call_method(owner, name, arguments)))
    text = ", ".join(definitions) if definitions else name
    return PSObject(shown, ("System.Management.Automation.PSMethod", "System.Object"), to_string=text)


def call_static(frame: Frame, type_name: str, name: str, arguments: list[Any]) -> Any:
    """Call a static method or a constructor."""
    runspace = frame.runspace
    special = runspace.native_static(type_name, name, arguments, frame)
    if special is not net.MISSING:
        return special
    return members.static_call(type_name, name, arguments, invoker(frame))


def missing_property(name: str) -> DotNetError:
    """Return strict mode's error."""
    message = f"The property '{name}' cannot be found on this object. Verify that the property exists."
    exception = make_exception("System.Management.Automation.PropertyNotFoundException", message)
    return DotNetError(exception, error_id="PropertyNotFoundStrict", category="NotSpecified", target=None)


def static_value(frame: Frame, type_name: str, name: str) -> Any:
    """Return a static property, an enumeration's value or a static method."""
    special = frame.runspace.native_static_value(type_name, name)
    if special is not net.MISSING:
        return special
    found, value = members.find_static(type_name, name)
    if found:
        return value
    overloads = members.static_methods(type_name, name)
    if overloads:
        return method_value(None, overloads[0].name, [overload.definition for overload in overloads])
    if dotnet.has_member(split_generic(type_name)[0], name, static=True):
        raise net.unsupported(f"[{type_name}]::{name}", frame.line)
    if frame.runspace.knows_statics(type_name) or dotnet.find(split_generic(type_name)[0]) is not None:
        version = frame.scope.strict_version()
        if version is not None and version >= (2, 0):
            raise missing_property(name)
        return None
    raise net.unsupported(f"[{type_name}]::{name}", frame.line)


def static_assign(frame: Frame, type_name: str, name: str, value: Any) -> None:
    """Assign a static property; the few that can be set belong to the runspace."""
    if not frame.runspace.set_static(type_name, name, value):
        raise net.unsupported(f"assignment to [{type_name}]::{name}", frame.line)


def index(frame: Frame, target: Any, position: Any) -> Any:
    """Return what an indexer gives, ``MISSING`` where a value has none."""
    base = net.unwrap(target)
    special = getattr(base, "get_item", None)
    if special is not None:
        return special(position)
    for name in ("get_Item", "Item"):
        if members.find_methods(net.type_name_of(base), name):
            return members.call_method(target, name, [position], invoker(frame))
    return net.MISSING


def set_index(frame: Frame, target: Any, position: Any, value: Any) -> None:
    """Assign through an indexer."""
    base = net.unwrap(target)
    if members.find_methods(net.type_name_of(base), "set_Item"):
        members.call_method(target, "set_Item", [position, value], invoker(frame))
        return
    raise runtime_error(
        "CannotIndex", f"Unable to index into an object of type {net.type_name_of(target) or 'System.Object'}."
    )
