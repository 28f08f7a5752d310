"""Packages that are functions too: ``psnet.plan(site, state)``, ``psnet.inventory("hosts.yaml")``."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def callable_module(name: str, function: Callable[..., Any]) -> None:
    """Let a module be called as ``function`` is."""

    class Called(ModuleType):
        __call__ = staticmethod(function)

    sys.modules[name].__class__ = Called
