"""Address ranges that HNS chooses itself."""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv4Network
from typing import TYPE_CHECKING, Final

from psnet.lab.host.hns.objects import HnsError, Subnet

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns

#: Where HNS looks for a range of its own.
POOLS: Final = (IPv4Network("172.16.0.0/12"), IPv4Network("192.168.0.0/16"))
_LENGTH: Final = 20


def free(hns: Hns) -> Subnet:
    """Return a /20 that nothing on the host overlaps, drawn from all there are; raise HnsError when none is left."""
    # rule: hns-nat-prefix-chosen
    taken = [item.prefix for network in hns.networks for item in network.subnets]
    taken += [own.network for adapter in hns.links.adapters for own in adapter.addresses]
    taken += [nat.prefix for nat in hns.nat.nats]
    ways = [each for pool in POOLS for each in pool.subnets(new_prefix=_LENGTH)]
    ways = [each for each in ways if not any(each.overlaps(other) for other in taken)]
    if not ways:
        raise HnsError(hns.text(87), 0x803B000A)  # rule: hns-nat-prefix-chosen
    found = ways[hns.ids.number(0, len(ways) - 1)]
    return Subnet(found, str(found[1]))


def has_host_bits(text: str) -> bool:
    """Say whether a text is a prefix but for bits set behind its length."""
    try:
        found = IPv4Interface(text)
    except ValueError:
        return False
    return "/" in text and found.ip != found.network.network_address
