"""A third published port where the host has another nat network, such as docker's (claim c11)."""

from __future__ import annotations

import pytest

from psnet.planning import plan
from psnet.site.load import parse_site
from psnet.state import HostState, fresh_state

SITE = """
container_networks: [{name: web, mode: nat, subnet: 172.20.0.0/24}]
nat_static_mappings:
"""
MAPPING = "  - {network: web, protocol: TCP, external_port: %d, internal_address: 172.20.0.10, internal_port: %d}\n"
OTHER = {"name": "nat", "id": "00000000-0000-0000-0000-000000000001", "mode": "nat"}


@pytest.mark.parametrize(
    ("build", "others", "ports", "warned"),
    [
        (20348, [OTHER], 3, 1),
        (26100, [OTHER], 3, 1),
        (20348, [OTHER], 2, 0),
        (20348, [], 3, 0),
        (17763, [OTHER], 3, 0),
        (20348, [{**OTHER, "name": "web"}], 3, 0),
        (20348, [{**OTHER, "mode": "transparent"}], 3, 0),
    ],
)
def test_the_third_port_beside_another_nat_network_is_warned_of(
    build: int, others: list[dict[str, str]], ports: int, warned: int
) -> None:
    fresh = fresh_state(build)
    state = HostState.model_validate({**fresh.model_dump(), "networks": others})
    site = parse_site(SITE + "".join(MAPPING % (port, port) for port in range(8080, 8080 + ports))).for_host("h")
    found = [item for item in plan(site, state, host="h").findings if item.id == "nat-third-port"]
    assert [item.severity for item in found] == ["warning"] * warned
    assert all(item.source == "claim c11" and "(nat)" in item.reason for item in found)
