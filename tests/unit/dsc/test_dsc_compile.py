"""psnet dsc compile: documents of a site, deterministic, ordered, and refused where DSC cannot give something."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from psnet.cli.app import app
from psnet.dsc.mof import parse_mof

if TYPE_CHECKING:
    from pathlib import Path

SITE = """name: web shop
container_networks:
  - {name: web, mode: nat, subnet: 172.20.0.0/24, dns_servers: [10.0.0.53]}
firewall_rules:
  - {name: 'say "hi"', description: 'C:\\temp', direction: Inbound, action: Allow, protocol: 6, local_ports: [443, 80]}
"""
HOSTS = "hosts: {web01: {}, web02: {}}\n"


def run(folder: Path, site: str, *arguments: str, hosts: str = HOSTS) -> tuple[int, str]:
    (folder / "site.yaml").write_text(site, encoding="utf-8")
    (folder / "hosts.yaml").write_text(hosts, encoding="utf-8")
    words = ["dsc", "compile", str(folder / "site.yaml"), "-i", str(folder / "hosts.yaml"), "-o", str(folder / "out")]
    done = CliRunner().invoke(app, [*words, *arguments])
    return done.exit_code, done.output


def test_one_document_a_host_with_its_checksum_the_same_every_time(tmp_path: Path) -> None:
    code, shown = run(tmp_path, SITE)
    assert code == 0, shown
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert sorted(first) == ["web01.mof", "web01.mof.checksum", "web02.mof", "web02.mof.checksum"]
    assert first["web01.mof"].startswith(b"\xff\xfe")
    assert first["web01.mof.checksum"].decode() == hashlib.sha256(first["web01.mof"]).hexdigest().upper()
    run(tmp_path, SITE)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first


def test_every_value_survives_the_document(tmp_path: Path) -> None:
    code, shown = run(tmp_path, SITE, "--limit", "web01", "--encoding", "utf-8")
    assert code == 0, shown
    network, rule, footer = parse_mof((tmp_path / "out" / "web01.mof").read_bytes())
    assert {name: value.plain() for name, value in network.properties.items()} == {
        "ResourceID": "[PSNetContainerNetwork]web",
        "ModuleName": "PSNetDsc",
        "ModuleVersion": "0.1.0",
        "ConfigurationName": "web_shop",
        "Name": "web",
        "Ensure": "Present",
        "Mode": "nat",
        "Subnets": ["Prefix=172.20.0.0/24"],
        "DnsServers": ["10.0.0.53"],
    }
    plain = {name: value.plain() for name, value in rule.properties.items()}
    assert (plain["Name"], plain["Description"], plain["LocalPorts"]) == ('say "hi"', "C:\\temp", ["80", "443"])
    assert footer.class_name == "OMI_ConfigurationDocument"


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("backend: containers\ncontainer_networks:\n  - {name: a, mode: private}\n", "site.yaml:3:5"),
        ("container_networks:\n  - {name: a, mode: naat, subnet: 10.0.0.0/24}\n", "site.yaml:2:"),
    ],
)
def test_what_dsc_cannot_give_is_refused_with_its_place_and_nothing_is_written(
    tmp_path: Path, site: str, said: str
) -> None:
    code, shown = run(tmp_path, site)
    assert code == 3
    assert said in shown
    assert not (tmp_path / "out").exists()
