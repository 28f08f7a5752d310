"""Sites that once went wrong (tests/lab/case_sites): what is right for each, on every build.

Planned on fresh hosts of all builds; and applied, where what is right shows only then.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sampling import one_of_each

from psnet.api import Host
from psnet.checks.doctor import examine
from psnet.checks.lint import lint_site
from psnet.errors import PlanError, PsnetError
from psnet.inventories import load_inventory
from psnet.lab.host.reach import Packet
from psnet.lab.labfile import build, load_lab
from psnet.lab.labhost import LabHost
from psnet.lab.run import write_inventory
from psnet.lab.wire import FaultPlan
from psnet.lab.wire.server import LabServer
from psnet.planning import plan
from psnet.resources.capabilities import BUILDS
from psnet.site.load import load_site, parse_site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.site import Site
    from psnet.state import HostState

CASES = Path(__file__).parent / "case_sites"
SINCE_2019 = ("2019", "2022", "2025")
ALL = tuple(BUILDS.values())


def site(name: str, *, prune: bool = False, **changes: Any) -> Site:
    return load_site(CASES / f"{name}.yaml").for_host("h").model_copy(update={"prune": prune, **changes})


@contextlib.contextmanager
def serving(
    folder: Path, models: Sequence[LabHost], faults: FaultPlan | None = None
) -> Iterator[dict[str, tuple[LabHost, Host]]]:
    with LabServer(models, faults=faults) as server, contextlib.ExitStack() as stack:
        inventory = load_inventory(write_inventory(server, models, folder / "hosts.yaml"))
        connected = {}
        for item in models:
            stack.callback(item.tasks.stop)
            host = stack.enter_context(Host(inventory[item.name].settings(), item.name))
            connected[item.name] = (item, host)
        yield connected


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> dict[str, HostState]:
    """Return what is observed of a fresh host of each build, by the build's word."""
    models = [LabHost(f"h{os}", os, seed=seed) for seed, os in enumerate(ALL)]
    with serving(tmp_path_factory.mktemp("fresh"), models) as hosts:
        return {model.os.key: host.observe() for model, host in hosts.values()}


@dataclass(frozen=True)
class Planned:
    """What is said of a case on some builds: the findings of the plan by id, of which errors refuse it."""

    name: str
    systems: tuple[str, ...]
    errors: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    linted: bool = False
    cuts: bool = False

    def __str__(self) -> str:
        return self.name


def case(
    name: str, systems: tuple[str, ...] = ALL, *errors: str, said: str = "", silent: str = "", **more: bool
) -> Planned:
    words = (frozenset(errors), frozenset(said.split()), frozenset(silent.split()))
    return Planned(name, systems, *words, **more)


NAT_GONE = "nat-gone-at-reboot"
PLANNED = (
    case("nat", ("2016",), silent=NAT_GONE),
    case("nat", SINCE_2019, "mapping-hns-nat"),
    case("transparent", said="cuts-management", cuts=True),
    case("transparent-changed", said="cuts-management vlan-needs-trunk", cuts=True),
    case("overlay"),
    case("overlay-no-vsid", ALL, "overlay-without-vsid", linted=True),
    case("two-nats", ("2016",), "nat-one-prefix", linted=True),
    case("two-nats", ("2019",), silent="nat-third-port"),
    case("two-nats", ("2022", "2025"), said="nat-third-port"),
    case("lb-nat", ALL, "balancer-mode", linted=True),
    case("acl-2016", ("2016", "2019", "2022"), silent="acl-2025-outbound"),
    case("acl-in-only", ("2016", "2019", "2022"), silent="acl-2025-outbound"),
    case("acl-in-only", ("2025",), said="acl-2025-outbound"),
    case("acl-container", ("2016",), "endpoint-missing", "acl-lists"),
    case("acl-container", SINCE_2019, "endpoint-missing"),
    case("dualstack", ("2016", "2019"), "not-in-this-backend", "no-ipv6", linted=True),
    case("dualstack", ("2022", "2025")),
    case("set", ("2016",), "several-adapters"),
    case("set", SINCE_2019),
    case("nat-policy", ALL, "mapping-no-way"),
    case("reapply", ("2016",), said="reapply-not-needed", silent=NAT_GONE),
    case("reapply", SINCE_2019, silent="reapply-not-needed"),
    case("container-vnic", said="cuts-management", cuts=True),
    case("transparent-no-adapter", said="adapter-not-named", cuts=True),
    case("nat-no-prefix"),
    case("nat-recorded"),
    case("d2", ("2016",), "collision", linted=True),
    case("d2", SINCE_2019, "collision", "mapping-hns-nat", linted=True),
    case("i16", ALL, "collision", linted=True),
    case("d5", ALL, "collision", linted=True),
    case("d4b", ("2016",), "mapping-address-outside", "mapping-address-special", linted=True),
    case("d4b", SINCE_2019, "mapping-address-outside", "mapping-address-special", "mapping-hns-nat", linted=True),
    case("i09c", said="rule-opens-host"),
    case("i20", ("2016",), said="mapping-loopback"),
    case("i20", SINCE_2019, "mapping-hns-nat", said="mapping-loopback"),
    case("w01-site", ("2016",)),
    case("empty"),
)


