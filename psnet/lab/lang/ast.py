"""Syntax tree nodes of the PowerShell language.

The classes carry the names of ``System.Management.Automation.Language`` without the ``Ast`` suffix.
``start`` and ``end`` are offsets in characters of the source text, ``end`` exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of a script; ``text[start:end]`` is what it was written as."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ErrorStatement(Node):
    """What stands for a statement that could not be read; never in a tree that ``parse`` returns."""

    nested: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class ErrorExpression(Node):
    """What stands for an expression that could not be read; never in a tree that ``parse`` returns."""

    nested: tuple[Node, ...] = ()


# -- script structure ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ScriptBlock(Node):
    """A script, a function's body or a ``{ ... }`` literal's inside."""

    usings: tuple[UsingStatement, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    param: ParamBlock | None = None
    dynamicparam: NamedBlock | None = None
    begin: NamedBlock | None = None
    process: NamedBlock | None = None
    end_block: NamedBlock | None = None
    clean: NamedBlock | None = None
    requires: Requires | None = None


@dataclass(frozen=True, slots=True)
class Requires:
    """What the ``#requires`` lines of a script ask for."""

    version: str | None = None
    editions: tuple[str, ...] = ()
    modules: tuple[Any, ...] = ()
    elevated: bool = False
    shell_id: str | None = None
    snapins: tuple[str, ...] = ()
    assemblies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedBlock(Node):
    """``begin``, ``process``, ``end``, ``dynamicparam``, ``clean``, or the unnamed body."""

    kind: str = "end"
    unnamed: bool = False
    statements: tuple[Node, ...] = ()
    traps: tuple[TrapStatement, ...] = ()


@dataclass(frozen=True, slots=True)
class StatementBlock(Node):
    """Statements between braces."""

    statements: tuple[Node, ...] = ()
    traps: tuple[TrapStatement, ...] = ()


@dataclass(frozen=True, slots=True)
class ParamBlock(Node):
    """``param(...)`` with the attributes before it."""

    attributes: tuple[Node, ...] = ()
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """One parameter: attributes and type constraints in source order, its variable, its default."""

    attributes: tuple[Node, ...] = ()
    variable: VariableExpression | None = None
    default: Node | None = None


