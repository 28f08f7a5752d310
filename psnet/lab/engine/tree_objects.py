"""Syntax trees as scripts see them: ``$block.Ast``, Parser.ParseInput and ParseFile.

Names of the classes and their properties: Microsoft Learn, System.Management.Automation.Language. What a tree has and is
not declared here is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.objects import Sequence
from psnet.lab.dotnet.registry import method, prop
from psnet.lab.values import AUTOMATION_NULL, Array, EnumValue, Hashtable, PSObject, Reference, TypeValue
from psnet.powershell.facts.tree_types import SPACE
from psnet.powershell.syntax import ast, parse_with_errors
from psnet.powershell.syntax.visit import children

from . import net
from .extent import Extent, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_AST: Final = f"{SPACE}.Ast"
_LIST: Final = "System.Collections.ObjectModel.ReadOnlyCollection`1"
_NESTED: Final = (ast.ScriptBlockExpression, ast.FunctionDefinition)


class Tree:
    """One node of a script's tree, with its text and the nodes above it."""

    __slots__ = ("node", "parent", "source")

    def __init__(self, node: ast.Node, source: Source, parent: Tree | None = None) -> None:
        self.node, self.source, self.parent = node, source, parent

    @property
    def type_name(self) -> str:
        """The name of the node's class."""
        return f"{SPACE}.{type(self.node).__name__}Ast"

    @property
    def text_form(self) -> str:
        """What ``ToString()`` gives."""
        return self.source.slice(self.node)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tree) and other.node is self.node

    def __hash__(self) -> int:
        return id(self.node)

    def relative_to(self, node: ast.Node | None) -> Tree | None:
        """Return a child."""
        return None if node is None else Tree(node, self.source, self)

    def all_below(self, nodes: tuple[ast.Node, ...] | None) -> Sequence | None:
        """Return children as the collection that .NET has."""
        if nodes is None:
            return None
        return Sequence([self.relative_to(node) for node in nodes], f"{_LIST}[{_AST}]", _AST)

    def search(self, *, nested: bool) -> list[Tree]:
        """Return the node and all below it, in the order in which a visitor comes to them."""
        found = [self]
        for child in children(self.node):
            tree = Tree(child, self.source, self)
            if nested or not isinstance(child, _NESTED):
                found += tree.search(nested=nested)
            else:
                found.append(tree)
        return found


def tree_of(node: ast.Node, source: Source) -> Tree:
    """Return the tree of a script block or of a function's definition."""
    return Tree(node, source)


# -- what every node has -------------------------------------------------------------------------------------


def extent_object(extent: Extent) -> PSObject:
    """Return an IScriptExtent."""
    source, start, end = extent.source, extent.start, extent.end
    last = source.line_of(end)
    fields = {
        "File": source.file,
        "StartScriptPosition": AUTOMATION_NULL,
        "EndScriptPosition": AUTOMATION_NULL,
        "StartLineNumber": extent.line,
        "StartColumnNumber": extent.column,
        "EndLineNumber": last,
        "EndColumnNumber": end - source.starts[last - 1] + 1,
        "Text": extent.text,
        "StartOffset": start,
        "EndOffset": end,
    }
    shown = {key: value for key, value in fields.items() if value is not AUTOMATION_NULL}
    made = PSObject.of(shown, f"{SPACE}.InternalScriptExtent", "System.Object", kind="Property")
    made.to_string = extent.text
    return made


prop(_AST, "System.Object Extent", lambda tree: extent_object(Extent(tree.source, tree.node.start, tree.node.end)))
prop(_AST, "System.Object Parent", lambda tree: tree.parent)


def _find_all(tree: Tree, predicate: Callable[..., Any], nested: bool) -> Array:
    return Array([each for each in tree.search(nested=nested) if net.to_bool(predicate(each))], _AST)


def _find(tree: Tree, predicate: Callable[..., Any], nested: bool) -> Tree | None:
    return next((each for each in tree.search(nested=nested) if net.to_bool(predicate(each))), None)


