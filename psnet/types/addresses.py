"""Networks and the address sets of firewall filters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator

from psnet.types._canonical import Canonical

# Keywords of New-NetFirewallRule -LocalAddress and -RemoteAddress (reference/cmdlets/NetSecurity.yaml).
KEYWORDS = (
    "Any",
    "LocalSubnet",
    "LocalSubnet4",
    "LocalSubnet6",
    "DNS",
    "DNS4",
    "DNS6",
    "DHCP",
    "DHCP4",
    "DHCP6",
    "WINS",
    "WINS4",
    "WINS6",
    "DefaultGateway",
    "DefaultGateway4",
    "DefaultGateway6",
    "Internet",
    "Internet4",
    "Internet6",
    "Intranet",
    "Intranet4",
    "Intranet6",
    "IntranetRemoteAccess",
    "IntranetRemoteAccess4",
    "IntranetRemoteAccess6",
    "PlayToDevice",
    "PlayToDevice4",
    "PlayToDevice6",
    "CaptivePortal",
    "CaptivePortal4",
    "CaptivePortal6",
)


def parse_network(value: object) -> IPv4Network | IPv6Network:
    """Accept ``172.20.0.0/24`` and ``172.20.0.0/255.255.255.0``; refuse host bits and bare addresses."""
    if isinstance(value, IPv4Network | IPv6Network):
        return value
    if not isinstance(value, str) or "/" not in value:
        raise ValueError(f"a prefix is written as 172.20.0.0/24, not {value!r}")
    try:
        return ip_network(value.strip())
    except ValueError as error:
        if "host bits" in str(error):
            wanted = ip_network(value.strip(), strict=False)
            raise ValueError(f"{value} has host bits set; the prefix is {wanted}") from None
        raise ValueError(f"not a prefix: {value!r} (write it as 172.20.0.0/24)") from None


@lru_cache(maxsize=4096)
def network_of(value: str) -> IPv4Network | IPv6Network:
    """Return the prefix of an address with a length, host bits dropped: early 2016 shows a NAT's so (record e01)."""
    return ip_network(value.strip(), strict=False)


Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(parse_network)]


@dataclass(frozen=True, slots=True)
class AddressSet(Canonical):
    """What a firewall address filter matches: prefixes, ranges, single addresses, keywords.

    The firewall gives ``10.0.0.0/8`` back as ``10.0.0.0/255.0.0.0``; both are the same set here.
    """

    members: tuple[str, ...] = ()
    json_schema: ClassVar[dict[str, Any]] = {
        "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
    }

    def __str__(self) -> str:
        return ",".join(self.plain())

    def plain(self) -> list[str]:
        """Return the members as New-NetFirewallRule takes them."""
        return list(self.members) or ["Any"]

    @classmethod
    def parse(cls, value: object) -> Self:
        """Accept one spelling or a list: "10.0.0.0/8", "10.0.0.1-10.0.0.9", "LocalSubnet", "Any"."""
        items = list(value) if isinstance(value, list | tuple) else [value]
        members = {_member(part.strip()) for item in items for part in _text(item).split(",")}
        return cls() if "Any" in members else cls(tuple(sorted(members, key=_order)))


def _text(value: object) -> str:
    if isinstance(value, str | IPv4Address | IPv6Address | IPv4Network | IPv6Network):
        return str(value)
    raise ValueError(f"an address is text such as 10.0.0.0/8 or LocalSubnet, not {value!r}")


def _member(text: str) -> str:
    known = next((name for name in KEYWORDS if name.lower() == text.lower()), None)
    if known:
        return known
    try:
        if "-" in text:
            first, last = (ip_address(part.strip()) for part in text.split("-", 1))
            if first.version != last.version or int(first) > int(last):
                raise ValueError(text)
            return str(first) if first == last else f"{first}-{last}"
        if "/" in text:
            network = ip_network(text, strict=False)
            return str(network.network_address) if network.num_addresses == 1 else str(network)
        return str(ip_address(text))
    except ValueError:
        raise ValueError(
            f"{text!r} is no address; write 10.0.0.1, 10.0.0.0/8, 10.0.0.1-10.0.0.9 or a keyword such as LocalSubnet"
        ) from None


def _order(member: str) -> tuple[int, int, int, str]:
    first = member.split("-", 1)[0].split("/", 1)[0]
    try:
        address = ip_address(first)
    except ValueError:
        return (9, 0, 0, member)
    return (address.version, int(address), 0, member)
