"""The .NET values that ``psnet.lab.values`` does not hold: addresses, versions, collections, secrets.

Each says its .NET type by ``type_name``. What compares by value in .NET is a frozen dataclass here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psnet.lab.values import Hashtable, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True, order=True)
class Guid:
    """System.Guid as 32 hexadecimal digits with hyphens, lower case."""

    text: str
    type_name = "System.Guid"


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """System.Version; -1 stands for a part that was not given."""

    major: int
    minor: int
    build: int = -1
    revision: int = -1
    type_name = "System.Version"


@dataclass(frozen=True, slots=True)
class SemanticVersion:
    """System.Management.Automation.SemanticVersion (PowerShell 7)."""

    major: int
    minor: int = 0
    patch: int = 0
    pre_release: str | None = None
    build: str | None = None
    type_name = "System.Management.Automation.SemanticVersion"


@dataclass(frozen=True, slots=True)
class Uri:
    """System.Uri: the text it was made from, and whether it is absolute."""

    original: str
    absolute: bool = True
    type_name = "System.Uri"


@dataclass(frozen=True, slots=True)
class IPAddress:
    """System.Net.IPAddress: 4 or 16 bytes in network order."""

    packed: bytes
    scope: int = 0
    type_name = "System.Net.IPAddress"


@dataclass(frozen=True, slots=True)
class PhysicalAddress:
    """System.Net.NetworkInformation.PhysicalAddress."""

    packed: bytes
    type_name = "System.Net.NetworkInformation.PhysicalAddress"


@dataclass(frozen=True, slots=True)
class MailAddress:
    """System.Net.Mail.MailAddress."""

    user: str
    host: str
    display: str = ""
    type_name = "System.Net.Mail.MailAddress"


@dataclass(frozen=True, slots=True, order=True)
class DateTimeOffset:
    """System.DateTimeOffset: ticks of the clock time, and the offset from UTC in ticks."""

    ticks: int
    offset: int
    type_name = "System.DateTimeOffset"


@dataclass(slots=True, eq=False)
class Regex:
    """System.Text.RegularExpressions.Regex."""

    pattern: str
    options: int = 0
    type_name = "System.Text.RegularExpressions.Regex"


@dataclass(slots=True, eq=False)
class KeyValue:
    """A DictionaryEntry, or a KeyValuePair when the dictionary is generic."""

    key: Any
    value: Any
    type_name: str = "System.Collections.DictionaryEntry"


class Dictionary(Hashtable):
    """Dictionary`2 and its relatives: keys and values of one type; keys compare exactly by default."""

    __slots__ = ("generic", "key_type", "value_type")

    def __init__(
        self,
        pairs: Iterable[tuple[Any, Any]] = (),
        *,
        case_sensitive: bool = True,
        key_type: str = "System.Object",
        value_type: str = "System.Object",
        generic: str = "System.Collections.Generic.Dictionary`2",
    ) -> None:
        self.key_type, self.value_type, self.generic = key_type, value_type, generic
        super().__init__(pairs, case_sensitive=case_sensitive)

    @property
    def type_name(self) -> str:  # type: ignore[override]
        """The constructed type's name."""
        return f"{self.generic}[{self.key_type},{self.value_type}]"

    def copy(self) -> Dictionary:
        """Return a shallow copy."""
        return Dictionary(
            self.items(),
            case_sensitive=self.case_sensitive,
            key_type=self.key_type,
            value_type=self.value_type,
            generic=self.generic,
        )


class HashSet:
    """HashSet`1, in insertion order."""

    __slots__ = ("case_sensitive", "element_type", "entries")

    def __init__(
        self, values: Iterable[Any] = (), element_type: str = "System.Object", *, case_sensitive: bool = True
    ) -> None:
        self.element_type, self.case_sensitive = element_type, case_sensitive
        self.entries: dict[Any, Any] = {}
        for value in values:
            self.add(value)

    @property
    def type_name(self) -> str:
        """The constructed type's name."""
        return f"System.Collections.Generic.HashSet`1[{self.element_type}]"

    def key(self, value: Any) -> Any:
        """Return the form under which a value is found."""
        return (type(value), value) if self.case_sensitive else fold(value)

    def add(self, value: Any) -> bool:
        """Add a value; say whether it was new."""
        before = len(self.entries)
        self.entries.setdefault(self.key(value), value)
        return len(self.entries) > before

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self.entries.values()))

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, value: Any) -> bool:
        return self.key(value) in self.entries


@dataclass(slots=True, eq=False)
class Sequence:
    """A Stack, a Queue or a read-only collection: items in the order in which it enumerates."""

    items: list[Any] = field(default_factory=list)
    type_name: str = "System.Collections.Queue"
    element_type: str = "System.Object"

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(slots=True, eq=False)
class StringBuilder:
    """System.Text.StringBuilder."""

    text: str = ""
    type_name = "System.Text.StringBuilder"


@dataclass(slots=True, eq=False, repr=False)
class SecureString:
    """System.Security.SecureString; neither repr nor any text shows what it holds."""

    secret: str = ""
    read_only: bool = False
    type_name = "System.Security.SecureString"


@dataclass(slots=True, eq=False)
class PSCredential:
    """System.Management.Automation.PSCredential."""

    user_name: str
    password: SecureString
    type_name = "System.Management.Automation.PSCredential"


@dataclass(slots=True, eq=False)
class Native:
    """A .NET object of which only a few members are known: encodings, cultures, comparers, random numbers."""

    type_name: str
    state: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class MultiArray:
    """An array of more than one dimension; items in row-major order."""

    shape: tuple[int, ...]
    items: list[Any]
    element_type: str = "System.Object"

    @property
    def type_name(self) -> str:
        """The type's name, such as ``System.Int32[,]``."""
        return f"{self.element_type}[{',' * (len(self.shape) - 1)}]"

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def is_exact(comparer: Native | None) -> bool:
    """Say whether a StringComparer minds case; without one .NET's collections do."""
    return comparer is None or not comparer.state["ignore_case"]
