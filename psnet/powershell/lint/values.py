"""What a parameter refuses of the values that stand in the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from psnet.powershell.facts.validation import NotNull, NotNullOrEmpty, Pattern, Range, ValueSet

from .conversion import convertible, enum_names, full_name
from .literals import UNKNOWN, elements, literal

if TYPE_CHECKING:
    from psnet.powershell.facts.parameters import ParameterInfo
    from psnet.powershell.syntax import ast

_PLACEHOLDER: Final = re.compile(r"([#@%~]{1,2}|__)\w+\1|<[\w ]+>|\{\{?\w+\}?\}")


def refused(info: ParameterInfo, node: ast.Node | None) -> tuple[str, str | None] | None:
    """Return why an argument cannot be and what could, None when it is fine or only a run could tell."""
    if node is None:
        return None
    value = literal(node)
    if value is UNKNOWN or info.is_switch:
        return None
    text = full_name(info.type_name) == "System.String"
    for item in elements(value):
        if isinstance(item, str) and _PLACEHOLDER.fullmatch(item):
            continue  # another tool, or the script itself, puts the value there
        if item is None and text:
            item = ""  # noqa: PLW2901 - what PowerShell makes of $null for a string
        reason = _converted(info, item) or _validated(info, item) or _empty(info, item)
        if reason is not None:
            return reason
    return None


def _converted(info: ParameterInfo, value: Any) -> tuple[str, str | None] | None:
    kind = full_name(info.type_name).removesuffix("[]")
    members = enum_names(kind)
    if members is not None:
        return _one_of(value, members)
    if value is None or convertible(value, kind):
        return None
    return f"{value!r} is no {kind.removeprefix('System.')}", None


def _one_of(value: Any, members: list[str]) -> tuple[str, str | None] | None:
    """Refuse what is neither a number, nor names with commas, nor short for only one name; wildcards are looked up."""
    if not isinstance(value, str) or value.strip().lstrip("-").isdigit() or any(sign in value for sign in "*?["):
        return None
    known = [name.lower() for name in members]
    for part in value.split(","):
        word = part.strip().lower()
        if word not in known and sum(name.startswith(word) for name in known) != 1:
            return f"{value!r} is none of {', '.join(members[:20])}", None
    return None


def _validated(info: ParameterInfo, value: Any) -> tuple[str, str | None] | None:
    for validator in info.validators:
        if isinstance(validator, ValueSet):
            reason = _in_set(info, validator, value)
            if reason is not None:
                return reason
        elif isinstance(validator, Range):
            reason = _in_range(validator, value)
            if reason is not None:
                return reason
        elif isinstance(validator, Pattern):
            reason = _in_pattern(validator, value)
            if reason is not None:
                return reason
        elif isinstance(validator, (NotNull, NotNullOrEmpty)) and value is None:
            return "it takes no $null", None
        elif isinstance(validator, NotNullOrEmpty) and value == "":
            return "it takes no empty string", None
    return None


def _in_pattern(validator: Pattern, value: Any) -> tuple[str, str | None] | None:
    """Refuse text that a pattern does not match; a pattern that only .NET reads is left to a run."""
    if not isinstance(value, str):
        return None
    try:
        found = re.search(validator.pattern, value, re.IGNORECASE if validator.ignore_case else 0)
    except re.error:
        return None
    return None if found else (f"{value!r} does not match {validator.pattern}", None)


def _in_set(info: ParameterInfo, validator: ValueSet, value: Any) -> tuple[str, str | None] | None:
    if value is None or not isinstance(value, str):
        return None
    known = [name.lower() for name in validator.values]
    written = value.lower()
    if written in known or (info.steps is None and not _words(written, known)):
        return None
    return f"{value!r} is none of {', '.join(validator.values)}", None


def _words(written: str, known: list[str]) -> bool:
    """Say whether a cmdlet refuses it: enumerations also take numbers, lists with commas, and wildcards."""
    if written.isdigit() or any(sign in written for sign in "*?["):
        return False
    return not all(part.strip() in known for part in written.split(","))


def _in_range(validator: Range, value: Any) -> tuple[str, str | None] | None:
    if not isinstance(validator.low, int) or not isinstance(validator.high, int):
        return None
    try:
        number = int(value) if isinstance(value, str) else value
    except ValueError:
        return None
    if isinstance(number, (int, float)) and not validator.low <= number <= validator.high:
        return f"{value} is outside {validator.low} to {validator.high}", None
    return None


def _empty(info: ParameterInfo, value: Any) -> tuple[str, str | None] | None:
    if not any(entry.mandatory for entry in info.entries()):
        return None
    if value is None and not info.allow_null:
        return "it is mandatory and takes no $null", None
    if value == "" and not info.allow_empty_string and full_name(info.type_name).startswith("System.String"):
        return "it is mandatory and takes no empty string", None
    return None
