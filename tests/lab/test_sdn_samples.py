"""Microsoft's published SDN samples, their shapes as declarations: planned, applied, nothing left to do, packets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sampling import swept

from psnet.fleet import apply_host, plan_host
from psnet.fleet.targets import sites_for
from psnet.inventories import load_inventory
from psnet.lab.host.reach.packet import Packet
from psnet.site.load import parse_site
from psnet.transport import open_session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.testing import Lab

SAMPLES = Path(__file__).resolve().parents[2] / "examples" / "sdn" / "samples"
REST = """backend: rest, ca_file: "{{ sdn_ca_file }}", certificate_file: "{{ sdn_client_certificate }}",
    certificate_key_file: "{{ sdn_client_key }}"}"""
#: sample -> (source, destination, port) -> whether the first packet of a connection gets there
PACKETS: dict[str, dict[tuple[str, str, int], bool]] = {
    "three-tiers": {
        ("24.30.1.101", "24.30.2.101", 4500): True,
        ("24.30.2.101", "24.30.3.101", 1433): True,
        ("24.30.2.101", "24.30.1.101", 80): False,
        ("24.30.3.101", "24.30.1.101", 80): False,
    },
    "web-tier-acl": {},
    "tenant-gateway": {
        ("192.168.1.10", "10.240.1.10", 443): True,
        ("10.240.1.10", "192.168.1.10", 443): True,
        ("192.168.1.10", "14.1.10.1", 443): True,
        ("192.168.1.10", "14.4.40.1", 443): False,
        ("10.240.1.10", "14.1.10.1", 443): False,
    },
    "outbound-nat": {("192.168.1.9", "198.51.100.7", 443): True, ("198.51.100.7", "10.127.132.34", 80): True},
    "containers": {("192.168.1.101", "192.168.1.102", 80): True},
}


@pytest.fixture
def lab(psnet_lab: Callable[..., Lab]) -> Iterator[tuple[Lab, Any]]:
    made = psnet_lab("2022", controller=True)
    session = open_session(load_inventory(made.inventory)["nc01"].settings(), "nc01")
    yield made, session
    session.close()


@pytest.mark.parametrize("way", [swept("cmdlets"), "rest"])
def test_the_samples_are_planned_and_applied(lab: tuple[Lab, Any], way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDN_HOST_PASSWORD", "S3cret-of-the-hosts")
    monkeypatch.setenv("SDN_TUNNEL_KEY", "S3cret-of-the-tunnel")
    made, session = lab
    inventory = load_inventory(made.inventory)
    assert {item.stem for item in SAMPLES.glob("*.yaml")} == PACKETS.keys()
    for name, packets in PACKETS.items():
        before = set(made.controller.documents)
        text = (SAMPLES / f"{name}.yaml").read_text()
        text = text.replace("host: nc01}", f"host: nc01, {REST}") if way == "rest" else text
        site = sites_for(parse_site(text), [inventory["nc01"]])["nc01"]
        planned = plan_host(session, "nc01", site)
        assert not planned.refusals, planned.refusals
        assert {change.operation for change in planned.changes} == {"create"}
        done = apply_host(session, "nc01", site)
        assert done.left is not None
        assert (done.failed, done.left.changes) == (False, ()), (name, done.outcomes)
        for (source, destination, port), arrives in packets.items():
            assert made.send(Packet(source, destination, port)).delivered is arrives, (name, source, destination)
        empty = site.sections["sdn"].model_copy(
            update={
                field: ()
                for field in type(site.sections["sdn"]).model_fields
                if field not in ("controller", "management")
            }
        )
        gone = site.model_copy(update={"sections": {"sdn": empty}, "manage": "exclusive", "prune": True})
        assert not apply_host(session, "nc01", gone).failed
        assert set(made.controller.documents) == before
