"""Packets that come from outside: the way of each through a host, or where it stops and why."""

from psnet.lab.host.reach.arrival import receive
from psnet.lab.host.reach.packet import Packet, Step, Verdict

__all__ = ["Packet", "Step", "Verdict", "receive"]