method(_AST, "System.Object FindAll(delegate predicate, bool searchNestedScriptBlocks)")(_find_all)
method(_AST, "System.Object Find(delegate predicate, bool searchNestedScriptBlocks)")(_find)


@method(_AST, "System.Object SafeGetValue()")
def safe_value(tree: Tree) -> Any:
    """Return what a constant expression stands for."""
    return _constant(tree.node)


def _constant(node: ast.Node | None) -> Any:
    if isinstance(node, ast.ConstantExpression | ast.StringConstantExpression):
        return node.value
    if isinstance(node, ast.ArrayLiteral):
        return Array([_constant(each) for each in node.elements])
    if isinstance(node, ast.Hashtable):
        return Hashtable([(_constant(key), _constant(value)) for key, value in node.pairs])
    if isinstance(node, ast.Pipeline) and len(node.elements) == 1:
        return _constant(node.elements[0])
    if isinstance(node, ast.CommandExpression):
        return _constant(node.expression)
    if isinstance(node, ast.VariableExpression) and node.path.lower() in {"true", "false", "null"}:
        return {"true": True, "false": False, "null": None}[node.path.lower()]
    raise UnsupportedError("SafeGetValue of what is not constant")


# -- what each kind has --------------------------------------------------------------------------------------


def _one(kind: str, name: str, field: str) -> None:
    prop(f"{SPACE}.{kind}Ast", f"System.Object {name}", lambda tree: tree.relative_to(getattr(tree.node, field)))


def _many(kind: str, name: str, field: str) -> None:
    prop(f"{SPACE}.{kind}Ast", f"System.Object {name}", lambda tree: tree.all_below(getattr(tree.node, field)))


def _plain(kind: str, declaration: str, read: Callable[[Any], Any]) -> None:
    prop(f"{SPACE}.{kind}Ast", declaration, lambda tree: read(tree.node))


def _token(text: str) -> EnumValue:
    return EnumValue(f"{SPACE}.TokenKind", text, 0)


def _pairs(tree: Tree, pairs: tuple[tuple[ast.Node, ast.Node], ...]) -> Array:
    made = []
    for first, second in pairs:
        items = {"Item1": tree.relative_to(first), "Item2": tree.relative_to(second)}
        made.append(PSObject.of(items, f"System.Tuple`2[{_AST},{_AST}]", "System.Object", kind="Property"))
    return Array(made)


for _kind, _name, _field in (
    ("ScriptBlock", "ParamBlock", "param"),
    ("ScriptBlock", "DynamicParamBlock", "dynamicparam"),
    ("ScriptBlock", "BeginBlock", "begin"),
    ("ScriptBlock", "ProcessBlock", "process"),
    ("ScriptBlock", "EndBlock", "end_block"),
    ("Parameter", "Name", "variable"),
    ("Parameter", "DefaultValue", "default"),
    ("NamedAttributeArgument", "Argument", "value"),
    ("CommandParameter", "Argument", "argument"),
    ("CommandExpression", "Expression", "expression"),
    ("AssignmentStatement", "Left", "left"),
    ("AssignmentStatement", "Right", "right"),
    ("BinaryExpression", "Left", "left"),
    ("BinaryExpression", "Right", "right"),
    ("UnaryExpression", "Child", "operand"),
    ("ConvertExpression", "Type", "type_constraint"),
    ("ConvertExpression", "Child", "operand"),
    ("MemberExpression", "Expression", "object"),
    ("MemberExpression", "Member", "member"),
    ("IndexExpression", "Target", "target"),
    ("IndexExpression", "Index", "index"),
    ("ArrayExpression", "SubExpression", "body"),
    ("SubExpression", "SubExpression", "body"),
    ("ParenExpression", "Pipeline", "pipeline"),
    ("ScriptBlockExpression", "ScriptBlock", "block"),
    ("FunctionDefinition", "Body", "body"),
    ("IfStatement", "ElseClause", "else_block"),
    ("SwitchStatement", "Condition", "on"),
    ("SwitchStatement", "Default", "default"),
    ("ForEachStatement", "Variable", "variable"),
    ("ForEachStatement", "Condition", "expression"),
    ("ForEachStatement", "Body", "body"),
    ("WhileStatement", "Condition", "cond"),
    ("WhileStatement", "Body", "body"),
    ("TryStatement", "Body", "body"),
    ("TryStatement", "Finally", "finally_block"),
    ("CatchClause", "Body", "body"),
    ("ReturnStatement", "Pipeline", "pipeline"),
    ("ThrowStatement", "Pipeline", "pipeline"),
    ("ExitStatement", "Pipeline", "pipeline"),
):
    _one(_kind, _name, _field)
