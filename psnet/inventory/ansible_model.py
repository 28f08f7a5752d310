"""Ansible's inventory in memory: groups in groups, variables in layers (precedence as Ansible documents it)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psnet.errors import InventoryError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(slots=True)
class Group:
    """One group; ``hosts`` keep their order."""

    name: str
    hosts: dict[str, None] = field(default_factory=dict)
    children: dict[str, None] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Tree:
    """All groups and hosts; group ``all`` holds every host."""

    groups: dict[str, Group] = field(default_factory=lambda: {"all": Group("all")})
    hosts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def group(self, name: str) -> Group:
        """Return a group, made when it is new."""
        return self.groups.setdefault(name, Group(name))

    def add_host(self, name: str, group: str) -> dict[str, Any]:
        """Put a host into a group and return its variables."""
        self.group(group).hosts[name] = None
        return self.hosts.setdefault(name, {})

    def parents(self, name: str) -> Iterator[str]:
        """Yield the groups that a group stands in, directly."""
        yield from (group.name for group in self.groups.values() if name in group.children)

    def groups_of(self, host: str) -> list[str]:
        """Return the groups of a host, ancestors first, without ``all``; deeper ones and later names win."""
        found: dict[str, int] = {}
        for group in self.groups.values():
            if host in group.hosts:
                self._climb(group.name, found, ())
        found.pop("all", None)
        return sorted(found, key=lambda name: (self.depth(name), self._priority(name), name))

    def _climb(self, name: str, found: dict[str, int], path: tuple[str, ...]) -> None:
        if name in path:
            raise InventoryError(f"the group {name} stands in itself: {' > '.join((*path, name))}")
        found[name] = found.get(name, 0) + 1
        for parent in self.parents(name):
            self._climb(parent, found, (*path, name))

    def depth(self, name: str, path: tuple[str, ...] = ()) -> int:
        """Return how deep a group stands below ``all``."""
        if name == "all" or name in path:
            return 0
        return 1 + max((self.depth(parent, (*path, name)) for parent in self.parents(name)), default=0)

    def _priority(self, name: str) -> int:
        value = self.groups[name].variables.get("ansible_group_priority", 1)
        return int(value) if isinstance(value, int | str) and str(value).isdigit() else 1

    def merge(self, other: Tree) -> None:
        """Take over what another source says; the later one wins."""
        for group in other.groups.values():
            mine = self.group(group.name)
            mine.hosts |= group.hosts
            mine.children |= group.children
            mine.variables |= group.variables
        for name, variables in other.hosts.items():
            self.hosts.setdefault(name, {}).update(variables)
