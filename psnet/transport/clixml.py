"""CLIXML, the form in which PowerShell sends objects, to Python values (MS-PSRP section 2.2.5).

A tag says a primitive's type: S text, I32 and its kin whole numbers, DT a date, TS a duration, G a GUID, BA bytes.
``Obj`` is a list, a dictionary, an enum or an object with properties; ``Ref`` and ``TNRef`` name what came before.
"""

from __future__ import annotations

import base64
import re
import sys
import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from psnet._internal.text import Untrusted
from psnet.transport.values import RemoteEnum, RemoteObject, Version

if TYPE_CHECKING:
    from collections.abc import Callable

_ESCAPE: Final = re.compile(r"_[xX]([0-9A-Fa-f]{4})_")
# MS-PSRP 2.2.5.3.2: control characters and UTF-16 surrogates are written _xHHHH_, and so is a _ that looks like one
_ESCAPED: Final = re.compile("[\x00-\x1f\x7f-\x9f\U00010000-\U0010ffff]|_(?=[xX])")
_DATE: Final = re.compile(r"^(\d+-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$")
_SPAN: Final = re.compile(r"^(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d+))?S)?)?$")
_LISTS: Final = frozenset({"LST", "IE", "QUE", "STK"})
_DIGITS: Final = 40
_PREFIX: Final = "Deserialized."


#: Objects in one another; PowerShell sends a few levels (its own limit is 48).
_DEEPEST: Final = 100
#: Values of one element, with what its references stand for, and tags before it is looked at closer.
_MOST_VALUES: Final = 1_000_000
#: Letters of a property's name; longer ones count as texts.
_LONG_NAME: Final = 64
_MOST_TAGS: Final = 400_000


def read_clixml(text: str) -> Any:
    """Return the value that one CLIXML element writes; ValueError when it is no CLIXML."""
    return weigh_clixml(text)[0]


def weigh_clixml(text: str) -> tuple[Any, int, int]:
    """Return the value that one CLIXML element writes, how many values it holds, and the bytes that its texts take.

    Raises ValueError for no CLIXML.
    """
    reader = _Reader()
    try:
        if text.count("<") > _MOST_TAGS:
            raise ValueError(f"more than {_MOST_TAGS:,} tags in one object")
        value = reader.value(ET.fromstring(text))  # noqa: S314 - expat stops entity expansion (since 2.4.1)
    except (ET.ParseError, ValueError, ArithmeticError, RecursionError) as error:
        raise ValueError(f"not CLIXML: {error or 'too deep'}") from None
    return value, reader.count, reader.text_bytes


def read_string(text: str | None) -> str:
    """Return a text with its ``_xHHHH_`` escapes decoded (one a UTF-16 unit)."""
    if not text:
        return ""
    if "_x" not in text and "_X" not in text:
        return text
    plain = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def write_string(text: str) -> str:
    """Return a text with the escapes that CLIXML needs, in one pass; XML's own are not among them."""
    return _ESCAPED.sub(lambda match: _escape(match[0]), text)


@lru_cache(maxsize=4096)
def _escape(character: str) -> str:
    units = character.encode("utf-16-be")
    return "".join(f"_x{units[at] << 8 | units[at + 1]:04X}_" for at in range(0, len(units), 2))


def _said(text: str | None) -> Untrusted:
    return Untrusted(read_string(text))


def _date(text: str | None) -> datetime | str:
    match = _DATE.match(text or "")
    if match is None:
        return text or ""
    seconds, fraction, zone = match.groups()
    micro = (fraction or "0")[:6].ljust(6, "0")
    return datetime.fromisoformat(f"{seconds}.{micro}{'+00:00' if zone == 'Z' else zone or ''}")


def _span(text: str | None) -> timedelta | str:
    match = _SPAN.match(text or "")
    if match is None:
        return text or ""
    minus, days, hours, minutes, seconds, fraction = match.groups()
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    length = timedelta(int(days or 0), int(seconds or 0), micro, 0, int(minutes or 0), int(hours or 0))
    return -length if minus else length


def _version(text: str | None) -> Version | str:
    try:
        return Version.parse(text or "")
    except ValueError:
        return text or ""


def _whole(text: str | None) -> int:
    if len(text or "") > _DIGITS:
        raise ValueError("a number of too many digits")
    return int(text or 0)


def _float(text: str | None) -> float:
    return float(text or 0)  # Python reads INF, -INF and NaN too


