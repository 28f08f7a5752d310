"""Packets from outside: the path of each through a host, or where it stops and why."""

from psnet.lab.host.reach.inbound import receive
from psnet.lab.host.reach.packet import Packet, Step, Verdict

__all__ = ["Packet", "Step", "Verdict", "receive"]
