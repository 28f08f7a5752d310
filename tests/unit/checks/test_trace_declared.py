"""The way of a port as a site declares it: what leads it in, what stops it, and where each is declared."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from typer.testing import CliRunner

from psnet.checks.trace_declared import declared_trace
from psnet.cli.app import app
from psnet.errors import InputError
from psnet.site.load import parse_site

if TYPE_CHECKING:
    from pathlib import Path

BASE: dict[str, Any] = {
    "container_networks": [{"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}],
    "endpoints": [{"name": "shop", "network": "web", "address": "172.20.0.10"}],
    "nat_static_mappings": [
        {
            "name": "http",
            "network": "web",
            "protocol": "TCP",
            "external_port": "8080-8089",
            "internal_address": "172.20.0.10",
            "internal_port": "80-89",
        }
    ],
}
BLOCK = {"name": "no", "direction": "Inbound", "action": "Block", "protocol": "TCP", "local_ports": [82]}
ACL = {"endpoint": "shop", "rules": [{"action": "Block", "direction": "In", "protocols": ["TCP"]}]}
BALANCER = {
    "name": "front",
    "vips": ["172.20.0.99"],
    "protocol": "TCP",
    "external_port": 9000,
    "internal_port": 80,
    "members": ["shop"],
}
OPEN = {"nat": "open", "firewall": "open", "endpoint": "open", "acl": "open", "container": "unknown"}


@pytest.mark.parametrize(
    ("more", "port", "expected"),
    [
        ({}, 8082, OPEN),
        ({}, 8090, {"port": "shut"}),
        ({"endpoints": []}, 8080, {"nat": "open", "firewall": "open", "endpoint": "unknown", "container": "unknown"}),
        ({"firewall_rules": [BLOCK]}, 8082, OPEN | {"firewall": "shut"}),
        ({"firewall_rules": [BLOCK]}, 8083, OPEN),
        ({"acls": [ACL]}, 8080, OPEN | {"acl": "shut"}),
        ({"load_balancers": [BALANCER]}, 9000, OPEN),
    ],
)
def test_a_declared_port_is_followed(more: dict[str, Any], port: int, expected: dict[str, str]) -> None:
    site = parse_site(yaml.safe_dump(BASE | more), "site.yaml").for_host("h")
    made = declared_trace(site, "h", port, "TCP")
    assert {step.kind: step.verdict for step in made.steps} == expected
    lead = made.steps[0]
    assert re.fullmatch(r"site\.yaml:\d+" if lead.kind == "nat" else r"site\.yaml", lead.evidence)
    if port == 8082:
        assert "0.0.0.0:8082 to 172.20.0.10:82" in lead.says


def test_no_host_is_asked(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(BASE), encoding="utf-8")
    (tmp_path / "hosts.yaml").write_text("hosts: {web01: {address: 192.0.2.1}}", encoding="utf-8")
    where = ["--site", str(tmp_path / "site.yaml"), "-i", str(tmp_path / "hosts.yaml")]
    done = CliRunner().invoke(app, ["trace", "web01", "8080/tcp", *where])
    assert done.exit_code == 0, done.output
    assert "mapping http leads 0.0.0.0:8080 to 172.20.0.10:80" in done.output
    assert "site.yaml:" in done.output
    assert CliRunner().invoke(app, ["trace", "web01", "8080/udp", *where]).exit_code == 1
    picture = tmp_path / "way.svg"
    assert CliRunner().invoke(app, ["trace", "web01", "8080", *where, "--picture", str(picture)]).exit_code == 0
    assert "TCP 8080" in picture.read_text(encoding="utf-8")


def test_a_site_is_followed_without_an_inventory_as_far_as_the_way_needs_no_variable(tmp_path: Path) -> None:
    site = tmp_path / "site.yaml"
    where = ["trace", "web01", "8080/tcp", "--site", str(site)]

    site.write_text(yaml.safe_dump(BASE), encoding="utf-8")
    assert CliRunner().invoke(app, where).exit_code == 0
    filled = BASE["container_networks"][0] | {"subnet": "{{ web_subnet }}"}
    site.write_text(yaml.safe_dump(BASE | {"container_networks": [filled]}), encoding="utf-8")
    done = CliRunner().invoke(app, where)
    assert done.exit_code == 0, done.output
    assert "leads 0.0.0.0:8080 to 172.20.0.10:80" in done.output
    mapping = BASE["nat_static_mappings"][0] | {"internal_address": "{{ app_address }}"}
    open_ = BASE | {"container_networks": [filled], "nat_static_mappings": [mapping]}
    site.write_text(yaml.safe_dump(open_), encoding="utf-8")
    refused = CliRunner().invoke(app, where)
    assert isinstance(refused.exception, InputError)
    assert "variables of web01: nat_static_mappings[0].internal_address (line " in refused.exception.message
    assert "container_networks" not in refused.exception.message
    assert "-i" in str(refused.exception.remedy)
    (tmp_path / "hosts.yaml").write_text(
        "hosts: {web01: {vars: {web_subnet: 10.0.0.0/24, app_address: 10.0.0.9}}}", encoding="utf-8"
    )
    done = CliRunner().invoke(app, [*where, "-i", str(tmp_path / "hosts.yaml")])
    assert "to 10.0.0.9:80" in done.output


def test_a_host_without_an_inventory_or_a_site_is_asked_for() -> None:
    done = CliRunner().invoke(app, ["trace", "web01", "8080"], env={"PSNET_INVENTORY": ""})
    assert isinstance(done.exception, InputError)
    assert "-i" in str(done.exception.remedy)