@pytest.mark.parametrize(
    ("planned", "os"),
    one_of_each(lambda case: str(case[0]), [(item, os) for item in PLANNED for os in item.systems]),
    ids=str,
)
def test_what_the_plan_says(states: dict[str, HostState], planned: Planned, os: str) -> None:
    made = plan(site(planned.name), states[os], host="h")
    said = {item.id for item in made.findings}
    assert {item.id for item in made.refusals} == planned.errors, made.refusals
    assert planned.said <= said
    assert not planned.silent & said
    assert any(item.cuts for item in made.changes) >= planned.cuts
    assert all(item.reason and (item.remedy or item.severity == "info") for item in made.findings)
    if planned.linted:
        number = next(number for number, word in BUILDS.items() if word == os)
        linted = {item.id for item in lint_site(site(planned.name), number) if item.severity == "error"}
        assert linted & planned.errors, linted


def test_no_case_is_left_out() -> None:
    tried = {item.name for item in PLANNED} | {"docker-lab", "w01-lab", "no-containers-feature", "reboot-faults"}
    assert {path.stem for path in CASES.glob("*.yaml")} == tried


# -- applied ---------------------------------------------------------------------------------------------------------


APPLIED = [
    *((name, os) for name in ("overlay", "nat-no-prefix") for os in ALL),
    *((name, os) for name in ("two-nats", "set") for os in SINCE_2019),
    *((name, os) for name in ("dualstack",) for os in ("2022", "2025")),
    *(
        (name, os)
        for name in ("acl-2016", "reapply", "container-vnic", "transparent-no-adapter")
        for os in ("2016", "2022")
    ),
]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[LabHost, Host]]]:
    models = [LabHost(f"h{place}", os, seed=place) for place, (_, os) in enumerate(APPLIED)]
    with serving(tmp_path_factory.mktemp("applied"), models, FaultPlan(uplink_seconds=0.2)) as hosts:
        yield hosts


@pytest.mark.parametrize(("name", "os"), one_of_each(lambda case: case[0], APPLIED))
def test_it_is_made_and_no_difference_is_seen_afterwards(
    fresh: dict[str, tuple[LabHost, Host]], name: str, os: str
) -> None:
    model, host = fresh[f"h{APPLIED.index((name, os))}"]
    wanted = site(name)
    result = host.apply(wanted, confirm_within=30)
    assert not result.failed, result.outcomes
    assert host.plan(wanted).empty, host.plan(wanted)
    if name in AFTER:
        AFTER[name](model, host, wanted)


def after_overlay(model: LabHost, host: Host, wanted: Site) -> None:
    _ = host, wanted
    (network,) = model.hns.networks  # claim c53
    assert network.subnets[0].policies == [{"Type": "VSID", "VSID": 4096}]


