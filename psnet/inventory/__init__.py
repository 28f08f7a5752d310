"""Hosts, groups, variables and credentials. ``psnet.inventory("hosts.yaml")`` opens one as a fleet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet._internal.callable import callable_module
from psnet._internal.secret import SecretSource
from psnet.inventory.load import Inventory, InventoryHost, load_inventory
from psnet.inventory.secret import with_answers

if TYPE_CHECKING:
    from pathlib import Path

    from psnet.shell.fleet import Fleet

__all__ = ["Inventory", "InventoryHost", "SecretSource", "load_inventory", "with_answers"]


def _open(path: Path | str, *, forks: int = 20) -> Fleet:
    """Read an inventory, psnet's own or Ansible's, as a fleet; nothing travels yet."""
    from psnet.shell.fleet import open_inventory  # noqa: PLC0415 - a fleet needs all of psnet

    return open_inventory(path, forks=forks)


callable_module(__name__, _open)
