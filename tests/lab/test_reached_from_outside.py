"""A container is reached from outside in its mode's own way: mode x build x what makes it, or psnet says why not.

psnet applies the site over WinRM, the runtime's own program makes the container, and a packet from outside takes the
way that the evidence gives it (psnet/lab/evidence/reach.yaml). Then three things that stop it: an ACL, the firewall,
and a container without its mapping.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from sampling import one_of_each

from psnet.lab.host.reach import Packet
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire.server import LabServer
from psnet.resources.capabilities import BUILDS
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.api import Host
    from psnet.lab.host.reach import Verdict
    from psnet.site import Site

OUTSIDE = "198.51.100.7"
IMAGE = "mcr.microsoft.com/windows/servercore/iis:windowsservercore-ltsc2022"
NERDCTL = "& 'C:\\Program Files\\nerdctl\\nerdctl.exe'"
OLD, SINCE_2019, ALL = ("2016",), ("2019", "2022", "2025"), tuple(BUILDS.values())
NAT = {"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}
#: docker's own, which holds the one prefix that WinNAT takes on 2016.
DOCKERS = {"name": "nat", "mode": "nat", "subnet": "172.16.0.0/20"}
LAN = {"name": "lan", "mode": "transparent", "adapter": "Ethernet 2", "subnet": "192.168.10.0/24"}
FLAT = {"name": "flat", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "10.44.0.0/24"}
TUNNEL = {"name": "flat", "mode": "l2tunnel", "adapter": "Ethernet 2", "subnet": "10.44.0.0/24"}
#: Up to 2016 a container lets nothing in that no rule of the host allows (VD network-isolation-security.md).
OPEN_80 = {"name": "http", "protocol": "TCP", "local_ports": 80, "direction": "Inbound", "action": "Allow"}


@dataclass(frozen=True)
class Row:
    """One way in: ``port`` of the host at ``adapter``'s address, or the container's own address without one.

    ``maker`` is docker, nerdctl, or hcsshim for an endpoint that psnet makes; ``needs_publish`` says that the runtime
    publishes the port. ``refused`` is the finding by which psnet says that there is no such way, with what it rests on.
    """

    way: str
    maker: str
    network: dict[str, Any]
    systems: tuple[str, ...]
    port: int | None = None
    adapter: int = 0
    site: dict[str, Any] = field(default_factory=dict)
    mapping: dict[str, Any] | None = None
    needs_publish: bool = False
    refused: str = ""
    declared: bool = True

    def __str__(self) -> str:
        return f"{self.network['mode']}-{self.maker}-{self.way}" + ("-refused" if self.refused else "")


def tenth(network: dict[str, Any]) -> str:
    return str(network["subnet"].rpartition(".")[0] + ".10")


def mapping(network: dict[str, Any], **fields: Any) -> dict[str, Any]:
    ends = {"protocol": "TCP", "external_port": 8080, "internal_address": tenth(network), "internal_port": 80}
    return {"name": "http", "network": network["name"], **ends, **fields}


def conflist(network: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"cni": [{"name": network["name"], "runtime": "nerdctl", **fields}]}


PORT = {"way": "port", "port": 8080}
BRIDGE_PORT = {**PORT, "adapter": 1}
ADDRESS: dict[str, Any] = {"way": "address", "site": {"firewall_rules": [OPEN_80]}}
ROWS = (
    # nat: a published port. On 2016 psnet maps it on HNS's own NAT (claim c02), later the runtime publishes (c01).
    Row(**PORT, maker="docker", network=DOCKERS, systems=OLD, mapping=mapping(DOCKERS), declared=False),
    Row(**PORT, maker="docker", network=NAT, systems=SINCE_2019, mapping=mapping(NAT), needs_publish=True),
    Row(**PORT, maker="hcsshim", network=NAT, systems=ALL, mapping=mapping(NAT)),
    Row(
        **PORT,
        maker="nerdctl",
        network=NAT,
        systems=SINCE_2019,
        mapping=mapping(NAT, internal_address="172.20.0.2"),
        site=conflist(NAT),
        needs_publish=True,
    ),
    Row(**PORT, maker="nerdctl", network=NAT, systems=OLD, site=conflist(NAT), refused="cni-build"),
    # transparent: an address of its own. No plug-in of CNI serves it (cni.md 2 and 3), and nothing maps ports into it.
    Row(**ADDRESS, maker="docker", network=LAN, systems=ALL),
    Row("address", "nerdctl", LAN, SINCE_2019, site=conflist(LAN), refused="cni-mode"),
    Row("address", "nerdctl", LAN, OLD, site=conflist(LAN), refused="cni-build"),
    Row("port", "docker", LAN, ALL, mapping=mapping(LAN), refused="mapping-no-way"),
    # l2bridge: an address of its own, or a port of the host on that switch (claim c70, ports.md 1).
    Row(**ADDRESS, maker="docker", network=FLAT, systems=ALL),
    Row(**BRIDGE_PORT, maker="docker", network=FLAT, systems=("2019",), mapping=mapping(FLAT), needs_publish=True),
    Row("port", "docker", FLAT, ("2016", "2022", "2025"), mapping=mapping(FLAT), refused="mapping-no-way"),
    Row(**BRIDGE_PORT, maker="hcsshim", network=FLAT, systems=SINCE_2019, mapping=mapping(FLAT)),
    Row("port", "hcsshim", FLAT, OLD, mapping=mapping(FLAT), refused="mapping-no-way"),
    Row(
        "load balancer",
        "hcsshim",
        FLAT,
        SINCE_2019,
        port=8080,
        adapter=1,
        mapping=mapping(FLAT, via="load_balancer"),
    ),
    Row(
        **BRIDGE_PORT,
        maker="nerdctl",
        network=FLAT,
        systems=SINCE_2019,
        mapping=mapping(FLAT, internal_address="10.44.0.2"),
        site=conflist(FLAT, local_ports=True),
        needs_publish=True,
    ),
    Row("address", "nerdctl", FLAT, SINCE_2019, site=conflist(FLAT)),
    Row("address", "nerdctl", FLAT, OLD, site=conflist(FLAT), refused="cni-build"),
    # l2tunnel: an address of the virtual network, through the physical host (hns.md, Network types; cni.md 3).
    Row(**ADDRESS, maker="docker", network=TUNNEL, systems=ALL),
    Row("address", "nerdctl", TUNNEL, SINCE_2019, site=conflist(TUNNEL, plugin="win-bridge")),
    Row("address", "nerdctl", TUNNEL, OLD, site=conflist(TUNNEL, plugin="win-bridge"), refused="cni-build"),
)
CASES = [(row, system) for row in ROWS for system in row.systems]


class Running:
    """One simulated host and a connection to it."""

    def __init__(self, model: LabHost, host: Host) -> None:
        self.model, self.host = model, host

    def run(self, command: str) -> None:
        """Run a command on the host as a person would."""
        output = self.host.run(command + '\nif ($LASTEXITCODE -ne 0) { throw "exit code $LASTEXITCODE" }')
        assert not output.errors, output.errors

    def send(self, row: Row) -> Verdict:
        if row.port is None:
            (endpoint,) = self.model.hns.endpoints
            return self.model.receive(Packet(OUTSIDE, endpoint.address, 80))
        own = [str(item.ip) for nic in self.model.links.adapters for item in nic.addresses]
        address = next(item for item in own if item.startswith(("10.0.", "192.168.10.")[row.adapter]))
        return self.model.receive(Packet(OUTSIDE, address, row.port))


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[LabHost, Any]]]:
    """Return the hosts of all rows by name, served together, with their entries of the inventory."""
    from psnet.inventories import load_inventory

    models = [
        LabHost(
            f"h{place}",
            system,
            platform="azure" if row.network["mode"] == "l2tunnel" else "physical",
            docker=row.maker == "docker",
            containerd=row.maker == "nerdctl",
        )
        for place, (row, system) in enumerate(CASES)
    ]
    with LabServer(models) as server:
        inventory = load_inventory(write_inventory(server, models, tmp_path_factory.mktemp("lab") / "hosts.yaml"))
        yield {item.name: (item, inventory[item.name]) for item in models}


@pytest.fixture
def lab(hosts: dict[str, tuple[LabHost, Any]], request: pytest.FixtureRequest) -> Iterator[Running]:
    from psnet.api import Host

    model, entry = hosts[f"h{CASES.index(request.param)}"]
    with Host(entry.settings(), model.name) as host:
        yield Running(model, host)


def site(row: Row, **more: Any) -> Site:
    data: dict[str, Any] = {"container_networks": [row.network] if row.declared else [], **row.site, **more}
    if row.maker == "docker":
        data["backend"] = "docker" if row.declared else "auto"
    if row.mapping is not None:
        data["nat_static_mappings"] = [row.mapping]
    if row.maker == "hcsshim":
        data["endpoints"] = [{"name": "app", "network": row.network["name"], "address": tenth(row.network)}]
    return parse_site(json.dumps(data)).for_host("h")


def make(lab: Running, row: Row, *, published: bool) -> None:
    """Make the container with the runtime's own means."""
    name = row.network["name"]
    ports = "--publish 8080:80/tcp " if published else ""
    if row.maker == "docker":
        lab.run(f"docker run --detach --network {name} --name shop --ip {tenth(row.network)} {ports}{IMAGE}")
    elif row.maker == "nerdctl":
        lab.run(f"{NERDCTL} run --detach --network {name} --name shop {ports}{IMAGE}")
    else:
        (endpoint,) = lab.model.hns.endpoints
        request = {"SystemType": "Container", "ContainerId": "c" * 64}
        answer = lab.model.hns.call("POST", f"/endpoints/{endpoint.id}/attach", json.dumps(request))
        assert json.loads(answer)["Success"], answer
        lab.model.listening["c" * 64] = (("TCP", 80),)


