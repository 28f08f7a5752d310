"""What PowerShell sends back, as Python values.

Text, numbers, Booleans, dates, lists and dictionaries become Python's own; ``System.Version`` a ``Version``, an enum a
``RemoteEnum``; everything else a ``RemoteObject``.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from psnet._internal.text import markup, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SHOWN = 6
_NESTED = 2
_LISTED = 20
_MOST_VALUES = 1_000_000
_DEEPEST = 100
_WIDTH = 60


class Version(tuple[int, ...]):
    """A dotted version, such as 5.1.20348.1; compares by its numbers."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the version that ``text`` writes; ValueError when it writes none."""
        return cls(int(part) for part in text.split("."))

    def __str__(self) -> str:
        return ".".join(str(part) for part in self)

    def __repr__(self) -> str:
        return f"Version('{self}')"


class RemoteEnum(int):
    """A value of a .NET enum: an int whose text is its name. ``type_names`` starts with the enum's type."""

    name: str
    type_names: tuple[str, ...]

    def __new__(cls, value: int, name: str, type_names: tuple[str, ...] = ()) -> Self:
        """Return the enum's value ``value`` with its name."""
        made = super().__new__(cls, value)
        made.name = name
        made.type_names = type_names
        return made

    def __reduce__(self) -> tuple[type[RemoteEnum], tuple[int, str, tuple[str, ...]]]:
        return RemoteEnum, (int(self), self.name, self.type_names)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return printable(f"<{short_type(self.type_names)}.{self.name}: {int(self)}>")