def after_acl(model: LabHost, host: Host, wanted: Site) -> None:
    """HNS 1.1 knows no lists (hcsshim: hcnglobals.go): single numbers there, lists later."""
    _ = host, wanted
    rule = next(item for item in model.hns.endpoints[0].policies if item["Type"] == "ACL" and item["Action"] == "Allow")
    numeric = model.os.key == "2016"
    assert [name in rule for name in ("Protocol", "LocalPort", "Protocols", "LocalPorts")] == [
        numeric,
        numeric,
        not numeric,
        not numeric,
    ]


def after_reapply(model: LabHost, host: Host, wanted: Site) -> None:
    """On 2016 nat networks persist, later the task makes them again (claim c97): either way there is one."""
    made = model.hns.networks[0].id
    model.reboot()
    assert [item.name for item in model.hns.networks] == ["web"]
    assert (model.hns.networks[0].id == made) == (model.os.key == "2016")
    assert host.plan(wanted).empty, host.plan(wanted)


def after_chosen_adapter(model: LabHost, host: Host, wanted: Site) -> None:
    """A container's vNIC may have the name that the host's had (claims c17 to c19)."""
    name = model.hns.networks[0].name
    address = {"address": "192.168.255.2"} if model.hns.networks[0].subnets else {}
    model.run_container("shop", name, **address)
    assert host.plan(wanted).empty, host.plan(wanted)


AFTER: dict[str, Any] = {
    "overlay": after_overlay,
    "acl-2016": after_acl,
    "reapply": after_reapply,
    "container-vnic": after_chosen_adapter,
    "transparent-no-adapter": after_chosen_adapter,
}


@pytest.fixture
def one(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[LabHost, Host]]:
    with serving(tmp_path, [LabHost("h", request.param)], FaultPlan(uplink_seconds=0.2)) as hosts:
        yield hosts["h"]


@pytest.mark.parametrize("one", ["2022"], indirect=True)
def test_a_network_on_the_uplink_changes_and_goes_detached_each_time(one: tuple[LabHost, Host]) -> None:
    model, host = one
    for name, prune in (("transparent", False), ("transparent-changed", False), ("empty", True)):
        wanted = site(name, prune=prune)
        changes = [item for item in host.plan(wanted).changes if item.kind == "container_network"]
        assert [item.cuts for item in changes] == [True], (name, changes)
        result = host.apply(wanted, confirm_within=30)
        assert (result.ending, result.failed) == ("confirmed", False), (name, result.outcomes)
    assert model.hns.networks == []


def test_a_host_that_restarts_within_the_time_is_rolled_back_by_itself(tmp_path: Path) -> None:
    # Much longer than psnet has to confirm: it cannot be quicker than the host, however busy the computer is.
    plan_ = load_faults("reboot-faults", seconds=10)
    with serving(tmp_path, [LabHost("h", "2022")], plan_) as hosts:
        model, host = hosts["h"]
        with contextlib.suppress(PsnetError):
            host.apply(site("transparent"), confirm_within=4)
        deadline_reached(lambda: model.hns.networks == [] and model.links.switches == [])
        assert any(item.routes for item in model.links.adapters if item.name == "Ethernet")


def load_faults(name: str, **changes: Any) -> FaultPlan:
    loaded = FaultPlan.load(CASES / f"{name}.yaml")
    return loaded.model_copy(update={"faults": tuple(item.model_copy(update=changes) for item in loaded.faults)})


def deadline_reached(condition: Any, seconds: float = 60) -> None:
    import time

    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.mark.parametrize("one", ["2016"], indirect=True)
def test_a_mapping_on_a_nat_network_works_on_2016(one: tuple[LabHost, Host]) -> None:
    model, host = one
    result = host.apply(site("nat"))
    assert not result.failed, result.outcomes
    model.run_container("shop", "web", address="172.20.0.10", listens=[("TCP", 80)])
    verdict = model.receive(Packet("198.51.100.7", "10.0.0.11", 8080))
    assert verdict.delivered, verdict


