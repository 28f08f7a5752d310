"""The same work over many hosts: threads, each with its own session; every host is accounted for."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from psnet.errors import HostError, PsnetError
from psnet.transport import open_session

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence

    from psnet.inventory import InventoryHost
    from psnet.transport import Session

T = TypeVar("T")
log = logging.getLogger("psnet.fleet")


@dataclass(frozen=True, slots=True)
class HostAnswer(Generic[T]):
    """One host's result, or the error that it ended with."""

    host: InventoryHost
    value: T | None = None
    error: PsnetError | None = None


def over_hosts(
    hosts: Sequence[InventoryHost],
    work: Callable[[Session, InventoryHost], T],
    *,
    forks: int = 10,
    stopping: threading.Event | None = None,
) -> Iterator[HostAnswer[T]]:
    """Yield one answer a host as each finishes; a failing host leaves the others alone.

    Once ``stopping`` is set no further host is begun: those yield nothing.
    """
    with ThreadPoolExecutor(max_workers=max(1, min(forks, len(hosts))), thread_name_prefix="psnet") as pool:
        futures = [pool.submit(_begin, host, work, stopping) for host in hosts]
        for future in as_completed(futures):
            answer = future.result()
            if answer is not None:
                yield answer


def _begin(
    host: InventoryHost, work: Callable[[Session, InventoryHost], T], stopping: threading.Event | None
) -> HostAnswer[T] | None:
    return None if stopping is not None and stopping.is_set() else _one(host, work)


def _one(host: InventoryHost, work: Callable[[Session, InventoryHost], T]) -> HostAnswer[T]:
    session: Session | None = None
    try:
        session = open_session(host.settings(), host.name)
        return HostAnswer(host, work(session, host))
    except PsnetError as error:
        error.host = error.host or host.name
        return HostAnswer(host, error=error)
    except Exception as error:
        log.exception("%s: unexpected", host.name)
        return HostAnswer(host, error=HostError(f"{type(error).__name__}: {error}", host=host.name))
    finally:
        if session is not None:
            session.close()
