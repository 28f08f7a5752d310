"""How PowerShell values look in Python.

==================  =============================================================
.NET                Python
==================  =============================================================
null                ``None``
AutomationNull      ``AUTOMATION_NULL`` (an empty pipeline's value)
Boolean             ``bool``
Int32               ``int`` (exactly; never a subclass)
Double              ``float`` (exactly)
String              ``str`` (exactly)
Decimal             ``decimal.Decimal``
other numbers       ``Int64``, ``UInt32``, ``Byte``, ``BigInteger``, ``Single``, ... below
Char                ``Char``
DateTime, TimeSpan  ``DateTime``, ``TimeSpan`` (100 ns ticks)
Object[] and T[]    ``Array`` (fixed size, a reference type, with its element type)
ArrayList, List[T]  ``ArrayList``, ``GenericList``
Hashtable           ``Hashtable``; ``OrderedDictionary`` for ``[ordered]``
PSCustomObject,     ``PSObject`` with type names and members; also wraps any value that had
CimInstance, ...    members added to it (``base``)
an enum's value     ``EnumValue``
a type, ``[int]``   ``TypeValue`` with the full .NET name
SwitchParameter     ``SwitchParameter``; PSReference (``[ref]``) is ``Reference``
Exception           ``ExceptionObject`` (a ``PSObject``); what .NET would throw is raised in Python
                    as ``DotNetError`` and carries one
ErrorRecord,        subclasses of ``PSObject`` in ``psnet.lab.engine``: their members have getters, so
ScriptBlock, ...    that whatever handles a ``PSObject`` handles them
==================  =============================================================

Strings are Python strings: a character beyond the BMP counts as two UTF-16 units in .NET, which
``Length`` and indexing respect (``psnet.lab.dotnet.strings``). Arithmetic never uses Python's operators
on these values directly: results go through ``psnet.lab.dotnet.numbers``, which knows .NET's promotion.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self, cast

from psnet._internal.hash_order import bucket_order
from psnet.errors import LabError
from psnet.powershell.facts.types import TYPES
from psnet.powershell.values import (
    BigInteger,
    Byte,
    Char,
    Int16,
    Int64,
    SByte,
    Single,
    UInt16,
    UInt32,
    UInt64,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = [
    "AUTOMATION_NULL",
    "Array",
    "ArrayList",
    "AutomationNull",
    "BigInteger",
    "Byte",
    "Char",
    "DateTime",
    "DotNetError",
    "EnumValue",
    "ExceptionObject",
    "GenericList",
    "Hashtable",
    "Int16",
    "Int64",
    "Member",
    "OrderedDictionary",
    "PSObject",
    "Reference",
    "SByte",
    "Single",
    "SwitchParameter",
    "TimeSpan",
    "TypeValue",
    "UInt16",
    "UInt32",
    "UInt64",
]


class AutomationNull:
    """What a command without output returns; enumerates to nothing. Only one exists."""

    _only: AutomationNull | None = None

    def __new__(cls) -> Self:
        """Return the one instance."""
        if cls._only is None:
            cls._only = super().__new__(cls)
        return cast("Self", cls._only)

    def __repr__(self) -> str:
        return "AUTOMATION_NULL"


AUTOMATION_NULL: Final = AutomationNull()


@dataclass(slots=True)
class Array:
    """A .NET array: fixed size, compared by reference."""

    items: list[Any]
    element_type: str = "System.Object"

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return id(self)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(slots=True, eq=False)
class ArrayList:
    """System.Collections.ArrayList."""

    items: list[Any] = field(default_factory=list)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(slots=True, eq=False)
class GenericList:
    """System.Collections.Generic.List[T]; element_type is the full .NET name of T."""

    items: list[Any] = field(default_factory=list)
    element_type: str = "System.Object"

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def fold(key: Any) -> Any:
    """Return the form under which a PowerShell hashtable literal looks a key up (case-insensitive)."""
    if isinstance(key, str):
        return (type(key) is Char, key.upper())
    return (type(key), key) if not isinstance(key, int | float) else (type(key).__name__, key)


class Hashtable:
    """System.Collections.Hashtable as PowerShell makes it: keys ignore case unless told otherwise.

    Integer keys enumerate as .NET Framework's do, others in the order of insertion: .NET promises none of them.
    ``capacity`` is how many entries it was made for.
    """

    type_name = "System.Collections.Hashtable"
    __slots__ = ("_entries", "capacity", "case_sensitive", "version")

    def __init__(self, pairs: Iterable[tuple[Any, Any]] = (), *, case_sensitive: bool = False) -> None:
        self.case_sensitive = case_sensitive
        self.capacity = 0
        self.version = 0  # counts changes: an enumerator that meets one throws
        self._entries: dict[Any, tuple[Any, Any]] = {}
        for key, value in pairs:
            self[key] = value

    def _key(self, key: Any) -> Any:
        return (type(key), key) if self.case_sensitive else fold(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        folded = self._key(key)
        self.version += 1
        old = self._entries.get(folded)
        self._entries[folded] = (old[0] if old else key, value)

    def __getitem__(self, key: Any) -> Any:
        return self._entries[self._key(key)][1]

    def __delitem__(self, key: Any) -> None:
        del self._entries[self._key(key)]
        self.version += 1

    def __contains__(self, key: Any) -> bool:
        return self._key(key) in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Any, default: Any = None) -> Any:
        """Return the value of a key, or the default."""
        found = self._entries.get(self._key(key))
        return found[1] if found else default

    def keys(self) -> list[Any]:
        """Return the keys as they were written."""
        return [key for key, _ in self.items()]

    def values(self) -> list[Any]:
        """Return the values."""
        return [value for _, value in self.items()]

    def items(self) -> list[tuple[Any, Any]]:
        """Return (key, value) pairs."""
        found = list(self._entries.values())
        if len(found) > 1 and type(self) is Hashtable and all(type(key) is int for key, _ in found):
            return [found[at] for at in bucket_order([key for key, _ in found], self.capacity)]
        return found

    def clear(self) -> None:
        """Remove everything."""
        self._entries.clear()
        self.version += 1

    def copy(self) -> Hashtable:
        """Return a shallow copy of the same class."""
        return type(self)(self.items(), case_sensitive=self.case_sensitive)


class OrderedDictionary(Hashtable):
    """System.Collections.Specialized.OrderedDictionary: order promised, also indexed by position."""

    type_name = "System.Collections.Specialized.OrderedDictionary"
    __slots__ = ()


@dataclass(frozen=True, slots=True, order=True)
class DateTime:
    """System.DateTime: ticks of 100 ns since 0001-01-01, and the kind (0 unspecified, 1 UTC, 2 local)."""

    ticks: int
    kind: int = 0


@dataclass(frozen=True, slots=True, order=True)
class TimeSpan:
    """System.TimeSpan in ticks of 100 ns."""

    ticks: int


@dataclass(slots=True)
class Member:
    """A member of an object beyond what its .NET type has.

    ``kind`` is NoteProperty, Property, ScriptProperty, AliasProperty, ScriptMethod, Method or PropertySet.
    A Property of a native object may compute its value (``getter``) or refuse to be set (no ``setter``).
    A Method's ``value`` is a Python callable ``(object, list of arguments) -> result``; a ScriptMethod's
    and a ScriptProperty's ``value`` is a script block; an AliasProperty's is the other member's name.
    """

    name: str
    kind: str = "NoteProperty"
    value: Any = None
    getter: Callable[[Any], Any] | None = None
    setter: Callable[[Any, Any], None] | None = None


class PSObject:
    """An object with members: a PSCustomObject, a CimInstance, or any value that had members added.

    ``base`` is the wrapped value (None for a pure property bag). ``type_names`` go from the most to the
    least derived; ``members`` keep their order and are found without regard to case.
    ``to_string`` overrides what ``ToString()`` gives.
    """

    __slots__ = ("base", "members", "native", "to_string", "type_names")

    def __init__(
        self,
        members: Iterable[Member] = (),
        type_names: Iterable[str] = (
            "System.Management.Automation.PSCustomObject",
            "System.Object",
        ),
        *,
        base: Any = None,
        to_string: str | None = None,
        native: Any = None,
    ) -> None:
        self.members: dict[str, Member] = {member.name.lower(): member for member in members}
        self.type_names = list(type_names)
        self.base = base
        self.to_string = to_string
        self.native = native

    @classmethod
    def of(cls, properties: dict[str, Any], *type_names: str, kind: str = "NoteProperty") -> PSObject:
        """Return an object with these properties; without type names it is a PSCustomObject."""
        members = [Member(name, kind, value) for name, value in properties.items()]
        return cls(members, type_names) if type_names else cls(members)

    def __repr__(self) -> str:
        shown = ", ".join(f"{member.name}={member.value!r}" for member in self.members.values())
        return f"PSObject({self.type_names[0] if self.type_names else ''}: {shown})"


class LazyObject(PSObject):
    """An object whose members are made when somebody looks: many are made, few are looked into."""

    __slots__ = ("_made",)

    def __init__(self, type_names: Iterable[str], *, to_string: str | None = None) -> None:
        self._made: dict[str, Member] | None = None
        super().__init__((), type_names, to_string=to_string)

    @property
    def members(self) -> dict[str, Member]:
        """The members, by their name in small letters."""
        if self._made is None:
            self._made = {}
            for member in self.native_members():
                self._made.setdefault(member.name.lower(), member)
        return self._made

    @members.setter
    def members(self, value: dict[str, Member]) -> None:
        self._made = value or None

    @abstractmethod
    def native_members(self) -> Iterable[Member]:
        """Return the members that its class gives it; of two with one name the first counts."""


@dataclass(frozen=True, slots=True)
class EnumValue:
    """A value of an enumeration; ``name`` is what ``ToString()`` gives (flags joined by ", ")."""

    type_name: str
    name: str
    value: int


@dataclass(frozen=True, slots=True)
class TypeValue:
    """A .NET type as a value (System.RuntimeType); ``name`` is its full name."""

    name: str


@dataclass(frozen=True, slots=True)
class SwitchParameter:
    """System.Management.Automation.SwitchParameter."""

    is_present: bool


class Reference:
    """System.Management.Automation.PSReference: a box whose value may live in a variable."""

    __slots__ = ("getter", "setter")

    def __init__(self, getter: Callable[[], Any], setter: Callable[[Any], None]) -> None:
        self.getter = getter
        self.setter = setter

    @property
    def value(self) -> Any:
        """The value behind the reference."""
        return self.getter()

    @value.setter
    def value(self, new: Any) -> None:
        self.setter(new)


_ROOTS: Final = ("System.Exception", "System.Object")


def exception_bases(type_name: str) -> list[str]:
    """Return the base types of an exception, nearest first; one that is not known is a SystemException."""
    found: list[str] = []
    while type_name not in _ROOTS:
        guess = "System.SystemException" if type_name.endswith("Exception") else "System.Object"
        type_name = TYPES.get(type_name, (guess,))[0]
        found.append(type_name)
    return found


class ExceptionObject(PSObject):
    """A .NET exception. ``properties`` are what its class has beyond Message, InnerException and so on."""

    __slots__ = ("inner", "message")

    def __init__(
        self,
        type_name: str,
        message: str,
        *,
        inner: ExceptionObject | None = None,
        properties: dict[str, Any] | None = None,
        bases: Iterable[str] | None = None,
    ) -> None:
        self.message = message
        self.inner = inner
        if bases is None:
            bases = exception_bases(type_name)
        chain = (type_name, *(name for name in bases if name not in _ROOTS), *_ROOTS)
        shown = {
            "Message": message,
            "Data": Hashtable(),
            "InnerException": inner,
            "TargetSite": None,
            "StackTrace": None,
            "HelpLink": None,
            "Source": None,
            "HResult": -2146233088,
            **(properties or {}),
        }
        super().__init__(
            [Member(name, "Property", value) for name, value in shown.items()],
            dict.fromkeys(chain),
            to_string=f"{type_name}: {message}",
        )


class DotNetError(LabError):
    """What .NET or PowerShell would throw for an operation on values.

    ``exception`` is the exception a script sees in ``$_.Exception``; ``error_id`` the record's
    FullyQualifiedErrorId ("" where the engine makes it from the exception's type); ``category`` its
    ErrorCategory; ``target`` its TargetObject.
    """

    def __init__(
        self,
        exception: ExceptionObject,
        *,
        error_id: str = "",
        category: str = "NotSpecified",
        target: Any = None,
    ) -> None:
        super().__init__(exception.message)
        self.exception = exception
        self.error_id = error_id
        self.category = category
        self.target = target
