"""The pages and examples of PSNetDsc: written from the same models as its schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.powershell import literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.dsc.resources.model import DscClass, DscInstance, DscProperty, Plain

_NAT: Final = {"container_networks": [{"name": "web", "mode": "nat", "subnet": "172.20.0.0/24"}]}
_OWN_NAT: Final = {"nats": [{"name": "web", "prefix": "172.20.0.0/24", "switch": "web"}]}
_APP: Final[dict[str, Any]] = {
    "container_networks": [{"name": "flat", "mode": "l2bridge", "adapter": "Ethernet 2", "subnet": "10.44.0.0/24"}],
    "endpoints": [{"name": "app", "network": "flat", "address": "10.44.0.10"}],
}
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
    "load_balancer": _APP | {"load_balancers": [_FRONT | {"internal_port": 8080, "members": ["app"]}]},
}
_WITH_ENDPOINT: Final = (
    "Policies of other types on the endpoint stay as they are. An endpoint that PSNetEndpoint made is made again with "
    "them, since HNS is known to take them at creation only."
)
#: What a reader of one resource should know beyond its properties.
NOTES: Final[dict[str, str]] = {
    "nat": "Up to Windows Server 2016 WinNAT has one internal prefix a host. Another prefix replaces the NAT; "
    "external addresses are added and taken away one by one, and left alone when ExternalAddresses is not given.",
    "container_network": "A network that differs is removed and made again: HNS changes none in place. What stands on "
    "it goes with it, and its own resources make it again in the same run (DependsOn). On the adapter that carries the "
    "host's connection the LCM goes on while the switch is made, without a roll-back.",
    "cni": "Network, gateway and DNS are read from HNS on the node, so the network's own resource comes first "
    "(DependsOn). The file is written beside and put in its place at once.",
    "endpoint": "An endpoint that differs is removed and made again. HNS gives the next free address when Address is "
    "left out, and any address is right then.",
    "nat_static_mapping": "The host chooses the way: a static mapping of a NAT that Get-NetNat lists, else the create "
    "document of the PSNetEndpoint with that address, which is made again with the port; Via asks for an HNS load "
    "balancer or portproxy. What only a container's runtime publishes is compared: Test is false and Set fails with "
    "the command that does it. What the same name stood for before is known from the ledger, so that a "
    "port that is declared otherwise takes the old one away. The firewall is not opened: declare a PSNetFirewallRule, "
    "as psnet dsc compile does.",
    "firewall_rule": "Only what is declared is compared and set. Spelling makes no difference: 10.0.0.0/255.0.0.0 is "
    "10.0.0.0/8. Test asks for a filter of the rule only when a property of it is declared. New rules get the group "
    "psnet.",
    "acl": "An endpoint with rules of a direction may drop what no rule allows.",
    "qos": _WITH_ENDPOINT,
    "outbound_nat": _WITH_ENDPOINT,
    "route": _WITH_ENDPOINT,
    "proxy": "Policies of other types on the endpoint stay as they are.",
    "load_balancer": "A front is found by Vips, Protocol and ExternalPort. One that differs is removed and made again.",
}


def example_instances(kind: str) -> list[DscInstance]:
    """Return the instances of a kind's example; the last one is of the kind."""
    import yaml  # noqa: PLC0415 - for pages only

    from psnet.dsc.compile.site import instances_of  # noqa: PLC0415 - compiling needs resources
    from psnet.site.load import parse_site  # noqa: PLC0415 - as above

    source = parse_site(yaml.safe_dump(EXAMPLES[kind]))
    return instances_of(source.for_host("localhost"), source, "localhost")[0]


def readme_text(cls: DscClass) -> str:
    """Return the README.md of a resource."""
    rows = [_row(item) for item in cls.properties]
    head = [
        f"# {cls.friendly}",
        "",
        cls.description,
        NOTES[cls.kind],
        "",
        "| property | type | kind | values | meaning |",
        "|---|---|---|---|---|",
    ]
    block = ["", "```powershell", *_configuration(example_instances(cls.kind)), "```", ""]
    return "\n".join([*head, *rows, *block])


def _row(item: DscProperty) -> str:
    array = "[]" if item.is_array else ""
    words = ", ".join(f"`{value}`" for value in item.values)
    default = f" (default `{item.default}`)" if item.default not in (None, False) else ""
    told = item.description.replace("|", "\\|")
    return f"| `{item.name}` | {item.embedded or item.type}{array} | {item.qualifier} | {words}{default} | {told} |"


def _configuration(instances: Sequence[DscInstance]) -> list[str]:
    lines = ["Configuration Example", "{", "    Import-DscResource -ModuleName 'PSNetDsc'", ""]
    for item in instances:
        lines += [f"    {item.cls.friendly} {literal(item.name)}", "    {"]
        lines += [f"        {name} = {literal(value)}" for name, value in item.properties.items()]
        if item.depends_on:
            lines.append(f"        DependsOn = {literal([need.id for need in item.depends_on])}")
        lines += ["    }", ""]
    return [*lines[:-1], "}"]


def example_texts(cls: DscClass) -> dict[str, str]:
    """Return the numbered examples by file name: made, and taken away, with Invoke-DscResource."""
    instances = example_instances(cls.kind)
    friendly = cls.friendly
    made = [f"# Makes what {friendly} stands for, and what it needs.", *_calls(instances, {})]
    gone = [f"# Takes away what 1-{friendly}_Present.ps1 made with {friendly}."]
    gone += _calls(instances[-1:], {"Ensure": "Absent"})
    return {f"1-{friendly}_Present.ps1": "\n".join([*made, ""]), f"2-{friendly}_Absent.ps1": "\n".join([*gone, ""])}


def _calls(instances: Sequence[DscInstance], change: dict[str, Plain]) -> list[str]:
    lines: list[str] = []
    for item in instances:
        lines += ["", "$properties = @{"]
        lines += [f"    {name} = {literal(value)}" for name, value in (item.properties | change).items()]
        lines += ["}"]
        call = f"Invoke-DscResource -Name '{item.cls.friendly}' -ModuleName 'PSNetDsc' -Property $properties -Method"
        lines += [f"{call} Set", f"{call} Test"]
    return lines
