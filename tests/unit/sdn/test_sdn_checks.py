"""What is refused before anything is sent to a controller, and what of it psnet lint says without one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from psnet.checks import lint_site
from psnet.sdn.checks import check_sdn, lint_sdn
from psnet.sdn.state import ControllerState
from psnet.site import load_site
from psnet.site.load import parse_site

HERE = Path(__file__).resolve().parent
SITE = HERE.parents[2] / "examples" / "sdn" / "site.yaml"
NOBODY = ControllerState(url="https://nc.test")


def sdn_of(text: str) -> Any:
    found = parse_site(text).with_placeholders("sdn")
    assert found is not None
    return found


def test_nothing_stands_against_the_example() -> None:
    sdn = load_site(SITE).with_placeholders("sdn")
    assert sdn is not None
    assert list(check_sdn(sdn, NOBODY)) == []


@pytest.mark.parametrize(
    "case", yaml.safe_load((HERE / "findings.yaml").read_text()), ids=lambda case: str(case["found"])
)
def test_a_mistake_is_found(case: dict[str, Any]) -> None:
    text = SITE.read_text()
    for old, new in case["change"].items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    found = {item.id: item.severity for item in lint_sdn(sdn_of(text))}
    assert found == case["found"]
    assert all(item.remedy and item.resource for item in lint_sdn(sdn_of(text)))


@pytest.mark.parametrize(
    ("old", "new", "identifier", "said"),
    [
        ("acl: db}", "acl: bd}", "sdn-dangling", "did you mean /accessControlLists/db?"),
        ("logical_network: HNVPA", "logical_network: HNV", "sdn-dangling", "did you mean /logicalNetworks/HNVPA?"),
        ("[host1/web1, host2/web2]", "[host1/web1, host2/web9]", "sdn-member-undeclared", "did you mean host2/web2?"),
    ],
)
def test_a_reference_to_nothing_is_refused_with_the_nearest(old: str, new: str, identifier: str, said: str) -> None:
    found = [item for item in check_sdn(sdn_of(SITE.read_text().replace(old, new)), NOBODY) if item.severity == "error"]
    assert [(item.id, item.remedy) for item in found] == [(identifier, said)]


HOST = """
container_networks: [{name: web, mode: %s, subnet: %s, gateway: %s, adapter: Ethernet 2}]
endpoints: [{name: web1, network: web, address: %s}]
"""


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("l2bridge", "10.1.1.0/24", "10.1.1.1", "10.1.1.11"), set()),
        (("l2bridge", "192.168.0.0/24", "192.168.0.1", "192.168.0.9"), set()),  # no address of a virtual subnet
        (("l2bridge", "10.1.1.0/24", "10.1.1.1", "10.1.1.99"), {"sdn-endpoint-without-ip-configuration"}),
        (("l2bridge", "10.1.0.0/20", "10.1.0.1", "10.1.1.11"), {"sdn-endpoint-subnet-differs"}),
        (("transparent", "10.1.1.0/24", "10.1.1.1", "10.1.1.11"), {"sdn-endpoint-mode"}),
    ],
)
def test_endpoints_on_hosts_meet_their_ip_configurations(values: tuple[str, ...], expected: set[str]) -> None:
    source = parse_site(SITE.read_text() + HOST % values)
    site = source.for_host("web01").model_copy(update={"sections": {"sdn": source.with_placeholders("sdn")}})
    assert {item.id for item in lint_site(site, 20348) if item.id.startswith("sdn-")} == expected
