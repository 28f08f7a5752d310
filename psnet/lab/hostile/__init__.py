"""Hosts that mean harm: WinRM endpoints whose answers no client should survive by luck."""

from psnet.lab.hostile.server import HostileServer, mode_names

__all__ = ["HostileServer", "mode_names"]
