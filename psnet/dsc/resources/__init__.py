"""PSNetDsc seen from Python: its resources, made from psnet's models, and resources as their instances."""

from psnet.dsc.resources.catalogue import MODULE, resources
from psnet.dsc.resources.files import module_files, module_folder, module_version
from psnet.dsc.resources.instance import properties_of
from psnet.dsc.resources.model import DscClass, DscInstance, DscProperty

__all__ = [
    "MODULE",
    "DscClass",
    "DscInstance",
    "DscProperty",
    "module_files",
    "module_folder",
    "module_version",
    "properties_of",
    "resources",
]