class RemoteObject:
    """A deserialised object: its properties are attributes and items, without regard to case.

    ``type_names`` are its types, the most special first and without the "Deserialized." that remoting adds;
    ``to_string`` is what ToString gave, None when nothing was sent; ``adapted`` are the properties of its type,
    ``extended`` those that PowerShell added, which win; ``base_value`` is the list or dictionary inside an object that
    has properties too.
    """

    __slots__ = ("_names", "adapted", "base_value", "extended", "to_string", "type_names")

    def __init__(
        self,
        type_names: tuple[str, ...] = (),
        adapted: Mapping[str, Any] | None = None,
        extended: Mapping[str, Any] | None = None,
        *,
        to_string: str | None = None,
        base_value: Any = None,
    ) -> None:
        self.type_names = type_names
        self.adapted = dict(adapted or {})
        self.extended = dict(extended or {})
        self.to_string = to_string
        self.base_value = base_value
        self._names: dict[str, str] | None = None

    @property
    def properties(self) -> dict[str, Any]:
        """All properties by their own names, in the order sent."""
        return {**self.adapted, **self.extended}

    def _find(self, name: str) -> str | None:
        if self._names is None:
            self._names = {key.lower(): key for key in (*self.adapted, *self.extended)}
        return self._names.get(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        """Return a property, or ``default``."""
        found = self._find(name)
        if found is None:
            return default
        return self.extended[found] if found in self.extended else self.adapted[found]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._find(name) is not None

    def __getitem__(self, name: str) -> Any:
        if self._find(name) is None:
            raise KeyError(f"{short_type(self.type_names)} has no property {name}; it has {self._listed()}")
        return self.get(name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in self.__slots__:
            raise AttributeError(name)  # Python's own names, looked up while nothing is set yet
        if self._find(name) is None:
            raise AttributeError(f"{short_type(self.type_names)} has no property {name}; it has {self._listed()}")
        return self.get(name)

    def __dir__(self) -> list[str]:
        return [*object.__dir__(self), *(name for name in self.properties if name.isidentifier())]

    def __iter__(self) -> Iterator[str]:
        return iter(self.properties)

    def __len__(self) -> int:
        return len(self.properties)

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RemoteObject):
            return NotImplemented
        mine = (self.type_names, self.adapted, self.extended, self.to_string, self.base_value)
        return mine == (other.type_names, other.adapted, other.extended, other.to_string, other.base_value)

    __hash__ = None  # type: ignore[assignment]  # its properties can be changed

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__ if name != "_names"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._names = None
        for name, value in state.items():
            setattr(self, name, value)

    def as_dict(self) -> dict[str, Any]:
        """Return the properties as plain dictionaries and lists, all the way down; enums become their names."""
        found: dict[str, Any] = plain(self) if len(self) else {}
        return found

    def __str__(self) -> str:
        return self.to_string if self.to_string is not None else repr(self)

    def __repr__(self) -> str:
        return printable(_written(self, 0))  # a host named the properties and types

    def _repr_html_(self) -> str:
        """Return a table for notebooks."""
        rows = "".join(
            f"<tr><th style='text-align:left'>{markup(name)}</th><td>{markup(_short(value, 300))}</td></tr>"
            for name, value in self.properties.items()
        )
        return f"<table><caption>{markup(short_type(self.type_names))}</caption>{rows}</table>"

    def _listed(self) -> str:
        return ", ".join(self.properties) or "none"


def short_type(type_names: tuple[str, ...]) -> str:
    """Return the last part of a type's name: ``MSFT_NetNat`` for ``...CimInstance#root/standardcimv2/MSFT_NetNat``."""
    first = type_names[0] if type_names else "Object"
    return first.rsplit("/", 1)[-1].rsplit("#", 1)[-1].rsplit(".", 1)[-1] or first


def plain(value: Any) -> Any:
    """Return a value with every RemoteObject inside it as a dictionary and every enum as its name.

    What holds itself says ``(cycle)`` there; of references that would become more than a million values, or deeper
    than a hundred, the rest says ``(more)``.
    """
    return _Plain().value(value, ())


class _Plain:
    """Makes values plain, and counts them: a few references can stand for more than memory holds."""

    def __init__(self) -> None:
        self.left = _MOST_VALUES

    def value(self, value: Any, above: tuple[int, ...]) -> Any:
        self.left -= 1
        if isinstance(value, RemoteEnum):
            return value.name
        if not isinstance(value, RemoteObject | dict | list):
            return value
        if id(value) in above:
            return "(cycle)"
        if self.left < 0 or len(above) >= _DEEPEST:
            return "(more)"
        inside = (*above, id(value))
        if isinstance(value, list):
            return [self.value(item, inside) for item in value]
        if isinstance(value, RemoteObject) and not len(value):
            return value.to_string
        pairs = value if isinstance(value, dict) else value.properties
        return {key: self.value(item, inside) for key, item in pairs.items()}


def _short(value: Any, width: int = _WIDTH) -> str:
    text = _written(value, 0) if not isinstance(value, RemoteObject) else str(value)
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _written(value: Any, depth: int) -> str:
    """Return a value's repr, of which only the first parts and levels are looked at: a host may nest without end."""
    if isinstance(value, RemoteEnum):
        return str(value)
    if not isinstance(value, RemoteObject | dict | list):
        return repr(value)
    if depth > _NESTED:
        return f"<{short_type(value.type_names)}>" if isinstance(value, RemoteObject) else "..."
    if isinstance(value, list):
        items = [_inside(item, depth) for item in value[:_LISTED]]
        return f"[{', '.join([*items, *(['...'] if len(value) > _LISTED else [])])}]"
    if isinstance(value, dict):
        items = [f"{key!r}: {_inside(item, depth)}" for key, item in islice(value.items(), _LISTED)]
        return f"{{{', '.join([*items, *(['...'] if len(value) > _LISTED else [])])}}}"
    count = len(value)
    pairs = [f"{name}={_cut(_inside(item, depth))}" for name, item in islice(value.properties.items(), _SHOWN)]
    more = [f"... {count - _SHOWN} more"] if count > _SHOWN else []
    said = [] if count or value.to_string is None else [_cut(repr(value.to_string))]
    return f"<{' '.join([short_type(value.type_names), *said, *pairs, *more])}>"


def _inside(value: Any, depth: int) -> str:
    if isinstance(value, RemoteObject) and value.to_string is not None:
        return value.to_string
    return _written(value, depth + 1)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."
