"""JSON as ConvertFrom-Json reads it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any, Final

from psnet.errors import LabError
from psnet.lab.dotnet.dateparse import parse_datetime
from psnet.lab.engine.general import json_relaxed
from psnet.lab.values import Array, BigInteger, DateTime, DotNetError, Hashtable, Int64, OrderedDictionary, PSObject

_INT32: Final = range(-(2**31), 2**31)
_INT64: Final = range(-(2**63), 2**63)
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_DATE_51: Final = re.compile(r"/Date\((-?\d+)\)/")
_EPOCH: Final = 621_355_968_000_000_000


class JsonError(LabError):
    """The text is no JSON; ``error_id`` is set where PowerShell has one of its own."""

    def __init__(self, message: str, error_id: str = "") -> None:
        super().__init__(message)
        self.error_id = error_id


class _RefusedError(ValueError):
    """A refusal on the way through Python's decoder."""

    def __init__(self, message: str, error_id: str) -> None:
        super().__init__(message)
        self.error_id = error_id


class Reader:
    """Reads one document."""

    def __init__(self, language: str, *, as_hashtable: bool) -> None:
        self.modern = language != "5.1"
        self.as_hashtable = as_hashtable

    def read(self, text: str) -> Any:
        """Return the value of a text."""
        try:
            plain = self._loaded(text.lstrip("\ufeff"))
        except _RefusedError as refused:
            raise JsonError(str(refused), refused.error_id) from None
        except RecursionError:
            raise JsonError("The maximum depth of the document was exceeded.") from None
        except ValueError as refused:
            raise JsonError(self._message(text, refused)) from None
        return self._engine(plain)

    def _loaded(self, text: str) -> Any:
        """Return Python's values of JSON; of what is nearly JSON, too, where PowerShell reads it."""
        try:
            return self._strictly(text)
        except _RefusedError:
            raise
        except ValueError:
            relaxed = json_relaxed.plain(text, modern=self.modern)
            if relaxed is None:
                raise
            try:
                return self._strictly(relaxed)
            except _RefusedError:
                raise
            except ValueError:
                pass
            raise

    def _strictly(self, text: str) -> Any:
        return json.loads(
            text,
            parse_float=self._real,
            parse_int=self._integer,
            parse_constant=self._constant,
            object_pairs_hook=self._pairs,
            strict=False,
        )

    def _message(self, text: str, refused: ValueError) -> str:
        if self.modern:
            at = getattr(refused, "pos", 0)
            line = text.count("\n", 0, at) + 1
            return f"Conversion from JSON failed with error: {refused}. Path '', line {line}, position {at}."
        at = getattr(refused, "pos", 0)
        word = re.match(r"[\w.+-]*", text[at:])
        shown = word.group() if word else ""
        return (
            f"Invalid JSON primitive: {shown}."
            if shown
            else f"Invalid object passed in, ':' or '}}' expected. ({at}): {text}"
        )

    def _real(self, word: str) -> Any:
        return Decimal(word) if not self.modern and not re.search("[eE]", word) else float(word)

    def _integer(self, word: str) -> Any:
        value = int(word)
        if self.modern:
            return Int64(value) if value in _INT64 else BigInteger(value)
        if value in _INT32:
            return value
        return Int64(value) if value in _INT64 else Decimal(value)

    def _constant(self, word: str) -> Any:
        if self.modern:
            return float(word.replace("Infinity", "inf").replace("NaN", "nan"))
        raise ValueError(word)

    def _pairs(self, pairs: list[tuple[str, Any]]) -> Any:
        if self.as_hashtable:
            table: Hashtable = OrderedDictionary(case_sensitive=True)
            for key, item in pairs:
                table[key] = self._engine(item)
            return table
        made = PSObject()
        spelled: dict[str, str] = {}
        for key, item in pairs:
            known = spelled.setdefault(key.lower(), key)
            if not key:
                raise _RefusedError(
                    "The provided JSON includes a property whose name is an empty string, this is only supported using "
                    "the -AsHashTable switch.",
                    "EmptyKeyInJsonString",
                )
            if known != key or (not self.modern and key.lower() in made.members):
                self._duplicate(known, key)
            from psnet.lab.values import Member  # noqa: PLC0415 - one use

            made.members[key.lower()] = Member(key, "NoteProperty", self._engine(item))
        return made

    def _duplicate(self, known: str, key: str) -> None:
        if self.modern:
            raise _RefusedError(
                f"Cannot convert the JSON string because it contains keys with different casing. Please use the "
                f"-AsHashTable switch instead. The key that was attempted to be added to the existing key '{known}' was "
                f"'{key}'.",
                "KeysWithDifferentCasingInJsonString",
            )
        raise _RefusedError(
            f"Cannot convert the JSON string because a dictionary that was converted from the string contains the "
            f"duplicated keys '{known}' and '{key}'.",
            "DuplicateKeysInJsonString",
        )

    def _engine(self, value: Any) -> Any:
        if isinstance(value, list):
            return Array([self._engine(item) for item in value])
        if isinstance(value, str):
            return self._text(value)
        return value

    def _text(self, value: str) -> Any:
        if self.modern and _ISO.fullmatch(value):
            try:
                return parse_datetime(value, 128) or value
            except (DotNetError, TypeError):
                return value
        dated = None if self.modern else _DATE_51.fullmatch(value)
        if dated:
            return DateTime(_EPOCH + int(dated.group(1)) * 10_000, 1)
        return value


def from_json(text: str, *, language: str, as_hashtable: bool = False) -> Any:
    """Return the value of JSON text."""
    return Reader(language, as_hashtable=as_hashtable).read(text)
