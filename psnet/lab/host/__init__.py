"""Simulated Windows container hosts: one model, many views."""

from psnet.lab.host.catalogue import BUILDS, WindowsBuild, windows_build
from psnet.lab.host.model import LabHost
from psnet.lab.host.refusal import HostRefusal

__all__ = ["BUILDS", "HostRefusal", "LabHost", "WindowsBuild", "windows_build"]
