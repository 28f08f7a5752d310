"""Write docs/resources/*.md and docs/backends.md from the models: ``python tools/resource_docs.py [--check]``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psnet.resources import KINDS
from psnet.resources.capabilities import BUILDS, FEATURES, table

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = {
    "container_network": """container_networks:
  - name: web
    mode: nat
    subnet: 172.20.0.0/24
    dns_servers: [10.0.0.53]
  - {name: tenant, mode: l2bridge, adapter: Ethernet 2, subnet: 10.44.0.0/24, gateway: 10.44.0.1, vlan: 7}
""",
    "cni": """container_networks:
  - {name: nat, mode: nat, subnet: 172.20.0.0/24, dns_servers: [10.0.0.53]}
  - {name: pods, mode: l2bridge, adapter: Ethernet 2, subnet: 10.44.0.0/24}
cni:
  - {name: nat, runtime: nerdctl}
  - {name: pods, runtime: kubelet, outbound_nat_exceptions: [10.0.0.0/8], local_ports: true}
""",
    "endpoint": """container_networks:
  - {name: tenant, mode: l2bridge, adapter: Ethernet 2, subnet: 10.44.0.0/24}
endpoints:
  - {name: app, network: tenant, address: 10.44.0.10}
  - {name: probe, network: tenant, attach: host}
""",
    "nat_static_mapping": """nats:
  - {name: web, prefix: 172.20.0.0/24, switch: web}
nat_static_mappings:
  - {name: http, network: web, protocol: TCP, external_port: 8080, internal_address: 172.20.0.10, internal_port: 80}
  - name: voice
    network: web
    protocol: UDP
    external_port: 27000-27009
    internal_address: 172.20.0.11
    firewall: {profiles: [Domain], remote_addresses: [10.0.0.0/8]}
""",
    "firewall_rule": """firewall_rules:
  - name: web-ping
    display_name: Ping from the load balancer
    direction: Inbound
    action: Allow
    protocol: ICMPv4
    icmp_types: ["8"]
    remote_addresses: [10.0.0.0/24]
""",
    "acl": """container_networks:
  - {name: tenant, mode: l2bridge, adapter: Ethernet 2, subnet: 10.44.0.0/24}
endpoints:
  - {name: db, network: tenant, address: 10.44.0.20}
acls:
  - endpoint: db
    rules:
      - {action: Allow, direction: In, protocols: TCP, local_ports: 1433, remote_addresses: 10.44.0.10, priority: 100}
      - {action: Block, direction: In, priority: 200}
""",
    "qos": """container_networks:
  - {name: tenant, mode: l2bridge, adapter: Ethernet 2, subnet: 10.44.0.0/24}
endpoints:
  - {name: app, network: tenant}
qos:
  - {endpoint: app, maximum_outgoing_bandwidth: 100 Mbit}
""",
    "outbound_nat": """container_networks:
  - {name: tenant, mode: l2bridge, adapter: Ethernet 2, subnet: 10.44.0.0/24}
endpoints:
  - {name: app, network: tenant}
outbound_nats:
  - {endpoint: app, exceptions: [10.0.0.0/8]}
""",
    "route": """container_networks:
  - {name: tenant, mode: l2bridge, adapter: Ethernet 2, subnet: 10.44.0.0/24}
endpoints:
  - {name: app, network: tenant}
routes:
  - {endpoint: app, routes: [{destination: 10.96.0.0/12, encapsulate: true}]}
""",
    "overlay_peer": """container_networks:
  - {name: vx, mode: overlay, adapter: Ethernet 2, subnet: 10.244.1.0/24, vsid: 4096}
overlay_peers:
  - name: node-2
    network: vx
    subnet: 10.244.2.0/24
    provider_address: 192.168.10.12
    mac: 00-15-5D-AA-00-02
""",
    "ip_set": """container_networks:
  - {name: tenant, mode: l2bridge, adapter: Ethernet 2, subnet: 10.44.0.0/24}
ip_sets:
  - {name: web, network: tenant, addresses: [10.44.0.10, 10.50.0.0/24]}
endpoints:
  - {name: db, network: tenant, address: 10.44.0.20}
acls:
  - endpoint: db
    rules:
      - {action: Allow, direction: In, protocols: TCP, local_ports: 1433, source_sets: [web]}
      - {action: Block, direction: In, priority: 200}
""",
    "network_acl": """container_networks:
  - {name: tenant, mode: l2bridge, adapter: Ethernet 2, subnet: 10.44.0.0/24}
network_acls:
  - network: tenant
    rules:
      - {action: Block, direction: In, protocols: TCP, local_ports: 445}
      - {action: Allow, direction: In, priority: 200}
""",
    "tier_acl": """container_networks:
  - {name: tenant, mode: l2bridge, adapter: Ethernet 2, subnet: 10.44.0.0/24}
endpoints:
  - {name: db, network: tenant, address: 10.44.0.20}
tier_acls:
  - endpoint: db
    tiers:
      - name: admin
        direction: In
        order: 1
        rules:
          - {action: Block, remote_addresses: 10.9.0.0/16}
          - {action: Pass, priority: 200}
""",
    "proxy": """container_networks:
  - {name: tenant, mode: l2bridge, adapter: Ethernet 2, subnet: 10.44.0.0/24}
endpoints:
  - {name: app, network: tenant}
proxies:
  - {endpoint: app, port: 15001, exceptions: [10.0.0.0/8]}
""",
    "nat": """nats:
  - {name: web, prefix: 172.20.0.0/24, switch: web}
  - {name: machines, prefix: 192.168.100.0/24, external_addresses: [{address: 10.0.0.11, ports: 40000-50000}]}
