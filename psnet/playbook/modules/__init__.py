"""The modules that tasks call, by name."""

from psnet.playbook.modules.base import Call, Module, Result
from psnet.playbook.modules.registry import Registry

__all__ = ["Call", "Module", "Registry", "Result"]
