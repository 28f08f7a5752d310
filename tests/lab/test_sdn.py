"""A three-tier application on a Network Controller, through the cmdlets and through REST, end to end on the lab."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.errors import ConflictError, PlanError
from psnet.fleet import RunOptions, apply_host, plan_host
from psnet.fleet.converge import open_target
from psnet.fleet.targets import sites_for, with_section_targets, with_target_order
from psnet.inventories import load_inventory
from psnet.lab.host.reach.packet import Packet
from psnet.lab.sdn.provisioning import SdnFault
from psnet.sdn.topology import Topology
from psnet.sdn.trace import Tracer, TraceRequest
from psnet.site import load_site
from psnet.site.load import parse_site
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.fleet import HostResult
    from psnet.planning import Plan
    from psnet.testing import Lab

SITE = Path(__file__).resolve().parents[2] / "examples" / "sdn" / "site.yaml"
REST = """    host: nc01
    backend: rest
    ca_file: "{{ sdn_ca_file }}"
    certificate_file: "{{ sdn_client_certificate }}"
    certificate_key_file: "{{ sdn_client_key }}"
"""
WAYS = {"cmdlets": "    host: nc01\n", "rest": REST}


@dataclass
class Shop:
    """The example on a lab, by one of the two ways."""

    lab: Lab
    way: str
    session: Any
    before: set[str]

    def text(self, **changes: str) -> str:
        text = SITE.read_text().replace("    host: nc01\n", WAYS[self.way])
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new)
        return text

    def site(self, text: str, *, prune: bool = False) -> Any:
        source = parse_site(text)
        inventory = with_section_targets(source, load_inventory(self.lab.inventory))
        return sites_for(source, inventory.select(None), prune=prune)["nc01"]

    def plan(self, text: str, **options: Any) -> Plan:
        return plan_host(self.session, "nc01", self.site(text, **options))

    def apply(self, text: str, saved: Plan | None = None, **options: Any) -> HostResult:
        return apply_host(self.session, "nc01", self.site(text, **options), saved)


@pytest.fixture(params=list(WAYS))
def shop(request: pytest.FixtureRequest, psnet_lab: Callable[..., Lab]) -> Iterator[Shop]:
    lab = psnet_lab("2022", controller=True)
    session = open_session(load_inventory(lab.inventory)["nc01"].settings(), "nc01")
    yield Shop(lab, request.param, session, set(lab.controller.documents))
    session.close()


def test_three_tiers_are_planned_applied_verified_traced_and_removed(shop: Shop) -> None:
    text = shop.text()
    plan = shop.plan(text)
    assert plan.backend == shop.way
    assert [change.operation for change in plan.changes] == ["create"] * 10
    done = shop.apply(text)
    assert {item.status for item in done.outcomes} == {"changed"}
    assert done.left is not None
    assert done.left.empty
    assert shop.plan(text).changes == ()
    nic = shop.lab.controller.get("/networkInterfaces/host1")["Properties"]
    assert nic["PortSettings"]["QosSettings"]["OutboundMaximumMbps"] == 500
    question = TraceRequest(source="198.51.100.7", destination="203.0.113.10", port=443)
    state = open_target(shop.session, "nc01", shop.site(text)).observe()
    assert Tracer(Topology.of_state(state)).trace(question).verdict == "allowed"
    assert shop.lab.send(Packet("198.51.100.7", "203.0.113.10", 443)).delivered
    empty = "name: shop\nmanage: exclusive\nsdn:\n  controller:\n    url: '{{ sdn_rest_url }}'\n" + WAYS[shop.way]
    assert {item.id for item in shop.plan(empty).findings} == {"undeclared"}
    gone = shop.apply(empty, prune=True)
    assert [item.operation for item in gone.outcomes] == ["remove"] * 10
    assert not gone.failed, gone.outcomes
    assert shop.lab.controller.documents.keys() == shop.before


def test_only_what_differs_is_changed_and_what_others_set_stays(shop: Shop) -> None:
    text = shop.text()
    shop.apply(text)
    document = shop.lab.controller.documents["/networkinterfaces/host1"]
    document["Properties"]["InternalDnsNameLabel"] = "somebody-else"
    document["Properties"]["PortSettings"]["QosSettings"]["OutboundReservedValue"] = 50
    changed = text.replace("outbound_maximum_mbps: 500", "outbound_maximum_mbps: 400").replace(
        "        - {name: stay-home, direction: out, action: Deny, priority: 4010}\n", ""
    )
    plan = shop.plan(changed)
    assert {(c.kind, f.field, f.old, f.new) for c in plan.changes for f in c.fields if f.new is not None} == {
        ("sdn_network_interface", "portSettings.qosSettings.outboundMaximumMbps", 500, 400)
    }
    assert [f.field for c in plan.changes for f in c.fields if f.new is None] == ["aclRules/stay-home"]
    assert not shop.apply(changed).failed
    kept = shop.lab.controller.get("/networkInterfaces/host1")["Properties"]
    assert kept["InternalDnsNameLabel"] == "somebody-else"
    assert kept["PortSettings"]["QosSettings"]["OutboundReservedValue"] == 50
    assert kept["PortSettings"]["QosSettings"]["OutboundMaximumMbps"] == 400
    assert shop.lab.controller.get("/networkInterfaces/host1")["Tags"] == {"psnet": "shop"}


def test_a_tier_moves_out_and_its_references_are_let_go_of_first(shop: Shop) -> None:
    text = "manage: exclusive\n" + shop.text()
    shop.apply(text)
    smaller = (
        text.replace(", host2/web2]", "]")
        .replace("        - {name: web2, address: 10.1.1.12, subnet: shop/web}\n", "")
        .replace("        - {name: db1, address: 10.1.3.12, subnet: shop/db}\n", "")
        .replace("        - {name: db, prefix: 10.1.3.0/24, acl: db}\n", "")
    )
    rules = smaller[smaller.index("    - name: db\n") : smaller.index("    - name: hosts\n")]
    smaller = smaller.replace(rules, "")
    assert shop.plan(smaller).changes == ()  # others' children are not touched without --prune
    done = shop.apply(smaller, prune=True)
    assert not done.failed, done.outcomes
    assert done.left is not None
    assert done.left.empty
    order = [(item.operation, item.kind) for item in done.outcomes]
    assert order == [
        ("update", "sdn_network_interface"),
        ("update", "sdn_virtual_network"),
        ("remove", "sdn_access_control_list"),
    ]


def test_a_change_that_somebody_made_meanwhile_is_a_conflict_with_every_version(shop: Shop) -> None:
    text = shop.text()
    shop.apply(text)
    changed = text.replace("destination_ports: 8443, priority: 100", "destination_ports: 9443, priority: 100")
    saved = shop.plan(changed)
    rule = shop.lab.controller.get("/accessControlLists/web")
    rule["Properties"]["AclRules"][0]["Properties"]["DestinationPortRange"] = "7443"
    shop.lab.controller.put("/accessControlLists/web", rule)
    with pytest.raises(ConflictError) as caught:
        shop.apply(changed, saved)
    said = "aclRules/https.destinationPortRange: declared 9443, then 8443, now 7443"
    assert said in caught.value.message
    assert shop.lab.controller.get("/accessControlLists/web")["Properties"]["AclRules"][0]["Properties"][
        "DestinationPortRange"
    ] == "7443"  # fmt: skip


@pytest.mark.parametrize("shop", ["rest"], indirect=True)
def test_a_write_that_slips_in_between_reading_and_writing_is_a_conflict(shop: Shop) -> None:
    text = shop.text()
    shop.apply(text)
    changed = text.replace("destination_ports: 8443, priority: 100", "destination_ports: 9443, priority: 100")
    site = shop.site(changed)
    saved = plan_host(shop.session, "nc01", site)
    shop.lab.controller.faults.add(SdnFault(provisioning="lost", resource="/accessControlLists/web"))
    with pytest.raises(ConflictError, match="declared 9443, then 8443, now 8443"):
        apply_host(shop.session, "nc01", site, saved)
    assert shop.lab.controller.get("/accessControlLists/web")["Properties"]["AclRules"][0]["Properties"][
        "DestinationPortRange"
    ] == "8443"  # fmt: skip


def test_what_fails_to_be_provisioned_says_why_stops_what_needs_it_and_is_repaired(shop: Shop) -> None:
    text = shop.text()
    shop.lab.controller.faults.add(
        SdnFault(provisioning="fail", resource="/virtualNetworks/*", message="No host took it.")
    )
    done = shop.apply(text)
    by_kind = {item.kind: item for item in done.outcomes}
    assert by_kind["sdn_virtual_network"].status == "failed"
    assert (by_kind["sdn_virtual_network"].error_id or "").startswith("PSNetSdnProvisioningFailed")
    assert "No host took it." in (by_kind["sdn_virtual_network"].message or "")
    assert by_kind["sdn_network_interface"].status == "skipped"
    assert by_kind["sdn_network_interface"].blocked_by == "sdn_virtual_network shop"
    assert by_kind["sdn_load_balancer"].status == "changed"
    again = shop.apply(text)
    assert [(item.operation, item.kind, item.status) for item in again.outcomes] == [
        ("update", "sdn_virtual_network", "changed"),
        ("create", "sdn_network_interface", "changed"),
        ("create", "sdn_network_interface", "changed"),
    ]
    assert not again.failed


def test_what_takes_too_long_fails_with_its_state(shop: Shop) -> None:
    text = shop.text(**{"  controller:\n": "  controller:\n    timeout: 1\n"})
    slow = SdnFault(provisioning="slow", resource="/logicalNetworks/HNVPA", seconds=30)
    shop.lab.controller.faults.add(slow)
    heard: list[Any] = []
    outcome = apply_host(shop.session, "nc01", shop.site(text), report=heard.append).outcomes[0]
    assert outcome.status == "failed"
    assert type(heard[0]).__name__ == "Planned"  # the journal has the plan before anything is sent
    assert outcome in [item for news in heard[1:] for item in news.outcomes]
    assert (outcome.error_id or "").startswith("PSNetSdnProvisioningTimeout")
    assert "still Updating" in (outcome.message or "")


@pytest.mark.parametrize("shop", ["rest"], indirect=True)
def test_a_dangling_reference_is_refused_and_nothing_is_sent(shop: Shop) -> None:
    with pytest.raises(PlanError, match=r"refers to /accessControlLists/bd.*neither declared nor on the controller"):
        shop.apply(shop.text(**{"acl: db}": "acl: bd}"}))
    assert shop.lab.controller.documents.keys() == shop.before


@pytest.mark.parametrize("shop", ["rest"], indirect=True)
def test_what_another_site_made_is_warned_of_and_never_pruned(shop: Shop) -> None:
    shop.apply(shop.text())
    other = "name: other\nmanage: exclusive\n" + shop.text(**{"name: shop\nsdn": "sdn"})
    plan = shop.plan(other, prune=True)
    assert plan.changes == ()
    empty = "name: other\nmanage: exclusive\nsdn:\n  controller:\n    url: '{{ sdn_rest_url }}'\n" + WAYS[shop.way]
    assert shop.plan(empty, prune=True).changes == ()


def test_the_commands_handle_the_controller_as_one_host_more(psnet_lab: Callable[..., Lab], tmp_path: Path) -> None:
    lab = psnet_lab("2022", controller=True)
    inventory, journal = ["-i", str(lab.inventory)], ["--journal", str(tmp_path / "j.db")]
    site = tmp_path / "site.yaml"
    nat = "container_networks: [{name: tools, mode: nat, subnet: 172.20.0.0/24, gateway: 172.20.0.1}]\n"
    site.write_text(SITE.read_text() + nat)
    run = CliRunner()
    planned = run.invoke(
        app, ["plan", str(site), *inventory, "--detailed-exitcode", "--out", str(tmp_path / "p"), *journal]
    )
    assert planned.exit_code == 2, planned.output
    assert "nc01  Network Controller https://127.0.0.1" in planned.output
    assert "ws2022: 1 to create" in planned.output
    applied = run.invoke(app, ["apply", str(tmp_path / "p"), *inventory, *journal])
    assert applied.exit_code == 0, applied.output
    assert "verified: nothing left" in applied.output
    shown = run.invoke(app, ["sdn", "show", str(site), *inventory])
    assert "made by psnet for shop" in shown.output
    asked = ["--from", "10.1.1.11", "--to", "10.1.3.12", "--port", "1433"]
    traced = run.invoke(app, ["sdn", "trace", str(site), *asked, "--live", *inventory])
    assert "denied: Deny All * -> 10.1.3.0/24" in traced.output
    rendered = run.invoke(app, ["render", str(site), *inventory, "--out", str(tmp_path / "out")])
    assert rendered.exit_code == 0
    lab.controller.faults.add(SdnFault(provisioning="fail", resource="/accessControlLists/web", times="always"))
    site.write_text(
        site.read_text().replace("8443, priority: 100", "9443, priority: 100").replace("172.20.0", "172.21.0")
    )
    failed = run.invoke(app, ["apply", str(site), *inventory, "--yes", *journal])
    assert failed.exit_code == 1
    assert "nc01 goes first and failed" in failed.output


CONTAINERS = """
container_networks:
  - {name: web, mode: l2bridge, subnet: 10.1.1.0/24, gateway: 10.1.1.1, adapter: Ethernet 2}
