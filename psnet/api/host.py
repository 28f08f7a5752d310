"""psnet from Python: ``psnet.connect``, and a host that can be observed, planned for and converged."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self, TypeVar

from psnet.api.interactive import interruptible
from psnet.fleet.converge import HostResult, apply_host, observe_host, plan_host
from psnet.fleet.targets import from_inventory, site_for, with_reached_hosts
from psnet.site import Site, SiteSource
from psnet.site.load import check_site
from psnet.targets import Confirmation
from psnet.transport import ConnectionSettings, Output, open_session, settings_from_url

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Any

    from pydantic import SecretStr

    from psnet.api.commands import Commands
    from psnet.api.things import MappingEntry, Things
    from psnet.inventories import Inventory
    from psnet.planning import Downtime, Plan
    from psnet.state import EndpointState, HostState, NetworkState, RuleState
    from psnet.transport import Session
    from psnet.transport.output import OnRecord

T = TypeVar("T")


class Host:
    """A connected host; also a context manager. It connects with the first thing asked of it."""

    def __init__(
        self,
        settings: ConnectionSettings,
        name: str | None = None,
        variables: Mapping[str, Any] | None = None,
        *,
        inventory: Inventory | None = None,
    ) -> None:
        self.name = name or settings.address
        self.settings = settings
        self.variables = dict(variables or {})
        self._inventory = inventory
        self._build: int | None = None
        self._session = open_session(settings, self.name)

    def __repr__(self) -> str:
        return f"Host({self.name!r}, {self.settings.transport})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def observe(self, site: Site | None = None) -> HostState:
        """Return what the host has, in one pipeline; a site adds the firewall rules that it names."""
        state = self._interruptible(lambda: observe_host(self._session, self.name, site), "looking")
        self._build = state.facts.build
        return state

    def plan(
        self,
        site: Site | SiteSource,
        variables: Mapping[str, Any] | None = None,
        *,
        hosts: Mapping[str, Host] | None = None,
    ) -> Plan:
        """Observe, and return what would have to change.

        For a site of a Network Controller ``hosts`` are the hosts with its ports, by the names that the site has for
        them; a host of an inventory finds them there.
        """
        wanted = self._site(site, variables, hosts)
        return self._interruptible(lambda: plan_host(self._session, self.name, wanted), "planning")

    def apply(
        self,
        site: Site | SiteSource,
        variables: Mapping[str, Any] | None = None,
        *,
        confirm_within: int = 120,
        rollback: bool = True,
        allow_downtime: Downtime = "endpoints",
        hosts: Mapping[str, Host] | None = None,
    ) -> HostResult:
        """Converge: observe, apply, verify; raise PlanError when the plan is refused.

        A change that cuts the connection is made detached, and the host takes it back unless it is confirmed within
        ``confirm_within`` seconds; without ``rollback`` it is made like any other. ``allow_downtime``
        bounds what may go with a change: nothing that has an endpoint (none), nothing that carries a running container
        (endpoints), or anything (all); above it PlanError is raised before anything is sent. ``hosts`` as of plan.
        """
        wanted = self._site(site, variables, hosts)

        def work() -> HostResult:
            return apply_host(
                self._session,
                self.name,
                wanted,
                confirmation=Confirmation(confirm_within, rollback, allow_downtime),
                reopen=lambda: open_session(self.settings, self.name),
            )

        return self._interruptible(work, "applying")

    def run(self, script: str, *, on_record: OnRecord | None = None) -> Output:
        """Run PowerShell and return its streams; ``on_record`` is called with each record as it comes."""
        return self._interruptible(lambda: self._session.run(script, on_record=on_record), "running")

    @property
    def ps(self) -> Commands:
        """Every cmdlet as a method: ``host.ps.Get_NetNat()``; a wrong parameter or value is refused before it travels.

        Returns an Output whose items are the objects; raises RemoteError when PowerShell reports an error.
        """
        from psnet.api.commands import Commands, build_key, run_command  # noqa: PLC0415 - for prompts

        return Commands(lambda text: run_command(self.run, self.name, text), lambda: build_key(self._build), self.name)

    @property
    def networks(self) -> Things[NetworkState]:
        """The container networks, looked at now; ``host.networks["web"].plan(subnet="10.9.0.0/24")``."""
        from psnet.api import things  # noqa: PLC0415 - for prompts

        return things.networks(self, self.observe())

    @property
    def endpoints(self) -> Things[EndpointState]:
        """The container endpoints, looked at now."""
        from psnet.api import things  # noqa: PLC0415 - for prompts

        return things.endpoints(self, self.observe())

    @property
    def mappings(self) -> Things[MappingEntry]:
        """The port mappings that psnet made, by name, looked at now."""
        from psnet.api import things  # noqa: PLC0415 - for prompts

        return things.mappings(self, self.observe())

    @property
    def firewall_rules(self) -> Things[RuleState]:
        """The firewall rules of psnet, looked at now."""
        from psnet.api import things  # noqa: PLC0415 - for prompts

        return things.firewall_rules(self, self.observe())

    def put(self, source: Path | bytes, remote: str) -> str:
        """Write a file on the host, whole or not at all; return its SHA-256 in hexadecimal."""
        return self._session.put(source, remote)

    def get(self, remote: str) -> bytes:
        """Return what a file on the host holds."""
        return self._session.get(remote)

    def stop(self) -> bool:
        """Stop what runs on the host, from any thread; return whether anything ran."""
        return self._session.stop()

    def close(self) -> None:
        """Close the session; a host that is gone already is no error."""
        self._session.close()

    def opened(self) -> Session:
        """Return another session to the host, which the caller closes."""
        return open_session(self.settings, self.name)

    def _site(
        self, site: Site | SiteSource, variables: Mapping[str, Any] | None, hosts: Mapping[str, Host] | None
    ) -> Site:
        check_site(site)
        if isinstance(site, SiteSource):
            site = site_for(site, self.name, self.variables | dict(variables or {}))
        if hosts is not None:
            return with_reached_hosts(site, {name: host.opened for name, host in hosts.items()})
        return site if self._inventory is None else from_inventory(site, self._inventory)

    def interruptible(self, work: Callable[[Session], T], doing: str) -> T:
        """Do a piece of work over this host's session, as its own calls are done."""
        return self._interruptible(lambda: work(self._session), doing)

    def _interruptible(self, work: Callable[[], T], doing: str) -> T:
        """Do a piece of work; at a prompt it shows that it runs, and Ctrl-C stops it on the host."""
        return interruptible(work, self._session.stop, f"{self.name}: {doing}")


def connect(url: str, *, password: str | SecretStr | None = None, ca_file: str | None = None) -> Host:
    """Return a host for ``psrp://user@host``; the password may come from PSNET_PASSWORD.

    Raises InputError for a URL that means nothing. Nothing travels before the first call on the host.
    """
    secret = password if password is not None else os.environ.get("PSNET_PASSWORD")
    settings = settings_from_url(url, password=secret)
    if ca_file is not None:
        settings = settings.model_copy(update={"ca_file": ca_file})
    return Host(settings)
