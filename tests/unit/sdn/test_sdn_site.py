"""The section sdn: of a site file: what it takes, and where it says something is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from psnet.errors import SiteError
from psnet.sdn.target import sdn_of
from psnet.site import load_site
from psnet.site.load import parse_site

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
HEAD = "sdn:\n  controller: {url: 'https://nc.test'}\n"


def test_the_example_is_a_site_and_nothing_of_it_is_for_a_host() -> None:
    source = load_site(ROOT / "examples" / "sdn" / "site.yaml")
    assert source.place("sdn") == ("nc01", "nc01")
    site = source.for_target("sdn", "nc01", {"sdn_rest_url": "https://nc.test"})
    assert site.target == "sdn"
    assert [item.kind for item in sdn_of(site).resources()].count("sdn_network_interface") == 2
    assert not source.for_host("web01").sections


@pytest.mark.parametrize("case", yaml.safe_load((HERE / "errors.yaml").read_text()), ids=lambda case: case["said"])
def test_an_error_names_the_line_and_the_remedy(case: dict[str, Any]) -> None:
    with pytest.raises(SiteError) as caught:
        parse_site(HEAD + case["text"]).for_target("sdn", "nc")
    found = [str(item) for item in caught.value.problems]
    assert any(f"<text>:{case['line']}:" in item and case["said"] in item for item in found), found


def test_a_password_is_named_never_written() -> None:
    text = "sdn:\n  controller: {url: 'https://nc.test', user: admin, password: secret}\n"
    with pytest.raises(SiteError, match="not written here"):
        parse_site(text).for_target("sdn", "nc")


@pytest.mark.parametrize(
    ("controller", "said"),
    [
        ("{url: 'http://nc.test'}", "has to match"),
        ("{url: 'https://nc.test', backend: cmdlets}", "needs host"),
        ("{url: 'https://nc.test', host: nc01, user: a, password: {env: B}}", "certificate_thumbprint"),
        ("{url: 'https://nc.test', certificate_file: a.pem}", "go together"),
    ],
)
def test_how_to_reach_the_controller_fits_together(controller: str, said: str) -> None:
    with pytest.raises(SiteError, match=said):
        parse_site(f"sdn:\n  controller: {controller}\n").for_target("sdn", "nc")


def test_spellings_are_brought_to_the_controllers_own() -> None:
    rule = """{name: a, direction: in, action: block, protocol: any, source: 10.0.0.7, source_ports: any,
        destination_ports: "8000 - 8010", priority: 100, logging: true}"""
    sdn = (
        parse_site(f"{HEAD}  access_control_lists: [{{name: x, rules: [{rule}]}}]\n")
        .for_target("sdn", "nc")
        .sections["sdn"]
    )
    assert sdn is not None
    assert sdn.access_control_lists[0].properties()["aclRules"][0]["properties"] == {
        "protocol": "All",
        "sourcePortRange": "0-65535",
        "destinationPortRange": "8000-8010",
        "action": "Deny",
        "sourceAddressPrefix": "10.0.0.7/32",
        "destinationAddressPrefix": "*",
        "priority": "100",
        "type": "Inbound",
        "logging": "Enabled",
    }
