"""Nodes that make up scripts: blocks, parameters, attributes, using statements, types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .nodes import Node

if TYPE_CHECKING:
    from .nodes import TypeConstraint, VariableExpression
    from .nodes_statements import TrapStatement


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
class ModuleSpecification:
    """A module that a script asks for; versions as written."""

    name: str
    version: str | None = None
    required_version: str | None = None
    maximum_version: str | None = None
    guid: str | None = None


@dataclass(frozen=True, slots=True)
class Requires:
    """What the ``#requires`` lines of a script ask for."""

    version: str | None = None
    editions: tuple[str, ...] = ()
    modules: tuple[ModuleSpecification, ...] = ()
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
