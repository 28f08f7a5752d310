"""The cmdlets of PowerShell itself: Core, Utility, Management and Security."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from psnet.lab.engine.cmdlet import Registry

_MODULES: Final = (
    "write",
    "objects",
    "select",
    "sort",
    "variables",
    "blocks",
    "measure",
    "commands",
    "member_cmdlets",
    "data",
    "module_cmdlets",
    "items",
    "paths",
    "content",
    "misc",
    "prompts",
    "moments",
    "verbs",
    "display",
    "xml_cmdlets",
    "clixml_cmdlets",
    "hashes",
    "item_properties",
    "callstack",
    "transcripts",
    "jobs",
    "html",
    "help",
)


def general_registry() -> Registry:
    """Return a registry with all of them."""
    registry = Registry()
    for name in _MODULES:
        registry.add(import_module(f"{__name__}.{name}"))
    return registry
