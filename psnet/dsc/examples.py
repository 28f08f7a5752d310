"""The examples of PSNetDsc: Configuration blocks for each resource, laid out and headed as the DSC community does."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from psnet.dsc.resources import MODULE
from psnet.powershell import literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.dsc.resources.model import DscClass, DscInstance, Plain

PROJECT: Final = "https://github.com/psnet/psnet"
#: What the GUIDs of examples are made from: the module's own.
_SPACE: Final = uuid.UUID("6e0a5b0f-5a3d-4a3e-9b1c-2f6f0d3c7a41")
_NAT: Final = {"container_networks": [{"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}]}
_OWN_NAT: Final = {"nats": [{"name": "web", "prefix": "172.20.0.0/24", "switch": "web"}]}
_APP: Final[dict[str, Any]] = {
    "container_networks": [{"name": "flat", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "10.44.0.0/24"}],
    "endpoints": [{"name": "app", "network": "flat", "address": "10.44.0.10"}],
}
_FLAT_ALONE: Final = {"container_networks": _APP["container_networks"]}
_SET: Final = {"name": "web", "network": "flat", "addresses": ["10.44.0.10", "10.50.0.0/24"]}
_FROM_SET: Final = {"action": "Allow", "direction": "In", "source_sets": ["web"]}
_OF_APP: Final = {"endpoint": "app"}
_PORT_80: Final = {"action": "Allow", "direction": "In", "protocols": "TCP", "local_ports": 80}
_FRONT: Final = {"name": "front", "vips": ["10.44.0.200"], "protocol": "TCP", "external_port": 80}
#: A site for each kind that shows its resource; what it needs stands before it.
EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "nat": _OWN_NAT,
    "container_network": _NAT,
    "cni": _NAT | {"cni": [{"name": "web", "runtime": "nerdctl"}]},
    "endpoint": _APP,
    "nat_static_mapping": _OWN_NAT
    | {
        "nat_static_mappings": [
            {"name": "http", "network": "web", "protocol": "TCP", "external_port": 8080, "firewall": False}
            | {"internal_address": "172.20.0.10", "internal_port": 80}
        ]
    },
    "firewall_rule": {
        "firewall_rules": [
            {"name": "web", "direction": "Inbound", "action": "Allow", "protocol": "TCP"}
            | {"local_ports": [80, 443], "remote_addresses": ["10.0.0.0/8"]}
        ]
    },
    "acl": _APP | {"acls": [_OF_APP | {"rules": [_PORT_80, {"action": "Block", "direction": "In", "priority": 200}]}]},
    "qos": _APP | {"qos": [_OF_APP | {"maximum_outgoing_bandwidth": "100 Mbit"}]},
    "outbound_nat": _APP | {"outbound_nats": [_OF_APP | {"exceptions": ["10.0.0.0/8"]}]},
    "route": _APP | {"routes": [_OF_APP | {"routes": [{"destination": "10.96.0.0/12", "encapsulate": True}]}]},
    "proxy": _APP | {"proxies": [_OF_APP | {"port": 15001, "exceptions": ["10.0.0.0/8"]}]},
    "overlay_peer": {
        "container_networks": [
            {"name": "vx", "mode": "overlay", "adapter": "Ethernet 2", "subnet": "10.244.1.0/24", "vsid": 4096}
        ],
        "overlay_peers": [
            {"name": "node-2", "network": "vx", "subnet": "10.244.2.0/24", "provider_address": "192.168.10.12"}
            | {"mac": "00-15-5D-AA-00-02"}
        ],
    },
    "ip_set": _FLAT_ALONE | {"ip_sets": [_SET]},
    "network_acl": _FLAT_ALONE | {"ip_sets": [_SET], "network_acls": [{"network": "flat", "rules": [_FROM_SET]}]},
    "reapply": _NAT | {"reapply": [{"name": "networks"}]},
    "load_balancer": _APP | {"load_balancers": [_FRONT | {"internal_port": 8080, "members": ["app"]}]},
}


def example_instances(kind: str) -> list[DscInstance]:
    """Return the instances of a kind's example; the last one is of the kind."""
    import yaml  # noqa: PLC0415 - for pages only

    from psnet.dsc.compile.site import instances_of  # noqa: PLC0415 - compiling needs resources
    from psnet.site.load import parse_site  # noqa: PLC0415 - as above

    source = parse_site(yaml.safe_dump(EXAMPLES[kind]))
    return instances_of(source.for_host("localhost"), source, "localhost")[0]


