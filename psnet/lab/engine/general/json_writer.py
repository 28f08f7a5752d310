"""JSON as ConvertTo-Json writes it: JavaScriptSerializer's in 5.1, Newtonsoft's in 7."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from psnet.lab.dotnet import members as net_members
from psnet.lab.dotnet.dateformat import format_datetime
from psnet.lab.dotnet.objects import Guid, Uri
from psnet.lab.dotnet.types.psobjects import native_properties
from psnet.lab.engine import net
from psnet.lab.values import (
    AUTOMATION_NULL,
    Char,
    DateTime,
    DotNetError,
    EnumValue,
    Hashtable,
    PSObject,
    Single,
    TimeSpan,
)

_EPOCH: Final = 621_355_968_000_000_000
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_HTML_51: Final = frozenset("'<>&\u0085\u2028\u2029")
_HTML: Final = frozenset("'<>&")


class Writer:
    """Writes one document. ``cut`` tells whether something lay deeper than ``depth``."""

    def __init__(self, depth: int, language: str, *, enums: bool, escape: str) -> None:
        self.depth = depth
        self.modern = language != "5.1"
        self.enums = enums
        self.escape = escape.lower()
        self.cut = False

    def tree(self, value: Any, level: int = 0) -> Any:
        """Return a value as text (of a scalar), a dict or a list."""
        base = net.unwrap(value)
        if base is None or base is AUTOMATION_NULL:
            return "null"
        extra = _added(value)
        if isinstance(base, DateTime) and isinstance(value, PSObject):
            # The type files give a DateTime that a command wrote a property DateTime; from 7.2 on none of it is written.
            extra = [] if self.modern else [*extra, "DateTime"]
        scalar = self._scalar(base)
        if scalar is not None:
            return self._with_extra({"value": scalar}, extra, value, level) if extra else scalar
        if level > self.depth:
            self.cut = True
            return self.quoted(net.to_string(value))
        if isinstance(base, Hashtable):
            pairs = {net.to_string(key): self.tree(item, level + 1) for key, item in base.items()}
            return self._with_extra(pairs, extra, value, level)
        items = net.enumerate_collection(base)
        if items is not None:
            found = [self.tree(item, level + 1) for item in items]
            return self._with_extra({"value": found}, extra, value, level) if extra else found
        if isinstance(base, PSObject):
            return self._object(base, level)
        pairs = {}
        for name in _native_properties(base, modern=self.modern):
            pairs[name] = self.tree(_readable(base, name), level + 1)
        return self._with_extra(pairs, extra, value, level)

    def _object(self, base: PSObject, level: int) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        for member in base.members.values():
            if member.kind.endswith("Property") and member.kind != "PropertySet":
                pairs[member.name] = self.tree(_read(base, member.name), level + 1)
        return pairs

    def _with_extra(self, pairs: dict[str, Any], extra: list[str], value: Any, level: int) -> dict[str, Any]:
        for name in extra:
            pairs[name] = self.tree(_read(value, name), level + 1)
        return pairs

    def _scalar(self, base: Any) -> str | None:
        if isinstance(base, bool):
            return "true" if base else "false"
        if isinstance(base, str):
            return self.quoted("" if base == "\0" and isinstance(base, Char) and not self.modern else str(base))
        if isinstance(base, float):
            return self._float(base)
        if isinstance(base, int | Decimal):
            return str(int(base)) if isinstance(base, int) else f"{base:f}" if not self.modern else _decimal(base)
        if isinstance(base, EnumValue):
            return self.quoted(base.name) if self.enums else str(base.value)
        if isinstance(base, DateTime):
            if self.modern:
                return self.quoted(_iso(base))
            return f'"\\/Date({(base.ticks - _EPOCH) // 10_000})\\/"'
        if isinstance(base, Guid | Uri):
            return self.quoted(net.to_string(base))
        return None

    def _float(self, value: float) -> str:
        if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
            word = "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"  # noqa: PLR0124 - NaN
            return self.quoted(word) if self.modern else word
        text = f"{value:.9g}" if isinstance(value, Single) else repr(float(value))
        mantissa, exponent, power = text.partition("e")
        if exponent:
            text = f"{mantissa.removesuffix('.0')}E{power[0]}{power[1:].lstrip('0').zfill(2)}"
        elif abs(value) >= 1e15:
            digits = text.removesuffix(".0").lstrip("-")
            power = str(len(digits) - 1).zfill(2)
            rest = digits[1:].rstrip("0")
            text = f"{'-' if value < 0 else ''}{digits[0]}{'.' + rest if rest else ''}E+{power}"
        if self.modern:
            return text if "." in text or "E" in text else f"{text}.0"
        return text.removesuffix(".0")

    def quoted(self, text: str) -> str:
        """Return a text in quotes with its escapes."""
        out = []
        html = (_HTML if self.escape == "escapehtml" else frozenset()) if self.modern else _HTML_51
        for char in text:
            code = ord(char)
            if char in _ESCAPES:
                out.append(_ESCAPES[char])
            elif code < 0x20 or char in html or (self.modern and char in "\u0085\u2028\u2029"):
                out.append(f"\\u{code:04x}")
            elif self.escape == "escapenonascii" and code > 126:
                out.append("".join(f"\\u{unit:04x}" for unit in _units(char)))
            else:
                out.append(char)
        return '"' + "".join(out) + '"'

    def compact(self, tree: Any) -> str:
        """Return a tree on one line."""
        if isinstance(tree, dict):
            return "{" + ",".join(f"{self.quoted(key)}:{self.compact(item)}" for key, item in tree.items()) + "}"
        if isinstance(tree, list):
            return "[" + ",".join(map(self.compact, tree)) + "]"
        return str(tree)

    def indented(self, tree: Any, column: int = 0) -> str:
        """Return an indented tree: 7 uses two blanks, 5.1 four from where the bracket stands."""
        if not isinstance(tree, dict | list):
            return str(tree)
        opening, closing = "{}" if isinstance(tree, dict) else "[]"
        inner = column + (2 if self.modern else 4)
        if not tree:
            return opening + closing if self.modern else f"{opening}\r\n\r\n{' ' * column}{closing}"
        items = []
        if isinstance(tree, dict):
            for key, item in tree.items():
                name = self.quoted(key) + (": " if self.modern else ":  ")
                start = inner if self.modern else inner + len(name)
                items.append(" " * inner + name + self.indented(item, start))
        else:
            items = [" " * inner + self.indented(item, inner) for item in tree]
        return f"{opening}\r\n" + ",\r\n".join(items) + f"\r\n{' ' * column}{closing}"


def _units(char: str) -> list[int]:
    data = char.encode("utf-16-be")
    return [int.from_bytes(data[at : at + 2], "big") for at in range(0, len(data), 2)]


def _decimal(value: Decimal) -> str:
    text = f"{value:f}"
    return text if "." in text else f"{text}.0"


def _iso(value: DateTime) -> str:
    text = format_datetime(value, "yyyy-MM-ddTHH:mm:ss.FFFFFFF")
    return text + ("Z" if value.kind == 1 else format_datetime(value, "zzz") if value.kind == 2 else "")


def _added(value: Any) -> list[str]:
    """Return the names of note properties that were added to a value."""
    found: list[str] = []
    while isinstance(value, PSObject) and value.base is not None:
        found.extend(m.name for m in value.members.values() if m.kind.endswith("Property"))
        value = value.base
    return found


_SPAN: Final = "Ticks Days Hours Milliseconds {} Minutes Seconds TotalDays TotalHours TotalMilliseconds {} TotalMinutes TotalSeconds"


def _native_properties(base: Any, *, modern: bool) -> list[str]:
    """Return the names of a .NET value's properties as its class declares them."""
    if isinstance(base, TimeSpan):
        finer = ("Microseconds Nanoseconds", "TotalMicroseconds TotalNanoseconds") if modern else ("", "")
        return _SPAN.format(*finer).split()
    return [name for name, kind in native_properties(base) if kind == "Property"]


def _read(owner: Any, name: str) -> Any:
    if isinstance(owner, TimeSpan) and name.endswith(("Microseconds", "Nanoseconds")):
        return _fine(owner.ticks, name)
    return net_members.find_own(owner, name)[1]


def _readable(owner: Any, name: str) -> Any:
    """Return a property, null where its getter throws."""
    try:
        return _read(owner, name)
    except DotNetError:
        return None


def _fine(ticks: int, name: str) -> int | float:
    """Return the parts of a TimeSpan that .NET 7 added: ten ticks are a microsecond, a tick is 100 nanoseconds."""
    if name.startswith("Total"):
        return ticks / 10 if name == "TotalMicroseconds" else ticks * 100.0
    sign = -1 if ticks < 0 else 1
    return sign * (abs(ticks) // 10 % 1000 if name == "Microseconds" else abs(ticks) % 10 * 100)


def convert(value: Any, depth: int, *, compress: bool, language: str, enums: bool, escape: str) -> tuple[str, bool]:
    """Return the JSON text, and whether it was cut off at the depth."""
    writer = Writer(depth, language, enums=enums, escape=escape)
    tree = writer.tree(value)
    return (writer.compact(tree) if compress else writer.indented(tree)), writer.cut