for _kind, _name, _field in (
    ("ScriptBlock", "UsingStatements", "usings"),
    ("NamedBlock", "Statements", "statements"),
    ("NamedBlock", "Traps", "traps"),
    ("StatementBlock", "Statements", "statements"),
    ("ParamBlock", "Parameters", "parameters"),
    ("ParamBlock", "Attributes", "attributes"),
    ("Parameter", "Attributes", "attributes"),
    ("Attribute", "PositionalArguments", "positional"),
    ("Attribute", "NamedArguments", "named"),
    ("Pipeline", "PipelineElements", "elements"),
    ("Command", "CommandElements", "elements"),
    ("Command", "Redirections", "redirections"),
    ("ArrayLiteral", "Elements", "elements"),
    ("ExpandableStringExpression", "NestedExpressions", "nested"),
    ("InvokeMemberExpression", "Arguments", "arguments"),
    ("FunctionDefinition", "Parameters", "parameters"),
    ("TryStatement", "CatchClauses", "catches"),
    ("CatchClause", "CatchTypes", "types"),
    ("TypeDefinition", "Members", "members"),
    ("TypeDefinition", "Attributes", "attributes"),
):
    _many(_kind, _name, _field)
for _kind in ("ConstantExpression", "ExpandableStringExpression"):
    _plain(_kind, "System.Object Value", lambda node: node.value)
_plain("FunctionDefinition", "string Name", lambda node: node.name)
_plain("FunctionDefinition", "bool IsFilter", lambda node: node.is_filter)
_plain("FunctionDefinition", "bool IsWorkflow", lambda node: node.is_workflow)
_plain("TypeDefinition", "string Name", lambda node: node.name)
_plain("TypeDefinition", "bool IsClass", lambda node: node.kind == "class")
_plain("TypeDefinition", "bool IsEnum", lambda node: node.kind == "enum")
_plain("CommandParameter", "string ParameterName", lambda node: node.name)
_plain("NamedAttributeArgument", "string ArgumentName", lambda node: node.name)
_plain("NamedAttributeArgument", "bool ExpressionOmitted", lambda node: node.value is None)
_plain("NamedBlock", "bool Unnamed", lambda node: node.unnamed)
_plain("MemberExpression", "bool Static", lambda node: node.static)
_plain("VariableExpression", "bool Splatted", lambda node: node.splatted)
_plain("AssignmentStatement", "System.Object Operator", lambda node: _token(node.operator))
_plain("BinaryExpression", "System.Object Operator", lambda node: _token(node.operator))
_plain("UnaryExpression", "System.Object TokenKind", lambda node: _token(node.operator))
_plain("Command", "System.Object InvocationOperator", lambda node: _token(node.invocation or "Unknown"))
_plain("TryStatement", "System.Object IsCatchAll", lambda node: any(not each.types for each in node.catches))
_plain("CatchClause", "bool IsCatchAll", lambda node: not node.types)
_plain(
    "StringConstantExpression",
    "System.Object StringConstantType",
    lambda node: EnumValue(f"{SPACE}.StringConstantType", node.kind, 0),
)
prop(f"{SPACE}.HashtableAst", "System.Object KeyValuePairs", lambda tree: _pairs(tree, tree.node.pairs))
prop(f"{SPACE}.IfStatementAst", "System.Object Clauses", lambda tree: _pairs(tree, tree.node.clauses))
prop(f"{SPACE}.SwitchStatementAst", "System.Object Clauses", lambda tree: _pairs(tree, tree.node.clauses))


