"""Simulated Windows container hosts: one model, many views."""

from psnet.lab.host.model import Host
from psnet.lab.host.refusal import HostRefusal
from psnet.powershell.facts.builds import BUILDS, WindowsBuild, windows_build

__all__ = ["BUILDS", "Host", "HostRefusal", "WindowsBuild", "windows_build"]
