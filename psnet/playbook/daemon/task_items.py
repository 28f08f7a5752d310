"""Task items: one task, or one item of its loop, on one host; and which of them may go to a host together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psnet.errors import InputError
from psnet.playbook.location import Location
from psnet.playbook.modules.resource import DesiredResource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psnet.errors import Problem
    from psnet.planning import Change, Plan
    from psnet.playbook.modules import Module, Registry


@dataclass(frozen=True, slots=True)
class TaskItem:
    """``key`` names the task and its item; ``given`` are arguments as they came, ``args`` as the module has them.

    Of a ``quiet`` one, which has no_log, no names and messages are recorded; its title is as written, unfilled.
    """

    key: str
    module: Module
    title: str
    where: Location
    given: Mapping[str, Any] = field(repr=False)
    args: Any = field(repr=False)
    content: bytes | None = field(default=None, repr=False)
    quiet: bool = False

    @property
    def task(self) -> str:
        """The task's key without the loop item."""
        return self.key.partition(":")[0]

    @property
    def wanted(self) -> DesiredResource | None:
        """What the item wants, when it is one resource."""
        return self.args if isinstance(self.args, DesiredResource) else None

    def is_equal(self, other: TaskItem) -> bool:
        """Say whether two task items have equal module, arguments and content."""
        return self.module is other.module and self.given == other.given and self.content == other.content


def location_of(said: Mapping[str, Any]) -> Location:
    """Return the location in a message."""
    keys = {tuple(path): int(line) for path, line in said.get("keys") or ()}
    return Location(str(said.get("path") or "task"), int(said.get("line") or 1), keys)


def read_task_item(said: Mapping[str, Any], registry: Registry) -> TaskItem:
    """Return the task item in a message; raise InputError with every problem of its arguments."""
    import base64  # noqa: PLC0415 - for files alone

    module = registry.find(str(said["module"]))
    if module is None:
        raise InputError(f"psnet has no module {said['module']}", remedy="update psnet, or the collection")
    problems: list[Problem] = []
    where = location_of(said.get("where") or {})
    given = dict(said.get("args") or {})
    args = module.parse(given, where, problems)
    if problems or args is None:
        raise InputError("; ".join(str(problem) for problem in problems), problems)
    content = said.get("content")
    held = base64.b64decode(content) if content is not None else None
    quiet = bool(said.get("quiet"))
    title = str(said.get("title") or module.name)
    return TaskItem(str(said["key"]), module, title, where, given, args, held, quiet)


def count_compatible(task_items: Sequence[TaskItem]) -> int:
    """Return how many task items make one site: one backend, each thing once, nothing before what it needs."""
    wanted = [item.wanted for item in task_items]
    later = [identity(item) if item is not None else ("", "") for item in wanted]
    seen: set[tuple[str, str]] = set()
    backend = "auto"
    for index, item in enumerate(wanted):
        if item is None:
            return max(1, index)
        other = item.options.backend != "auto" and backend not in ("auto", item.options.backend)
        needs = {(need.kind, need.name) for need in item.resource.requires()} if item.resource else set()
        early = bool(needs & set(later[index + 1 :]))
        if later[index] in seen or other:
            return max(1, index)
        if early:
            return index + 1
        backend = item.options.backend if item.options.backend != "auto" else backend
        seen.add(later[index])
    return len(wanted)


def leading_harmless(wanted: Sequence[DesiredResource], whole: Plan) -> int:
    """Return how many leading items are neither refused nor replace, remove or cut anything; at least 1."""
    refused = {finding.resource for finding in whole.refusals}
    if refused and None in refused:
        return 1
    for index, (item, changes) in enumerate(zip(wanted, changes_by_task(whole, wanted), strict=True)):
        known = {f"{kind} {name}" for kind, name in affected_names(item)}
        risky = any(change.operation in ("replace", "remove") or change.cuts for change in changes)
        if risky or refused & known:
            return max(1, index)
    return len(wanted)


def identity(wanted: DesiredResource) -> tuple[str, str]:
    """Return the kind and the name of what a task wants."""
    if wanted.resource is not None:
        return wanted.resource.identity.kind, wanted.resource.identity.name
    assert wanted.absent is not None  # noqa: S101 - a task wants one of the two
    return wanted.absent.kind, wanted.absent.name


def affected_names(wanted: DesiredResource) -> set[tuple[str, str]]:
    """Return what changes belong to a task: its thing, and what is made or removed along with it."""
    found = {identity(wanted)}
    if wanted.resource is not None:
        found |= {(item.identity.kind, item.identity.name) for item in wanted.resource.implied()}
    elif wanted.absent is not None and wanted.absent.kind == "nat_static_mapping":
        found.add(("firewall_rule", f"psnet-mapping-{wanted.absent.name}"))
    return found


def changes_by_task(made: Plan, wanted: Sequence[DesiredResource]) -> list[tuple[Change, ...]]:
    """Return the changes of each task, in the plan's order."""
    by_name: dict[tuple[str, str], list[Change]] = {}
    for change in made.changes:
        by_name.setdefault((change.kind, change.name), []).append(change)
    order = {change.id: index for index, change in enumerate(made.changes)}
    found = []
    for item in wanted:
        mine = [change for name in affected_names(item) for change in by_name.get(name, ())]
        found.append(tuple(sorted(mine, key=lambda change: order[change.id])))
    return found


def in_order(made: Plan, task_items: Sequence[TaskItem], wanted: Sequence[DesiredResource]) -> Plan:
    """Return a plan whose changes are in the order of the tasks, each waiting for those of the tasks before it."""
    ordered: list[Change] = []
    before: list[str] = []
    mine: list[str] = []
    task = task_items[0].task
    for item, share in zip(task_items, changes_by_task(made, wanted), strict=True):
        if item.task != task:
            before, mine, task = mine or before, [], item.task
        for change in share:
            needs = tuple(dict.fromkeys((*change.requires, *before)))
            ordered.append(change.model_copy(update={"requires": needs}))
            mine.append(change.id)
    return made.model_copy(update={"changes": tuple(ordered)})
