"""Conditions of WQL, as -Filter and -Query have them: comparisons joined by AND, or by OR."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.values import EnumValue

if TYPE_CHECKING:
    from collections.abc import Mapping

_TERM: Final = re.compile(
    r"""\s*(?P<name>\w+)\s*(?P<op>=|<>|!=|<=|>=|<|>|like|is\s+not|is)\s*"""
    r"""(?P<value>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?[\d.]+|true|false|null)\s*""",
    re.IGNORECASE,
)


def matches(condition: str, row: Mapping[str, Any]) -> bool:
    """Say whether an instance fits a condition; one that is not simulated, or names no known property, is refused."""
    for alternative in re.split(r"\s+or\s+", condition, flags=re.IGNORECASE):
        terms = [_TERM.fullmatch(part) for part in re.split(r"\s+and\s+", alternative, flags=re.IGNORECASE)]
        if any(term is None for term in terms):
            raise UnsupportedError(f"the WQL condition {condition}")
        if all(_holds(term, row) for term in terms if term is not None):
            return True
    return False


def _holds(term: re.Match[str], row: Mapping[str, Any]) -> bool:
    folded = {key.lower(): value for key, value in row.items()}
    if term["name"].lower() not in folded:
        raise UnsupportedError(f"the property {term['name']} in a WQL condition")
    held, operator = folded[term["name"].lower()], " ".join(term["op"].lower().split())
    held = held.name if isinstance(held, EnumValue) else held
    value = _value(term["value"])
    if operator == "like":
        pattern = re.escape(str(value)).replace("%", ".*").replace("_", ".")
        return re.fullmatch(pattern, str(held), re.IGNORECASE | re.DOTALL) is not None
    if operator in {"=", "is", "<>", "!=", "is not"}:
        return _same(held, value) == (operator in {"=", "is"})
    left, right = (str(held).lower(), str(value).lower()) if isinstance(held, str) else (float(held), float(value))
    return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator]  # type: ignore[operator]


def _value(text: str) -> Any:
    if text[0] in "'\"":
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    known = {"true": True, "false": False, "null": None}
    return known[text.lower()] if text.lower() in known else float(text) if "." in text else int(text)


def _same(held: Any, value: Any) -> bool:
    if isinstance(held, str) or isinstance(value, str):
        return str(held).lower() == str(value).lower()
    return bool(held == value)
