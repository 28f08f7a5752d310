"""Hosts, groups, variables and credentials."""

from psnet.inventory.load import Inventory, InventoryHost, load_inventory
from psnet.inventory.secret import SecretSource

__all__ = ["Inventory", "InventoryHost", "SecretSource", "load_inventory"]
