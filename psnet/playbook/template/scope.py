"""The variables of one task on one host: what a user wrote is filled when it is asked for, nothing else ever is.

What a host or a module said is data: a ``{{`` in it stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psnet.inventory.vault import Vaulted
from psnet.playbook.template.values import TemplateFault, has_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.playbook.template.engine import Templar


@dataclass(frozen=True, slots=True)
class Lazy:
    """A value as written, with templates or vaulted texts in it."""

    written: Any


def lazily(variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return variables that a user wrote, with those that need filling marked."""
    return {name: Lazy(value) if has_template(value) else value for name, value in variables.items()}


class Scope(dict[str, Any]):
    """Variables by name; one that is written as a template is filled with the others when it is read."""

    def __init__(self, templar: Templar, *layers: Mapping[str, Any]) -> None:
        super().__init__()
        self.update(templar.functions(self))
        for layer in layers:
            self.update(layer)
        self.templar = templar
        self._open: list[str] = []

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if not isinstance(value, Lazy | Vaulted):
            return value
        if name in self._open:
            circle = " -> ".join((*self._open[self._open.index(name) :], name))
            raise TemplateFault(f"the variable is made of itself: {circle}", name)
        self._open.append(name)
        try:
            value = self.templar.fill(value.written if isinstance(value, Lazy) else value, self)
        finally:
            self._open.pop()
        self[name] = value
        return value

    def get(self, name: str, default: Any = None) -> Any:
        """Return a variable, filled."""
        return self[name] if name in self else default  # noqa: SIM401 - dict's own get would not fill it

    def with_(self, *layers: Mapping[str, Any]) -> Scope:
        """Return a scope with more variables on top."""
        scope = Scope(self.templar)
        functions = self.templar.functions(scope)
        scope.update({name: dict.__getitem__(self, name) for name in self if name not in functions})
        for layer in layers:
            scope.update(layer)
        return scope
