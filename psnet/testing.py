"""Pytest plug-in: simulated Windows container hosts as fixtures.

``psnet_lab`` is a factory: ``lab = psnet_lab("2016", "2022")`` starts hosts and returns a ``Lab`` with their
inventory, their models and their server. ``psnet_lab(file="lab.yaml")`` takes hosts, networks, containers and
faults from a file (see docs/lab.md), ``faults=FaultPlan.of(...)`` makes things go wrong,
``policy=AuthPolicy(credssp=True)`` changes which logons are taken, ``culture="de-DE"`` changes the language of
messages, ``docker=True`` installs the Docker Engine, ``containerd=True`` containerd with nerdctl,
``modules=["PSNetDsc"]`` puts PowerShell modules on their disks, ``controller=True`` adds nc01, the management
host of a Network Controller (``lab.controller`` is its model). Everything stops with the test.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psnet.api import Host
    from psnet.lab.host.reach.packet import Packet, Verdict
    from psnet.lab.labhost import LabHost
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.wire.auth import AuthPolicy
    from psnet.lab.wire.faults import FaultPlan
    from psnet.lab.wire.server import LabServer


@dataclass(frozen=True)
class Lab:
    """Running simulated hosts."""

    hosts: dict[str, LabHost]
    inventory: Path
    server: LabServer

    @property
    def controller(self) -> Controller:
        """The model of the lab's Network Controller."""
        return next(host.sdn for host in self.hosts.values() if host.sdn is not None)

    def send(self, packet: Packet) -> Verdict:
        """Send a packet through the simulated network and say what became of it.

        What the lab's controller enforces counts, and the ACLs of endpoints; in a lab without one these alone.
        """
        from psnet.lab.sdn import endpoints, fabric  # noqa: PLC0415 - a plug-in must not slow other people's collection

        controllers = [host.sdn for host in self.hosts.values() if host.sdn is not None]
        if controllers:
            return fabric.send(controllers[0], packet)
        return endpoints.send(list(self.hosts.values()), packet)

    def connect(self, name: str | None = None, **changes: Any) -> Host:
        """Return a connected ``psnet.Host``; ``changes`` override its connection settings."""
        from psnet.api import Host  # noqa: PLC0415 - a plug-in must not slow other people's collection
        from psnet.inventories import load_inventory  # noqa: PLC0415 - as above

        wanted = name or next(iter(self.hosts))
        settings = load_inventory(self.inventory)[wanted].settings()
        return Host(type(settings).model_validate({**dict(settings), **changes}), wanted)


@pytest.fixture
def psnet_lab(tmp_path: Path) -> Iterator[Callable[..., Lab]]:
    """Start simulated hosts, by the names of their Windows; they stop with the test."""
    with contextlib.ExitStack() as stack:

        def start(  # noqa: PLR0913 - each is a setting with a default
            *systems: str,
            count: int = 1,
            culture: str = "en-US",
            docker: bool = False,
            containerd: bool = False,
            controller: bool = False,
            modules: Sequence[str] = (),
            file: Path | str | None = None,
            faults: FaultPlan | None = None,
            policy: AuthPolicy | None = None,
        ) -> Lab:
            from psnet.lab.labfile import build, load_lab  # noqa: PLC0415 - as above
            from psnet.lab.run import make_hosts, write_inventory  # noqa: PLC0415 - as above
            from psnet.lab.wire.server import LabServer  # noqa: PLC0415 - as above

            if file is None:
                hosts = make_hosts(
                    systems or ("2022",),
                    count,
                    culture=culture,
                    docker=docker,
                    containerd=containerd,
                    controller=controller,
                )
            else:
                described = load_lab(Path(file))
                hosts = build(described, secrets.token_urlsafe(18), Path(file).parent)
                faults = faults or described.plan()
            if modules:
                from psnet.lab.lcm.preinstalled import preinstall  # noqa: PLC0415 - as above

                for host in hosts:
                    preinstall(host, modules)
            server = stack.enter_context(LabServer(hosts, faults=faults, policy=policy))
            path = write_inventory(server, hosts, tmp_path / f"lab-{id(server):x}" / "hosts.yaml")
            return Lab({host.name: host for host in hosts}, path, server)

        yield start