@dataclass(frozen=True, slots=True)
class Attribute(Node):
    """``[Name(positional, Named = value)]``."""

    type_name: str = ""
    positional: tuple[Node, ...] = ()
    named: tuple[NamedAttributeArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedAttributeArgument(Node):
    """``Name = value`` in an attribute; ``value`` is None when only the name was written."""

    name: str = ""
    value: Node | None = None


# -- statements ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Node):
    """``function`` or ``filter``; ``parameters`` is None without a ``(...)`` list after the name."""

    name: str = ""
    is_filter: bool = False
    is_workflow: bool = False
    parameters: tuple[Parameter, ...] | None = None
    body: ScriptBlock | None = None


@dataclass(frozen=True, slots=True)
class IfStatement(Node):
    """``if``/``elseif`` clauses as (condition, block) pairs, and the ``else`` block."""

    clauses: tuple[tuple[Node, StatementBlock], ...] = ()
    else_block: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class SwitchStatement(Node):
    """``switch``; flags are lower-case words such as ``regex`` or ``casesensitive``."""

    label: str | None = None
    flags: tuple[str, ...] = ()
    on: Node | None = None
    clauses: tuple[tuple[Node, StatementBlock], ...] = ()
    default: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class ForStatement(Node):
    """``for (init; cond; iter) { }``."""

    label: str | None = None
    init: Node | None = None
    cond: Node | None = None
    iter: Node | None = None
    body: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class ForEachStatement(Node):
    """``foreach ($variable in expression) { }``."""

    label: str | None = None
    variable: VariableExpression | None = None
    expression: Node | None = None
    body: StatementBlock | None = None
    parallel: bool = False
    throttle: Node | None = None


@dataclass(frozen=True, slots=True)
class WhileStatement(Node):
    """``while (cond) { }``."""

    label: str | None = None
    cond: Node | None = None
    body: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class DoWhileStatement(Node):
    """``do { } while (cond)``."""

    label: str | None = None
    cond: Node | None = None
    body: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class DoUntilStatement(Node):
    """``do { } until (cond)``."""

    label: str | None = None
    cond: Node | None = None
    body: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class TryStatement(Node):
    """``try``/``catch``/``finally``."""

    body: StatementBlock | None = None
    catches: tuple[CatchClause, ...] = ()
    finally_block: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class CatchClause(Node):
    """One ``catch`` with the exception types it takes (none: all)."""

    types: tuple[TypeConstraint, ...] = ()
    body: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class TrapStatement(Node):
    """``trap [type] { }``."""

    type_constraint: TypeConstraint | None = None
    body: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class DataStatement(Node):
    """``data var -SupportedCommand a, b { }``."""

    variable: str | None = None
    allowed: tuple[Node, ...] = ()
    body: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class BlockStatement(Node):
    """``parallel`` and ``sequence`` blocks of workflows."""

    kind: str = ""
    body: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class BreakStatement(Node):
    """``break [label]``."""

    label: Node | None = None


@dataclass(frozen=True, slots=True)
class ContinueStatement(Node):
    """``continue [label]``."""

    label: Node | None = None


@dataclass(frozen=True, slots=True)
class ReturnStatement(Node):
    """``return [pipeline]``."""

    pipeline: Node | None = None


@dataclass(frozen=True, slots=True)
class ThrowStatement(Node):
    """``throw [pipeline]``."""

    pipeline: Node | None = None


@dataclass(frozen=True, slots=True)
class ExitStatement(Node):
    """``exit [pipeline]``."""

    pipeline: Node | None = None


@dataclass(frozen=True, slots=True)
class UsingStatement(Node):
    """``using module|namespace|assembly name``."""

    kind: str = ""
    name: Node | None = None
    alias: Node | None = None
    spec: Node | None = None


@dataclass(frozen=True, slots=True)
class TypeDefinition(Node):
    """``class`` or ``enum``."""

    kind: str = "class"
    name: str = ""
    attributes: tuple[Node, ...] = ()
    bases: tuple[TypeConstraint, ...] = ()
    members: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class PropertyMember(Node):
    """A property of a class or a value of an enum."""

    name: str = ""
    static: bool = False
    hidden: bool = False
    attributes: tuple[Node, ...] = ()
    type_constraint: TypeConstraint | None = None
    default: Node | None = None


@dataclass(frozen=True, slots=True)
class FunctionMember(Node):
    """A method or a constructor of a class."""

    name: str = ""
    constructor: bool = False
    static: bool = False
    hidden: bool = False
    attributes: tuple[Node, ...] = ()
    returns: TypeConstraint | None = None
    parameters: tuple[Parameter, ...] = ()
    body: ScriptBlock | None = None
    name_start: int = 0
    name_end: int = 0


# -- pipelines ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pipeline(Node):
    """Commands joined by ``|``."""

    elements: tuple[Node, ...] = ()
    background: bool = False


@dataclass(frozen=True, slots=True)
class PipelineChain(Node):
    """``left && right`` or ``left || right`` (7 only); operator is ``AndAnd`` or ``OrOr``."""

    operator: str = ""
    left: Node | None = None
    right: Node | None = None
    background: bool = False


@dataclass(frozen=True, slots=True)
class Command(Node):
    """A command call; ``invocation`` is None, ``Ampersand`` or ``Dot``."""

    invocation: str | None = None
    elements: tuple[Node, ...] = ()
    redirections: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class CommandExpression(Node):
    """An expression as a pipeline element."""

    expression: Node | None = None
    redirections: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class CommandParameter(Node):
    """``-Name`` or ``-Name:argument``; ``argument`` only where a colon joined it."""

    name: str = ""
    argument: Node | None = None


@dataclass(frozen=True, slots=True)
class FileRedirection(Node):
    """``stream> target``; stream is ``All``, ``Output``, ``Error``, ``Warning``, ..."""

    stream: str = "Output"
    append: bool = False
    target: Node | None = None


@dataclass(frozen=True, slots=True)
class MergingRedirection(Node):
    """``from>&1``."""

    from_stream: str = ""
    to_stream: str = "Output"


@dataclass(frozen=True, slots=True)
class AssignmentStatement(Node):
    """``left op right``; ``right`` is a statement, ``operator`` a token kind such as ``Equals``."""

    operator: str = "Equals"
    left: Node | None = None
    right: Node | None = None


# -- expressions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BinaryExpression(Node):
    """``left op right``; operator is a TokenKind such as ``Plus`` or ``Ieq``, written at op_start:op_end."""

    operator: str = ""
    left: Node | None = None
    right: Node | None = None
    op_start: int = 0
    op_end: int = 0


@dataclass(frozen=True, slots=True)
class UnaryExpression(Node):
    """``op operand`` or ``operand++``; operator is a TokenKind such as ``Not`` or ``PostfixPlusPlus``."""

    operator: str = ""
    operand: Node | None = None


@dataclass(frozen=True, slots=True)
class TernaryExpression(Node):
    """``condition ? a : b`` (7 only)."""

    condition: Node | None = None
    if_true: Node | None = None
    if_false: Node | None = None


@dataclass(frozen=True, slots=True)
class ConvertExpression(Node):
    """``[type]operand``."""

    type_constraint: TypeConstraint | None = None
    operand: Node | None = None


@dataclass(frozen=True, slots=True)
class AttributedExpression(Node):
    """``[attribute()]operand``."""

    attribute: Node | None = None
    operand: Node | None = None


@dataclass(frozen=True, slots=True)
class TypeExpression(Node):
    """``[name]`` as a value."""

    type_name: str = ""


@dataclass(frozen=True, slots=True)
class TypeConstraint(Node):
    """``[name]`` before something that it constrains."""

    type_name: str = ""


@dataclass(frozen=True, slots=True)
class ConstantExpression(Node):
    """A number; ``value`` is an engine value (see ``psnet.lab.values``)."""

    value: Any = None


@dataclass(frozen=True, slots=True)
class StringConstantExpression(Node):
    """A string without parts; kind is BareWord, SingleQuoted, DoubleQuoted or a here-string kind."""

    kind: str = "BareWord"
    value: str = ""


@dataclass(frozen=True, slots=True)
class ExpandableStringExpression(Node):
    """A string with parts.

    ``value`` has its escapes resolved and its parts as written; ``nested`` are the parts in order;
    ``pieces`` is what to join: literal strings and nested nodes.
    """

    kind: str = "DoubleQuoted"
    value: str = ""
    nested: tuple[Node, ...] = ()
    pieces: tuple[str | Node, ...] = ()


@dataclass(frozen=True, slots=True)
class VariableExpression(Node):
    """``$path`` or ``@path``; path as written, scope or drive included (``script:x``, ``env:PATH``)."""

    path: str = ""
    splatted: bool = False


@dataclass(frozen=True, slots=True)
class MemberExpression(Node):
    """``object.member`` or ``[type]::member``."""

    object: Node | None = None
    member: Node | None = None
    static: bool = False
    null_conditional: bool = False


@dataclass(frozen=True, slots=True)
class InvokeMemberExpression(Node):
    """``object.member(arguments)``."""

    object: Node | None = None
    member: Node | None = None
    static: bool = False
    null_conditional: bool = False
    generic: tuple[str, ...] = ()
    arguments: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class BaseCtorInvokeMemberExpression(InvokeMemberExpression):
    """The call of the base class's constructor that every constructor begins with."""


@dataclass(frozen=True, slots=True)
class IndexExpression(Node):
    """``target[index]``."""

    target: Node | None = None
    index: Node | None = None
    null_conditional: bool = False


@dataclass(frozen=True, slots=True)
class Hashtable(Node):
    """``@{ key = value }`` pairs; a value is a statement."""

    pairs: tuple[tuple[Node, Node], ...] = ()


@dataclass(frozen=True, slots=True)
class ArrayLiteral(Node):
    """``a, b``."""

    elements: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class ArrayExpression(Node):
    """``@( ... )``."""

    body: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class SubExpression(Node):
    """``$( ... )``."""

    body: StatementBlock | None = None


@dataclass(frozen=True, slots=True)
class ParenExpression(Node):
    """``( pipeline )``."""

    pipeline: Node | None = None


@dataclass(frozen=True, slots=True)
class ScriptBlockExpression(Node):
    """``{ ... }`` as a value."""

    block: ScriptBlock | None = None


@dataclass(frozen=True, slots=True)
class UsingExpression(Node):
    """``$using:name``."""

    expression: Node | None = None
