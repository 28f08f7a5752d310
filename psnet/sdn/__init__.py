"""Policies for container endpoints through the Network Controller of Windows Server's SDN stack (docs/sdn.md)."""

from __future__ import annotations

from psnet.sdn.kinds import SDN_KINDS
from psnet.sdn.model import Sdn

__all__ = ["SDN_KINDS", "Sdn"]
