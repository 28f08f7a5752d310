"""Nodes that stand for statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .nodes import Node

if TYPE_CHECKING:
    from .nodes import TypeConstraint, VariableExpression
    from .nodes_script import ParamBlock, Parameter, ScriptBlock, StatementBlock


# -- statements ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Node):
    """``function`` or ``filter``; ``parameters`` is None where no ``(...)``, or an empty one, follows the name."""

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
class ConfigurationDefinition(Node):
    """``configuration name { }`` (Windows PowerShell): ``body`` is the script block between the braces."""

    name: Node | None = None
    body: Node | None = None


@dataclass(frozen=True, slots=True)
class DynamicKeywordStatement(Node):
    """A statement of a configuration: ``node`` with its ``body`` (and ``param``), or a resource with ``properties``.

    These are a hashtable whose keys are the names of the properties.
    """

    keyword: str = ""
    instance: Node | None = None
    properties: Node | None = None
    body: StatementBlock | None = None
    param: ParamBlock | None = None


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
