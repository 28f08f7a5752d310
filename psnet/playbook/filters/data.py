"""Filters over lists and dictionaries (Ansible: filter/core.py, filter/mathstuff.py)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from jinja2 import Undefined
from jinja2.filters import do_default

_TRUE: Final = frozenset({"yes", "on", "1", "true", "y", "t", 1})
_FALSE: Final = frozenset({"no", "off", "0", "false", "n", "f", 0})
Merge = Literal["replace", "keep", "append", "prepend", "append_rp", "prepend_rp"]


def default(value: Any, instead: Any = "", boolean: bool = False) -> Any:  # noqa: FBT001, FBT002 - Ansible's order
    """Return a value, or another one when it is undefined (or, with ``boolean``, when it is empty)."""
    return do_default(value, instead, boolean)


def mandatory(value: Any, msg: str | None = None) -> Any:
    """Return a value; refuse an undefined one."""
    if isinstance(value, Undefined):
        name = value._undefined_name  # noqa: SLF001 - Jinja2 offers no other way
        raise ValueError(msg or f"the mandatory variable {name!r} is not defined")
    return value


def ternary(value: Any, true: Any, false: Any, none: Any = None) -> Any:
    """Return one of two values, or of three for None."""
    if value is None and none is not None:
        return none
    return true if value else false


def as_bool(value: Any) -> bool | None:
    """Return what a word says: yes, on, true, 1 and their opposites."""
    if value is None or isinstance(value, bool):
        return value
    word = value.lower() if isinstance(value, str) else value
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"{value!r} is neither true nor false")


def flatten(value: Iterable[Any], levels: int | None = None, skip_nulls: bool = True) -> list[Any]:  # noqa: FBT001, FBT002 - Ansible's order
    """Return nested lists as one."""
    found: list[Any] = []
    for item in value:
        if item in (None, "None", "null") and skip_nulls:
            continue
        if isinstance(item, list | tuple) and levels != 0:
            found += flatten(item, None if levels is None else levels - 1, skip_nulls)
        else:
            found.append(item)
    return found


def _once(items: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        if item not in found:
            found.append(item)
    return found


def union(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    """Return what is in one of two lists, once."""
    return _once([*first, *second])


def intersect(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    """Return what is in both lists, once."""
    other = list(second)
    return _once(item for item in first if item in other)


def difference(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    """Return what is in the first list alone, once."""
    other = list(second)
    return _once(item for item in first if item not in other)


def symmetric_difference(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    """Return what is in one list alone."""
    one, other = list(first), list(second)
    return [*difference(one, other), *difference(other, one)]


def combine(*terms: Any, recursive: bool = False, list_merge: Merge = "replace") -> dict[str, Any]:
    """Return dictionaries as one; the later ones win. ``list_merge`` says how lists meet when recursive."""
    merged: dict[str, Any] = {}
    for item in flatten(terms, levels=1):
        if isinstance(item, Undefined):
            str(item)  # raises UndefinedError
        if not isinstance(item, Mapping):
            raise TypeError(f"combine takes dictionaries, not {type(item).__name__}")
        merged = _merged(merged, item, recursive=recursive, list_merge=list_merge)
    return merged


def _merged(low: Mapping[str, Any], high: Mapping[str, Any], *, recursive: bool, list_merge: Merge) -> dict[str, Any]:
    if not recursive and list_merge == "replace":
        return {**low, **high}
    merged = dict(low)
    for key, value in high.items():
        before = merged.get(key)
        if key not in merged:
            merged[key] = value
        elif recursive and isinstance(before, Mapping) and isinstance(value, Mapping):
            merged[key] = _merged(before, value, recursive=recursive, list_merge=list_merge)
        elif isinstance(before, list) and isinstance(value, list):
            merged[key] = _lists(before, value, list_merge)
        else:
            merged[key] = value
    return merged


def _lists(low: list[Any], high: list[Any], how: Merge) -> list[Any]:
    ways = {
        "replace": lambda: high,
        "keep": lambda: low,
        "append": lambda: low + high,
        "prepend": lambda: high + low,
        "append_rp": lambda: [item for item in low if item not in high] + high,
        "prepend_rp": lambda: high + [item for item in low if item not in high],
    }
    if how not in ways:
        raise ValueError(f"list_merge is one of {', '.join(ways)}, not {how!r}")
    return ways[how]()


def dict2items(value: Any, key_name: str = "key", value_name: str = "value") -> list[dict[str, Any]]:
    """Return a dictionary as a list of pairs."""
    if not isinstance(value, Mapping):
        raise TypeError(f"dict2items takes a dictionary, not {type(value).__name__}")
    return [{key_name: key, value_name: item} for key, item in value.items()]


def items2dict(value: Any, key_name: str = "key", value_name: str = "value") -> dict[Any, Any]:
    """Return a list of pairs as a dictionary."""
    try:
        return {item[key_name]: item[value_name] for item in value}
    except (KeyError, TypeError):
        raise ValueError(f"items2dict takes items with {key_name} and {value_name}") from None


def _zip(*lists: Iterable[Any]) -> list[list[Any]]:
    return [list(pair) for pair in zip(*lists, strict=False)]


def zip_longest(*lists: Iterable[Any], fillvalue: Any = None) -> list[list[Any]]:
    """Return lists side by side; the shorter ones are filled up."""
    return [list(pair) for pair in itertools.zip_longest(*lists, fillvalue=fillvalue)]


def subelements(value: Any, path: str | list[str], skip_missing: bool = False) -> list[list[Any]]:  # noqa: FBT001, FBT002 - Ansible's order
    """Return each item with each of the elements of a list inside it."""
    items = list(value.values()) if isinstance(value, Mapping) else list(value)
    names = path.split(".") if isinstance(path, str) else list(path)
    found: list[list[Any]] = []
    for item in items:
        inner: Any = item
        for name in names:
            if not isinstance(inner, Mapping) or name not in inner:
                if skip_missing:
                    inner = []
                    break
                raise ValueError(f"an item has no {'.'.join(names)}")
            inner = inner[name]
        if not isinstance(inner, list):
            raise TypeError(f"{'.'.join(names)} is no list")
        found += [[item, each] for each in inner]
    return found


def extract(key: Any, container: Any, more: Any = None) -> Any:
    """Return a part of a container, and of that a part."""
    value = container[key]
    for name in more if isinstance(more, list) else [] if more is None else [more]:
        value = value[name]
    return value


def product(*lists: Iterable[Any]) -> list[list[Any]]:
    """Return every combination of items of lists."""
    return [list(pair) for pair in itertools.product(*lists)]


def log_of(value: float, base: float | None = None) -> float:
    """Return a logarithm, the natural one without a base."""
    import math  # noqa: PLC0415 - seldom used

    return math.log(value) if base is None else math.log(value, base)


DATA = {
    "default": default,
    "d": default,
    "mandatory": mandatory,
    "ternary": ternary,
    "bool": as_bool,
    "flatten": flatten,
    "unique": lambda value, **_: _once(value),
    "union": union,
    "intersect": intersect,
    "difference": difference,
    "symmetric_difference": symmetric_difference,
    "combine": combine,
    "dict2items": dict2items,
    "items2dict": items2dict,
    "zip": _zip,
    "zip_longest": zip_longest,
    "subelements": subelements,
    "extract": extract,
    "product": product,
    "log": log_of,
}
