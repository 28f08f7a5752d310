"""The Windows firewall."""

from psnet.lab.host.firewall.rules import Firewall, Rule

__all__ = ["Firewall", "Rule"]