_PRIMITIVES: Final[dict[str, Callable[[str | None], Any]]] = {
    "S": _said,
    "URI": _said,
    "XD": _said,
    "SBK": _said,
    "ToString": _said,
    "B": lambda text: text == "true",
    **dict.fromkeys(("By", "SB", "I16", "U16", "I32", "U32", "I64", "U64"), _whole),
    "Sg": _float,
    "Db": _float,
    "D": lambda text: Decimal(text or 0),
    "C": lambda text: chr(int(text or 0)),
    "DT": _date,
    "TS": _span,
    "G": lambda text: uuid.UUID(text or ""),
    "BA": lambda text: base64.b64decode(text or ""),
    "Version": _version,
    "Nil": lambda _: None,
    # without a key exchange its content cannot be read, and nothing here asks for one
    "SS": lambda _: RemoteObject(("System.Security.SecureString",), to_string="System.Security.SecureString"),
}


class _Reader:
    """Reads one tree; keeps the objects and types that later elements refer to."""

    def __init__(self) -> None:
        self._objects: dict[str, Any] = {}
        self._types: dict[str, tuple[str, ...]] = {}
        self._depth = 0
        self._weights: dict[str, int] = {}
        self.count = 0
        self.text_bytes = 0

    def value(self, element: ET.Element) -> Any:
        self.count += 1
        primitive = _PRIMITIVES.get(element.tag)
        if primitive is not None:
            made = primitive(element.text)
            if isinstance(made, str):
                self.text_bytes += sys.getsizeof(made)
            return made
        if element.tag == "Ref":
            reference = element.get("RefId", "")
            self.count += self._weights.get(reference, 0)
            if self.count > _MOST_VALUES:
                raise ValueError(f"its references stand for more than {_MOST_VALUES:,} values")
            return self._objects.get(reference)
        if element.tag == "Obj":
            before = self.count
            self._depth += 1
            if self._depth > _DEEPEST:
                raise ValueError(f"more than {_DEEPEST} objects in one another")
            made = self._object(element)
            self._depth -= 1
            self._weights[element.get("RefId", "")] = self.count - before
            return made
        raise ValueError(f"not CLIXML: an element {element.tag}")

    def _object(self, element: ET.Element) -> Any:
        made = RemoteObject()
        reference = element.get("RefId", "")
        self._objects[reference] = made
        inner: Any = None
        holds = False
        for child in element:
            tag = child.tag
            if tag == "TN":
                made.type_names = tuple((part.text or "").removeprefix(_PREFIX) for part in child)
                self._types[child.get("RefId", "")] = made.type_names
            elif tag == "TNRef":
                made.type_names = self._types.get(child.get("RefId", ""), ())
            elif tag == "ToString":
                made.to_string = _said(child.text)
                self.text_bytes += sys.getsizeof(made.to_string)
            elif tag in ("Props", "MS"):
                into = made.adapted if tag == "Props" else made.extended
                for item in child:
                    name = read_string(item.get("N"))
                    if len(name) > _LONG_NAME:
                        self.text_bytes += sys.getsizeof(name)
                    into[name] = self.value(item)
            else:
                inner, holds = self._inside(child, reference), True
        whole = _collapsed(made, inner) if holds else made
        self._objects[reference] = whole
        return whole

    def _inside(self, element: ET.Element, reference: str) -> Any:
        """Return the list, dictionary or primitive that an object wraps; one that holds itself finds itself."""
        if element.tag in _LISTS:
            items: list[Any] = []
            self._objects[reference] = items
            items.extend(self.value(item) for item in element)
            return items
        if element.tag == "DCT":
            pairs: dict[Any, Any] = {}
            self._objects[reference] = pairs
            for entry in element:
                parts = {part.get("N"): self.value(part) for part in entry}
                key = parts.get("Key")
                pairs[key if key.__hash__ is not None else str(key)] = parts.get("Value")
            return pairs
        return self.value(element)


def _collapsed(made: RemoteObject, inner: Any) -> Any:
    """Return what an object stands for: an enum, what it wraps, or itself when it has properties of its own.

    Text and numbers to which PowerShell has added notes (such as where Get-Content read a line) are plain again.
    """
    if "System.Enum" in made.type_names and isinstance(inner, int):
        return RemoteEnum(inner, made.to_string or str(inner), made.type_names)
    if isinstance(inner, list | dict) and (made.adapted or made.extended):
        made.base_value = inner
        return made
    return inner
