"""Members of values as scripts see them: added members, properties, methods, statics, enumeration over collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.closed import refuse_known
from psnet.lab.dotnet.errors import make_exception, runtime_error
from psnet.lab.values import AUTOMATION_NULL, Array, DotNetError, Hashtable, Member, PSObject, Reference, TypeValue
from psnet.powershell.syntax import ast

from . import net, net_members
from .block_members import block_method
from .collection_methods import collection_method
from .flow import ScriptError
from .records import ErrorRecord
from .scriptblock import ScriptBlock
from .values_of import pure_expression

if TYPE_CHECKING:
    from .frame import Frame

MISSING = net.MISSING


def strict_properties(frame: Frame) -> bool:
    """Say whether a missing property is an error."""
    version = frame.scope.strict_version()
    return version is not None and version >= (2, 0)


# -- reading ----------------------------------------------------------------------------------------


def member_expression(frame: Frame, node: ast.MemberExpression) -> Any:
    """``object.member`` and ``[type]::member``."""
    assert node.object is not None  # noqa: S101 - a member has an object
    assert node.member is not None  # noqa: S101 - a member has a name
    owner = frame.value(node.object)
    if node.null_conditional and (owner is None or owner is AUTOMATION_NULL):
        return None
    member = node.member
    name = member.value if isinstance(member, ast.StringConstantExpression) else frame.value(member)
    if node.static:
        return static_get(frame, owner, net.to_string(name))
    return get_property(frame, owner, name)


def get_property(frame: Frame, owner: Any, name: Any) -> Any:
    """Return a property; what is missing is null, or an error in strict mode."""
    if owner is None or owner is AUTOMATION_NULL:
        if strict_properties(frame):
            raise net_members.missing_property(net.to_string(name))
        if isinstance(name, str) and name.lower() in {"count", "length"}:
            return 0
        return None
    found = find_property(frame, owner, name)
    if found is not MISSING:
        return found
    text = net.to_string(name)
    items = net.enumerate_collection(owner)
    if items is not None:
        values = _enumerated(frame, items, text)
        if values:
            return values[0] if len(values) == 1 and len(items) == 1 else Array(values)
        if strict_properties(frame):
            raise net_members.missing_property(text)
        return None
    if strict_properties(frame):
        raise net_members.missing_property(text)
    if text.lower() in {"count", "length"}:
        return 1
    return None


def _enumerated(frame: Frame, items: list[Any], name: str) -> list[Any]:
    """Return a property of every element that has it (or of every object, null where it does not)."""
    strict = strict_properties(frame)
    values: list[Any] = []
    for item in items:
        inner = net.enumerate_collection(item)
        found = MISSING if item is None else find_property(frame, item, name)
        if found is MISSING and inner is not None:
            values.extend(_enumerated(frame, inner, name))
            continue
        if found is MISSING:
            if strict:
                raise net_members.missing_property(name)
            if isinstance(item, PSObject) and item.base is None:
                values.append(None)
            continue
        expanded = net.enumerate_collection(found)
        values.extend([found] if expanded is None else expanded)
    return values


def find_property(frame: Frame, owner: Any, name: Any) -> Any:
    """Return a property of the object itself, ``MISSING`` when it has none of that name."""
    if isinstance(owner, Hashtable) and not isinstance(name, str):
        base_name = net.unwrap(name)
        if base_name in owner:
            return owner[base_name]
    text = name if type(name) is str else net.to_string(name)
    key = text.lower()
    if isinstance(owner, PSObject):
        member = owner.members.get(key)
        if member is not None:
            return member_value(frame, owner, member)
    if isinstance(owner, ScriptBlock) and key in {"ast", "module", "file", "isfilter", "attributes", "startposition"}:
        return _block_property(owner, key, frame)
    if isinstance(owner, Reference) and key == "value":
        return owner.value
    return net_members.get(owner, text)


def _block_property(block: ScriptBlock, key: str, frame: Frame) -> Any:
    if key == "module":
        return block.state.module if block.state else None
    if key == "file":
        return block.source.file
    if key == "isfilter":
        return False
    if key == "ast":
        from .tree_objects import tree_of  # noqa: PLC0415 - reflection only

        return tree_of(block.definition, block.source)
    raise net.unsupported(f"ScriptBlock.{key}", frame.line)


def member_value(frame: Frame, owner: PSObject, member: Member) -> Any:
    """Return the value of an added member."""
    if member.kind == "ScriptProperty":
        return _script_property(frame, owner, member)
    if member.kind == "AliasProperty":
        return find_property(frame, owner, str(member.value))
    if member.kind == "CodeProperty" or member.getter is not None:
        assert member.getter is not None  # noqa: S101 - code properties are made with one
        return member.getter(owner)
    if member.kind in {"Method", "ScriptMethod", "CodeMethod"}:
        return net_members.method_value(owner, member.name)
    return member.value


def _script_property(frame: Frame, owner: PSObject, member: Member) -> Any:
    """Run a script property; what it throws is a GetValueInvocationException."""
    block = member.value[0] if isinstance(member.value, tuple) else member.value
    if block is None:
        return None
    try:
        return net.collapse(frame.runspace.run_block(block, [], that=owner, processor=frame.processor))
    except ScriptError as refused:
        inner = refused.record.exception
        message = f'Exception getting "{member.name}": "{inner.message}"'
        exception = make_exception("System.Management.Automation.GetValueInvocationException", message, inner)
        raise DotNetError(exception, error_id="ScriptGetValueRuntimeException") from refused


# -- writing ----------------------------------------------------------------------------------------


def set_property(frame: Frame, owner: Any, name: Any, value: Any) -> None:
    """Do ``object.name = value``."""
    if value is AUTOMATION_NULL:
        value = None
    text = net.to_string(name)
    if owner is None or owner is AUTOMATION_NULL:
        raise runtime_error(
            "PropertyNotFound",
            f"The property '{text}' cannot be found on this object. Verify that the property exists and can be set.",
        )
    key = text.lower()
    if isinstance(owner, Reference) and key == "value":
        owner.value = value
        return
    if isinstance(owner, Hashtable):
        owner[text if isinstance(name, str) else net.unwrap(name)] = value
        return
    if isinstance(owner, PSObject):
        member = owner.members.get(key)
        if member is not None:
            _set_member(frame, owner, member, value)
            return
        if owner.base is None:
            _no_property(owner, text)
        if isinstance(owner.base, Hashtable):
            set_property(frame, owner.base, name, value)
            return
    items = net.enumerate_collection(owner)
    if items is not None and not net_members.has(owner, text):
        if not items:
            raise _cannot_set(text)
        for item in items:
            set_property(frame, item, name, value)
        return
    net_members.set_(owner, text, value)


def _no_property(owner: PSObject, name: str) -> None:
    """Refuse a property that an object does not have."""
    if "System.Management.Automation.PSCustomObject" not in owner.type_names and owner.native is None:
        raise _cannot_set(name)
    if isinstance(owner, ErrorRecord) or owner.native is not None:
        raise _cannot_set(name)
    raise _cannot_set(name, custom=True)


def _cannot_set(name: str, *, custom: bool = False) -> DotNetError:
    inner = f"The property '{name}' cannot be found on this object. Verify that the property exists and can be set."
    if not custom:
        return runtime_error("PropertyNotFound", inner)
    message = f'Exception setting "{name}": "{inner}"'
    exception = make_exception("System.Management.Automation.SetValueInvocationException", message)
    return DotNetError(exception, error_id="ExceptionWhenSetting")


def _set_member(frame: Frame, owner: PSObject, member: Member, value: Any) -> None:
    if member.kind == "NoteProperty" and member.setter is None:
        member.value = value
    elif member.kind == "AliasProperty":
        set_property(frame, owner, str(member.value), value)
    elif member.kind == "ScriptProperty" and isinstance(member.value, tuple) and member.value[1] is not None:
        frame.runspace.run_block(member.value[1], [value], that=owner, processor=frame.processor)
    elif member.setter is not None:
        member.setter(owner, value)
    elif (
        member.kind == "Property"
        and member.getter is None
        and owner.native is None
        and not isinstance(owner, ErrorRecord)
    ):
        member.value = value
    else:
        message = f"'{member.name}' is a ReadOnly property."
        raise runtime_error("PropertyAssignmentException", message)


# -- methods ----------------------------------------------------------------------------------------


def invoke_member(frame: Frame, node: ast.InvokeMemberExpression) -> Any:
    """``object.method(...)`` and ``[type]::method(...)``."""
    assert node.object is not None  # noqa: S101 - a call has an object
    assert node.member is not None  # noqa: S101 - a call has a name
    above = _class_of_cast(frame, node.object) if frame.runspace.class_stack else None
    owner = frame.value(node.object)
    if node.null_conditional and (owner is None or owner is AUTOMATION_NULL):
        return None
    member = node.member
    name = net.to_string(member.value if isinstance(member, ast.StringConstantExpression) else frame.value(member))
    arguments = [None if (v := frame.value(a)) is AUTOMATION_NULL else v for a in node.arguments]
    if node.generic:
        raise net.unsupported("generic method arguments", frame.source.line_of(node.start))
    if above is not None:
        found = above.own_method(owner, name, arguments)
        if found is not MISSING:
            return found
    if node.static:
        return net_members.call_static(frame, _type_name(frame, owner), name, arguments)
    return call_method(frame, owner, name, arguments)


def _class_of_cast(frame: Frame, node: ast.Node) -> Any:
    """Return the class of ``([Base]$this)``, whose methods are meant as it has them itself; None for anything else."""
    inner = pure_expression(node.pipeline) if isinstance(node, ast.ParenExpression) and node.pipeline else None
    if not isinstance(inner, ast.ConvertExpression) or inner.type_constraint is None:
        return None
    if not isinstance(inner.operand, ast.VariableExpression) or inner.operand.path.lower() != "this":
        return None
    return frame.runspace.script_types.get(inner.type_constraint.type_name.lower())


def call_method(frame: Frame, owner: Any, name: str, arguments: list[Any]) -> Any:
    """Call a method; on a collection that does not have it, on every element."""
    if owner is None or owner is AUTOMATION_NULL:
        raise runtime_error("InvokeMethodOnNull", "You cannot call a method on a null-valued expression.")
    key = name.lower()
    if isinstance(owner, PSObject):
        member = owner.members.get(key)
        if member is not None:
            return _call_member(frame, owner, member, arguments)
    if isinstance(owner, ScriptBlock):
        found = block_method(frame, owner, key, arguments)
        if found is not MISSING:
            return found
    if key in {"where", "foreach"} and not net_members.has_method(owner, name):
        return collection_method(frame, owner, key, arguments, _member_of_item)
    items = None if net_members.has_method(owner, name) else net.enumerate_collection(owner)
    if items is not None:
        if not items:
            raise _no_method(owner, name)
        if not any(item is not None and _has_method(item, name) for item in items):
            raise _no_method(owner, name, items)
        values: list[Any] = []
        for item in items:
            result = call_method(frame, item, name, arguments)
            if result is not AUTOMATION_NULL:
                values.append(result)
        return net.collapse(values)
    base = net.unwrap(owner)
    if isinstance(base, Hashtable) and not net_members.has_method(owner, name) and name in base:
        value = base[name]
        if isinstance(value, ScriptBlock):
            raise _no_method(owner, name)
    return net_members.call(frame, owner, name, arguments)


def _member_of_item(frame: Frame, item: Any, name: str, arguments: list[Any]) -> list[Any]:
    """Return what ``.ForEach('name', ...)`` gives for one element: a property read or set, or a method called."""
    found = find_property(frame, item, name) if item is not None else None
    if found is not MISSING and not net.type_name_of(found).endswith("PSMethod"):
        if arguments:
            set_property(frame, item, name, arguments[0])
            return []
        return [found]
    result = call_method(frame, item, name, arguments)
    return [] if result is AUTOMATION_NULL else [result]


def _has_method(item: Any, name: str) -> bool:
    if isinstance(item, PSObject) and name.lower() in item.members:
        return True
    return net.enumerate_collection(item) is not None or net_members.has_method(item, name)


def _no_method(owner: Any, name: str, items: list[Any] | None = None) -> DotNetError:
    kind = net.type_name_of(items[0] if items and items[0] is not None else owner)
    if kind.startswith("System.Management.Management"):
        raise net.unsupported(f"the method {name} of an instance of WMI")
    refuse_known(owner, name)
    message = f"Method invocation failed because [{kind}] does not contain a method named '{name}'."
    return runtime_error("MethodNotFound", message, target=name)


def _call_member(frame: Frame, owner: PSObject, member: Member, arguments: list[Any]) -> Any:
    if member.kind == "ScriptMethod":
        try:
            values = frame.runspace.run_block(member.value, arguments, that=owner, processor=frame.processor)
        except ScriptError as refused:
            inner = refused.record.exception
            message = f'Exception calling "{member.name}" with "{len(arguments)}" argument(s): "{inner.message}"'
            kind = "System.Management.Automation.MethodInvocationException"
            raise DotNetError(
                make_exception(kind, message, inner), error_id="ScriptMethodRuntimeException"
            ) from refused
        return net.collapse(values)
    if member.kind in {"Method", "CodeMethod"}:
        return member.value(owner, arguments)
    value = member_value(frame, owner, member)
    if isinstance(value, ScriptBlock) or member.kind == "NoteProperty":
        raise _no_method(owner, member.name)
    return net_members.call(frame, owner, member.name, arguments)


# -- statics ----------------------------------------------------------------------------------------


def _type_name(frame: Frame, owner: Any) -> str:
    base = net.unwrap(owner)
    if isinstance(base, TypeValue):
        return base.name
    if isinstance(base, str):
        return frame.runspace.resolve_type(base, frame)
    if base is None or base is AUTOMATION_NULL:
        raise runtime_error("InvokeMethodOnNull", "You cannot call a method on a null-valued expression.")
    return net.type_name_of(base)


def static_get(frame: Frame, owner: Any, name: str) -> Any:
    """Return ``[type]::name``."""
    return net_members.static_value(frame, _type_name(frame, owner), name)


def static_set(frame: Frame, owner: Any, name: str, value: Any) -> None:
    """Do ``[type]::name = value``."""
    net_members.static_assign(frame, _type_name(frame, owner), name, value)
