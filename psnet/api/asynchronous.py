"""The asynchronous API: a host for a program that has an event loop of its own (``psnet.aio``)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Self

from psnet.api.host import Host
from psnet.api.host import connect as connect_host
from psnet.errors import InputError
from psnet.inventories import load_inventory
from psnet.transport.async_bridge import run_in_greenlet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Any, TypeVar

    from pydantic import SecretStr

    from psnet.fleet.converge import HostResult
    from psnet.inventories import Inventory
    from psnet.planning import Downtime, Plan
    from psnet.site import Site, SiteSource
    from psnet.state import HostState
    from psnet.transport import ConnectionSettings, Output
    from psnet.transport.output import OnRecord

    T = TypeVar("T")


class _PlainHost(Host):
    """A host whose calls are driven by the event loop, at a prompt (IPython's await) too."""

    def _interruptible(self, work: Callable[[], T], doing: str) -> T:
        _ = doing
        return work()


class AsyncHost:
    """A host on the running event loop; an asynchronous context manager. It connects with the first thing asked of it.

    What it does is ``Host``'s, whose methods say what they take, return and raise. One thing at a time is done on a
    host; many hosts are done beside each other (``asyncio.gather``, a TaskGroup). Raises InputError for another
    transport than psrp, which would block the loop.
    """

    def __init__(
        self,
        settings: ConnectionSettings,
        name: str | None = None,
        variables: Mapping[str, Any] | None = None,
        *,
        inventory: Inventory | None = None,
    ) -> None:
        if settings.transport != "psrp":
            raise InputError(f"transport {settings.transport} blocks an event loop", remedy="use transport psrp")
        self._host = _PlainHost(settings, name, variables, inventory=inventory)

    @property
    def name(self) -> str:
        """The host's name: the inventory's, else its address."""
        return self._host.name

    @property
    def settings(self) -> ConnectionSettings:
        """The connection settings."""
        return self._host.settings

    def __repr__(self) -> str:
        return f"AsyncHost({self.name!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def observe(self, site: Site | None = None) -> HostState:
        """Return what the host has."""
        return await run_in_greenlet(partial(self._host.observe, site))

    async def plan(
        self,
        site: Site | SiteSource,
        variables: Mapping[str, Any] | None = None,
        *,
        hosts: Mapping[str, Host] | None = None,
    ) -> Plan:
        """Observe, and return what would have to change."""
        return await run_in_greenlet(partial(self._host.plan, site, variables, hosts=hosts))

    async def apply(
        self,
        site: Site | SiteSource,
        variables: Mapping[str, Any] | None = None,
        *,
        confirm_within: int = 120,
        rollback: bool = True,
        allow_downtime: Downtime = "endpoints",
        hosts: Mapping[str, Host] | None = None,
    ) -> HostResult:
        """Converge: observe, apply, verify; raise PlanError when the plan is refused."""
        call = partial(
            self._host.apply,
            site,
            variables,
            confirm_within=confirm_within,
            rollback=rollback,
            allow_downtime=allow_downtime,
            hosts=hosts,
        )
        return await run_in_greenlet(call)

    async def run(self, script: str, *, on_record: OnRecord | None = None) -> Output:
        """Run PowerShell and return its streams."""
        return await run_in_greenlet(partial(self._host.run, script, on_record=on_record))

    async def put(self, source: Path | bytes, remote: str) -> str:
        """Write a file on the host, whole or not at all; return its SHA-256 in hexadecimal."""
        return await run_in_greenlet(partial(self._host.put, source, remote))

    async def get(self, remote: str) -> bytes:
        """Return what a file on the host holds."""
        return await run_in_greenlet(partial(self._host.get, remote))

    async def close(self) -> None:
        """Close the session; a host that is gone already is no error."""
        await run_in_greenlet(self._host.close)


def connect(url: str, *, password: str | SecretStr | None = None, ca_file: str | None = None) -> AsyncHost:
    """Return a host for ``psrp://user@host``; the password may come from PSNET_PASSWORD.

    Raises InputError for a URL that means nothing, or another transport. Nothing travels before the first call.
    """
    return AsyncHost(connect_host(url, password=password, ca_file=ca_file).settings)


def hosts(path: str | Path, limit: str | None = None) -> tuple[AsyncHost, ...]:
    """Return the hosts of an inventory, or those that a pattern names; raises InventoryError with file and line."""
    inventory = load_inventory(path)
    return tuple(
        AsyncHost(item.settings(), item.name, item.variables, inventory=inventory) for item in inventory.select(limit)
    )
