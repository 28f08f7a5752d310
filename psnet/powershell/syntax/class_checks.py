"""Rules for methods and for classes that are DSC resources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import ast
from .constants import is_constant
from .type_facts import INTEGERS, is_void, primitive

if TYPE_CHECKING:
    from .parser_base import ParserBase


def check_method(parser: ParserBase, node: ast.FunctionMember, *, returns: bool) -> None:
    """Report what a method or a constructor may not have; ``returns`` when all its paths do."""
    if node.constructor and node.returns is not None:
        parser.error("ConstructorCantHaveReturnType", node.returns)
    body = node.body
    if body is None:
        return
    if body.param is not None:
        parser.error("ParamBlockNotAllowedInMethod", body.param)
    named = body.end_block is None or not body.end_block.unnamed
    if body.begin or body.process or body.dynamicparam or named:
        first = body.dynamicparam or body.begin or body.process or body.end_block
        parser.error("NamedBlockNotAllowedInMethod", first or body)
    void = node.constructor or node.returns is None or is_void(node.returns.type_name)
    if not returns and not void:
        parser.lexer.report("MethodHasCodePathNotReturn", node.name_start, node.name_end)


def check_dsc_resource(parser: ParserBase, node: ast.TypeDefinition) -> None:
    """Report what a class with [DscResource()] lacks."""
    attribute = next((one for one in node.attributes if _is_named(one, "dscresource")), None)
    if attribute is None:
        return
    methods = [member for member in node.members if isinstance(member, ast.FunctionMember)]
    plain = {method.name.lower(): method for method in methods if not method.parameters}
    getter = plain.get("get")
    if getter is not None:
        returned = getter.returns.type_name.removesuffix("[]") if getter.returns else ""
        if returned.lower() != node.name.lower():
            parser.error("DscResourceInvalidGetMethod", getter, node.name)
    key = any(_is_key(parser, one) for one in node.members if isinstance(one, ast.PropertyMember))
    setter, tester = plain.get("set"), plain.get("test")
    inherits = bool(node.bases)
    checks = {
        "DscResourceMissingSetMethod": setter is not None
        and (setter.returns is None or is_void(setter.returns.type_name)),
        "DscResourceMissingGetMethod": getter is not None,
        "DscResourceMissingTestMethod": tester is not None
        and tester.returns is not None
        and primitive(tester.returns.type_name) == "Boolean",
    }
    for error_id, present in checks.items():
        if not present and not inherits:
            parser.error(error_id, attribute, node.name)
    constructors = [one for one in methods if one.constructor and not one.static]
    if constructors and all(one.parameters for one in constructors):
        parser.error("DscResourceMissingDefaultConstructor", attribute, node.name)
    if not key and not inherits:
        parser.error("DscResourceMissingKeyProperty", attribute, node.name)


def _is_named(node: ast.Node, name: str) -> bool:
    if not isinstance(node, ast.Attribute):
        return False
    written = node.type_name.lower().rpartition(".")[2]
    return written.removesuffix("attribute") == name


def _is_key(parser: ParserBase, node: ast.PropertyMember) -> bool:
    for attribute in node.attributes:
        if not isinstance(attribute, ast.Attribute) or not _is_named(attribute, "dscproperty"):
            continue
        for argument in attribute.named:
            if argument.name.lower() == "key" and (argument.value is None or is_constant(argument.value)):
                kind = primitive(node.type_constraint.type_name) if node.type_constraint else None
                own = node.type_constraint is not None and kind is None
                if kind != "String" and kind not in INTEGERS and not own:
                    parser.error("DscResourceInvalidKeyProperty", node)
                return True
    return False
