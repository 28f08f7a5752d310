"""Operations on objects that conversions and texts need, and that are built upon conversions themselves.

The modules above register them as they load: ``psnet.lab.dotnet.members`` reads members and constructs, the types of
XML read documents. So nothing here imports what is built upon it.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])
_OPERATIONS: Final[dict[str, Callable[..., Any]]] = {}
#: Members that every value has, by name in lower case: ``PSObject``, ``PSTypeNames`` and their kin.
INTRINSIC_PROPERTIES: Final[dict[str, Callable[[Any], Any]]] = {}
#: Methods that every value has, by name in lower case; they take the value, the arguments and what runs script blocks.
INTRINSIC_METHODS: Final[dict[str, Callable[..., Any]]] = {}


def provides(name: str) -> Callable[[Function], Function]:
    """Register a function as an operation of this module."""

    def register(function: Function) -> Function:
        _OPERATIONS[name] = function
        return function

    return register


def _operation(name: str) -> Callable[..., Any]:
    if name not in _OPERATIONS:
        import_module("psnet.lab.dotnet.members")  # registers every operation
    return _OPERATIONS[name]


def get_member(value: Any, name: str) -> Any:
    """Return a property's value; None when it is missing."""
    return _operation("get_member")(value, name)


def new_object(type_name: str, arguments: list[Any]) -> Any:
    """Return ``[type]::new(arguments)``; raises MethodException, or the constructor's exception in its wrapper."""
    return _operation("new_object")(type_name, arguments)


def set_member(value: Any, name: str, new: Any) -> None:
    """Do ``value.name = new``; raises what PowerShell raises for a property that is missing or read-only."""
    _operation("set_member")(value, name, new)


def call_delegate(delegate: Any, given: tuple[Any, ...]) -> Any:
    """Run a delegate's script block with arguments; raises MethodException for another count than it takes."""
    return _operation("call_delegate")(delegate, given)


def parse_xml(text: str) -> Any:
    """Return a text as XmlDocument; raises CastError."""
    return _operation("parse_xml")(text)
