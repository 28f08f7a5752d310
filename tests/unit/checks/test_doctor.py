"""What doctor finds of what operators report: each finding with what it rests on, and what --fix removes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from psnet.checks import examine
from psnet.lab.cmdlets import lab_registry
from psnet.lab.engine.execute import run_file
from psnet.lab.labhost import LabHost
from psnet.observe.hypervisor import hypervisor_of
from psnet.observe.read import ObserveScope, observe_script, read_state
from psnet.resources import Finding
from psnet.state import HostState, fresh_state

NICS = [{"name": "Ethernet", "description": "NIC", "index": 4, "status": "Up"}]
NAT = {"name": "nat", "id": "N1", "mode": "nat", "subnets": [{"prefix": "172.20.0.0/24", "gateway": "172.20.0.1"}]}
L2 = {"name": "l2", "id": "N2", "mode": "l2bridge", "subnets": [{"prefix": "10.44.0.0/24"}], "adapter": "Ethernet"}
OVERLAY = {"name": "ov", "id": "N3", "mode": "overlay", "subnets": [{"prefix": "10.45.0.0/24"}]}
RUNS = {"name": "web", "id": "E1", "network": "nat", "address": "172.20.0.9", "kind": "host vNIC", "state": 2}
USED = {**RUNS, "containers": ["c"]}
IDLE = {**RUNS, "name": "old", "id": "E2", "kind": "unattached", "state": 1}
REMOTE = {"name": "r1", "id": "R1", "network": "l2", "address": "10.244.1.7", "remote": True}
ELB = {"Type": "ELB", "Protocol": 6, "ExternalPort": 80, "InternalPort": 8080, "VIPs": ["10.96.0.5"]}
MAPPED = {"id": 3, "nat": "n", "protocol": "TCP", "external_address": "0.0.0.0", "internal_port": 80}
LOST = {**MAPPED, "external_port": 8080, "internal_address": "172.20.0.77"}
PROXY = {"listen_address": "0.0.0.0", "listen_port": 8080, "connect_address": "172.20.0.77", "connect_port": 80}
RULE = {
    "name": "psnet-mapping-web",
    "display_name": "w",
    "group": "psnet",
    "enabled": True,
    "direction": "Inbound",
    "action": "Allow",
    "protocol": "TCP",
    "local_ports": "80",
    "remote_ports": "Any",
    "profiles": "Any",
    "local_addresses": "Any",
    "remote_addresses": "Any",
}
OF_PSNET = {"nat_static_mapping/m": {"protocol": "TCP", "external_port": "8080"}}
WIDE = [{"protocol": "TCP", "first": 8000, "last": 8099}]
VFP_OFF = {"switch": "l2", "id": "F74F241B-440F-4433-BB28-00F89EAD20D8", "name": "VFP", "enabled": False}
SWARM = {"name": "ingress", "id": "d", "driver": "overlay", "hns_id": "N3"}
SWITCH = {"name": "left", "id": "S", "type": "External", "adapter": "NIC"}
REFUSED = "HNS-Network-Create failed. Result code: '0x803B0010'"


def state(build: int = 20348, **parts: Any) -> HostState:
    facts = {**fresh_state(build).facts.model_dump(), **parts.pop("facts", {})}
    usual = {"adapters": NICS, "uplinks": ["Ethernet"], "startup_tasks": ["psnet-reapply-x"]}
    return HostState.model_validate({"facts": facts, **usual, **parts})


def health(**parts: Any) -> dict[str, Any]:
    return {"health": parts}


FINDINGS: list[tuple[str, HostState, dict[str, int]]] = [
    ("nothing", state(networks=[NAT], endpoints=[USED]), {}),
    # two endpoints with one address; the idle one goes
    ("duplicate", state(networks=[NAT], endpoints=[USED, IDLE]), {"duplicate-address": 1, "stale-endpoint": 0}),
    ("both run", state(networks=[NAT], endpoints=[USED, {**USED, "id": "E3"}]), {"duplicate-address": 0}),
    # a remote and a local one may have one address (claim c62)
    (
        "moved pod",
        state(
            networks=[L2],
            endpoints=[{**USED, "network": "l2", "address": "10.44.0.9"}, {**REMOTE, "address": "10.44.0.9"}],
        ),
        {"remote-endpoint-of-own": 0},
    ),
    ("detached", state(networks=[NAT], endpoints=[{**IDLE, "state": 4}]), {"stale-endpoint": 1}),
    ("docker's", state(networks=[NAT], endpoints=[{**IDLE, "state": 4, "owner": "docker"}]), {"stale-endpoint": 0}),
    # kubernetes#137530, Windows-Containers#631
    (
        "balancers",
        state(
            networks=[L2],
            endpoints=[REMOTE, {**REMOTE, "name": "r2", "id": "R2", "address": "10.244.1.8"}],
            policy_lists=[{"id": "P1", "endpoints": ["r1"], "policies": [ELB]}, {"id": "P2", "policies": [ELB]}],
        ),
        {"balancer-without-members": 1, "leaked-remote-endpoints": 1},
    ),
    (
        "psnet's own balancer",
        state(
            networks=[L2],
            endpoints=[REMOTE],
            policy_lists=[
                {"id": "P1", "endpoints": ["R1"], "policies": [ELB]},
                {"id": "P2", "endpoints": ["gone"], "policies": [ELB]},
            ],
            ledger={"load_balancer/b": {"vips": ["10.96.0.5"], "external_port": 80}},
        ),
        {"balancer-without-members": 0},
    ),
    ("remote ones of others", state(networks=[L2], endpoints=[REMOTE]), {}),
    ("orphan mapping", state(networks=[NAT], mappings=[LOST]), {"orphan-mapping": 1}),
    (
        "a VM's mapping",
        state(networks=[NAT], mappings=[{**LOST, "internal_address": "10.9.9.9"}]),
        {"orphan-mapping": 0},
    ),
    ("declared mapping", state(networks=[NAT], mappings=[LOST], ledger=OF_PSNET), {"orphan-mapping": 0}),
    ("orphan portproxy", state(networks=[NAT], port_proxies=[PROXY]), {"orphan-portproxy": 1}),
    ("declared portproxy", state(networks=[NAT], port_proxies=[PROXY], ledger=OF_PSNET), {"orphan-portproxy": 0}),
    ("portproxy elsewhere", state(networks=[NAT], port_proxies=[{**PROXY, "connect_address": "10.1.1.1"}]), {}),
    (
        "no IP Helper",
        state(port_proxies=[{**PROXY, "connect_address": "10.1.1.1"}], facts={"stopped_services": ["iphlpsvc"]}),
        {"portproxy-service": 0},
    ),
    # docker/for-win#11584
    (
        "published, then reserved",
        state(
            networks=[NAT],
            exclusions=WIDE,
            endpoints=[
                {**USED, "policies": [{"Type": "NAT", "Protocol": "TCP", "ExternalPort": 8080, "InternalPort": 80}]}
            ],
        ),
        {"published-in-reserved-range": 0},
    ),
    (
        "HNS's own reservation",
        state(
            networks=[NAT],
            exclusions=[{"protocol": "TCP", "first": 8080, "last": 8080}],
            endpoints=[
                {**USED, "policies": [{"Type": "NAT", "Protocol": "TCP", "ExternalPort": 8080, "InternalPort": 80}]}
            ],
        ),
        {},
    ),
    ("gone and reserved", state(exclusions=WIDE, ledger=OF_PSNET), {"port-now-reserved": 0, "ledger-stale": 0}),
    # claim c96
    (
        "policy",
        state(rules=[RULE], **health(profiles=[{"name": "Domain", "local_rules": False}, {"name": "Public"}])),
        {"policy-voids-rules": 0},
    ),
    (
        "profile off",
        state(rules=[RULE], **health(profiles=[{"name": "Domain", "local_rules": False, "enabled": False}])),
        {},
    ),
    # Windows-Containers#617
    (
        "outbound",
        state(networks=[NAT], **health(profiles=[{"name": "Public", "outbound": "Block"}])),
        {"profile-not-for-containers": 0},
    ),
    (
        "rule type",
        state(networks=[NAT], endpoints=[{**USED, "policies": [{"Type": "ACL", "RuleType": "Switch"}]}]),
        {"acl-not-enforced": 0},
    ),
    (
        "rule type Host",
        state(networks=[NAT], endpoints=[{**USED, "policies": [{"Type": "ACL", "RuleType": "Host"}]}]),
        {},
    ),
    # claim c56
    ("VFP off", state(networks=[L2], **health(extensions=[VFP_OFF])), {"vfp-off": 0}),
    ("VFP off on nat", state(networks=[NAT], **health(extensions=[{**VFP_OFF, "switch": "nat"}])), {}),
    ("no link", state(networks=[L2], adapters=[{**NICS[0], "status": "Disconnected"}]), {"no-link": 0}),
    ("spare NIC", state(adapters=[*NICS, {**NICS[0], "name": "Ethernet 2", "status": "Disconnected"}]), {}),
    # claim c33
    (
        "169.254",
        state(
            addresses=[
                {
                    "address": "169.254.7.7",
                    "prefix_length": 16,
                    "interface": "Ethernet",
                    "index": 4,
                    "origin": "WellKnown",
                }
            ]
        ),
        {"link-local-address": 0},
    ),
    (
        "169.254 on purpose",
        state(
            addresses=[
                {"address": "169.254.7.7", "prefix_length": 16, "interface": "Ethernet", "index": 4, "origin": "Manual"}
            ]
        ),
        {},
    ),
    # claim c99, moby#40998, Windows-Containers#18 and #516
    ("2019 at first", state(17763, networks=[L2], **health(revision=1)), {"update-with-fault": 0}),
    ("2019 nat", state(17763, networks=[NAT], **health(revision=1)), {}),
    (
        "2019 swarm",
        state(17763, networks=[OVERLAY], docker_networks=[SWARM], **health(revision=1217)),
        {"update-with-fault": 0},
    ),
    ("2019 mended", state(17763, networks=[OVERLAY], docker_networks=[SWARM], **health(revision=1490)), {}),
    ("2022 Calico", state(20348, networks=[L2], **health(revision=2582)), {"update-with-fault": 0}),
    ("2022 mended", state(20348, networks=[L2], **health(revision=2762)), {}),
    ("2004", state(19041, **health(revision=450)), {"update-with-fault": 0}),
    ("no revision", state(17763, networks=[L2], **health(unread={"revision": "denied"})), {"not-read": 0}),
    # claims c84, c132
    ("held", state(networks=[NAT], switches=[SWITCH], **health(hns_refusals=[REFUSED])), {"name-held": 0}),
    ("hidden", state(networks=[NAT], **health(hns_refusals=[REFUSED])), {"name-held": 0}),
    ("switch of psnet", state(switches=[SWITCH], ledger={"nat/n": {"switch": "left"}}, **health()), {}),
    # record q07
    (
        "docker's memory",
        state(networks=[NAT], docker_networks=[{"name": "blaa", "id": "d", "driver": "nat", "hns_id": "gone"}]),
        {"docker-network-lost": 0},
    ),
    (
        "transparent in a cloud",
        state(
            facts={"hypervisor": "AWS"},
            networks=[{"name": "t", "id": "T", "mode": "transparent"}],
            endpoints=[{**USED, "network": "t", "address": "10.0.0.9"}],
        ),
        {"transparent-in-cloud": 0},
    ),
]


@pytest.mark.parametrize(("made", "expected"), [row[1:] for row in FINDINGS], ids=[row[0] for row in FINDINGS])
def test_the_doctor_finds(made: HostState, expected: dict[str, int]) -> None:
    found = {item.id: len(item.mends) for item in examine(made)}
    assert found == {key: count for key, count in expected.items() if count >= 0}
    for item in examine(made):
        assert item.reason
        assert item.remedy


@pytest.mark.parametrize(
    ("manufacturer", "model", "name"),
    [
        ("Microsoft Corporation", "Virtual Machine", "Hyper-V"),
        ("Microsoft Corporation", "Surface Pro 7", ""),
        ("VMware, Inc.", "VMware Virtual Platform", "VMware"),
        ("VMware, Inc.", "VMware7,1", "VMware"),
        ("innotek GmbH", "VirtualBox", "VirtualBox"),
        ("QEMU", "Standard PC (Q35 + ICH9, 2009)", "QEMU"),
        ("QEMU", "Standard PC (i440FX + PIIX, 1996)", "QEMU"),
        ("OpenStack Foundation", "OpenStack Nova", "OpenStack"),
        ("Red Hat", "OpenStack Compute", "OpenStack"),
        ("Red Hat", "KVM", "oVirt"),
        ("oVirt", "RHEL", "oVirt"),
        ("Xen", "HVM domU", "Xen"),
        ("Amazon EC2", "m5.large", "AWS"),
        ("Amazon EC2", "m5.metal", ""),
        ("Google", "Google Compute Engine", "Google Cloud"),
        ("Nutanix", "AHV", "Nutanix"),
        ("Nutanix", "NX-3060-G5", ""),
        ("Alibaba Cloud", "Alibaba Cloud ECS", "Alibaba Cloud"),
        ("Dell Inc.", "PowerEdge R740", ""),
        ("HPE", "ProLiant DL380 Gen10", ""),
        ("Lenovo", "ThinkSystem SR650", ""),
        ("", "", ""),
    ],
)
def test_a_hypervisor_is_told_by_maker_and_model(manufacturer: str, model: str, name: str) -> None:
    assert hypervisor_of(manufacturer, model) == name


def observed(host: LabHost) -> HostState:
    result = run_file(host, observe_script(ObserveScope(health=True)), registry=lab_registry(host), width=1_000_000)
    assert result.errors == [], result.stderr_text
    return read_state(result.stdout, host.name)


@pytest.mark.parametrize("os", ["2016", "2019", "2022", "2025"])
def test_a_fresh_host_is_healthy_and_a_plan_reads_no_more_than_it_did(os: str) -> None:
    host = LabHost("h", os, docker=True)
    made = observed(host)
    assert made.health is not None
    assert made.health.revision == host.os.revision
    assert {item.name for item in made.health.profiles} == {"Domain", "Private", "Public"}
    assert len(made.health.extensions) == 3
    assert [item.id for item in examine(made) if item.severity != "info"] == []
    assert "Get-PSNetHealth" not in observe_script()
    assert made.fingerprint() == made.model_copy(update={"health": None}).fingerprint()


def test_what_an_administrator_switched_off_is_found_on_a_host() -> None:
    host = LabHost("h", "2022")
    lines = [
        "Set-NetFirewallProfile -Name Domain -AllowLocalFirewallRules False",
        "New-NetFirewallRule -Name a -Group psnet -DisplayName a -Direction Inbound",
    ]
    assert run_file(host, "\n".join(lines), registry=lab_registry(host)).errors == []
    subnet = {"AddressPrefix": "10.44.0.0/24", "GatewayAddress": "10.44.0.1"}
    body = {"Name": "l2", "Type": "l2bridge", "NetworkAdapterName": "Ethernet 2", "Subnets": [subnet]}
    host.hns.call("POST", "/networks/", json.dumps(body))
    off = "Disable-VMSwitchExtension -VMSwitchName l2 -Name 'Microsoft Azure VFP Switch Extension'"
    assert run_file(host, off, registry=lab_registry(host)).errors == []
    found = {item.id for item in examine(observed(host)) if item.severity == "error"}
    assert found == {"policy-voids-rules", "vfp-off"}


PAGE = Path(__file__).resolve().parents[3] / "docs" / "doctor.md"


def test_the_page_has_every_finding_and_the_schema_is_current() -> None:
    from psnet import checks

    text = PAGE.read_text(encoding="utf-8")
    sources = [item.read_text(encoding="utf-8") for item in Path(checks.__file__).parent.glob("*.py")]
    found = {name for source in sources for name in re.findall(r'id="([a-z0-9-]+)"', source)}
    assert len(found) > 30
    assert {name for name in found if f"`{name}`" not in text} == set()
    schema = TypeAdapter(list[Finding]).json_schema()
    assert json.loads(PAGE.with_name("doctor.schema.json").read_text(encoding="utf-8")) == schema
