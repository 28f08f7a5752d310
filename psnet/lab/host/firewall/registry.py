"""A rule as the text that the persistent store keeps of it in the registry ([MS-GPFAS] 2.2.2.19)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.lab.host.firewall.filters import PROTOCOLS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from psnet.lab.host.firewall.rule import Rule

#: Where the store is, below HKEY_LOCAL_MACHINE.
KEY: Final = "SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules"
_VERSIONS: Final = ((26100, "v2.33"), (20348, "v2.31"), (17763, "v2.29"), (0, "v2.26"))
_NUMBERS: Final = {word: number for number, word in PROTOCOLS.items()}
_KINDS: Final = {"Wired": "Lan", "Wireless": "Wireless", "RemoteAccess": "RemoteAccess"}
_PORT_WORDS: Final = {"RPCEPMap": "RPC-EPMap"}
#: Port words of later versions stand in fields of their own.
_LATER_PORTS: Final = {
    **dict.fromkeys(("IPHTTPSIn", "IPHTTPSOut"), "2_10"),
    **dict.fromkeys(("PlayToDiscovery", "Ply2Disc"), "2_20"),
    **dict.fromkeys(("mDNS", "CORTANA_OUT"), "2_24"),
}
_ADDRESS_WORDS: Final = ("LocalSubnet", "DNS", "DHCP", "WINS", "DefaultGateway")
_LATER_ADDRESSES: Final = {
    "Internet": "IntErnet",
    "Intranet": "IntrAnet",
    "IntranetRemoteAccess": "RmtIntrAnet",
    "PlayToDevice": "Ply2Renders",
    "CaptivePortal": "CaptivePortal",
}
_SECURITY: Final = {"Required": "Authenticate", "NoEncap": "An-NoEncap"}


def rule_text(rule: Rule, build: int, interfaces: Mapping[str, str]) -> str:
    """Return the text of a rule on a build; ``interfaces`` are the identifiers of the host's by their names."""
    # rule: firewall-registry-text
    version = next(word for least, word in _VERSIONS if build >= least)
    return "|".join((version, *(f"{name}={value}" for name, value in _fields(rule, interfaces)), ""))


def _fields(rule: Rule, interfaces: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "Action", rule.action
    yield "Active", _truth(rule.enabled)
    yield "Dir", "In" if rule.direction == "Inbound" else "Out"
    if rule.protocol != "Any":
        yield "Protocol", _NUMBERS.get(rule.protocol, rule.protocol)
    if rule.profile != "Any":
        yield from (("Profile", word) for word in rule.profile.split(", "))
    yield from _ports("LPort", rule.local_port)
    yield from _ports("RPort", rule.remote_port)
    if rule.icmp_type != ["Any"]:
        field = "ICMP4" if rule.protocol == "ICMPv4" else "ICMP6"
        yield from ((field, item if ":" in item else f"{item}:*") for item in rule.icmp_type)
    yield from _addresses("LA", rule.local_address)
    yield from _addresses("RA", rule.remote_address)
    if rule.interface_alias != ["Any"]:
        # rule: firewall-registry-interface
        yield from (("IF", interfaces.get(name.lower(), _GONE)) for name in rule.interface_alias)
    if rule.interface_type != "Any":
        yield "IFType", _KINDS[rule.interface_type]
    for field, value in (("App", rule.program), ("Svc", rule.service)):
        if value != "Any":
            yield field, value
    texts = (("Name", rule.display_name), ("Desc", rule.description), ("EmbedCtxt", rule.group))
    yield from ((field, text) for field, text in texts if text)
    if rule.edge_traversal == "Allow":
        yield "Edge", "TRUE"
    elif rule.edge_traversal != "Block":
        yield "Defer", rule.edge_traversal.removeprefix("DeferTo")
    yield from _conditions(rule)


_GONE: Final = "{00000000-0000-0000-0000-000000000000}"


def _conditions(rule: Rule) -> Iterator[tuple[str, str]]:
    flags = (("LSM", rule.loose_source_mapping), ("LOM", rule.local_only_mapping))
    yield from ((field, "TRUE") for field, is_set in flags if is_set)
    if rule.authentication != "NotRequired":
        yield "Security", _SECURITY[rule.authentication]
    texts = (
        ("RMauth", rule.remote_machine),
        ("RUAuth", rule.remote_user),
        ("LUAuth", rule.local_user),
        ("LUOwn", rule.owner),
        ("AppPkgId", rule.package),
    )
    yield from ((field, text) for field, text in texts if text and text != "Any")


def _truth(value: bool) -> str:  # noqa: FBT001 - one value is all there is
    return "TRUE" if value else "FALSE"


def _ports(field: str, ports: Iterable[str]) -> Iterator[tuple[str, str]]:
    for port in ports:
        if port != "Any":
            place = "2_10" if "-" in port else _LATER_PORTS.get(port, "")
            yield f"{field}{place}", _PORT_WORDS.get(port, port)


def _addresses(field: str, addresses: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield IPv4 and IPv6 in their own fields; a word without a number stands in both."""
    for address in addresses:
        if address == "Any":
            continue
        word = address.rstrip("46")
        if word in _ADDRESS_WORDS or word in _LATER_ADDRESSES:
            later = "" if word in _ADDRESS_WORDS else "2"
            versions = ("4", "6") if word == address else (address[-1],)
            yield from ((f"{field}{version}{later}", _LATER_ADDRESSES.get(word, word)) for version in versions)
        else:
            yield f"{field}{'6' if ':' in address else '4'}", address
