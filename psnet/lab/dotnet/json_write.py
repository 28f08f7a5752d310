"""ConvertTo-Json as Windows PowerShell 5.1 (JavaScriptSerializer) and PowerShell 7 (Newtonsoft) print it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.context import using
from psnet.lab.dotnet.dateformat import format_datetime, format_offset
from psnet.lab.dotnet.datetimes import UNIX_EPOCH, to_utc
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.numformat import default_text, round_trip
from psnet.lab.dotnet.objects import DateTimeOffset, Guid, SecureString, Uri
from psnet.lab.dotnet.strings import units
from psnet.lab.dotnet.tostring import is_enumerable, net_text, to_string
from psnet.lab.dotnet.typenames import PS_CUSTOM, unwrap
from psnet.lab.dotnet.types.psobjects import properties_of
from psnet.lab.values import (
    AUTOMATION_NULL,
    BigInteger,
    Char,
    DateTime,
    DotNetError,
    EnumValue,
    ExceptionObject,
    Hashtable,
    PSObject,
    TypeValue,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SEPARATORS: Final = frozenset("\u0085\u2028\u2029")
_HTML: Final = frozenset("'<>&")


class _Raw(str):
    """JSON text already."""

    __slots__ = ()


@dataclass(slots=True)
class _Writer:
    """One conversion: its options."""

    depth: int
    new: bool
    enum_as_string: bool
    escape: str

    # -- values -> dictionaries, lists and scalars ------------------------------------------------------------

    def tree(self, value: Any, level: int) -> Any:
        if value is None or value is AUTOMATION_NULL:
            return None
        base = unwrap(value)
        scalar = self.scalar(base)
        if scalar is not _NONE:
            return self.with_members(value, base, scalar, level)
        if level > self.depth:
            return to_string(value)
        if isinstance(base, Hashtable):
            return {to_string(key): self.tree(item, level + 1) for key, item in base.items()}
        if is_enumerable(base):
            return [self.tree(item, level + 1) for item in base]
        return self.object(value, base, level)

    def scalar(self, base: Any) -> Any:
        if isinstance(base, Char):
            return str(base)
        if isinstance(base, bool | str | int | float | Decimal):
            return base
        if isinstance(base, EnumValue):
            return base.name if self.enum_as_string else base.value
        if isinstance(base, Guid):
            return net_text(base)
        if isinstance(base, Uri):
            return base.original
        if isinstance(base, DateTime):
            return self.moment(base)
        if isinstance(base, DateTimeOffset) and self.new:
            return format_offset(base, "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz")
        return _NONE

    def moment(self, value: DateTime) -> Any:
        if self.new:
            return format_datetime(value, "yyyy-MM-ddTHH:mm:ss.FFFFFFFK")
        return _Raw(f'"\\/Date({(to_utc(value).ticks - UNIX_EPOCH) // 10_000})\\/"')

    def with_members(self, value: Any, base: Any, scalar: Any, level: int) -> Any:
        """Return a scalar, or with members added to it an object whose ``value`` it is."""
        if value is base or not isinstance(value, PSObject):
            return scalar
        if self.new and isinstance(base, str | DateTime):
            return scalar
        added = [info for info in properties_of(value) if info.member.kind != "Property"]
        if not any(info.owner is value for info in added):
            return scalar
        return {"value": scalar, **self.pairs(added, level)}

    def object(self, value: Any, base: Any, level: int) -> dict[str, Any]:
        if isinstance(base, TypeValue | SecureString):
            raise UnsupportedError(f"ConvertTo-Json of {type(base).__name__}")
        found = properties_of(value)
        if isinstance(base, ExceptionObject) or (isinstance(base, PSObject) and PS_CUSTOM not in base.type_names):
            found = [info for info in found if info.member.kind.endswith("Property")]
        return self.pairs(found, level)

    def pairs(self, found: Iterable[Any], level: int) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for info in found:
            try:
                held = info.value()
            except DotNetError:
                continue
            out[info.member.name] = self.tree(held, level + 1)
        return out

    # -- text ---------------------------------------------------------------------------------------------------

    def text(self, value: Any) -> str:
        if isinstance(value, _Raw):
            return str(value)
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return self.quoted(value)
        if isinstance(value, float):
            return self.real(value)
        if isinstance(value, Decimal):
            shown = default_text(value)
            return shown if "." in shown or not self.new else f"{shown}.0"
        if isinstance(value, BigInteger) and not self.new:
            raise UnsupportedError("ConvertTo-Json of a BigInteger in Windows PowerShell 5.1")
        return str(int(value))

    def real(self, value: float) -> str:
        if not math.isfinite(value):
            shown = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
            return f'"{shown}"' if self.new else shown
        shown = default_text(value) if self.new else round_trip(value)
        return shown if not self.new or "." in shown or "E" in shown else f"{shown}.0"

    def quoted(self, text: str) -> str:
        out = []
        for unit in units(text) if self.escape == "EscapeNonAscii" else text:
            if unit in _ESCAPES and not (unit == '"' and self.escape == "EscapeHtml"):
                out.append(_ESCAPES[unit])
            elif unit < " " or unit in _SEPARATORS or self.special(unit):
                out.append(f"\\u{ord(unit):04x}")
            else:
                out.append(unit)
        return f'"{"".join(out)}"'

    def special(self, unit: str) -> bool:
        if not self.new:
            return unit in _HTML
        if self.escape == "EscapeHtml":
            return unit in _HTML or unit == '"'
        return self.escape == "EscapeNonAscii" and unit > "\x7f"

    def compact(self, tree: Any) -> str:
        if isinstance(tree, dict):
            inner = ",".join(f"{self.quoted(key)}:{self.compact(item)}" for key, item in tree.items())
            return f"{{{inner}}}"
        if isinstance(tree, list):
            return f"[{','.join(self.compact(item) for item in tree)}]"
        return self.text(tree)

    def indented(self, tree: Any, column: int) -> str:
        """Return indented JSON: 7 steps by two blanks; 5.1 by four from where the bracket stands."""
        if not isinstance(tree, dict | list):
            return self.text(tree)
        opening, closing = "{}" if isinstance(tree, dict) else "[]"
        if not tree:
            return opening + closing if self.new else f"{opening}\r\n\r\n{' ' * column}{closing}"
        inner = column + (2 if self.new else 4)
        if isinstance(tree, dict):
            items = []
            for key, item in tree.items():
                name = f"{self.quoted(key)}:{' ' if self.new else '  '}"
                items.append(f"{' ' * inner}{name}{self.indented(item, inner if self.new else inner + len(name))}")
        else:
            items = [f"{' ' * inner}{self.indented(item, inner)}" for item in tree]
        return f"{opening}\r\n" + ",\r\n".join(items) + f"\r\n{' ' * column}{closing}"


_NONE: Final = object()


def to_json(
    value: Any,
    depth: int = 2,
    *,
    compress: bool = False,
    enum_as_string: bool = False,
    escape: str = "Default",
    language: str = "5.1",
) -> str:
    """Return JSON text; what lies deeper than ``depth`` becomes its string.

    ``escape`` is 7's -EscapeHandling: Default, EscapeNonAscii or EscapeHtml.
    """
    with using(language=language):
        writer = _Writer(depth, language != "5.1", enum_as_string, escape)
        tree = writer.tree(value, 0)
        return writer.compact(tree) if compress else writer.indented(tree, 0)