endpoints:
  - {name: web1, network: web, address: 10.1.1.11}
acls:
  - endpoint: web1
    rules:
      - {action: Block, direction: In, protocols: [TCP], local_ports: [8444], priority: 100}
      - {action: Allow, direction: In, priority: 200}
"""


def test_endpoints_on_container_hosts_get_the_controllers_policy_and_keep_their_own(
    psnet_lab: Callable[..., Lab], tmp_path: Path
) -> None:
    lab = psnet_lab("2022", controller=True)
    site = tmp_path / "site.yaml"
    both = SITE.read_text().replace(
        "destination_ports: 8443, priority: 100", "destination_ports: 8443-8444, priority: 100"
    )
    site.write_text(both + CONTAINERS)
    run = CliRunner()
    common = [str(site), "-i", str(lab.inventory)]
    done = run.invoke(app, ["apply", *common, "--yes", "--journal", str(tmp_path / "j.db"), "--no-rollback"])
    assert done.exit_code == 0, done.output
    assert done.output.index("nc01: changed") < done.output.index("ws2022: changed")
    port = lab.controller.get("/networkInterfaces/host1")["Properties"]
    assert port["Server"]["ResourceRef"] == "/servers/ws2022"
    for number, verdict in ((8443, "allowed"), (8444, "denied"), (8445, "denied")):
        sent = lab.send(Packet("10.1.1.12", "10.1.1.11", number))
        asked = ["--from", "10.1.1.12", "--to", "10.1.1.11", "--port", str(number), "--live"]
        said = run.invoke(app, ["sdn", "trace", *common, *asked])
        assert f"{verdict}: " in said.output, said.output
        assert sent.delivered == (verdict == "allowed")
        declared = run.invoke(app, ["sdn", "trace", *common, *asked[:-1]])
        assert f"{verdict}: " in declared.output
    site.write_text(both + CONTAINERS.replace("address: 10.1.1.11", "address: 10.1.1.77"))
    refused = run.invoke(app, ["plan", *common])
    assert "no network interface of sdn: has an IP configuration with it" in refused.output
    assert refused.exit_code == 3


def test_a_controller_goes_first_unless_it_only_removes(psnet_lab: Callable[..., Lab]) -> None:
    inventory = load_inventory(psnet_lab("2022", controller=True).inventory)
    for name, expected in (("site", (("nc01",), ())), ("remove", ((), ("nc01",)))):
        source = parse_site((SITE.parent / f"{name}.yaml").read_text())
        sites = sites_for(source, with_section_targets(source, inventory).hosts)
        options = with_target_order(RunOptions(), source, sites)
        assert (options.first, options.last) == expected


def test_from_python_the_controllers_host_is_a_host(psnet_lab: Callable[..., Lab]) -> None:
    lab = psnet_lab("2022", controller=True)
    variables = load_inventory(lab.inventory)["nc01"].variables
    with lab.connect("nc01") as host:
        source = load_site(SITE)
        assert host.plan(source, variables).counts()["create"] == 10
        assert not host.apply(source, variables).failed
        assert host.plan(source, variables).empty
