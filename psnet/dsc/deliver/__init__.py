"""Deliver configurations to hosts: ship the module and the document, start the run, watch it, read the result."""

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
