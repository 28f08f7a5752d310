"""Expressions: literals, strings with parts, operators, indexing, blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet import operators
from psnet.lab.values import (
    AUTOMATION_NULL,
    Array,
    Hashtable,
    Member,
    OrderedDictionary,
    PSObject,
    TypeValue,
)
from psnet.powershell.syntax import ast

from . import net
from .assign import assign, reference_to, step_operand
from .scriptblock import ScriptBlock
from .statements import run_statements
from .values_of import pure_expression, statement_value

if TYPE_CHECKING:
    from collections.abc import Callable

    from .frame import Frame

#: TokenKind -> the operator as ``psnet.lab.dotnet.operators`` names it.
OPERATORS: Final = {
    "Plus": "+",
    "Minus": "-",
    "Multiply": "*",
    "Divide": "/",
    "Rem": "%",
    "DotDot": "..",
    "Format": "-f",
    "Band": "-band",
    "Bor": "-bor",
    "Bxor": "-bxor",
    "Shl": "-shl",
    "Shr": "-shr",
    "Is": "-is",
    "IsNot": "-isnot",
    "As": "-as",
    "Join": "-join",
}


def operator_name(kind: str) -> str:
    """Return an operator's name; ``Ieq`` is ``-ieq``."""
    return OPERATORS.get(kind) or f"-{kind.lower()}"


def constant(_: Frame, node: ast.ConstantExpression) -> Any:
    """A number."""
    return node.value


def string_constant(_: Frame, node: ast.StringConstantExpression) -> Any:
    """A string without parts."""
    return node.value


def expandable_string(frame: Frame, node: ast.ExpandableStringExpression) -> Any:
    """A string with parts."""
    ofs: str | None = None
    found: list[str] = []
    for piece in node.pieces:
        if isinstance(piece, str):
            found.append(piece)
            continue
        value = _part(frame, piece)
        if type(value) is str:
            found.append(value)
        else:
            if ofs is None:
                ofs = separator(frame)
            found.append(net.to_string(value, ofs))
    return "".join(found)


def _part(frame: Frame, piece: ast.Node) -> Any:
    if isinstance(piece, ast.VariableExpression) and frame.scope.strict_version() == (1, 0):
        found = frame.scope.find(piece.path.lower())
        if found is None and ":" not in piece.path:
            return None
    return frame.value(piece)


def separator(frame: Frame) -> str:
    """Return what stands between a collection's elements in a string: $OFS."""
    found = frame.scope.find("ofs")
    return " " if found is None else net.to_string(found.get())


def array_literal(frame: Frame, node: ast.ArrayLiteral) -> Any:
    """``a, b``."""
    value = frame.value
    found = [value(element) for element in node.elements]
    return Array([None if item is AUTOMATION_NULL else item for item in found])


def array_expression(frame: Frame, node: ast.ArrayExpression) -> Any:
    """``@( ... )``."""
    body = node.body
    if body is None or not body.statements:
        return Array([])
    if len(body.statements) == 1 and not body.traps:
        only = pure_expression(body.statements[0])
        if isinstance(only, ast.ArrayLiteral):
            return frame.value(only)
    return Array(frame.captured(lambda: run_statements(frame, body.statements, body.traps)))


def sub_expression(frame: Frame, node: ast.SubExpression) -> Any:
    """``$( ... )``."""
    body = node.body
    if body is None:
        return AUTOMATION_NULL
    before = frame.node
    values = frame.captured(lambda: run_statements(frame, body.statements, body.traps))
    frame.node = before
    return net.collapse(values)


def paren_expression(frame: Frame, node: ast.ParenExpression) -> Any:
    """``( pipeline )``."""
    assert node.pipeline is not None  # noqa: S101 - the parser refuses empty parentheses
    before = frame.node
    value = statement_value(frame, node.pipeline)
    frame.node = before
    return value


def script_block_expression(frame: Frame, node: ast.ScriptBlockExpression) -> Any:
    """``{ ... }``."""
    assert node.block is not None  # noqa: S101 - the parser gives every literal its block
    text = frame.source.text[node.start : node.end].strip()
    inside = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    return ScriptBlock(node.block, frame.source, frame.state, text=inside)


