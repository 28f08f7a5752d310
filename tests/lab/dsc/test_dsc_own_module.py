"""psnet's own module on the lab's LCM: what a site compiles to is applied, and then there is nothing left to plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.dsc.compile import compile_site
from psnet.inventories import load_inventory
from psnet.site import load_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SITE = """\
name: web
nats:
  - {name: web, prefix: 172.20.0.0/24, switch: web}
nat_static_mappings:
  - {name: http, network: web, protocol: TCP, external_port: 8080, internal_address: 172.20.0.10, internal_port: 80}
firewall_rules:
  - {name: ping, display_name: "Ping ’n’ see", direction: Inbound, action: Allow, protocol: ICMPv4, icmp_types: ["8"]}
"""
LAB = """\
hosts:
  web1: {os: "2019", modules: [PSNetDsc]}
"""


def test_a_compiled_site_is_applied_and_its_plan_is_empty(psnet_lab: Callable[..., Any], tmp_path: Path) -> None:
    lab = psnet_lab("2022", modules=["PSNetDsc"])
    (tmp_path / "site.yaml").write_text(SITE, encoding="utf-8")
    site = load_site(tmp_path / "site.yaml")
    hosts = list(load_inventory(lab.inventory).hosts)
    (document,) = compile_site(site, hosts).documents
    with lab.connect() as host:
        host.put(document.data, "C:\\mof\\localhost.mof")
        done = host.run("Start-DscConfiguration -Path C:\\mof -Wait")
        assert done.errors == ()
        assert host.run("Test-DscConfiguration").objects == ("True",)
        assert not host.plan(site).changes


def test_a_lab_file_puts_modules_on_the_disk(psnet_lab: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "lab.yaml").write_text(LAB)
    lab = psnet_lab(file=tmp_path / "lab.yaml")
    with lab.connect() as host:
        found = host.run("(Get-DscResource -Module PSNetDsc).Name").objects
    assert "PSNetContainerNetwork" in found
