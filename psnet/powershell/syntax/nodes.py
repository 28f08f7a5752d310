"""Nodes that stand for expressions, pipelines and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .nodes_script import ScriptBlock, StatementBlock


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
    """A number; ``value`` is an engine value (see ``psnet.powershell.values``)."""

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