def _written_type(node: Any) -> PSObject:
    made = PSObject.of(
        {"Name": node.type_name.rpartition(".")[2], "FullName": node.type_name},
        f"{SPACE}.TypeName",
        "System.Object",
        kind="Property",
    )
    made.to_string = node.type_name
    return made


for _kind in ("Attribute", "TypeConstraint", "TypeExpression"):
    _plain(_kind, "System.Object TypeName", _written_type)


def _static_type(node: ast.Parameter) -> TypeValue:
    from psnet.lab.dotnet.typenames import resolve_type  # noqa: PLC0415 - one use

    for attribute in node.attributes:
        if isinstance(attribute, ast.TypeConstraint):
            return TypeValue(resolve_type(attribute.type_name))
    return TypeValue("System.Object")


_plain("Parameter", "type StaticType", _static_type)


def _variable_path(node: ast.VariableExpression) -> PSObject:
    scope, colon, rest = node.path.rpartition(":")
    drive = bool(colon) and scope.lower() not in {"global", "script", "local", "private", "using", "variable"}
    shown = {
        "UserPath": node.path,
        "IsGlobal": scope.lower() == "global",
        "IsLocal": scope.lower() == "local",
        "IsPrivate": scope.lower() == "private",
        "IsScript": scope.lower() == "script",
        "IsUnqualified": not colon,
        "IsUnscopedVariable": not colon,
        "IsVariable": not drive,
        "IsDriveQualified": drive,
        "DriveName": scope if drive else None,
    }
    made = PSObject.of(shown, "System.Management.Automation.VariablePath", "System.Object", kind="Property")
    made.to_string = node.path
    _ = rest
    return made


_plain("VariableExpression", "System.Object VariablePath", _variable_path)


@method(f"{SPACE}.CommandAst", "string GetCommandName()")
def command_name(tree: Tree) -> str | None:
    """Return the name of a command where it is written as a constant."""
    node = tree.node
    head = node.elements[0] if isinstance(node, ast.Command) else None
    return head.value if isinstance(head, ast.StringConstantExpression) else None


# -- Parser --------------------------------------------------------------------------------------------------


class _Tokens(Sequence):
    """The tokens of a text, which are not simulated: looking at them is refused."""

    def _refuse(self) -> UnsupportedError:
        return UnsupportedError("the tokens of Parser.ParseInput")

    def __iter__(self) -> Iterator[Any]:
        raise self._refuse()

    def __len__(self) -> int:
        raise self._refuse()


def parsed(text: str, file: str | None, arguments: list[Any], *, modern: bool) -> Tree:
    """Do ParseInput and ParseFile: the tree; ``arguments`` end in [ref]$tokens, [ref]$errors."""
    tokens, errors = arguments[-2:]
    body, refusals = parse_with_errors(text, language="7" if modern else "5.1")
    source = Source(text, file)
    if isinstance(tokens, Reference):
        tokens.value = _Tokens([], f"{SPACE}.Token[]", f"{SPACE}.Token")
    if isinstance(errors, Reference):
        found = []
        for refusal in refusals:
            extent = Extent(source, min(refusal.start, len(text)), min(refusal.end, len(text)))
            shown = {
                "Extent": extent_object(extent),
                "ErrorId": refusal.error_id,
                "Message": refusal.message,
                "IncompleteInput": refusal.start >= len(text),
            }
            made = PSObject.of(shown, f"{SPACE}.ParseError", "System.Object", kind="Property")
            made.to_string = f"{extent.position_message()}\n{refusal.message}"
            found.append(made)
        errors.value = Array(found, f"{SPACE}.ParseError")
    if body is None:
        raise UnsupportedError("the tree of a text that is nested too deep")
    return Tree(body, source)
