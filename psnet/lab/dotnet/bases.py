"""What types derive from, and the arguments of generic ones; nothing here raises."""

from __future__ import annotations

from functools import lru_cache

from psnet.lab.dotnet.scripttypes import script_type
from psnet.powershell.facts import dotnet
from psnet.powershell.facts.enums import TABLE as ENUM_TABLE
from psnet.powershell.facts.types import TYPES


def split_generic(name: str) -> tuple[str, list[str]]:
    """Return a constructed generic's open name and its arguments; ([] for what is not generic)."""
    if "`" not in name or "[" not in name or name.endswith(("[]", ",]")):
        return name, []
    opened = name.index("[")
    inner, depth, start, parts = name[opened + 1 : -1], 0, 0, []
    for place, mark in enumerate(inner):
        if mark == "[":
            depth += 1
        elif mark == "]":
            depth -= 1
        elif mark == "," and not depth:
            parts.append(inner[start:place])
            start = place + 1
    return name[:opened], [*parts, inner[start:]]


def base_chain(name: str) -> tuple[str, ...]:
    """Return a type and its base types, System.Object last."""
    own = script_type(name) if "." not in name else None
    if own is not None:
        return (name, *base_chain(own.base))
    return _base_chain(name)


@lru_cache(maxsize=2048)
def _base_chain(name: str) -> tuple[str, ...]:
    if name.endswith(("[]", ",]")):
        return (name, "System.Array", "System.Object")
    if name in ENUM_TABLE:
        return (name, "System.Enum", "System.ValueType", "System.Object")
    opened, arguments = split_generic(name)
    known = TYPES.get(opened)
    if known is None and (listed := dotnet.find(opened)) is not None:
        return (name, *(base_chain(listed.base) if listed.base else ()))
    if known is None:
        guess = "System.SystemException" if opened.endswith("Exception") else ""
        return (name, *base_chain(guess)) if guess else (name, "System.Object")
    base = known[0]
    if base == "interface" or not base:
        return (name,)
    if arguments and "`" in base:
        base = f"{base}[{','.join(arguments)}]"
    return (name, *base_chain(base))


def derives(name: str, target: str) -> bool:
    """Say whether a value of one type is an instance of another (base types and interfaces)."""
    own = script_type(name) if "." not in name else None
    if own is not None:
        above = target in {name, "System.Object"} or target in base_chain(name) or target in own.interfaces
        return above or (own.base != "System.Object" and derives(own.base, target))
    return _derives(name, target)


@lru_cache(maxsize=4096)
def _derives(name: str, target: str) -> bool:
    if target in {name, "System.Object"}:
        return True
    chain = base_chain(name)
    if target in chain:
        return True
    if name.endswith("[]") and target.endswith("[]"):
        mine, theirs = name[:-2], target[:-2]
        return not is_value_type(mine) and derives(mine, theirs)
    goal = split_generic(target)[0]
    return any(goal in TYPES.get(split_generic(link)[0], ("", ()))[1] for link in chain)


def is_value_type(name: str) -> bool:
    """Say whether a type is a structure."""
    return "System.ValueType" in base_chain(name)[1:]
