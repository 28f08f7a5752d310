"""Hosts, groups, variables and credentials. ``psnet.inventory("hosts.yaml")`` opens one as a fleet."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from psnet._internal.callable import callable_module
from psnet._internal.secret import SecretSource
from psnet.inventory.load import Inventory, InventoryHost, load_inventory
from psnet.inventory.secret import with_answers

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Inventory", "InventoryHost", "SecretSource", "load_inventory", "with_answers"]


def _open(path: Path | str, *, forks: int = 20) -> Any:
    """Read an inventory, psnet's own or Ansible's, as a fleet; nothing travels yet.

    A fleet is made of everything above this package, so the whole of psnet makes it.
    """
    return sys.modules[__package__.partition(".")[0]].open_fleet(path, forks=forks)


callable_module(__name__, _open)
