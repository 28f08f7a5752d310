"""Hosts, groups, variables and credentials; ``psnet.inventory("hosts.yaml")`` opens one as a fleet."""

from psnet._internal.secret import SecretSource
from psnet.inventories.load import Inventory, InventoryHost, load_inventory
from psnet.inventories.secret import with_answers

__all__ = ["Inventory", "InventoryHost", "SecretSource", "load_inventory", "with_answers"]
