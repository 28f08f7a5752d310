"""Peerings, gateways, credentials and mirrors: made once, secrets nowhere else, taken away in order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psnet.fleet import apply_host, plan_host
from psnet.fleet.targets import sites_for
from psnet.inventories import load_inventory
from psnet.lab.host.reach.packet import Packet
from psnet.lab.sdn.provisioning import SdnFault
from psnet.sdn.cmdlets import sdn_apply_script
from psnet.sdn.target import sdn_of
from psnet.sdn.topology import Topology
from psnet.sdn.trace import Tracer, TraceRequest
from psnet.site.load import parse_site
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "sdn" / "samples" / "tenant-gateway.yaml"
REST = """backend: rest, ca_file: "{{ sdn_ca_file }}", certificate_file: "{{ sdn_client_certificate }}",
    certificate_key_file: "{{ sdn_client_key }}"}"""
PASSWORD, KEY = "S3cret-of-the-hosts", 'S3cret "of" the tunnel'
GATEWAY = "/virtualGateways/contoso/networkConnections/site-ipsec"


class Place:
    """One lab, and the sample as a site of it."""

    def __init__(self, made: Any, way: str) -> None:
        self.controller = made.controller
        self.send = made.send
        self.host = load_inventory(made.inventory)["nc01"]
        self.session = open_session(self.host.settings(), "nc01")
        text = SAMPLE.read_text()
        self.text = text.replace("host: nc01}", f"host: nc01, {REST}") if way == "rest" else text

    def site(self, *changes: tuple[str, str]) -> Any:
        text = self.text
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        return sites_for(parse_site(text), [self.host])["nc01"]

    def apply(self, *changes: tuple[str, str]) -> Any:
        done = apply_host(self.session, "nc01", self.site(*changes))
        assert not done.failed, done.outcomes
        assert done.left is not None
        assert done.left.changes == ()
        return done

    def stored(self, path: str) -> Any:
        """Return what the controller holds, whatever it shows."""
        return self.controller.find(path)["Properties"]


@pytest.fixture(params=["cmdlets", "rest"])
def place(request: pytest.FixtureRequest, psnet_lab: Callable[..., Any], monkeypatch: Any) -> Iterator[Place]:
    monkeypatch.setenv("SDN_HOST_PASSWORD", PASSWORD)
    monkeypatch.setenv("SDN_TUNNEL_KEY", KEY)
    made = Place(psnet_lab("2022", controller=True), request.param)
    yield made
    made.session.close()


def test_secrets_reach_the_controller_and_nothing_else(place: Place) -> None:
    site = place.site()
    plan = plan_host(place.session, "nc01", site)
    script = sdn_apply_script(plan, sdn_of(site).controller)
    done = place.apply()
    for said in (plan.model_dump_json(), repr(plan), script, done.model_dump_json(), repr(sdn_of(site))):
        assert PASSWORD not in said
        assert "of the tunnel" not in said.replace('\\"', '"').replace('"of"', "of")
    assert place.stored("/credentials/nc-host-user")["Value"] == PASSWORD
    assert place.stored(GATEWAY)["IpSecConfiguration"]["SharedSecret"] == KEY


def test_what_is_written_anew_is_written_with_its_secrets(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.apply()
    monkeypatch.setenv("SDN_TUNNEL_KEY", "another")
    assert plan_host(place.session, "nc01", place.site()).changes == ()  # the controller shows no secret to compare
    done = place.apply(("metric: 10}]\n        - name: site-gre", "metric: 20}]\n        - name: site-gre"))
    assert [(item.kind, item.operation, item.status) for item in done.outcomes] == [
        ("sdn_virtual_gateway", "update", "changed")
    ]
    fields = done.plan.changes[0].fields
    assert [(item.field.rpartition("/")[2], item.new) for item in fields] == [
        ("site-ipsec.routes", [{"destinationPrefix": "14.1.10.1/32", "metric": 20}]),
        ("site-ipsec.ipSecConfiguration.sharedSecret", "(secret)"),
    ]
    assert place.stored(GATEWAY)["IpSecConfiguration"]["SharedSecret"] == "another"
    assert place.stored("/credentials/nc-host-user")["Value"] == PASSWORD


def test_what_a_controller_says_of_a_secret_is_hidden(place: Place) -> None:
    place.controller.faults.add(
        SdnFault(provisioning="fail", resource="/credentials/nc-host-user", message=f"{PASSWORD} is too short")
    )
    done = apply_host(place.session, "nc01", place.site())
    failed = next(item for item in done.outcomes if item.status == "failed")
    assert "(secret) is too short" in str(failed.message)
    assert PASSWORD not in done.model_dump_json()


def test_a_secret_that_cannot_be_read_ends_before_anything_is_sent(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(place.controller.documents)
    monkeypatch.delenv("SDN_TUNNEL_KEY")
    with pytest.raises(Exception, match="the environment variable SDN_TUNNEL_KEY is not set"):
        apply_host(place.session, "nc01", place.site())
    assert set(place.controller.documents) == before


def test_peerings_and_gateways_carry_packets_as_trace_says(place: Place) -> None:
    place.apply()
    shown = place.controller.get("/virtualNetworks/contoso")["Properties"]["VirtualNetworkPeerings"][0]["Properties"]
    assert shown["PeeringState"] == "Connected"
    one_side = "      peerings: [{name: to-contoso, remote: contoso}]\n"
    closed = ("remote: woodgrove}", "remote: woodgrove, allow_access: false}")
    pairs = [("192.168.1.10", "10.240.1.10"), ("192.168.1.10", "14.2.20.9"), ("192.168.1.10", "14.9.9.9")]
    pairs += [(to, source) for source, to in pairs]
    for changes, peered in (((), True), ((closed,), False)):
        site = place.site(*changes)
        assert not apply_host(place.session, "nc01", site).failed
        tracer = Tracer(Topology.of_declared(sdn_of(site)))
        for source, to in pairs:
            answer = tracer.trace(TraceRequest(source=source, destination=to, port=443, protocol="TCP"))
            assert (answer.verdict == "allowed") is place.send(Packet(source, to, 443)).delivered, (source, to, answer)
        assert place.send(Packet(*pairs[0], 443)).delivered is peered
    assert one_side in place.text


def test_what_goes_goes_in_an_order_that_the_controller_takes(place: Place) -> None:
    place.apply()
    site = place.site(
        ("      peerings: [{name: to-woodgrove, remote: woodgrove}]\n", ""),
        ("      peerings: [{name: to-contoso, remote: contoso}]\n", ""),
        (", service_insertion: mirror-web", ", service_insertion: null"),
    )
    section = site.sections["sdn"].model_copy(update={"service_insertions": (), "virtual_gateways": ()})
    left = site.model_copy(update={"sections": {"sdn": section}, "manage": "exclusive", "prune": True})
    done = apply_host(place.session, "nc01", left)
    assert not done.failed, done.outcomes
    assert sorted((item.kind, item.operation) for item in done.outcomes) == [
        ("sdn_network_interface", "update"),
        ("sdn_service_insertion", "remove"),
        ("sdn_virtual_gateway", "remove"),
        ("sdn_virtual_network_peering", "remove"),
        ("sdn_virtual_network_peering", "remove"),
    ]
    assert place.stored("/virtualNetworks/contoso")["VirtualNetworkPeerings"] == []