""",
    "reapply": """container_networks:
  - {name: web, mode: nat, subnet: 172.20.0.0/24}
reapply:
  - {name: networks}
""",
    "load_balancer": """container_networks:
  - {name: tenant, mode: l2bridge, adapter: Ethernet 2, subnet: 10.44.0.0/24}
endpoints:
  - {name: app, network: tenant, address: 10.44.0.10}
load_balancers:
  - {name: front, vips: [10.44.0.200], protocol: TCP, external_port: 80, internal_port: 8080, members: [app]}
""",
}


def _type(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        target = definitions.get(name, {})
        return (
            _words(target["enum"])
            if "enum" in target
            else f"[{name}](#{name.lower()})"
            if "properties" in target
            else name
        )
    if "anyOf" in schema:
        parts = [_type(item, definitions) for item in schema["anyOf"] if item.get("type") != "null"]
        return " or ".join(dict.fromkeys(part for part in parts if part))
    if "enum" in schema:
        return _words(schema["enum"])
    if "const" in schema:
        return _words([schema["const"]])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}), definitions) or 'values'}"
    if isinstance(schema.get("type"), list):
        return " or ".join(_type({"type": item}, definitions) for item in schema["type"])
    word = {"integer": "number", "string": "text", "boolean": "true or false", "object": "mapping"}
    shown = word.get(str(schema.get("type")), str(schema.get("format") or schema.get("type") or "value"))
    form = {
        "ipv4": "IPv4 address",
        "ipv6": "IPv6 address",
        "ipv4network": "IPv4 network",
        "ipv6network": "IPv6 network",
    }
    return form.get(str(schema.get("format")), shown)


def _words(values: list[Any]) -> str:
    return " | ".join(f"`{value}`" for value in values)


def _fields(schema: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    yield "| field | value | default | meaning |"
    yield "|---|---|---|---|"
    for name, item in schema.get("properties", {}).items():
        default = "required" if name in schema.get("required", ()) else item.get("default")
        if isinstance(default, dict):
            default = "Any" if {"members", "ranges"} & default.keys() else None
        shown = "" if default in (None, [], "") else f"`{default}`" if default != "required" else "required"
        kind = _type(item, definitions).replace("|", "\\|")
        yield f"| `{name}` | {kind} | {shown} | {item.get('description', '')} |"


def resource_page(kind: str) -> str:
    """Return the page of a kind."""
    cls = KINDS[kind]
    schema = cls.model_json_schema()
    definitions = schema.get("$defs", {})
    lines = [f"# {cls.section}", "", (cls.__doc__ or "").strip(), ""]
    lines += ["<!-- written by tools/resource_docs.py -->", "", *_fields(schema, definitions), ""]
    if cls.short_keys:
        shorts = ", ".join(f"`{short}` for `{'.'.join(map(str, place))}`" for short, place in cls.short_keys.items())
        lines += [f"Short forms: {shorts}.", ""]
    for name, item in definitions.items():
        if "properties" in item:
            lines += [f"## {name}", "", str(item.get("description", "")).strip(), "", *_fields(item, definitions), ""]
    given = [
        (backend, ", ".join(name for name, has in builds.items() if has))
        for feature, backend, builds in table()
        if feature in (kind, "mode:nat" if kind == "container_network" else kind)
    ]
    lines += ["## Backends", "", *(f"- {backend}: {builds or 'not'}" for backend, builds in given), ""]
    lines += [
        "[What each backend gives](../backends.md).",
        "",
        "## Example",
        "",
        "```yaml",
        EXAMPLES[kind].rstrip(),
        "```",
    ]
    return "\n".join(lines) + "\n"


def backends_page() -> str:
    """Return the page of backends."""
    names = list(BUILDS.values())
    lines = [
        "# What each backend gives",
        "",
        "<!-- written by tools/resource_docs.py -->",
        "",
        "A host makes container networks in one of four ways. `backend: auto` takes `hcn` (the Host Compute Network,",
        "from HNS 9.2 on) where something declared needs it (host ports on l2bridge, IPv6, peers of an overlay, sets,",
        "ACLs of networks and tiers) or where containerd or Kubernetes makes the host's networks with it; else the",
        "first that gives all that is declared: `containers` (New-ContainerNetwork, Windows Server 2016 only), then",
        "`hns` (the Host Networking Service). `docker` (docker network create) is used when a site says so. The plan",
        "says which and why. What a backend cannot give refuses the plan before anything is sent. What HNS itself must",
        "have goes by the version that the host tells; the columns show which backends give a thing on these builds,",
        "with the HNS that they are known to have.",
        "",
        f"| declared | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
    ]
    given: dict[str, dict[str, list[str]]] = {}
    for feature, backend, builds in table():
        row = given.setdefault(feature, {name: [] for name in names})
        for name in names:
            row[name] += [backend] * builds[name]
    for feature, row in given.items():
        lines.append(f"| {FEATURES[feature]} | {' | '.join(', '.join(row[name]) or '-' for name in names)} |")
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    """Return every page by its path."""
    folder = ROOT / "docs" / "resources"
    found = {folder / f"{kind}.md": resource_page(kind) for kind in KINDS}
    return found | {ROOT / "docs" / "backends.md": backends_page()}


def main() -> int:
    """Write the pages, or with --check say which are out of date."""
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            sys.stderr.write(f"{path.relative_to(ROOT)} is out of date: run python tools/resource_docs.py\n")
        return 1 if stale else 0
    for path, text in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
