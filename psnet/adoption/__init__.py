"""Adopt an existing fleet: declare what hosts have as a site that plans empty."""

from psnet.adoption.declare import declare
from psnet.adoption.document import inventory_text, site_text
from psnet.adoption.fold import Fold, fold
from psnet.adoption.model import Declaration, Entry, Undeclared

__all__ = ["Declaration", "Entry", "Fold", "Undeclared", "declare", "fold", "inventory_text", "site_text"]
