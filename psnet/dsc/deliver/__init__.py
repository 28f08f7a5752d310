"""Bringing configurations to hosts: the module and the document shipped, the run started, watched and read back."""

from psnet.dsc.deliver.module import ModulePackage, module_package
from psnet.dsc.deliver.operations import Comparing, Getting, Publishing, Removing, Starting, StatusOf, Updating

__all__ = [
    "Comparing",
    "Getting",
    "ModulePackage",
    "Publishing",
    "Removing",
    "Starting",
    "StatusOf",
    "Updating",
    "module_package",
]
