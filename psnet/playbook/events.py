"""What happens in a run, as values: the terminal, JSON lines and the journal are made of these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Status = Literal["ok", "changed", "skipped", "failed", "unreachable", "ignored", "rescued"]


@dataclass(frozen=True, slots=True)
class PlayBegan:
    """A play begins with these hosts (those of its first batch)."""

    name: str
    hosts: tuple[str, ...]
    check: bool = False


@dataclass(frozen=True, slots=True)
class NoHosts:
    """A play has no hosts, or no more hosts are left in it."""

    remaining: bool = False


@dataclass(frozen=True, slots=True)
class TaskBegan:
    """A task begins; ``where`` is its file and line."""

    title: str
    where: str
    handler: bool = False
    check: bool = False


@dataclass(frozen=True, slots=True)
class ItemEnded:
    """One item of a loop is done on one host."""

    host: str
    title: str
    label: str
    status: Status
    result: dict[str, Any] = field(default_factory=dict)
    diff: bool = False


@dataclass(frozen=True, slots=True)
class TaskEnded:
    """A task is done on one host. ``loop`` says that its items were told already."""

    host: str
    title: str
    module: str
    where: str
    status: Status
    result: dict[str, Any] = field(default_factory=dict)
    ignored: bool = False
    loop: bool = False
    diff: bool = False
    delegated: str | None = None


@dataclass(frozen=True, slots=True)
class Retrying:
    """A task is tried again."""

    host: str
    title: str
    left: int


@dataclass(frozen=True, slots=True)
class Included:
    """A file or a role is included for some hosts."""

    path: str
    hosts: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The recap: the counts of each host."""

    counts: dict[str, dict[str, int]]


Event = PlayBegan | NoHosts | TaskBegan | ItemEnded | TaskEnded | Retrying | Included | RunEnded
if TYPE_CHECKING:
    ProgressCallback = Callable[[Event], None]
