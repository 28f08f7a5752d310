"""What a module is: a name, its arguments as a model, and what it does on one host."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from psnet._internal.model import Model
from psnet._internal.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psnet.apply.progress import ProgressCallback
    from psnet.errors import Problem
    from psnet.playbook.clock import Clock
    from psnet.playbook.location import Location
    from psnet.playbook.secrets import Secrets
    from psnet.transport import Session

#: What a task gives: ``changed``, ``failed``, ``skipped``, ``msg`` and whatever the module has to tell.
Result = dict[str, Any]


class NoArguments(Model):
    """Of a module that takes none."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a module for one host.

    ``content`` is what the action read of a file of the controller, ``variables`` are those of the host that a site
    asked for. ``session`` opens the session with its first use, ``reopen`` gives another one, ``forget`` drops it.
    """

    name: str
    address: str
    args: Any
    title: str
    where: Location
    check: bool
    diff: bool
    secrets: Secrets
    content: bytes | None
    variables: Mapping[str, Any]
    clock: Clock
    session: Callable[[], Session] = field(repr=False)
    reopen: Callable[[], Session] = field(repr=False)
    forget: Callable[[], None] = field(repr=False)
    tell: ProgressCallback = field(repr=False)
    #: What opens sessions to the other hosts that the module asked for (``reaches``), by name.
    reached: Mapping[str, Callable[[], Session]] = field(default_factory=dict, repr=False)


class Module(ABC):
    """One module of the collection."""

    name: str
    arguments: ClassVar[type[Model]] = NoArguments
    summary: ClassVar[str] = ""
    #: It may change the host; the journal has it before it does.
    touches: ClassVar[bool] = False
    #: Secrets are safe with it: it sends them as a script's input or a file, or stays here. Any other is refused them.
    feeds: ClassVar[bool] = False

    def names(self) -> frozenset[str]:
        """Return the names of the arguments."""
        fields = self.arguments.model_fields
        return frozenset(name for key, item in fields.items() for name in (key, item.alias) if name)

    def parse(self, values: Mapping[str, Any], where: Location, problems: list[Problem]) -> Any:
        """Return the arguments as the module takes them, or None after adding what is wrong with them."""
        return validate(self.arguments, dict(values), where.document(values), (), problems)

    def needs(self, args: Any) -> frozenset[str]:
        """Return the variables of the host that the module wants to know before it runs. Raises InputError."""
        _ = args
        return frozenset()

    def reaches(self, args: Any, name: str, variables: Mapping[str, Any], where: Location) -> tuple[str, ...]:
        """Return the other hosts that the module changes something on, beside the host ``name``. Raises InputError."""
        _ = args, name, variables, where
        return ()

    @abstractmethod
    def run(self, call: Call) -> Result:
        """Run the module on one host and return the task's result."""
