"""Many hosts as one object: ``fleet = psnet.inventory("hosts.yaml")``, ``fleet["web"].observe()``.

One failing host hides no other: an answer is there for each, and its error is raised only where that host is asked for.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from psnet._internal.terminal import console, echo
from psnet._internal.yaml import nearest
from psnet.api import Host
from psnet.api.commands import Commands
from psnet.api.interactive import is_interactive
from psnet.errors import InventoryError, UnknownNameError
from psnet.fleet import Confirmation, RunInfo, RunOptions, Stop, run_fleet, run_options
from psnet.fleet.operations import (
    ApplyOperation,
    ObservedHost,
    PlanOperation,
    ScriptOperation,
    observe_operation,
    plan_status,
    result_status,
)
from psnet.fleet.results import always_ok
from psnet.fleet.targets import sites_for, with_section_targets, with_target_order
from psnet.inventories import load_inventory
from psnet.shell.results import ResultsByHost
from psnet.site import SiteSource
from psnet.site.load import check_site

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from psnet.fleet import FleetRun, Listener, Operation, ProgressCallback
    from psnet.fleet.converge import HostResult
    from psnet.fleet.results import StatusFunction
    from psnet.inventories import Inventory, InventoryHost
    from psnet.planning import Downtime, Plan
    from psnet.shell.controller import Controller
    from psnet.site import Site
    from psnet.state import HostState
    from psnet.transport import Output, Session


def _seeing(session: Session, host: InventoryHost, report: ProgressCallback) -> HostState:
    seen: ObservedHost = observe_operation(session, host, report)
    return seen.state


def _running(script: str, session: Session, host: InventoryHost, report: ProgressCallback) -> Output:
    return ScriptOperation(script, "script")(session, host, report).output


class Fleet:
    """Hosts of an inventory. ``fleet["web01"]`` is a host, ``fleet["web:&prod"]`` the hosts that a pattern names.

    ``forks`` is how many hosts are worked on at once; each call opens its own sessions and gives them back.
    """

    def __init__(self, source: Inventory, hosts: tuple[InventoryHost, ...] | None = None, *, forks: int = 20) -> None:
        self.source = source
        self.inventory_hosts = source.hosts if hosts is None else hosts
        self.forks = forks
        self._hosts: dict[str, Host] = {}

    def __repr__(self) -> str:
        names = [item.name for item in self.inventory_hosts]
        shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
        return f"<{len(names)} host{'s' * (len(names) != 1)} of {self.source.path}: {shown}>"

    def __len__(self) -> int:
        return len(self.inventory_hosts)

    def __iter__(self) -> Iterator[Host]:
        return (self.host(item.name) for item in self.inventory_hosts)

    def __contains__(self, name: object) -> bool:
        return any(item.name == name for item in self.inventory_hosts)

    def __getitem__(self, name: str) -> Host | Fleet:
        """Return the host of that name, else the hosts that a group's name or a pattern takes."""
        return self.host(name) if name in self else self.select(name)

    def __getattr__(self, name: str) -> Host | Fleet:
        if name.startswith("_") or not (name in self or name in self.groups):
            raise AttributeError(f"no host and no group is called {name}")
        return self[name]

    def __dir__(self) -> list[str]:
        names = [*(item.name for item in self.inventory_hosts), *self.groups]
        return [*object.__dir__(self), *(name for name in names if name.isidentifier())]

    def _ipython_key_completions_(self) -> list[str]:
        return [*(item.name for item in self.inventory_hosts), *self.groups]

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of these hosts."""
        return tuple(dict.fromkeys(group for item in self.inventory_hosts for group in item.groups))

    def host(self, name: str) -> Host:
        """Return one host; it keeps its session until it is closed."""
        found = next((item for item in self.inventory_hosts if item.name == name), None)
        if found is None:
            near = nearest(name, [item.name for item in self.inventory_hosts])
            raise UnknownNameError(f"no host is called {name}", remedy=f"did you mean {near}?" if near else None)
        if name not in self._hosts:
            self._hosts[name] = Host(found.settings(), name, found.variables, inventory=self.source)
        return self._hosts[name]

    def select(self, pattern: str) -> Fleet:
        """Return the hosts that a pattern names, such as ``web:&prod:!canary``."""
        chosen = {item.name for item in self.source.select(pattern)}
        mine = tuple(item for item in self.inventory_hosts if item.name in chosen)
        if not mine:
            raise InventoryError(f"no host of these matches {pattern}", remedy=f"they are {self!r}")
        return Fleet(self.source, mine, forks=self.forks)

    # -- what is done on every host ---------------------------------------------------------------

    def observe(self) -> ResultsByHost[HostState]:
        """Return what each host has."""
        return self._over("observe", _seeing)

    def run(self, script: str) -> ResultsByHost[Output]:
        """Run PowerShell on each host and return its streams."""
        return self._over("run", partial(_running, script))

    @property
    def ps(self) -> Commands:
        """Every cmdlet as a method that runs on each host."""
        return Commands(lambda text: self.run(f"$ErrorActionPreference = 'Stop'\n{text}"), where=repr(self))

    def plan(self, site: Site | SiteSource) -> ResultsByHost[Plan]:
        """Return what would have to change on each host; a site file is filled with each host's variables."""
        hosts, sites, options = self._targets(site)
        works = {name: PlanOperation(each) for name, each in sites.items()}
        return self._over("plan", works, status_of=plan_status, hosts=hosts, options=options)

    def apply(
        self,
        site: Site | SiteSource,
        *,
        confirm_within: int = 120,
        rollback: bool = True,
        allow_downtime: Downtime = "endpoints",
        **options: Any,
    ) -> ResultsByHost[HostResult]:
        """Converge each host and verify; the run is in the journal (``psnet runs``).

        ``options`` are those of ``psnet apply``: serial="20%", canary=True, max_fail="10%", order="sorted".
        """
        from psnet.journal import Recorder, open_journal  # noqa: PLC0415 - only a change is recorded

        confirmation = Confirmation(confirm_within, rollback, allow_downtime)
        hosts, sites, given = self._targets(site, **options)
        works = {name: ApplyOperation(each, confirmation=confirmation) for name, each in sites.items()}
        path = getattr(site, "path", None)
        said = {"confirm_within": confirm_within, "allow_downtime": allow_downtime, **options}
        info = RunInfo("apply", path, self.source.path, said)
        recorder = Recorder(open_journal())
        return self._over(
            "apply", works, status_of=result_status, info=info, journal=recorder, hosts=hosts, options=given
        )

    def _targets(
        self, site: Site | SiteSource, **options: Any
    ) -> tuple[tuple[InventoryHost, ...], dict[str, Site], RunOptions]:
        """Return who is in a run of a site, the site of each, and its options; a Network Controller is one of them."""
        given = run_options(**{"forks": self.forks, **options})
        check_site(site)
        if not isinstance(site, SiteSource):
            return self.inventory_hosts, {item.name: site for item in self.inventory_hosts}, given
        mine = replace(self.source, hosts=self.inventory_hosts)
        hosts = with_section_targets(site, mine).hosts
        sites = sites_for(site, hosts)
        return hosts, sites, with_target_order(given, site, sites)

    def controller(self, site: SiteSource) -> Controller:
        """Return the Network Controller of a site: its resources by name, plan, apply, and policy questions."""
        from psnet.shell.controller import controller_of  # noqa: PLC0415 - for sites with one

        return controller_of(self, site)

    def close(self) -> None:
        """Give back the sessions of the hosts that were asked for by name."""
        for host in self._hosts.values():
            host.close()
        self._hosts.clear()

    def _over(
        self,
        command: str,
        operation: Operation[Any] | Mapping[str, Operation[Any]],
        *,
        status_of: StatusFunction = always_ok,
        info: RunInfo | None = None,
        journal: Listener | None = None,
        hosts: tuple[InventoryHost, ...] | None = None,
        options: RunOptions | None = None,
    ) -> ResultsByHost[Any]:
        given = options or run_options(forks=self.forks)
        asked = self.inventory_hosts if hosts is None else hosts
        go = partial(
            run_fleet, asked, operation, given, info=info or RunInfo(command), status_of=status_of, journal=journal
        )
        return ResultsByHost(_interruptible(go, len(asked)))


_SHOWN = 6


def _interruptible(go: partial[FleetRun[Any]], hosts: int) -> FleetRun[Any]:
    """Carry out a run; at a prompt with a terminal it is shown as it goes, and Ctrl-C ends it early."""
    from psnet.report.live import LiveProgress  # noqa: PLC0415 - for terminals

    if not is_interactive():
        return go()
    stop, screen = Stop(), console(stderr=True, soft_wrap=False)
    with stop.on_interrupt(lambda text: echo(text, err=True)):
        if not screen.is_terminal or hosts == 1:
            return go(stop=stop)
        with LiveProgress(screen) as live:
            return go(stop=stop, listeners=[live])


def open_inventory(path: Path | str, *, forks: int = 20) -> Fleet:
    """Read an inventory, psnet's own or Ansible's, as a fleet; nothing travels yet."""
    return Fleet(load_inventory(path), forks=forks)
