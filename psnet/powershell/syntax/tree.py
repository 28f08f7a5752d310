"""A syntax tree as one s-expression, in the form that the recorded cases define.

``(Type start-end item ...)`` on one line: words, ``"JSON strings"``, nodes, ``role:item`` and ``[item ...]``.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from psnet.powershell import values

from . import ast
from .number_text import number_text
from .parser import Language, parse_with_errors

if TYPE_CHECKING:
    from collections.abc import Callable


_FLAGS: Final = {"casesensitive": "CaseSensitive"}
_NUMBER_TYPES: Final = {int: "Int32", float: "Double", bool: "Boolean", values.Byte: "Byte"}


def tree_text(node: ast.Node) -> str:
    """Return a node and all below it as an s-expression on one line."""
    name = type(node).__name__
    items = _ITEMS[type(node)](node)
    return " ".join([f"({name} {node.start}-{node.end}", *filter(None, items)]) + ")"


def tree_or_errors(text: str, language: Language = "5.1") -> tuple[str, bool]:
    """Return a script's tree and True, or its refusals and False.

    The refusals are one JSON list ``["ErrorId", start]`` a line, in the engine's order.
    """
    tree, errors = parse_with_errors(text, language=language)
    if errors or tree is None:
        return "\n".join(json.dumps([error.error_id, error.start]) for error in errors), False
    return tree_text(tree), True


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _optional(node: ast.Node | None) -> str:
    return tree_text(node) if node is not None else ""


def _role(name: str, node: ast.Node | None) -> str:
    return f"{name}:{tree_text(node)}" if node is not None else ""


def _list(name: str, nodes: Any) -> str:
    return f"{name}:[{' '.join(map(tree_text, nodes))}]"


def _all(nodes: Any) -> list[str]:
    return [tree_text(node) for node in nodes]


def _script_block(node: ast.ScriptBlock) -> list[str]:
    return [
        *_all(node.usings),
        *_all(node.attributes),
        _role("param", node.param),
        _role("dynamicparam", node.dynamicparam),
        _role("begin", node.begin),
        _role("process", node.process),
        _role("end", node.end_block),
        _role("clean", node.clean),
    ]


def _body(node: ast.NamedBlock | ast.StatementBlock) -> list[str]:
    if not node.traps:
        return _all(node.statements)
    return _all(sorted([*node.statements, *node.traps], key=lambda one: one.start))


def _label(label: str | None) -> str:
    return f"label:{_quoted(label)}" if label is not None else ""


def _clauses(node: Any) -> list[str]:
    return [f"[{tree_text(test)} {tree_text(body)}]" for test, body in node.clauses]


def _switch(node: ast.SwitchStatement) -> list[str]:
    flags = [_FLAGS.get(flag, flag.capitalize()) for flag in node.flags]
    return [
        _label(node.label),
        *flags,
        _role("on", node.on),
        *_clauses(node),
        _role("default", node.default),
    ]


def _constant(node: ast.ConstantExpression) -> list[str]:
    kind = type(node.value)
    name = _NUMBER_TYPES.get(kind, kind.__name__)
    return [name, _quoted(number_text(node.value))]


def _invoke(node: ast.InvokeMemberExpression) -> list[str]:
    generic = f"generic:[{' '.join(map(_quoted, node.generic))}]" if node.generic else ""
    return [*_member(node), generic, _list("args", node.arguments)]


def _member(node: ast.MemberExpression | ast.InvokeMemberExpression) -> list[str]:
    return [
        "static" if node.static else "",
        "nullconditional" if node.null_conditional else "",
        _optional(node.object),
        _optional(node.member),
    ]


def _using(node: ast.UsingStatement) -> list[str]:
    kind = node.kind.capitalize()
    return [kind, _optional(node.name), _role("alias", node.alias), _role("spec", node.spec)]


def _type(node: ast.TypeDefinition) -> list[str]:
    bases = _list("bases", node.bases) if node.bases else ""
    return [node.kind, _quoted(node.name), *_all(node.attributes), bases, *_all(node.members)]


def _property(node: ast.PropertyMember) -> list[str]:
    return [
        "static" if node.static else "",
        "hidden" if node.hidden else "",
        _quoted(node.name),
        *_all(node.attributes),
        _role("type", node.type_constraint),
        _role("default", node.default),
    ]


def _function_member(node: ast.FunctionMember) -> list[str]:
    return [
        "constructor" if node.constructor else "",
        "static" if node.static else "",
        "hidden" if node.hidden else "",
        _quoted(node.name),
        *_all(node.attributes),
        _role("returns", node.returns),
        _list("params", node.parameters),
        _role("body", node.body),
    ]


def _function(node: ast.FunctionDefinition) -> list[str]:
    return [
        "filter" if node.is_filter else "",
        _quoted(node.name),
        _list("params", node.parameters) if node.parameters else "",
        _role("body", node.body),
    ]


def _children(node: ast.Node) -> list[str]:
    """Print the nodes of all fields in their order."""
    out: list[str] = []
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, ast.Node):
            out.append(tree_text(value))
        elif isinstance(value, tuple):
            out += _all(value)
    return out


def _with_operator(node: Any) -> list[str]:
    return [node.operator, *_children(node)]


def _loop(node: Any) -> list[str]:
    return [_label(node.label), _role("cond", node.cond), _role("body", node.body)]


_ITEMS: Final[dict[type[ast.Node], Callable[[Any], list[str]]]] = {
    ast.ScriptBlock: _script_block,
    ast.NamedBlock: lambda n: ["unnamed" if n.unnamed else "", *_body(n)],
    ast.StatementBlock: _body,
    ast.ParamBlock: lambda n: [*_all(n.attributes), _list("params", n.parameters)],
    ast.Parameter: lambda n: [*_all(n.attributes), _optional(n.variable), _role("default", n.default)],
    ast.Attribute: lambda n: [_quoted(n.type_name), *_all(n.positional), *_all(n.named)],
    ast.NamedAttributeArgument: lambda n: [
        _quoted(n.name),
        "omitted" if n.value is None else tree_text(n.value),
    ],
    ast.FunctionDefinition: _function,
    ast.IfStatement: lambda n: [*_clauses(n), _role("else", n.else_block)],
    ast.SwitchStatement: _switch,
    ast.ForStatement: lambda n: [
        _label(n.label),
        _role("init", n.init),
        _role("cond", n.cond),
        _role("iter", n.iter),
        _role("body", n.body),
    ],
    ast.ForEachStatement: lambda n: [
        _label(n.label),
        _optional(n.variable),
        _role("in", n.expression),
        _role("body", n.body),
    ],
    ast.WhileStatement: _loop,
    ast.DoWhileStatement: _loop,
    ast.DoUntilStatement: _loop,
    ast.TryStatement: lambda n: [_role("body", n.body), *_all(n.catches), _role("finally", n.finally_block)],
    ast.CatchClause: lambda n: [*_all(n.types), _role("body", n.body)],
    ast.TrapStatement: lambda n: [_optional(n.type_constraint), _role("body", n.body)],
    ast.DataStatement: lambda n: [
        f"var:{_quoted(n.variable)}" if n.variable is not None else "",
        _list("allowed", n.allowed) if n.allowed else "",
        _role("body", n.body),
    ],
    ast.ConfigurationDefinition: lambda n: [_optional(n.name), _role("body", n.body)],
    ast.DynamicKeywordStatement: lambda n: [
        _quoted(n.keyword),
        _role("instance", n.instance),
        _role("properties", n.properties),
        _role("param", n.param),
        _role("body", n.body),
    ],
    ast.BlockStatement: lambda n: [n.kind, _role("body", n.body)],
    ast.BreakStatement: _children,
    ast.ContinueStatement: _children,
    ast.ReturnStatement: _children,
    ast.ThrowStatement: _children,
    ast.ExitStatement: _children,
    ast.UsingStatement: _using,
    ast.TypeDefinition: _type,
    ast.PropertyMember: _property,
    ast.FunctionMember: _function_member,
    ast.Pipeline: lambda n: ["background" if n.background else "", *_all(n.elements)],
    ast.PipelineChain: lambda n: ["background" if n.background else "", *_with_operator(n)],
    ast.Command: lambda n: [n.invocation or "", *_all(n.elements), *_all(n.redirections)],
    ast.CommandExpression: _children,
    ast.CommandParameter: lambda n: [_quoted(n.name), _optional(n.argument)],
    ast.FileRedirection: lambda n: [n.stream, "append" if n.append else "", _optional(n.target)],
    ast.MergingRedirection: lambda n: [n.from_stream, n.to_stream],
    ast.AssignmentStatement: _with_operator,
    ast.BinaryExpression: _with_operator,
    ast.UnaryExpression: _with_operator,
    ast.TernaryExpression: _children,
    ast.ConvertExpression: _children,
    ast.AttributedExpression: _children,
    ast.TypeExpression: lambda n: [_quoted(n.type_name)],
    ast.TypeConstraint: lambda n: [_quoted(n.type_name)],
    ast.ConstantExpression: _constant,
    ast.StringConstantExpression: lambda n: [n.kind, _quoted(n.value)],
    ast.ExpandableStringExpression: lambda n: [n.kind, _quoted(n.value), *_all(n.nested)],
    ast.VariableExpression: lambda n: ["splat" if n.splatted else "", _quoted(n.path)],
    ast.MemberExpression: _member,
    ast.InvokeMemberExpression: _invoke,
    ast.BaseCtorInvokeMemberExpression: _invoke,
    ast.IndexExpression: lambda n: ["nullconditional" if n.null_conditional else "", *_children(n)],
    ast.Hashtable: lambda n: [f"[{tree_text(key)} {tree_text(value)}]" for key, value in n.pairs],
    ast.ArrayLiteral: _children,
    ast.ArrayExpression: _children,
    ast.SubExpression: _children,
    ast.ParenExpression: _children,
    ast.ScriptBlockExpression: _children,
    ast.UsingExpression: _children,
    ast.ErrorStatement: _children,
    ast.ErrorExpression: _children,
}
