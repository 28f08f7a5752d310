"""From policy to port: port profiles in the controller's plan, packets, traces down to the switch, on the lab."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sampling import swept
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import ConflictError, PlanError
from psnet.fleet import apply_host, plan_host
from psnet.fleet.targets import sites_for
from psnet.inventories import load_inventory
from psnet.lab.host.reach.packet import Packet
from psnet.site.load import parse_site
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.fleet import HostResult
    from psnet.planning import Plan
    from psnet.testing import Lab

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "sdn"
SITE = EXAMPLES / "ports.yaml"
REST = """backend: rest, ca_file: "{{ sdn_ca_file }}", certificate_file: "{{ sdn_client_certificate }}",
    certificate_key_file: "{{ sdn_client_key }}"}"""
WEB_TO_APP = Packet("10.1.1.11", "10.1.2.11", 8080)
APP_TO_DB = Packet("10.1.2.11", "10.1.3.12", 1433)
WEB_TO_DB = Packet("10.1.1.11", "10.1.3.12", 1433)


@dataclass
class Ports:
    lab: Lab
    session: Any
    way: str

    def site(self, text: str) -> Any:
        text = text.replace("host: nc01}", f"host: nc01, {REST}") if self.way == "rest" else text
        return sites_for(parse_site(text), [load_inventory(self.lab.inventory)["nc01"]])["nc01"]

    def plan(self, text: str) -> Plan:
        return plan_host(self.session, "nc01", self.site(text))

    def apply(self, text: str, saved: Plan | None = None) -> HostResult:
        return apply_host(self.session, "nc01", self.site(text), saved)

    def trace(self, *words: str) -> dict[str, Any]:
        call = ["sdn", "trace", str(SITE), "--live", "-i", str(self.lab.inventory), "--json", *words]
        found: dict[str, Any] = json.loads(CliRunner().invoke(app, call).stdout)
        return found

    def instance(self, name: str) -> str:
        return str(self.lab.controller.get(f"/networkInterfaces/{name}")["InstanceId"]).lower()


@pytest.fixture(params=["cmdlets", swept("rest")])
def ports(request: pytest.FixtureRequest, psnet_lab: Callable[..., Lab]) -> Iterator[Ports]:
    lab = psnet_lab(file=EXAMPLES / "ports-lab.yaml")
    session = open_session(load_inventory(lab.inventory)["nc01"].settings(), "nc01")
    yield Ports(lab, session, request.param)
    session.close()


def test_three_tiers_are_enforced_at_ports_and_a_wrong_profile_is_found(ports: Ports) -> None:
    text = SITE.read_text()
    planned = ports.plan(text)
    changes = [item for item in planned.changes if item.kind == "sdn_port"]
    assert [(item.name, item.fields[0].old) for item in changes] == [
        ("hv01/web01/Network Adapter", None),
        ("hv01/web02/Tenant", None),
    ]
    makers = {item.id: item.name for item in planned.changes}
    assert [[makers[need] for need in item.requires] for item in changes] == [["host1"], ["host2"]]
    done = ports.apply(text)
    assert {item.status for item in done.outcomes} == {"changed"}, done.outcomes
    assert done.left is not None
    assert done.left.empty
    assert ports.plan(text).changes == ()
    one, two = ports.lab.hosts["hv01"].vm_adapters
    assert (one.carries, two.carries) == (ports.instance("host1"), ports.instance("host2"))
    sent = [ports.lab.send(item).delivered for item in (WEB_TO_APP, APP_TO_DB, WEB_TO_DB)]
    assert sent == [True, True, False]

    to_db = ("--from", "10.1.2.11", "--to", "10.1.3.12", "--port", "1433/tcp")
    answer = ports.trace(*to_db)
    assert (answer["verdict"], answer["disagreement"]) == ("allowed", None)
    assert any("the switch's rules agree" in note for note in answer["notes"]), answer["notes"]

    assert two.profile is not None
    two.profile["ProfileId"] = "{" + ports.instance("host1") + "}"  # somebody's wrong port profile
    assert not ports.lab.send(APP_TO_DB).delivered
    answer = ports.trace(*to_db)
    assert (answer["verdict"], answer["disagreement"]["where"]) == ("denied", "host")
    assert answer["disagreement"]["at"] == "/ports/hv01/web02/Tenant"
    assert "/networkInterfaces/host1" in answer["disagreement"]["found"]
    again = ports.plan(text)
    assert [(item.kind, item.fields[0].old) for item in again.changes] == [("sdn_port", ports.instance("host1"))]
    assert not ports.apply(text).failed
    assert ports.lab.send(APP_TO_DB).delivered


def test_the_switch_that_has_other_rules_is_named(ports: Ports) -> None:
    text = SITE.read_text()
    assert not ports.apply(text).failed
    enforced = ports.lab.controller.enforced["/accesscontrollists/db"]["Properties"]["AclRules"]
    enforced[:] = [item for item in enforced if item["ResourceId"] != "from-app"]  # the agent did not get it
    assert not ports.lab.send(APP_TO_DB).delivered
    answer = ports.trace("--from", "10.1.2.11", "--to", "10.1.3.12", "--port", "1433/tcp")
    assert (answer["verdict"], answer["disagreement"]["where"]) == ("denied", "switch")
    assert "rest-in" in answer["disagreement"]["found"]


def test_a_change_between_planning_and_applying_is_refused_on_each(ports: Ports) -> None:
    text = SITE.read_text()
    assert not ports.apply(text).failed
    one, two = ports.lab.hosts["hv01"].vm_adapters
    two.profile = None
    saved = ports.plan(text)
    assert [item.kind for item in saved.changes] == ["sdn_port"]
    assert one.profile is not None
    two.profile = dict(one.profile)  # on the host
    with pytest.raises(ConflictError, match="profileId: declared"):
        ports.apply(text, saved)
    two.profile = None
    moved = text.replace("destination_ports: 1433", "destination_ports: 1434")
    saved = ports.plan(moved)
    assert [item.kind for item in saved.changes] == ["sdn_access_control_list", "sdn_port"]
    ports.lab.controller.touch("/accessControlLists/db")  # on the controller
    with pytest.raises(ConflictError, match="access_control_list"):
        ports.apply(moved, saved)
    assert two.profile is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("vm: web02, adapter: Tenant", "vm: web03", "has no adapter"),
        ("mac: 00-15-5D-01-00-02", "mac: 00-15-5D-01-00-09", "MAC address"),
        ("vm: web02, adapter: Tenant", "vm: web01", "carries host1 already"),
    ],
)
def test_a_port_that_cannot_carry_the_interface_refuses_the_plan(ports: Ports, old: str, new: str, said: str) -> None:
    if ports.way == "cmdlets":
        with pytest.raises(PlanError, match=said):
            ports.apply(SITE.read_text().replace(old, new))
    assert not any(item.carries for item in ports.lab.hosts["hv01"].vm_adapters)


def test_hosts_are_prepared_for_containers_and_what_cannot_be_done_from_outside_is_said(
    psnet_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    """microsoft/SDN Containers/ConfigureMCNP.ps1 and InstallPrivateCloudPlugin.ps1."""
    described = (EXAMPLES / "ports-lab.yaml").read_text().replace("controller: {}", "  web01: {}\ncontroller: {}")
    path = tmp_path / "lab.yaml"
    path.write_text(described)
    lab = psnet_lab(file=path)
    session = open_session(load_inventory(lab.inventory)["nc01"].settings(), "nc01")
    ports = Ports(lab, session, "cmdlets")
    text = SITE.read_text().replace("vm: web01}", "vm: web01, containers: web01}")
    planned = ports.plan(text)
    assert [item.name for item in planned.changes if item.kind == "sdn_container_proxy"] == ["hv01"]
    done = ports.apply(text)
    assert {item.status for item in done.outcomes} == {"changed"}, done.outcomes
    assert done.left is not None
    assert done.left.changes == ()
    assert [item.id for item in done.left.findings] == ["sdn-container-plugin"]
    host = lab.hosts["hv01"]
    assert any("proxiedservices" in key for key in host.keys)
    assert host.keys["system\\currentcontrolset\\services\\nchostagent\\parameters"]["MetadataServerPort"] == 6642
    lab.hosts["web01"].keys[
        "system\\currentcontrolset\\services\\hns\\parameters\\plugins\\d5aaf7c4-1b3e-4b49-9cf9-9263fab9dc6d"
    ] = {"Priority": 1000}
    assert ports.plan(text).findings == ()
    session.close()
