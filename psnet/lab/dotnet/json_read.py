"""ConvertFrom-Json as Windows PowerShell 5.1 and PowerShell 7 read it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.context import using
from psnet.lab.dotnet.dateparse import parse_datetime
from psnet.lab.dotnet.datetimes import UNIX_EPOCH
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.values import Array, BigInteger, DateTime, Int64, OrderedDictionary, PSObject

if TYPE_CHECKING:
    from collections.abc import Callable

_ISO: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:?\d\d)?")
_TICKS: Final = re.compile(r"/Date\((-?\d+)(?:[+-]\d{4})?\)/")
_COMMENT: Final = re.compile(r'"(?:[^"\\]|\\.)*"|(//[^\n]*|/\*.*?\*/)', re.DOTALL)
_TRAILING: Final = re.compile(r'"(?:[^"\\]|\\.)*"|(,)(?=\s*[\]}])', re.DOTALL)
_INT32: Final = range(-(2**31), 2**31)
_INT64: Final = range(-(2**63), 2**63)


class JsonError(ValueError):
    """The text is no JSON, or says something that no object can hold.

    ``error_id`` is the id before the cmdlet's name; the text is the whole message of the cmdlet of that language.
    """

    def __init__(self, message: str, error_id: str = "System.ArgumentException") -> None:
        super().__init__(message)
        self.error_id = error_id


def from_json(text: str, *, language: str = "5.1", as_hashtable: bool = False) -> Any:
    """Return the value of JSON text: objects become PSCustomObject, arrays Object[]; raises JsonError."""
    if not text.strip():
        return None
    new = language != "5.1"
    source = _relaxed(text) if new else text
    with using(language=language):
        try:
            return _value(_loads(source, new=new, as_hashtable=as_hashtable), new=new)
        except RecursionError:
            raise JsonError("The JSON is nested too deeply.") from None


def _relaxed(text: str) -> str:
    """Return a text without the comments and trailing commas that Newtonsoft allows."""
    if "//" in text or "/*" in text:
        text = _COMMENT.sub(lambda found: " " if found[1] else found[0], text)
    return _TRAILING.sub(lambda found: "" if found[1] else found[0], text) if ",]" in text.replace(" ", "") else text


def _loads(text: str, *, new: bool, as_hashtable: bool) -> Any:
    try:
        return json.loads(
            text,
            parse_float=float if new else _real,
            parse_int=_integer if new else _small_integer,
            parse_constant=_constant,
            object_pairs_hook=_pairs(new=new, as_hashtable=as_hashtable),
            strict=False,
        )
    except JsonError:
        raise
    except json.JSONDecodeError as error:
        raise JsonError(_message(text, error, new=new)) from None


def _message(text: str, error: json.JSONDecodeError, *, new: bool) -> str:
    if new:
        place = f"Path '', line {error.lineno}, position {error.colno - 1}."
        return f"Conversion from JSON failed with error: {error.msg}. {place}"
    rest = text[error.pos :].strip()
    if not rest or "delimiter" in error.msg or "property name" in error.msg:
        return f"Invalid object passed in, ':' or '}}' expected. ({error.pos}): {text}"
    return f"Invalid JSON primitive: {re.split(r'[^A-Za-z0-9_.+-]', rest)[0]}."


def _real(word: str) -> Any:
    return float(word) if "e" in word.lower() else Decimal(word)


def _small_integer(word: str) -> Any:
    value = int(word)
    if value in _INT32:
        return value
    return Int64(value) if value in _INT64 else Decimal(value) if abs(value) < 2**96 else float(value)


def _integer(word: str) -> Any:
    value = int(word)
    return Int64(value) if value in _INT64 else BigInteger(value)


def _constant(word: str) -> Any:
    raise JsonError(f"Invalid JSON primitive: {word}.")


def _pairs(*, new: bool, as_hashtable: bool) -> Callable[[list[tuple[str, Any]]], Any]:
    def build(pairs: list[tuple[str, Any]]) -> Any:
        if as_hashtable:
            return OrderedDictionary([(key, _value(item, new=new)) for key, item in pairs], case_sensitive=True)
        latest = dict(pairs)
        seen: dict[str, str] = {}
        for key in latest:
            other = seen.setdefault(key.lower(), key)
            if other != key:
                raise _duplicate(other, key, new=new)
        if "" in latest:
            if not new:
                raise UnsupportedError("ConvertFrom-Json with an empty key in Windows PowerShell 5.1")
            raise JsonError(
                "The provided JSON includes a property whose name is an empty string, this is only supported using "
                "the -AsHashTable switch.",
                "EmptyKeyInJsonString",
            )
        return PSObject.of({key: _value(item, new=new) for key, item in latest.items()})

    return build


def _duplicate(first: str, second: str, *, new: bool) -> JsonError:
    if new:
        return JsonError(
            f"Cannot convert the JSON string because it contains keys with different casing. Please use the "
            f"-AsHashTable switch instead. The key that was attempted to be added to the existing key '{first}' was "
            f"'{second}'.",
            "KeysWithDifferentCasingInJsonString",
        )
    return JsonError(
        "Cannot convert the JSON string because a dictionary that was converted from the string contains the "
        f"duplicated keys '{first}' and '{second}'.",
        "DuplicateKeysInJsonString",
    )


def _value(value: Any, *, new: bool) -> Any:
    if isinstance(value, list):
        return Array([_value(item, new=new) for item in value])
    if type(value) is str:
        return _text(value, new=new)
    return value


def _text(text: str, *, new: bool) -> Any:
    """Return a string, or the DateTime that both serializers see in some strings."""
    found = _TICKS.fullmatch(text) if text.startswith("/Date(") else None
    if found:
        return DateTime(UNIX_EPOCH + int(found[1]) * 10_000, 1)
    if new and _ISO.fullmatch(text):
        moment = parse_datetime(text, 128)
        return text if moment is None else moment
    return text
