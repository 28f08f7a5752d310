"""The asynchronous face: the same host for a program that has an event loop of its own (``psnet.aio``)."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Self

from psnet.errors import InputError
from psnet.fleet.converge import HostResult, apply_host, observe_host, plan_host
from psnet.fleet.targets import site_for
from psnet.inventories import load_inventory
from psnet.site import Site, SiteSource
from psnet.targets import Confirmation
from psnet.transport import open_session, settings_from_url
from psnet.transport.async_bridge import run_in_greenlet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Any

    from pydantic import SecretStr

    from psnet.planning import Downtime, Plan
    from psnet.state import HostState
    from psnet.transport import ConnectionSettings, Output
    from psnet.transport.output import OnRecord


class AsyncHost:
    """A host on the running event loop; an asynchronous context manager. It connects with the first thing asked of it.

    One thing at a time is done on a host; many hosts are done beside each other (``asyncio.gather``, a TaskGroup).
    Raises InputError for another transport than psrp, which would block the loop.
    """

    def __init__(
        self, settings: ConnectionSettings, name: str | None = None, variables: Mapping[str, Any] | None = None
    ) -> None:
        if settings.transport != "psrp":
            raise InputError(f"transport {settings.transport} blocks an event loop", remedy="use transport psrp")
        self.name = name or settings.address
        self.settings = settings
        self.variables = dict(variables or {})
        self._session = open_session(settings, self.name)

    def __repr__(self) -> str:
        return f"AsyncHost({self.name!r})"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def observe(self, site: Site | None = None) -> HostState:
        """Return what the host has, in one pipeline; a site adds the firewall rules that it names."""
        return await run_in_greenlet(partial(observe_host, self._session, self.name, site))

    async def plan(self, site: Site | SiteSource, variables: Mapping[str, Any] | None = None) -> Plan:
        """Observe, and return what would have to change."""
        return await run_in_greenlet(partial(plan_host, self._session, self.name, self._site(site, variables)))

    async def apply(
        self,
        site: Site | SiteSource,
        variables: Mapping[str, Any] | None = None,
        *,
        confirm_within: int = 120,
        rollback: bool = True,
        allow_downtime: Downtime = "endpoints",
    ) -> HostResult:
        """Converge: observe, apply, verify; raise PlanError when the plan is refused. As ``Host.apply``."""
        call = partial(
            apply_host,
            self._session,
            self.name,
            self._site(site, variables),
            confirmation=Confirmation(confirm_within, rollback, allow_downtime),
            reopen=lambda: open_session(self.settings, self.name),
        )
        return await run_in_greenlet(call)

    async def run(self, script: str, *, on_record: OnRecord | None = None) -> Output:
        """Run PowerShell and return its streams; ``on_record`` is called with each record as it comes."""
        return await run_in_greenlet(partial(self._session.run, script, on_record=on_record))

    async def put(self, source: Path | bytes, remote: str) -> str:
        """Write a file on the host, whole or not at all; return its SHA-256 in hexadecimal."""
        return await run_in_greenlet(partial(self._session.put, source, remote))

    async def get(self, remote: str) -> bytes:
        """Return what a file on the host holds."""
        return await run_in_greenlet(partial(self._session.get, remote))

    async def close(self) -> None:
        """Give the session back."""
        await run_in_greenlet(self._session.close)

    def _site(self, site: Site | SiteSource, variables: Mapping[str, Any] | None) -> Site:
        if isinstance(site, SiteSource):
            return site_for(site, self.name, self.variables | dict(variables or {}))
        return site


def connect(url: str, *, password: str | SecretStr | None = None, ca_file: str | None = None) -> AsyncHost:
    """Return a host for ``psrp://user@host``; the password may come from PSNET_PASSWORD.

    Raises InputError for a URL that means nothing, or another transport. Nothing travels before the first call.
    """
    secret = password if password is not None else os.environ.get("PSNET_PASSWORD")
    settings = settings_from_url(url, password=secret)
    return AsyncHost(settings if ca_file is None else settings.model_copy(update={"ca_file": ca_file}))


def hosts(path: str | Path, limit: str | None = None) -> tuple[AsyncHost, ...]:
    """Return the hosts of an inventory, or those that a pattern names; raises InventoryError with file and line."""
    chosen = load_inventory(path).select(limit)
    return tuple(AsyncHost(item.settings(), item.name, item.variables) for item in chosen)
