"""How many DSC resource instances a second come out of a site, for each form of document."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import yaml

from psnet.dsc.compile import SiteOptions, compile_site
from psnet.inventories.load import InventoryHost
from psnet.site.load import parse_site

HOSTS = 20
RESOURCES = 250


def _site() -> dict[str, Any]:
    """Return a site of RESOURCES resources: a nat network, its port mappings with their rules, and other rules."""
    mappings = [
        {"name": f"port-{at}", "network": "web", "protocol": "TCP", "external_port": 20_000 + at}
        | {"internal_address": f"172.20.{at // 200}.{10 + at % 200}", "internal_port": 80}
        for at in range(80)
    ]
    rules = [
        {"name": f"rule-{at}", "direction": "Inbound", "action": "Allow", "protocol": "TCP"}
        | {
            "local_ports": [8000 + at, f"{9000 + at}-{9010 + at}"],
            "remote_addresses": ["10.0.0.0/8", f"10.1.{at}.0/24"],
        }
        for at in range(RESOURCES - 161)
    ]
    network = {"name": "web", "mode": "nat", "subnet": "172.20.0.0/16"}
    return {"container_networks": [network], "nat_static_mappings": mappings, "firewall_rules": rules}


def rows() -> list[dict[str, float | str]]:
    """Measure each form: instances a second on one core, and the time against MOF."""
    source = parse_site(yaml.safe_dump(_site()))
    hosts = [InventoryHost(f"host{at:02}", (), {}, {}, Path(), "hosts.yaml") for at in range(HOSTS)]
    compile_site(source, hosts[:1])  # schemas and models are read once
    found: list[dict[str, float | str]] = []
    for form in ("mof", "dsc3", "guestconfig"):
        start = time.process_time()
        made = compile_site(source, hosts, SiteOptions(format=form))
        seconds = time.process_time() - start
        per_host = {item.host: item.instances for item in made.documents}
        count = sum(per_host.values())
        found.append({"form": form, "instances": count, "seconds": seconds, "per_second": count / seconds})
    for row in found:
        row["against_mof"] = float(row["seconds"]) / float(found[0]["seconds"])
    return found
