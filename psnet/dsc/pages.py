"""The pages of PSNetDsc: README.md and about_ help of each resource, written from the same models as its schemas."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from psnet.dsc.examples import example_texts

if TYPE_CHECKING:
    from psnet.dsc.resources.model import DscClass, DscProperty

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
    "reapply": "From Windows Server 2019 on nat networks of HNS go at a restart (claims c97, c98); this task makes "
    "them again. The script lies in C:\\ProgramData\\psnet\\reapply, where only SYSTEM and administrators may write; "
    "psnet dsc compile writes it from the site (reapply:). A task that is disabled, or whose script is gone, is "
    "absent.",
    "overlay_peer": "Through the Host Compute Network (HNS 9.2 and later). A prefix is found on its network; one that "
    "differs is taken out and added again. From build 18321 on the network gets a HostRoute too.",
    "ip_set": "Through the Host Compute Network (HNS 13 and later; sets of sets from 15 on). Rules of PSNetEndpointAcl "
    "and PSNetNetworkAcl name it by SourceSets and DestinationSets; it is changed in place.",
    "network_acl": "Through the Host Compute Network (HNS 15). No public client sends it but hcsshim's tests: what HNS "
    "does with it beside the rules of endpoints is a guess.",
    "load_balancer": "A front is found by Vips, Protocol and ExternalPort. One that differs is removed and made again.",
}


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
    first, text = next(iter(example_texts(cls).items()))
    folder = f"../../Examples/Resources/{cls.friendly}"
    said = ["", f"From [{first}]({folder}/{first}), with one that takes it away beside it:", ""]
    return "\n".join([*head, *rows, *said, "```powershell", *_configuration(text), "```", ""])


def about_text(cls: DscClass) -> str:
    """Return ``about_<resource>.help.txt``: the conceptual help that Get-Help shows."""
    lines = [".NAME", f"    {cls.friendly}", "", ".DESCRIPTION", *_wrapped(f"{cls.description} {NOTES[cls.kind]}")]
    for item in cls.properties:
        array = "Array" if item.is_array else ""
        lines += [
            "",
            f".PARAMETER {item.name}",
            f"    {item.qualifier} - {item.embedded or item.type.capitalize()}{array}",
        ]
        if item.values:
            lines.append(f"    Allowed values: {', '.join(item.values)}")
        if item.default not in (None, False):
            lines.append(f"    Default value: {item.default}")
        lines += _wrapped(f"{item.description}.")
    for number, text in enumerate(example_texts(cls).values(), 1):
        told = text[text.index(".DESCRIPTION") :].splitlines()[1].strip()
        lines += ["", f".EXAMPLE {number}", "", told, "", *_configuration(text)]
    return "\n".join([*lines, ""])


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 100, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)


def _configuration(text: str) -> list[str]:
    """Return the block of an example; a script of many lines is named, not shown."""
    lines = text[text.index("\nConfiguration ") + 1 :].splitlines()
    kept: list[str] = []
    inside = False
    for line in lines:
        if line == "'@":
            inside = False
        if not inside:
            kept.append(line)
        if line.endswith("= @'"):
            inside = True
            kept.append("# What psnet dsc compile writes of the site.")
    return kept


def _row(item: DscProperty) -> str:
    array = "[]" if item.is_array else ""
    words = ", ".join(f"`{value}`" for value in item.values)
    default = f" (default `{item.default}`)" if item.default not in (None, False) else ""
    told = item.description.replace("|", "\\|")
    return f"| `{item.name}` | {item.embedded or item.type}{array} | {item.qualifier} | {words}{default} | {told} |"
