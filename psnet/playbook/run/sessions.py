"""One session a host for the whole run, used by one thread at a time."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from psnet.errors import HostError, SessionLostError, UnreachableError
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psnet.inventory import InventoryHost
    from psnet.transport import Session


class Sessions:
    """The sessions of a run; each is opened when a task first needs it."""

    def __init__(self, hosts: Mapping[str, InventoryHost]) -> None:
        self._hosts = hosts
        self._open: dict[str, Session] = {}
        self._locks = {name: threading.RLock() for name in hosts}

    @contextlib.contextmanager
    def held(self, host: str | None) -> Iterator[None]:
        """Keep other threads from a host's session; the controller has none to keep."""
        if host is None:
            yield
            return
        with self._locks[host]:
            yield

    def session(self, host: str) -> Session:
        """Return a host's session."""
        if host not in self._open:
            self._open[host] = self.another(host)
        return self._open[host]

    def another(self, host: str) -> Session:
        """Return a new session on a host; the caller closes it."""
        return open_session(self._hosts[host].settings(), host)

    def forget(self, host: str) -> None:
        """Close a host's session; the next task opens another one."""
        session = self._open.pop(host, None)
        if session is not None:
            session.close()

    def close(self) -> None:
        """Close all of them."""
        for host in list(self._open):
            with contextlib.suppress(HostError):
                self.forget(host)


def unreachable(error: HostError) -> bool:
    """Say whether an error means that the host is out of reach, as Ansible understands it."""
    return isinstance(error, UnreachableError | SessionLostError)