def unmake(lab: Running, row: Row) -> None:
    lab.run(f"{'docker' if row.maker == 'docker' else NERDCTL} rm --force shop")


@pytest.mark.parametrize(
    ("lab", "row"),
    one_of_each(lambda case: id(case[1]), [(case, case[0]) for case in CASES]),
    indirect=["lab"],
    ids=[f"{row}-{os}" for row, os in CASES],
)
def test_a_container_is_reached_in_its_modes_own_way(lab: Running, row: Row) -> None:
    wanted = site(row)
    if row.refused:
        planned = lab.host.plan(wanted)
        assert row.refused in {item.id for item in planned.refusals}, planned.findings
        return
    result = lab.host.apply(wanted)
    assert not [item for item in result.outcomes if item.status != "changed"], result.outcomes
    assert result.left is not None
    assert [item.resource for item in result.left.unmet] == ["nat_static_mapping http"] * row.needs_publish
    if row.needs_publish:
        make(lab, row, published=False)
        stopped_at(lab, row, "listener")
        unmake(lab, row)
    make(lab, row, published=row.needs_publish)
    assert lab.host.plan(wanted).empty, lab.host.plan(wanted)
    verdict = lab.send(row)
    (endpoint,) = lab.model.hns.endpoints
    assert (verdict.delivered, verdict.interface) == (True, endpoint.id), verdict
    assert (verdict.packet.destination, verdict.packet.port) == (endpoint.address, 80)

    block = {"display_name": "b", "action": "Block", "protocol": "TCP", "local_port": ["80"]}
    blocking = lab.model.firewall.create(block)
    stopped_at(lab, row, "windows firewall", blocking.name)
    lab.model.firewall.remove(blocking)
    rule = {"action": "Block", "direction": "In", "priority": 100, "rule_type": "Host"}
    name = "app" if row.maker == "hcsshim" else "shop"
    result = lab.host.apply(site(row, acls=[{"endpoint": name, "rules": [rule]}]))
    assert not result.failed, result.outcomes
    stopped_at(lab, row, "hns acl")


def stopped_at(lab: Running, row: Row, kind: str, rule: str | None = None) -> None:
    verdict = lab.send(row)
    assert not verdict.delivered, verdict
    assert verdict.decided_by is not None
    assert verdict.decided_by.kind == kind, verdict
    assert rule in (None, verdict.decided_by.rule)
