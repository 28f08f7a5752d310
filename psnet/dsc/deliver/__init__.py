"""Bringing configurations to hosts: the module and the document shipped, the run started, watched and read back."""

from psnet.dsc.deliver.module import ModulePackage, module_package
from psnet.dsc.deliver.operations import (
    CompareOperation,
    GetOperation,
    PublishOperation,
    RemoveOperation,
    StartOperation,
    StatusOperation,
    UpdateOperation,
)

__all__ = [
    "CompareOperation",
    "GetOperation",
    "ModulePackage",
    "PublishOperation",
    "RemoveOperation",
    "StartOperation",
    "StatusOperation",
    "UpdateOperation",
    "module_package",
]
