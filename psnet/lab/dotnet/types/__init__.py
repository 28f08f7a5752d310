"""The members of the .NET types that the engine knows, one module a family; importing registers them."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Final

_FAMILIES: Final = (
    "objects",
    "strings",
    "string_split",
    "string_statics",
    "numbers",
    "mathematics",
    "converting",
    "statics",
    "dates",
    "spans",
    "date_offsets",
    "collections",
    "lists",
    "sets",
    "delegates",
    "dictionaries",
    "text",
    "regexes",
    "network",
    "misc",
    "environment",
    "credentials",
    "archives",
    "files",
    "text_streams",
    "access",
    "exceptions",
    "psobjects",
    "internals",
    "intrinsics",
    "xmltypes",
    "xmlediting",
    "attributes",
    "namedvalues",
    "web_utility",
    "console",
    "culture_formats",
)


@cache
def load() -> None:
    """Register every family once."""
    for name in _FAMILIES:
        import_module(f"{__name__}.{name}")