def hashtable(frame: Frame, node: ast.Hashtable) -> Any:
    """``@{ ... }``."""
    table = Hashtable()
    table.capacity = len(node.pairs)
    return fill_table(frame, node, table)


def fill_table(frame: Frame, node: ast.Hashtable, table: Hashtable) -> Hashtable:
    """Evaluate the pairs of a literal into a table."""
    from psnet.lab.dotnet.errors import runtime_error  # noqa: PLC0415 - errors only

    for key_node, value_node in node.pairs:
        key = net.unwrap(frame.value(key_node))
        value = statement_value(frame, value_node)
        if key is None or key is AUTOMATION_NULL:
            raise runtime_error("InvalidNullKey", "A null key is not allowed in a hash literal.")
        if key in table:
            shown = net.to_string(key)
            raise runtime_error(
                "DuplicateKeyInHashLiteral",
                f"Item has already been added. Key in dictionary: '{shown}'  Key being added: '{shown}'",
            )
        table[key] = None if value is AUTOMATION_NULL else value
    return table


# -- operators --------------------------------------------------------------------------------------


def binary(frame: Frame, node: ast.BinaryExpression) -> Any:
    """``left op right``."""
    kind = node.operator
    assert node.left is not None  # noqa: S101 - binary has two sides
    assert node.right is not None  # noqa: S101 - binary has two sides
    if kind == "And":
        return net.to_bool(frame.value(node.left)) and net.to_bool(frame.value(node.right))
    if kind == "Or":
        return net.to_bool(frame.value(node.left)) or net.to_bool(frame.value(node.right))
    if kind == "Xor":
        return net.to_bool(frame.value(node.left)) != net.to_bool(frame.value(node.right))
    if kind == "QuestionQuestion":
        left = frame.value(node.left)
        return frame.value(node.right) if left is None or left is AUTOMATION_NULL else left
    left, right = frame.value(node.left), frame.value(node.right)
    return apply(frame, operator_name(kind), left, right)


def apply(frame: Frame, op: str, left: Any, right: Any) -> Any:
    """Return ``left op right``; a match sets $Matches."""
    if op in _MATCHES:
        result, table = operators.match(op, left, right)
        if table is not None:
            frame.scope.set_local("Matches", table)
        return result
    if op == "-join":
        return operators.join(left, right)
    if op in {"-is", "-isnot", "-as"}:
        right = _type_operand(frame, right)
        if op == "-as" and isinstance(right, TypeValue) and right.name == "System.Type":
            added = frame.runspace.types_added.get(net.to_string(left).lower())
            if added is not None:
                return TypeValue(added[0])
    return operators.binary(op, left, right, _caller(frame))


_MATCHES: Final = frozenset(f"-{case}{name}" for case in ("", "i", "c") for name in ("match", "notmatch"))


def _type_operand(frame: Frame, right: Any) -> Any:
    base = net.unwrap(right)
    return TypeValue(frame.runspace.resolve_type(base, frame)) if isinstance(base, str) else right


def _caller(frame: Frame) -> Callable[[Any, Any], Any]:
    def call(block: Any, value: Any) -> Any:
        base = net.unwrap(block)
        return net.collapse(frame.runspace.run_block(base, [], this=value, processor=frame.processor))

    return call


def unary(frame: Frame, node: ast.UnaryExpression) -> Any:
    """``op operand``."""
    kind = node.operator
    assert node.operand is not None  # noqa: S101 - unary has an operand
    if kind in {"PlusPlus", "MinusMinus", "PostfixPlusPlus", "PostfixMinusMinus"}:
        return step_operand(frame, node)
    value = frame.value(node.operand)
    if kind in {"Not", "Exclaim"}:
        return not net.to_bool(value)
    if kind == "Minus":
        return operators.negate(value)
    if kind == "Plus":
        return operators.plus(value)
    if kind == "Bnot":
        return operators.bitwise_not(value)
    if kind == "Comma":
        return Array([None if value is AUTOMATION_NULL else value])
    if kind == "Join":
        return operators.join(value, "")
    if kind in {"Isplit", "Csplit", "Split"}:
        return operators.split_unary(value)
    raise net.unsupported(f"operator {kind}", frame.source.line_of(node.start))


