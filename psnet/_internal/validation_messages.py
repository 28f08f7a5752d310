"""pydantic's validation errors in the words of the user's file: no class names, and the nearest valid word."""

from __future__ import annotations

import re
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from psnet._internal.yaml import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

_KEYS: Final = frozenset({"model_type", "model_attributes_type", "dict_type", "dataclass_type", "mapping_type"})
_LISTS: Final = frozenset({"tuple_type", "list_type", "set_type", "frozen_set_type", "iterable_type"})
_QUOTED: Final = re.compile(r"'([^']*)'")
_NUMBER: Final = ("int_", "float_", "decimal_")
_LONG: Final = 60
_NAME: Final = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?")
_MAC: Final = "([0-9A-F]{2}-){5}"
#: What Python calls the values of a file, and how it names one that is no value of a file.
_TYPES: Final = {
    "NoneType": "nothing",
    "str": "text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "tuple": "a list",
    "dict": "a mapping",
    "Untrusted": "text",
}
_TYPE: Final = re.compile(rf"""['"]?\b({"|".join(_TYPES)})\b(?:['"])?""")
_OBJECT: Final = re.compile(r"'(?:[\w.]+\.)?(\w+)(?: object)?'(?= (?:has|object))|^(None)(?= has)")
_NOT: Final = re.compile(r", not '([^']*)'$")
#: Words that a sentence of ours lists: ``profiles are Domain, Private, Public or Any``.
_LISTED: Final = re.compile(r"\b[A-Z][A-Za-z0-9]+\b")


def kind_of(value: Any) -> str:
    """Return what a value of YAML is, in words."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"{value}".lower()
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, list | tuple):
        return "a list"
    return f"the number {value}" if isinstance(value, int | float) else f"the text {_shown(value)}"


def _shown(value: Any) -> str:
    text = str(value)
    return repr(text if len(text) <= _LONG else f"{text[:_LONG]}...")


def explain_error(item: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return (message, remedy or None) for one error of pydantic's, from its type, context and input."""
    kind, value = str(item["type"]), item.get("input")
    context: Mapping[str, Any] = item.get("ctx") or {}
    if kind in ("literal_error", "enum"):
        words = _QUOTED.findall(str(context.get("expected", "")))
        if words and not isinstance(value, str):
            return f"expected one of {', '.join(words)}, not {kind_of(value)}", None
        near = nearest(str(value), words)
        told_ = f"{_shown(value)} is none of {', '.join(words)}" if words else str(item["msg"])
        return told_, f"did you mean {near}?" if near else None
    if kind == "missing":
        return "it is missing", None
    if kind == "extra_forbidden":
        return "it has no place there", None
    if kind in _KEYS:
        return f"expected keys and values, not {kind_of(value)}", None
    if kind in _LISTS:
        return f"expected a list, not {kind_of(value)}", "write it in brackets: [...]"
    if kind.startswith(_NUMBER):
        return f"expected a {'whole ' if kind.startswith('int') else ''}number, not {kind_of(value)}", None
    if kind.startswith("bool_"):
        near = nearest(str(value), ("true", "false", "yes", "no"))
        return f"expected true or false, not {kind_of(value)}", f"did you mean {near}?" if near else None
    if kind == "string_type":
        return f"expected a text, not {kind_of(value)}", "quote it" if isinstance(value, int | float) else None
    return _of_size(kind, value, context) or _written(kind, item, value, context)


def answer_fault(error: Exception) -> str:
    """Return why an answer of a host's could not be read, in words that name no class of Python."""
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False)
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        place = ".".join(str(part) for part in found[0]["loc"])
        return f"{place}: {explain_error(found[0])[0]}{more}" if place else f"{explain_error(found[0])[0]}{more}"
    if isinstance(error, JSONDecodeError):
        return f"it is no JSON in line {error.lineno}, column {error.colno}"
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]}"
    if isinstance(error, TypeError | AttributeError | IndexError | RecursionError):
        return "it is built in another way"
    return str(error)


def without_types(text: str) -> str:
    """Return a sentence of Python's or Jinja's with its names of types as words of the file."""
    said = _OBJECT.sub(lambda found: (found[1] or found[2]).replace("None", "nothing"), text)
    return _TYPE.sub(lambda found: _TYPES[found[1]], said)


def _of_size(kind: str, value: Any, context: Mapping[str, Any]) -> tuple[str, str | None] | None:
    """Return what is said of a value that is too small, too large, too short or too long."""
    limits = {
        "greater_than_equal": ("less than", "ge"),
        "greater_than": ("not more than", "gt"),
        "less_than_equal": ("more than", "le"),
        "less_than": ("not less than", "lt"),
    }
    if kind in limits:
        word, key = limits[kind]
        return f"{value} is {word} {context.get(key)}", None
    if kind in ("too_short", "string_too_short"):
        what = "characters" if kind.startswith("string") else "items"
        return ("it is empty" if not value else f"it has fewer than {context.get('min_length')} {what}"), None
    if kind in ("too_long", "string_too_long"):
        what = "characters" if kind.startswith("string") else "items"
        return f"it has more than {context.get('max_length')} {what}", None
    return None


def _written(kind: str, item: Mapping[str, Any], value: Any, context: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return what is said of a value that is written wrongly."""
    if kind.startswith("ip_"):
        return _no_address(kind, value)
    if kind == "string_pattern_mismatch":
        pattern = str(context.get("pattern", ""))
        if _MAC in pattern:
            return f"{_shown(value)} is no MAC address", "write it as 00-15-5D-10-00-00"
        return f"{_shown(value)} is not written as it has to be", f"it has to match {pattern}"
    message = str(item["msg"]).removeprefix("Value error, ")
    if not isinstance(value, str) and message.endswith(f", not {value!r}"):
        message = f"{message.removesuffix(repr(value))}{kind_of(value)}"
    wrong = _NOT.search(message) if kind == "value_error" else None
    near = nearest(wrong[1], _LISTED.findall(message[: wrong.start()])) if wrong else None
    return message, f"did you mean {near}?" if near else None


def _no_address(kind: str, given: Any) -> tuple[str, str]:
    """Return what is wrong with what is no IP address or prefix: DNS names are looked up by nobody here."""
    if isinstance(given, str) and _NAME.fullmatch(given):
        return f"{given} is a name, and Windows keeps addresses here", f"give the address that it has: nslookup {given}"
    version = "IPv6 " if "v6" in kind else "IPv4 " if "v4" in kind else "IP "
    what, example = ("prefix", "10.0.0.0/24") if "network" in kind else ("address", "10.0.0.4")
    return f"{_shown(given)} is no {version}{what}", f"such as {example}"
