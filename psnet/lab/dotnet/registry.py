"""Where the members of .NET types are declared, by signatures as Get-Member shows them.

``@method("System.String", "string Substring(int startIndex)")`` registers an instance method's overloads,
``@static`` and ``@constructor`` the others, ``prop`` and ``static_prop`` the properties. In a generic type
``T``, ``TKey`` and ``TValue`` stand for its arguments.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import zip_longest
from typing import Any, Final, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])
_SIGNATURE = re.compile(r"(?:(?P<returns>[^()]+?) )?(?P<name>[\w.]*)\((?P<parameters>.*)\)")
#: Types of parameters for which .NET's methods refuse null, whatever else they take.
_NEVER_NULL: Final = {
    "System.Byte[]",
    "delegate",
    "System.Collections.IEnumerable",
    "System.Collections.ICollection",
    "System.Collections.Generic.IEnumerable`1[T]",
}
PLACEHOLDERS: Final = {"T", "TKey", "TValue"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an overload; ``ref`` needs a [ref] argument, ``rest`` takes all that follow.

    ``needed`` is what the ArgumentNullException says with which it refuses null, empty where null is taken.
    """

    type_name: str
    name: str
    ref: bool = False
    rest: bool = False
    needed: str = ""


@dataclass(frozen=True, slots=True)
class Overload:
    """One overload of a method or constructor."""

    owner: str
    returns: str
    name: str
    parameters: tuple[Parameter, ...]
    function: Callable[..., Any]
    static: bool = False
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """A property: its type as shown, how to read it, and how to set it (None: read-only)."""

    type_name: str
    name: str
    getter: Callable[[Any], Any]
    setter: Callable[[Any, Any], None] | None = None
    extended: str = ""


@dataclass(slots=True)
class TypeMembers:
    """What one type declares."""

    properties: dict[str, Property] = field(default_factory=dict)
    methods: dict[str, list[Overload]] = field(default_factory=dict)
    static_properties: dict[str, Property] = field(default_factory=dict)
    static_methods: dict[str, list[Overload]] = field(default_factory=dict)
    constructors: list[Overload] = field(default_factory=list)


REGISTRY: Final[dict[str, TypeMembers]] = {}


def members_for(type_name: str) -> TypeMembers:
    """Return the table of a type's own members, made when it is first declared."""
    return REGISTRY.setdefault(type_name, TypeMembers())


@cache
def signature_type(text: str) -> str:
    """Return the full name of a type in a signature."""
    from psnet.lab.dotnet.typenames import resolve_type  # noqa: PLC0415 - typenames must not need the registry

    bare = text.removesuffix("[]")
    if bare in PLACEHOLDERS or text.startswith("delegate"):
        return text
    if text.endswith("[T]"):
        return f"{text[:-3]}`1[T]"
    return resolve_type(text)


def _parse(signature: str) -> tuple[str, str, tuple[Parameter, ...]]:
    found = _SIGNATURE.fullmatch(signature)
    if not found:
        raise ValueError(signature)
    parameters = []
    for part in _split(found["parameters"]):
        words = part.split()
        ref, rest = words[0] == "[ref]", words[0] == "Params"
        kind, name = words[-2], words[-1]
        parameters.append(Parameter(signature_type(kind), name, ref, rest))
    return found["returns"] or "", found["name"], tuple(parameters)


def _split(text: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for place, mark in enumerate(text):
        depth += {"[": 1, "]": -1}.get(mark, 0)
        if mark == "," and not depth:
            parts.append(text[start:place].strip())
            start = place + 1
    last = text[start:].strip()
    return [*parts, last] if last else parts


def _needing(
    owner: str, function: Callable[..., Any], parameters: tuple[Parameter, ...], *, first: int
) -> tuple[Parameter, ...]:
    """Return the parameters with ``needed`` set: bytes and delegates unless the annotation says None, else as it says."""
    code = getattr(function, "__code__", None)
    names = code.co_varnames[first : code.co_argcount] if code is not None else ()
    kinds = getattr(function, "__annotations__", {})
    said = "Array cannot be null." if owner == "System.Text.Encoding" else "Value cannot be null."
    return tuple(
        replace(parameter, needed=said)
        if (parameter.type_name in _NEVER_NULL and "None" not in kinds.get(name, ""))
        or not re.search("Any|None", kinds.get(name, "Any"))
        else parameter
        for parameter, name in zip_longest(parameters, names[: len(parameters)])
    )


def _declare(owner: str, signatures: tuple[str, ...], function: Callable[..., Any], *, static: bool) -> None:
    table = members_for(owner)
    for signature in signatures:
        returns, name, parameters = _parse(signature)
        parameters = _needing(owner, function, parameters, first=int(not static))
        overload = Overload(owner, returns, name, parameters, function, static, signature)
        (table.static_methods if static else table.methods).setdefault(name.lower(), []).append(overload)


def method(owner: str, *signatures: str) -> Callable[[Function], Function]:
    """Declare overloads of an instance method; the function takes the object and the arguments."""

    def register(function: Function) -> Function:
        _declare(owner, signatures, function, static=False)
        return function

    return register


def static(owner: str, *signatures: str) -> Callable[[Function], Function]:
    """Declare overloads of a static method; the function takes the arguments."""

    def register(function: Function) -> Function:
        _declare(owner, signatures, function, static=True)
        return function

    return register


def constructor(owner: str, *signatures: str) -> Callable[[Function], Function]:
    """Declare constructors, written ``(int year, int month)``; the function takes the arguments."""

    def register(function: Function) -> Function:
        for signature in signatures:
            _, _, parameters = _parse(signature)
            parameters = _needing(owner, function, parameters, first=int("`" in owner or owner == "System.Array"))
            shown = f"{owner} new{signature}"
            members_for(owner).constructors.append(
                Overload(owner, owner, "new", parameters, function, static=True, definition=shown)
            )
        return function

    return register


def prop(
    owner: str,
    declaration: str,
    getter: Callable[[Any], Any],
    setter: Callable[[Any, Any], None] | None = None,
    *,
    extended: str = "",
) -> None:
    """Declare an instance property, written ``int Length``.

    ``extended`` names the kind that PowerShell's type files give it: ScriptProperty or AliasProperty.
    """
    kind, name = declaration.rsplit(" ", 1)
    members_for(owner).properties[name.lower()] = Property(kind, name, getter, setter, extended)


def static_prop(owner: str, declaration: str, getter: Callable[[], Any]) -> None:
    """Declare a static property or constant, written ``int MaxValue``."""
    kind, name = declaration.rsplit(" ", 1)
    members_for(owner).static_properties[name.lower()] = Property(kind, name, lambda _: getter())


def constants(owner: str, kind: str, **values: Any) -> None:
    """Declare constants of a type."""
    for name, value in values.items():
        static_prop(owner, f"{kind} {name}", lambda value=value: value)  # type: ignore[misc]