@pytest.mark.parametrize("one", ["2019", "2022", "2025"], indirect=True)
def test_what_hns_adds_to_a_recorded_nat_network_is_no_drift(one: tuple[LabHost, Host]) -> None:
    """VLAN 1 and Flags 8 are HNS's own from 2022 on (claims c50, c51)."""
    model, host = one
    subnet = {"AddressPrefix": "172.17.32.0/20", "GatewayAddress": "172.17.32.1"}
    model.hns.create("nat", "nat", subnets=[subnet])
    assert host.plan(site("nat-recorded")).changes == ()


def test_a_policy_finds_dockers_container_by_its_name(tmp_path: Path) -> None:
    """HNS knows 64 hexadecimal digits of it (claims c58, c59)."""
    models = build(load_lab(CASES / "docker-lab.yaml"), "secret")
    with serving(tmp_path, models) as hosts:
        model, host = hosts["web1"]
        result = host.apply(site("acl-container"))
        assert not result.failed, result.outcomes
        (endpoint,) = model.hns.endpoints
        assert [item["Action"] for item in endpoint.policies if item["Type"] == "ACL"] == ["Block", "Allow"]
        assert host.plan(site("acl-container")).empty
        assert model.receive(Packet("198.51.100.7", "10.0.0.11", 8080)).delivered


@pytest.mark.parametrize("one", ["2022"], indirect=True)
def test_endpoints_of_kube_proxy_are_no_stale_endpoints(one: tuple[LabHost, Host]) -> None:
    model, host = one
    subnet = {"AddressPrefix": "10.244.1.0/24", "GatewayAddress": "10.244.1.1"}
    subnet |= {"Policies": [{"Type": "VSID", "VSID": 4096}]}  # type: ignore[dict-item]
    model.hns.create("vx", "overlay", subnets=[subnet], adapter="Ethernet 2")
    host.run((CASES / "remote-endpoints.ps1").read_text(encoding="utf-8"))
    assert len(model.hns.endpoints) == 3
    assert [item.id for item in examine(host.observe()) if "endpoint" in item.id] == []


def test_without_winnat_psnet_says_which_feature_to_install(tmp_path: Path) -> None:
    """Get-NetNat fails with Invalid class where WinNAT's provider is absent (claim c118)."""
    with serving(tmp_path, [LabHost("h", "2022")], load_faults("no-containers-feature")) as hosts:
        _, host = hosts["h"]
        (finding,) = [item for item in host.plan(site("nat-no-prefix")).findings if item.id == "no-winnat"]
        assert "Install-WindowsFeature -Name Containers" in finding.remedy
        assert "Containers" in next(item.remedy for item in examine(host.observe()) if item.id == "no-winnat")
        own = parse_site("nats: [{name: inside, prefix: 10.45.0.0/24, switch: inside}]").for_host("h")
        with pytest.raises(PlanError, match="no WinNAT"):
            host.apply(own)


def test_a_network_under_a_running_container_is_not_replaced_by_yes_alone(tmp_path: Path) -> None:
    models = build(load_lab(CASES / "w01-lab.yaml"), "secret")
    with serving(tmp_path, models) as hosts:
        model, host = hosts["w19"]
        data = load_site(CASES / "w01-site.yaml").for_host("w19")
        wanted = data.model_copy(
            update={"resources": tuple(x for x in data.resources if x.kind == "container_network")}
        )
        (change,) = host.plan(wanted).changes
        assert change.price is not None
        (endpoint,) = model.hns.endpoints
        assert change.price.endpoints == (endpoint.name,)
        assert change.price.containers == (
            endpoint.containers[0][:12],
        )  # without a runtime's tool nobody knows its name
        assert change.price.ports == (f"8081/tcp -> {endpoint.address}:80",)
        with pytest.raises(PlanError, match="8081/tcp"):
            host.apply(wanted)
        assert [item.dns_servers for item in model.hns.networks] == [""]
