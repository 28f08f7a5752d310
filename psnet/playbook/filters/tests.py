"""Tests of Ansible's: results, regular expressions, versions, sets."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    **dict.fromkeys(("==", "=", "eq"), operator.eq),
    **dict.fromkeys(("!=", "<>", "ne"), operator.ne),
    **dict.fromkeys((">", "gt"), operator.gt),
    **dict.fromkeys((">=", "ge"), operator.ge),
    **dict.fromkeys(("<", "lt"), operator.lt),
    **dict.fromkeys(("<=", "le"), operator.le),
}


def _result(value: Any, test: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"the test {test!r} takes the result of a task, not {type(value).__name__}")
    return value


def failed(value: Any) -> bool:
    """Say whether a task failed."""
    return bool(_result(value, "failed").get("failed", False))


def changed(value: Any) -> bool:
    """Say whether a task, or one of its items, changed something."""
    result = _result(value, "changed")
    if "changed" not in result and isinstance(result.get("results"), list):
        return any(item.get("changed") for item in result["results"] if isinstance(item, Mapping))
    return bool(result.get("changed", False))


def skipped(value: Any) -> bool:
    """Say whether a task was skipped."""
    return bool(_result(value, "skipped").get("skipped", False))


def reachable(value: Any) -> bool:
    """Say whether a task's host was reached."""
    return not _result(value, "reachable").get("unreachable", False)


def _regex(
    value: Any,
    pattern: str,
    ignorecase: bool = False,  # noqa: FBT001, FBT002 - Ansible's order
    multiline: bool = False,  # noqa: FBT001, FBT002 - as above
    match_type: str = "search",
) -> bool:
    flags = (re.IGNORECASE if ignorecase else 0) | (re.MULTILINE if multiline else 0)
    return bool(getattr(re.compile(pattern, flags), match_type)(str(value)))


def _match(value: Any, pattern: str, ignorecase: bool = False, multiline: bool = False) -> bool:  # noqa: FBT001, FBT002 - Ansible's order
    return _regex(value, pattern, ignorecase, multiline, "match")


def _parts(text: Any) -> list[tuple[int, int | str]]:
    """Return a version's parts so that numbers compare as numbers and come after words (rc before a release)."""
    return [(1, int(part)) if part.isdigit() else (0, part) for part in re.findall(r"\d+|[a-z]+", str(text).lower())]


def version(value: Any, other: Any, operation: str = "==", **_: Any) -> bool:
    """Compare two versions such as 10.0.17763 and 10.0.20348."""
    if operation not in _OPERATORS:
        raise ValueError(f"{operation!r} compares nothing: one of {', '.join(_OPERATORS)}")
    left, right = _parts(value), _parts(other)
    width = max(len(left), len(right))
    zero: tuple[int, int | str] = (1, 0)
    return _OPERATORS[operation](left + [zero] * (width - len(left)), right + [zero] * (width - len(right)))


def subset(value: Iterable[Any], of: Iterable[Any]) -> bool:
    """Say whether every item is in another list."""
    other = list(of)
    return all(item in other for item in value)


def _truthy(value: Any, convert_bool: bool = False) -> bool:  # noqa: FBT001, FBT002 - Ansible's order
    if convert_bool and isinstance(value, str):
        return value.lower() in {"yes", "on", "1", "true", "y", "t"}
    return bool(value)


TESTS = {
    "failed": failed,
    "failure": failed,
    "succeeded": lambda value: not failed(value),
    "success": lambda value: not failed(value),
    "successful": lambda value: not failed(value),
    "changed": changed,
    "change": changed,
    "skipped": skipped,
    "skip": skipped,
    "reachable": reachable,
    "unreachable": lambda value: not reachable(value),
    "match": _match,
    "search": _regex,
    "regex": _regex,
    "version": version,
    "version_compare": version,
    "subset": subset,
    "issubset": subset,
    "superset": lambda value, of: subset(of, value),
    "issuperset": lambda value, of: subset(of, value),
    "contains": lambda value, item: item in value,
    "any": any,
    "all": all,
    "truthy": _truthy,
    "falsy": lambda value, convert_bool=False: not _truthy(value, convert_bool),
}
