"""Canonical value types: one spelling for each meaning, so that spelling never makes a difference."""

from psnet.types.addresses import AddressSet, Network, network_of, parse_network
from psnet.types.names import Action, Direction, EdgeTraversal, Mode, Profile, ProfileSet, Protocol
from psnet.types.ports import PortRange, PortSet

__all__ = [
    "Action",
    "AddressSet",
    "Direction",
    "EdgeTraversal",
    "Mode",
    "Network",
    "PortRange",
    "PortSet",
    "Profile",
    "ProfileSet",
    "Protocol",
    "network_of",
    "parse_network",
]
