"""What a module is: a name, its arguments as a model, and what it does on one host."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from psnet._internal.model import Model
from psnet._internal.validate import validate
from psnet._internal.yaml import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from psnet.apply.progress import ProgressCallback
    from psnet.errors import Problem
    from psnet.inventory import InventoryHost
    from psnet.playbook.clock import Clock
    from psnet.playbook.model import Task, Where
    from psnet.playbook.template import Scope, Templar
    from psnet.transport import Session

#: What a task gives: ``changed``, ``failed``, ``skipped``, ``msg`` and whatever the module has to tell.
Result = dict[str, Any]


class NoArguments(Model):
    """Of a module that takes none."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a module for one host.

    ``name`` is the host that the task is about, ``target`` the one that it is carried out on (None: the controller).
    ``session`` opens the target's session with its first use, ``reopen`` gives another one, ``forget`` drops it.
    """

    name: str
    target: InventoryHost | None
    args: Any
    task: Task
    scope: Scope
    templar: Templar
    check: bool
    diff: bool
    folders: tuple[Path, ...]
    clock: Clock
    session: Callable[[], Session] = field(repr=False)
    reopen: Callable[[], Session] = field(repr=False)
    forget: Callable[[], None] = field(repr=False)
    tell: ProgressCallback = field(repr=False)


class Module(ABC):
    """One module; ``free`` is the argument that text alone stands for, ``aliases`` are other names of it."""

    name: str
    arguments: ClassVar[type[Model]] = NoArguments
    free: ClassVar[str | None] = None
    aliases: ClassVar[tuple[str, ...]] = ()
    summary: ClassVar[str] = ""
    #: It may change the host; the journal has it before it does.
    touches: ClassVar[bool] = False
    #: Secrets are safe with it: it sends them as a script's input or a file, or stays here. Any other is refused them.
    feeds: ClassVar[bool] = False

    def names(self) -> frozenset[str] | None:
        """Return the names of the arguments; None when any name will do."""
        fields = self.arguments.model_fields
        return frozenset(name for key, item in fields.items() for name in (key, item.alias) if name)

    def raw(self) -> frozenset[str]:
        """Return the arguments that are not filled before the module runs: it does that itself."""
        return frozenset()

    def parse(self, values: Mapping[str, Any], where: Where, problems: list[Problem]) -> Any:
        """Return the arguments as the module takes them, or None after adding what is wrong with them."""
        return validate(self.arguments, dict(values), document_of(values, where), (), problems)

    @abstractmethod
    def run(self, call: Call) -> Result:
        """Do it."""


def document_of(values: Any, where: Where) -> Document:
    """Return arguments as a document whose places are those of the playbook."""
    places: dict[tuple[str | int, ...], tuple[int, int]] = {(): (where.line, 1)}
    for path, line in where.keys.items():
        if len(path) > 1:  # the first part is the module's name, or args
            places[path[1:]] = (line, 1)
    return Document(where.path, values, places)
