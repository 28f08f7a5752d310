"""ConvertTo-Json and ConvertFrom-Json as Windows PowerShell 5.1 and PowerShell 7 have them."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.values import (
    AUTOMATION_NULL,
    Array,
    ArrayList,
    Char,
    DateTime,
    EnumValue,
    GenericList,
    Hashtable,
    Int64,
    PSObject,
    SwitchParameter,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_EPOCH_TICKS = 621_355_968_000_000_000
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# JavaScriptSerializer (5.1) writes these as \uXXXX; Newtonsoft (7) does not.
_HTML = frozenset("'<>&\u0085\u2028\u2029")
_INT32 = range(-(2**31), 2**31)
_INT64 = range(-(2**63), 2**63)


def to_json(value: Any, depth: int = 2, *, compress: bool = False, language: str = "5.1") -> str:
    """Return JSON text; what lies deeper than ``depth`` becomes its string, as PowerShell does silently.

    Raises UnsupportedError for values whose JSON the lab does not know.
    """
    tree = _tree(value, depth, language)
    return _compact(tree, language) if compress else _indented(tree, language, 0)


def _tree(value: Any, depth: int, language: str) -> Any:
    if value is None or value is AUTOMATION_NULL:
        return None
    if isinstance(value, PSObject) and value.base is not None and not value.members:
        value = value.base
    if isinstance(value, bool | str | int | float | Decimal):
        return str(value) if isinstance(value, Char) else value
    if isinstance(value, EnumValue):
        return int(value.value)
    if isinstance(value, SwitchParameter):
        if depth < 0:
            return str(value.is_present)
        return {"IsPresent": value.is_present}
    if isinstance(value, DateTime):
        if language != "5.1":
            raise UnsupportedError("ConvertTo-Json of a DateTime in PowerShell 7")
        return _Raw(f'"\\/Date({(value.ticks - _EPOCH_TICKS) // 10_000})\\/"')
    if isinstance(value, Hashtable | PSObject | Array | ArrayList | GenericList) and depth < 0:
        return to_string(value)
    if isinstance(value, Hashtable):
        return {to_string(key): _tree(item, depth - 1, language) for key, item in value.items()}
    if isinstance(value, Array | ArrayList | GenericList):
        return [_tree(item, depth - 1, language) for item in value]
    if isinstance(value, PSObject) and value.base is None:
        return {
            member.name: _tree(member.getter(value) if member.getter else member.value, depth - 1, language)
            for member in value.members.values()
            if member.kind in ("NoteProperty", "Property")
        }
    raise UnsupportedError(f"ConvertTo-Json of {type(value).__name__}")


class _Raw(str):
    """JSON text already."""

    __slots__ = ()


def _scalar(value: Any, language: str) -> str:
    if isinstance(value, _Raw):
        return str(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _quoted(value, language)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
            raise UnsupportedError("ConvertTo-Json of a number that is not finite")
        text = repr(float(value)).replace("e", "E")
        return text.removesuffix(".0") if language == "5.1" else text
    return str(int(value)) if isinstance(value, int) else str(value)


def _quoted(text: str, language: str) -> str:
    out = []
    for character in text:
        if character in _ESCAPES:
            out.append(_ESCAPES[character])
        elif ord(character) < 0x20 or (language == "5.1" and character in _HTML):
            out.append(f"\\u{ord(character):04x}")
        else:
            out.append(character)
    return '"' + "".join(out) + '"'


def _compact(tree: Any, language: str) -> str:
    if isinstance(tree, dict):
        return (
            "{" + ",".join(f"{_quoted(key, language)}:{_compact(item, language)}" for key, item in tree.items()) + "}"
        )
    if isinstance(tree, list):
        return "[" + ",".join(_compact(item, language) for item in tree) + "]"
    return _scalar(tree, language)


def _indented(tree: Any, language: str, column: int) -> str:
    """Return indented JSON: 7 uses two spaces; 5.1 four, counted from where the bracket stands."""
    if not isinstance(tree, dict | list):
        return _scalar(tree, language)
    opening, closing = "{}" if isinstance(tree, dict) else "[]"
    step = 2 if language != "5.1" else 4
    inner = column + step
    if not tree:
        if language != "5.1":
            return opening + closing
        return f"{opening}\r\n\r\n{' ' * column}{closing}"
    items = []
    if isinstance(tree, dict):
        for key, item in tree.items():
            name = _quoted(key, language) + (": " if language != "5.1" else ":  ")
            start = inner if language != "5.1" else inner + len(name)
            items.append(" " * inner + name + _indented(item, language, start))
    else:
        items = [" " * inner + _indented(item, language, inner) for item in tree]
    return f"{opening}\r\n" + ",\r\n".join(items) + f"\r\n{' ' * column}{closing}"


class JsonError(ValueError):
    """The text is no JSON; the caller words PowerShell's error."""


def from_json(text: str, *, language: str = "5.1", as_hashtable: bool = False) -> Any:
    """Return the value of JSON text: objects become PSCustomObject, numbers what that PowerShell makes of them."""
    number: Callable[[str], Any] = Decimal if language == "5.1" else float
    try:
        plain = json.loads(
            text,
            parse_float=lambda word: _real(word, number),
            parse_int=_integer,
            parse_constant=_no_constant,
            object_pairs_hook=_pairs(as_hashtable=as_hashtable),
            strict=False,
        )
    except RecursionError:
        raise JsonError("too deep") from None
    except ValueError as error:
        raise JsonError(str(error)) from None
    return _engine(plain)


def _real(word: str, number: Callable[[str], Any]) -> Any:
    if number is Decimal and re.search(r"[eE]", word):
        return float(word)
    return number(word)


def _integer(word: str) -> Any:
    value = int(word)
    if value in _INT32:
        return value
    return Int64(value) if value in _INT64 else Decimal(value)


def _no_constant(word: str) -> Any:
    raise ValueError(word)


def _pairs(*, as_hashtable: bool) -> Callable[[list[tuple[str, Any]]], Any]:
    def build(pairs: list[tuple[str, Any]]) -> Any:
        if as_hashtable:
            return Hashtable([(key, _engine(item)) for key, item in pairs])
        folded = [key.lower() for key, _ in pairs]
        if len(set(folded)) != len(folded):
            raise ValueError("DuplicateKeysInJsonString")
        if any(not key for key, _ in pairs):
            raise UnsupportedError("ConvertFrom-Json with an empty key")
        return PSObject.of({key: _engine(item) for key, item in pairs})

    return build


def _engine(value: Any) -> Any:
    return Array([_engine(item) for item in value]) if isinstance(value, list) else value
