"""The values of ``variables``, which go along in script blocks as CLIXML, as PSSerializer writes it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any
from xml.sax.saxutils import escape

from psnet.mof.convert import DECIMAL_MAX, double_text
from psnet.mof.dates import parse_date

_INT32_MAX, _INT64_MAX = 2**31 - 1, 2**63 - 1
_ARRAY = ("System.Object[]", "System.Array", "System.Object")
_TABLE = ("System.Collections.Hashtable", "System.Object")
_ZONE = re.compile(r"(?:z|gmt|[+-]\d{1,2}(?::?\d{2})?)\s*$", re.IGNORECASE)


def unsupported_reason(value: Any) -> str | None:
    """Return why a value cannot go along, None when it can: scalars, dates, lists and mappings of such."""
    if isinstance(value, list):
        return next((reason for item in value if (reason := unsupported_reason(item))), None)
    if isinstance(value, dict):
        if "$credential" in value:
            return "a credential would stand readable in the document; give it as a property of a resource"
        if "$instance" in value or "$powershell" in value:
            return "an instance or a script block cannot be the value of a variable"
        try:
            _scalar(value)
        except ValueError as error:
            return str(error)
        return next((reason for item in value.values() if (reason := unsupported_reason(item))), None)
    return None


def clixml(value: Any) -> str:
    """Write a value as PSSerializer does: indented by two, one element a line."""
    return "\n".join(
        [
            '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">',
            *_Writer().element(value, "", 1),
            "</Objs>",
        ]
    )


class _Writer:
    """Numbers objects and lists of type names; a list that was written before is referred to."""

    def __init__(self) -> None:
        self.objects = 0
        self.types: dict[tuple[str, ...], int] = {}

    def element(self, value: Any, name: str, depth: int) -> list[str]:
        pad = "  " * depth
        label = f' N="{name}"' if name else ""
        if isinstance(value, dict) and "$hashtable" in value:
            value = value["$hashtable"] or {}
        scalar = _scalar(value)
        if scalar is not None:
            tag, text = scalar
            return [f"{pad}<{tag}{label}>{text}</{tag}>" if tag != "Nil" else f"{pad}<Nil{label} />"]
        is_map = isinstance(value, dict)
        lines = [f'{pad}<Obj{label} RefId="{self.objects}">', *self._types(_TABLE if is_map else _ARRAY, pad)]
        self.objects += 1
        tag = "DCT" if is_map else "LST"
        if not value:
            return [*lines, f"{pad}  <{tag} />", f"{pad}</Obj>"]
        lines.append(f"{pad}  <{tag}>")
        if is_map:
            for key, item in value.items():
                lines += [f"{pad}    <En>", *self.element(key, "Key", depth + 3)]
                lines += [*self.element(item, "Value", depth + 3), f"{pad}    </En>"]
        else:
            for item in value:
                lines += self.element(item, "", depth + 2)
        return [*lines, f"{pad}  </{tag}>", f"{pad}</Obj>"]

    def _types(self, names: tuple[str, ...], pad: str) -> list[str]:
        if names in self.types:
            return [f'{pad}  <TNRef RefId="{self.types[names]}" />']
        number = self.types[names] = len(self.types)
        inner = [f"{pad}    <T>{item}</T>" for item in names]
        return [f'{pad}  <TN RefId="{number}">', *inner, f"{pad}  </TN>"]


def _scalar(value: Any) -> tuple[str, str] | None:
    """Return the tag and text of a single value, None for a list or a mapping."""
    if isinstance(value, dict) and "$datetime" in value:
        return "DT", _date(value["$datetime"])
    if isinstance(value, dt.date):
        return "DT", _date(value)
    if value is None:
        return "Nil", ""
    if isinstance(value, bool):
        return "B", str(value).lower()
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return "Db", double_text(value)
    return ("S", _text(value)) if isinstance(value, str) else None


def _integer(value: int) -> tuple[str, str]:
    """Return an integer as PowerShell takes the literal: Int32, Int64, Decimal, Double."""
    if -_INT32_MAX - 1 <= value <= _INT32_MAX:
        return "I32", str(value)
    if -_INT64_MAX - 1 <= value <= _INT64_MAX:
        return "I64", str(value)
    return ("D", str(value)) if abs(value) <= DECIMAL_MAX else ("Db", double_text(float(value)))


def _date(raw: Any) -> str:
    """Return ``2024-02-29T12:34:56Z``; a time without zone keeps none, one of another zone is told in UTC."""
    if isinstance(raw, dt.date) and not isinstance(raw, dt.datetime):
        raw = dt.datetime(raw.year, raw.month, raw.day)  # noqa: DTZ001 - local by meaning
    if isinstance(raw, dt.datetime):
        value, zoned = (raw.astimezone(dt.UTC) if raw.tzinfo else raw), raw.tzinfo is not None
    else:
        value, zoned = parse_date(str(raw), dt.UTC, keep_utc=True).value, _ZONE.search(str(raw)[10:]) is not None
    text = value.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    fraction = f".{value.microsecond:06}".rstrip("0") if value.microsecond else ""
    return f"{text}{fraction}{'Z' if zoned else ''}"


def _text(value: str) -> str:
    coded = re.sub(r"_(?=x[0-9a-fA-F]{4}_)", "_x005F_", value)
    coded = re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", lambda hit: f"_x{ord(hit.group()):04X}_", coded)
    return escape(coded)