def ternary(frame: Frame, node: ast.TernaryExpression) -> Any:
    """``c ? a : b``."""
    assert node.condition is not None  # noqa: S101 - ternary has three parts
    chosen = node.if_true if net.to_bool(frame.value(node.condition)) else node.if_false
    assert chosen is not None  # noqa: S101 - ternary has three parts
    return frame.value(chosen)


# -- types ------------------------------------------------------------------------------------------


def type_expression(frame: Frame, node: ast.TypeExpression) -> Any:
    """``[name]``."""
    return TypeValue(frame.runspace.resolve_type(node.type_name, frame))


def convert_expression(frame: Frame, node: ast.ConvertExpression) -> Any:
    """``[type]operand``."""
    assert node.type_constraint is not None  # noqa: S101 - a cast has a type
    assert node.operand is not None  # noqa: S101 - a cast has an operand
    written = node.type_constraint.type_name
    lowered = written.lower()
    if lowered == "ref":
        return reference_to(frame, node.operand)
    if isinstance(node.operand, ast.Hashtable):
        if lowered == "ordered":
            return fill_table(frame, node.operand, OrderedDictionary())
        if lowered in {"pscustomobject", "psobject", "system.management.automation.pscustomobject"}:
            table = fill_table(frame, node.operand, OrderedDictionary())
            return custom_object(table) if lowered != "psobject" else table
    elif lowered == "ordered":
        from psnet.lab.dotnet.errors import runtime_error  # noqa: PLC0415 - errors only

        raise runtime_error(
            "OrderedAttributeOnHashLiteralNode",
            "The ordered attribute can be specified only on a hash literal node.",
        )
    value = frame.value(node.operand)
    name = frame.runspace.resolve_type(written, frame)
    if value is AUTOMATION_NULL:
        return of_nothing(name)
    if lowered in {"pscustomobject", "system.management.automation.pscustomobject"}:
        base = net.unwrap(value)
        return custom_object(base) if isinstance(base, Hashtable) else value
    return cast(frame, value, name)


def of_nothing(name: str) -> Any:
    """Return what a cast of no output at all gives: the type's default, which of text and classes is null."""
    return net.default_instance(name) if net.is_value_type(name) and not name.startswith("System.Nullable") else None


def cast(frame: Frame, value: Any, name: str) -> Any:
    """Return ``[name]value``."""
    if name == "System.String" and net.is_enumerable(value):
        return net.to_string(value, separator(frame))
    if name == "System.Management.Automation.ScriptBlock":
        base = net.unwrap(value)
        if isinstance(base, str):
            return frame.runspace.script_block(base, frame.state)
    table = net.unwrap(value)
    if isinstance(table, Hashtable) and (brought := frame.runspace.module_type(name)) is not None:
        return brought.of(table)
    return net.convert(value, name)


def custom_object(table: Hashtable) -> PSObject:
    """Return ``[pscustomobject]`` of a dictionary; a key PSTypeName names its type."""
    made = PSObject()
    for key, value in table.items():
        name = net.to_string(key)
        if name.lower() == "pstypename":
            made.type_names.insert(0, net.to_string(value))
        else:
            made.members[name.lower()] = Member(name, "NoteProperty", value)
    return made


def attributed_expression(frame: Frame, node: ast.AttributedExpression) -> Any:
    """``[attribute()]operand`` where a value is wanted."""
    raise net.unsupported("an attribute on an expression", frame.source.line_of(node.start))


# -- index ------------------------------------------------------------------------------------------


def index_expression(frame: Frame, node: ast.IndexExpression) -> Any:
    """``target[index]``."""
    from .indexing import get_index  # noqa: PLC0415 - indexing needs properties

    assert node.target is not None  # noqa: S101 - an index has a target
    assert node.index is not None  # noqa: S101 - an index has an index
    target = frame.value(node.target)
    if node.null_conditional and (target is None or target is AUTOMATION_NULL):
        return None
    return get_index(frame, target, frame.value(node.index))


def assignment_value(frame: Frame, node: ast.AssignmentStatement) -> Any:
    """``(x = 1)``: an assignment as a value."""
    return assign(frame, node)
