"""A playbook as read: plays, blocks and tasks, with what they inherit already worked out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a file; ``line`` counts from 1. ``keys`` says in which line each key below it stands."""

    path: str
    line: int
    keys: Mapping[tuple[str | int, ...], int] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"

    def of(self, key: str) -> str:
        """Return the place of a key below, else this one's."""
        return f"{self.path}:{self.keys.get((key,), self.line)}"


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its folder, its two layers of variables (roles' defaults and vars), and what it was called with."""

    name: str
    folder: Path
    defaults: Mapping[str, Any] = field(default_factory=dict, repr=False)
    variables: Mapping[str, Any] = field(default_factory=dict, repr=False)
    params: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class LoopControl:
    """How a loop names things, what it shows of an item, and how many seconds it waits between two."""

    loop_var: str = "item"
    index_var: str | None = None
    label: Any = None
    pause: float = 0.0
    extended: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """What a task repeats over: ``loop``, or ``with_<lookup>``."""

    terms: Any
    lookup: str | None = None
    control: LoopControl = LoopControl()


@dataclass(frozen=True, slots=True)
class Inherited:
    """What blocks and plays hand down to their tasks.

    ``when`` and ``tags`` add up from the outside to the inside, ``vars`` are layers of which the last wins, and of
    ``values`` (check_mode, no_log, ...) the innermost counts.
    """

    when: tuple[Any, ...] = ()
    tags: tuple[str, ...] = ()
    vars: tuple[Mapping[str, Any], ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One task; ``module`` is the module's own name, ``args`` are not yet filled with variables.

    ``outside`` is what the task's own surroundings hand down, without its own keywords: what it includes inherits that.
    ``more`` is a template of further arguments (``args: "{{ ... }}"``), over which those written in the task win.
    """

    module: str
    args: Mapping[str, Any]
    where: Where
    name: str = ""
    written: str = ""
    inherited: Inherited = Inherited()
    outside: Inherited = Inherited()
    vars: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    loop: Loop | None = None
    register: str | None = None
    until: tuple[Any, ...] = ()
    retries: Any = None
    delay: Any = 5
    changed_when: tuple[Any, ...] | None = None
    failed_when: tuple[Any, ...] | None = None
    notify: Any = ()
    listen: tuple[str, ...] = ()
    handler: bool = False
    more: str | None = None

    def value(self, keyword: str, default: Any = None) -> Any:
        """Return a keyword that blocks and plays may have given."""
        return self.inherited.values.get(keyword, default)

    @property
    def when(self) -> tuple[Any, ...]:
        """All conditions, the outermost first."""
        return self.inherited.when

    @property
    def title(self) -> str:
        """What the task's banner says."""
        own = self.name or self.written or self.module
        return f"{self.inherited.role.name} : {own}" if self.inherited.role else own


@dataclass(frozen=True, slots=True)
class Block:
    """Tasks that belong together, what rescues them, and what is done in any case."""

    tasks: tuple[Task | Block, ...]
    where: Where
    rescue: tuple[Task | Block, ...] = ()
    always: tuple[Task | Block, ...] = ()


Step = Task | Block


@dataclass(frozen=True, slots=True)
class Prompt:
    """One of ``vars_prompt``."""

    name: str
    text: str
    private: bool = True
    default: Any = None
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Play:
    """One play. ``sections`` are pre_tasks, roles with tasks, and post_tasks; handlers run after each."""

    name: str
    hosts: str
    where: Where
    folder: Path
    sections: tuple[tuple[Step, ...], ...] = ()
    handlers: tuple[Task, ...] = ()
    vars: Mapping[str, Any] = field(default_factory=dict)
    vars_files: tuple[Any, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    roles: tuple[Role, ...] = ()
    gather_facts: bool = True
    serial: str | None = None
    max_fail_percentage: float | None = None
    strategy: str = "linear"
    order: str = "inventory"
    force_handlers: bool = False
    inherited: Inherited = Inherited()

    def tasks(self) -> Iterator[Task]:
        """Yield every task that is known before the play runs, handlers last."""
        for section in self.sections:
            yield from tasks_in(section)
        yield from self.handlers


@dataclass(frozen=True, slots=True)
class Playbook:
    """Plays in their order."""

    path: str
    plays: tuple[Play, ...]


def tasks_in(steps: tuple[Step, ...]) -> Iterator[Task]:
    """Yield the tasks of steps, those of blocks too."""
    for step in steps:
        if isinstance(step, Task):
            yield step
        else:
            yield from tasks_in((*step.tasks, *step.rescue, *step.always))
