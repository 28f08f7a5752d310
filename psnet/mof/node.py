"""One node's instances while they are compiled, and the checks across them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psnet.mof.model import Instance, Value

if TYPE_CHECKING:
    from psnet._internal.yaml import Path_
    from psnet.mof.diagnostics import Diagnostics
    from psnet.mof.errors import Refusal
    from psnet.mof.keyword import Keyword
    from psnet.mof.secrets import Secrets

_MAX_DEPTH = 1024  # DependsOnLinkTooDeep; the engine counts what it visits from one resource
_MAX_HINTS = 10  # each looks through all resources of the node
_SOURCES = {
    "ConfigurationSource": "ReferencedManagerNotFound",
    "ResourceModuleSource": "ReferencedResourceSourceNotFound",
}


@dataclass(slots=True)
class Entry:
    """A resource by its id: what it depends on, where it was declared, its instance once it is written."""

    resource_id: str
    depends_on: list[str]
    where: Path_
    instance: Instance | None = None
    is_resource: bool = True


@dataclass(slots=True)
class NodeState:
    """What the engine keeps for a node; ``name`` is None for resources outside any Node block."""

    name: str | None
    secrets: Secrets
    instances: list[Instance] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)  # by lower-case resource id
    by_keys: dict[tuple[Any, ...], list[dict[str, Any]]] = field(default_factory=dict)
    invalid: list[Refusal] = field(default_factory=list)  # InvalidMOFDefinition comes when all else is done
    managers: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    exclusive: dict[str, list[str]] = field(default_factory=dict)
    settings: list[Instance] = field(default_factory=list)
    uses_run_as: bool = False
    hints: int = 0

    @property
    def label(self) -> str:
        """The node's name, and the document's."""
        return "localhost" if self.name is None else self.name

    def alias(self, keyword: Keyword) -> str:
        """Return the next alias of a class: ``$<Class><n>ref``, counted per class and node."""
        number = self.counts.get(keyword.class_name, 0) + 1
        self.counts[keyword.class_name] = number
        return f"${keyword.class_name.removesuffix('V2') if keyword.is_meta else keyword.class_name}{number}ref"

    def validate(self, report: Diagnostics) -> None:
        """Check what refers to what; expand references to nested configurations."""
        self._resolve(report)
        self._check_managers(report)
        check_exclusive(self, report)
        self._check_circles(report)

    def _resolve(self, report: Diagnostics) -> None:
        for entry in self.entries.values():
            resolved: list[str] = []
            for required in entry.depends_on:
                if not required:
                    continue
                if required.lower() in self.entries:
                    resolved.append(required)
                    continue
                # A nested configuration's resources end in ::[Type]Name of what holds them.
                held = [item.resource_id for key, item in self.entries.items() if key.endswith(required.lower())]
                if not held:
                    report.refuse(
                        "RequiredResourceNotFound",
                        f"{required}, required by {entry.resource_id}, does not exist on node {self.label}",
                        (*entry.where, "depends_on"),
                        node=self.label,
                        remedy=self._similar(required),
                    )
                resolved += held
            entry.depends_on = resolved

    def _similar(self, resource_id: str) -> str | None:
        from psnet._internal.yaml import nearest  # noqa: PLC0415 - only an error needs it

        self.hints += 1
        if self.hints > _MAX_HINTS:
            return None
        close = nearest(resource_id, [entry.resource_id for entry in self.entries.values()])
        return f"did you mean {close}?" if close else None

    def _check_managers(self, report: Diagnostics) -> None:
        for kind, error_id in _SOURCES.items():  # all of the one kind before any of the other
            for resource_id, references in self.managers.items():
                for reference in (text for named, text in references if named == kind):
                    if reference.lower() not in self.entries:
                        report.refuse(
                            error_id,
                            f"{reference}, referenced by {resource_id}, does not exist",
                            (*self.entries[resource_id.lower()].where, "properties", kind),
                            node=self.label,
                            remedy=self._similar(reference),
                        )

    def _check_circles(self, report: Diagnostics) -> None:
        for circle in _circles(self.entries):
            shown = "->".join(self.entries[key].resource_id for key in [*circle, circle[0]])
            report.refuse(
                "DependsOnLoopDetected",
                f"resources depend on each other in a circle: {shown}",
                (*self.entries[circle[0]].where, "depends_on"),
                node=self.label,
            )
        for key in _too_deep(self.entries):
            report.refuse(
                "DependsOnLinkTooDeep",
                f"more than {_MAX_DEPTH} resources hang on {self.entries[key].resource_id}",
                (*self.entries[key].where, "depends_on"),
                node=self.label,
            )

    def finish(self, configuration: str) -> None:
        """Add DependsOn and ConfigurationName to the resources."""
        for entry in self.entries.values():
            if entry.instance is None:
                continue
            if entry.depends_on:
                items = tuple(Value("string", item) for item in entry.depends_on)
                entry.instance.properties["DependsOn"] = Value("array", items)
            if entry.is_resource:
                entry.instance.properties["ConfigurationName"] = Value("string", configuration)


def check_exclusive(node: NodeState, report: Diagnostics) -> None:
    """Refuse partial configurations that claim the same resources; of each one the first conflict is told.

    The order of the comparisons is the engine's, with what it overlooks: a bare name before the first claim
    on a module.
    """
    modules: dict[str, tuple[str, set[str]]] = {}  # module -> who claimed first, what was claimed
    bare: dict[str, str] = {}
    for resource_id, claims in node.exclusive.items():
        for claim in dict.fromkeys(item.lower() for item in claims):
            module, qualified, name = claim.rpartition("\\")
            other: str | None
            if qualified and module in modules:
                first, held = modules[module]
                other = first if name == "*" or "*" in held or name in held or name in bare else None
                held.add(name)
            elif qualified:
                modules[module], other = (resource_id, {name}), None
            else:
                other = bare.get(name) or next((who for who, held in modules.values() if name in held), None)
                bare.setdefault(name, resource_id)
            if other is not None:
                report.refuse(
                    "ConflictInExclusiveResources",
                    f"{other} and {resource_id} both claim {claim}",
                    (*node.entries[resource_id.lower()].where, "properties", "ExclusiveResources"),
                    node=node.label,
                )
                break


def _circles(entries: dict[str, Entry]) -> list[list[str]]:  # noqa: C901 - Tarjan, in one piece
    """Return the circles of dependencies (strongly connected components), without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    held: set[str] = set()
    circles: list[list[str]] = []
    for root, entry in entries.items():
        if root in index or not entry.depends_on:
            continue
        work = [(root, _edges(entries, root))]
        index[root] = low[root] = len(index)
        stack.append(root)
        held.add(root)
        while work:
            key, rest = work[-1]
            if rest:
                below = rest.pop()
                if below not in index:
                    index[below] = low[below] = len(index)
                    stack.append(below)
                    held.add(below)
                    work.append((below, _edges(entries, below)))
                elif below in held:
                    low[key] = min(low[key], index[below])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[key])
            if low[key] == index[key]:
                circle: list[str] = []
                while not circle or circle[-1] != key:
                    circle.append(stack.pop())
                    held.discard(circle[-1])
                if len(circle) > 1 or key in _edges(entries, key):
                    circles.append(circle[::-1])
    return circles


def _too_deep(entries: dict[str, Entry]) -> list[str]:
    seen: set[str] = set()
    found: list[str] = []
    for root in entries:
        count, todo = 0, [root]
        while todo:
            key = todo.pop()
            if key in seen:
                continue
            seen.add(key)
            count += 1
            todo += [item for item in _edges(entries, key) if item not in seen]
        if count > _MAX_DEPTH:
            found.append(root)
    return found


def _edges(entries: dict[str, Entry], key: str) -> list[str]:
    return [item.lower() for item in entries[key].depends_on if item.lower() in entries]
