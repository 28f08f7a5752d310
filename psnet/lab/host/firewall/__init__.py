"""The Windows firewall."""

from psnet.lab.host.firewall.profiles import Profile
from psnet.lab.host.firewall.rule import Rule
from psnet.lab.host.firewall.store import Firewall

__all__ = ["Firewall", "Profile", "Rule"]