def example_texts(cls: DscClass) -> dict[str, str]:
    """Return the numbered examples by file name: a configuration that makes a thing, and one that takes it away."""
    instances = example_instances(cls.kind)
    friendly = cls.friendly
    made = f"Makes what {friendly} stands for, and what it needs."
    gone = f"Takes away what 1-{friendly}_Present_Config.ps1 made with {friendly}."
    return {
        f"1-{friendly}_Present_Config.ps1": _script(f"{friendly}_Present_Config", made, instances, {}),
        f"2-{friendly}_Absent_Config.ps1": _script(
            f"{friendly}_Absent_Config", gone, instances[-1:], {"Ensure": "Absent"}
        ),
    }


def _script(name: str, told: str, instances: Sequence[DscInstance], change: dict[str, Plain]) -> str:
    lines = [*_head(name), f"#Requires -Module {MODULE}", "", "<#", "    .DESCRIPTION", f"        {told}", "#>"]
    lines += [
        f"Configuration {name}",
        "{",
        f"    Import-DscResource -ModuleName '{MODULE}'",
        "",
        "    Node localhost",
        "    {",
    ]
    return "\n".join([*lines, *_blocks(instances, change), "    }", "}", ""])


def _head(name: str) -> Iterator[str]:
    """Yield what PowerShellGet asks of a script that is published by itself."""
    said = {
        "VERSION": "1.0.0",
        "GUID": str(uuid.uuid5(_SPACE, name)),
        "AUTHOR": "The psnet developers",
        "COMPANYNAME": "psnet",
        "COPYRIGHT": "(c) The psnet developers. MIT licence.",
        "TAGS": "DSCConfiguration",
        "LICENSEURI": f"{PROJECT}/blob/main/LICENSE",
        "PROJECTURI": PROJECT,
        "ICONURI": "",
        "EXTERNALMODULEDEPENDENCIES": "",
        "REQUIREDSCRIPTS": "",
        "EXTERNALSCRIPTDEPENDENCIES": "",
        "RELEASENOTES": "First release.",
        "PRIVATEDATA": "2016-Datacenter, 2019-Datacenter, 2022-Datacenter",
    }
    yield "<#PSScriptInfo"
    yield from (f".{key} {value}".rstrip() for key, value in said.items())
    yield from ("#>", "")


def _blocks(instances: Sequence[DscInstance], change: dict[str, Plain], indent: str = " " * 8) -> Iterator[str]:
    for index, item in enumerate(instances):
        if index:
            yield ""
        yield f"{indent}{item.cls.friendly} {literal(item.name)}"
        yield f"{indent}{{"
        properties = item.properties | change
        if change:
            keys = {each.name for each in item.cls.properties if each.qualifier in ("Key", "Required")}
            properties = {name: value for name, value in properties.items() if name in keys | change.keys()}
        width = max(map(len, (*properties, *(("DependsOn",) if item.depends_on and not change else ()))))
        for name, value in properties.items():
            yield from f"{indent}    {name:<{width}} = {shown(value)}".split("\n")
        if item.depends_on and not change:
            yield f"{indent}    {'DependsOn':<{width}} = {literal([need.id for need in item.depends_on])}"
        yield f"{indent}}}"


def shown(value: Plain) -> str:
    """Return a value as PowerShell; a text of several lines as a here-string."""
    if isinstance(value, str) and "\n" in value and "\n'@" not in value:
        return f"@'\n{value}\n'@"
    return literal(value)
