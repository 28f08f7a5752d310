"""The modules that tasks call, by name."""

from psnet.playbook.modules.base import Call, Module, Result
from psnet.playbook.modules.registry import REFUSED, Registry

__all__ = ["REFUSED", "Call", "Module", "Registry", "Result"]
