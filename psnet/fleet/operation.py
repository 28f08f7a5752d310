"""The Protocol of an operation: a value that a worker runs on one host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    from psnet.apply.progress import ProgressCallback
    from psnet.inventories import InventoryHost
    from psnet.transport import Session

T_co = TypeVar("T_co", covariant=True)


class Operation(Protocol[T_co]):
    """What is done on each host: a function of a module, a ``functools.partial``, a frozen dataclass that is called.

    It is sent to other processes and machines, so it and its result are pickled.
    """

    def __call__(self, session: Session, host: InventoryHost, report: ProgressCallback, /) -> T_co:
        """Operate on one host; PsnetError says what went wrong."""


@runtime_checkable
class RunAware(Protocol):
    """An operation that says on the host of which run it is."""

    def for_run(self, run: str) -> Any:
        """Return the operation for a run of this id."""
