"""The ipaddr family, on the standard library's ipaddress (Ansible: ansible.utils.ipaddr and its kin)."""

from __future__ import annotations

import ipaddress
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Interface = ipaddress.IPv4Interface | ipaddress.IPv6Interface
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_LONG_PREFIXES: Final = (31, 127)


def _read(value: Any) -> Interface | None:
    """Return an address with its network; None for what is no address."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip() if not isinstance(value, int) else value
    try:
        return ipaddress.ip_interface(text)
    except ValueError:
        return None


def _single(item: Interface) -> bool:
    return item.network.prefixlen == item.network.max_prefixlen


def _is_network(item: Interface) -> bool:
    return not _single(item) and item.ip == item.network.network_address


def _usable(network: Network) -> tuple[Any, Any]:
    """Return the first and the last usable address."""
    first, last = network.network_address, network.broadcast_address
    if network.prefixlen in _LONG_PREFIXES or network.num_addresses <= 2:  # noqa: PLR2004 - a pair, or one
        return first, last
    return first + 1, (last - 1 if network.version == 4 else last)  # noqa: PLR2004 - IPv6 has no broadcast


def _shown(item: Interface) -> str:
    """Return an address as it was written: alone, or with its prefix length."""
    return str(item.ip) if _single(item) else str(item)


def _host(item: Interface) -> str | None:
    if _single(item):
        return str(item)
    return str(item) if item.ip != item.network.network_address or item.network.prefixlen in _LONG_PREFIXES else None


def _peer(item: Interface) -> str | None:
    network = item.network
    if network.num_addresses != 2:  # noqa: PLR2004 - point to point
        return None
    return str(next(each for each in network if each != item.ip))


_QUERIES: Final[Mapping[str, Callable[[Interface], Any]]] = {
    "": _shown,
    "address": lambda item: str(item.ip) if not _is_network(item) or item.network.prefixlen in _LONG_PREFIXES else None,
    "ip": lambda item: str(item.ip) if not _is_network(item) else None,
    "bool": lambda _: True,
    "broadcast": lambda item: str(item.network.broadcast_address) if item.network.num_addresses > 2 else None,  # noqa: PLR2004 - a pair has none
    "cidr": str,
    "first_usable": lambda item: None if _single(item) else str(_usable(item.network)[0]),
    "last_usable": lambda item: None if _single(item) else str(_usable(item.network)[1]),
    "range_usable": lambda item: None if _single(item) else "-".join(map(str, _usable(item.network))),
    "host": _host,
    "host/prefix": lambda item: None if _single(item) else _host(item),
    "address/prefix": lambda item: None if _single(item) else _host(item),
    "hostmask": lambda item: str(item.network.hostmask),
    "wildcard": lambda item: str(item.network.hostmask),
    "int": lambda item: int(item.ip) if _single(item) else f"{int(item.ip)}/{item.network.prefixlen}",
    "ipv4": lambda item: _shown(item) if item.version == 4 else None,  # noqa: PLR2004 - the version
    "ipv6": lambda item: _shown(item) if item.version == 6 else None,  # noqa: PLR2004 - as above
    "link-local": lambda item: _shown(item) if item.ip.is_link_local else None,
    "loopback": lambda item: _shown(item) if item.ip.is_loopback else None,
    "multicast": lambda item: _shown(item) if item.ip.is_multicast else None,
    "net": lambda item: str(item.network) if _is_network(item) else None,
    "netmask": lambda item: str(item.network.netmask),
    "network": lambda item: str(item.network.network_address),
    "network_id": lambda item: str(item.network.network_address),
    "network/prefix": lambda item: str(item.network),
    "subnet": lambda item: str(item.network),
    "ip/prefix": lambda item: str(item) if not _single(item) else None,
    "ip_netmask": lambda item: f"{item.ip} {item.network.netmask}" if not _single(item) else None,
    "network_netmask": lambda item: f"{item.network.network_address} {item.network.netmask}",
    "peer": _peer,
    "prefix": lambda item: item.network.prefixlen,
    "private": lambda item: _shown(item) if item.ip.is_private else None,
    "public": lambda item: _shown(item) if item.ip.is_global else None,
    "unicast": lambda item: None if item.ip.is_multicast else _shown(item),
    "revdns": lambda item: f"{item.ip.reverse_pointer}.",
    "size": lambda item: item.network.num_addresses,
    "size_usable": lambda item: (
        1 if _single(item) else int(_usable(item.network)[1]) - int(_usable(item.network)[0]) + 1
    ),
    "type": lambda item: "network" if _is_network(item) else "address",
    "version": lambda item: item.version,
}


def ipaddr(value: Any, query: Any = "", version: int | None = None) -> Any:
    """Return what a query says of an address or a network, False when it says nothing; of a list what it says of each.

    A number takes that address of the network (0 the first, -1 the last) with its prefix length; a network asks whether
    the address is in it.
    """
    if isinstance(value, list | tuple):
        found = [ipaddr(item, query, version) for item in value]
        return [item for item in found if item is not False]
    item = _read(value)
    if item is None or (version is not None and item.version != version):
        return False
    word = str(query)
    if word in _QUERIES:
        said = _QUERIES[word](item)
        return False if said is None else said
    if word.lstrip("-").isdigit():
        return _nth(item, int(word))
    around = _read(word)
    if around is None:
        raise ValueError(f"ipaddr knows no query {query!r}: {', '.join(filter(None, _QUERIES))}")
    inside = item.version == around.version and item.network.subnet_of(around.network)  # type: ignore[arg-type]
    return _shown(item) if inside else False


def _nth(item: Interface, number: int) -> str | bool:
    try:
        return f"{item.network[number]}/{item.network.prefixlen}"
    except IndexError:
        return False


def nthhost(value: Any, query: Any = 0) -> Any:
    """Return the n-th address of a network, without a prefix length."""
    item = _read(value)
    if item is None:
        return False
    try:
        return str(item.network[int(query)])
    except IndexError:
        return False


def ipsubnet(value: Any, query: Any = "", index: Any = None) -> Any:
    """Return how many subnets of a size a network has, the n-th of them, or an address's place in a network."""
    item = _read(value)
    if item is None:
        return False
    if query == "":
        return str(item.network)
    if str(query).isdigit():
        return _subnets(item, int(query), index)
    around = _read(query)
    if around is None:
        raise ValueError(f"ipsubnet takes a prefix length or a network, not {query!r}")
    if index is not None:
        raise ValueError("ipsubnet takes a network alone, or a prefix length with a number")
    if item.version != around.version or not item.network.subnet_of(around.network):  # type: ignore[arg-type]
        return False
    return str(
        (int(item.network.network_address) - int(around.network.network_address)) // item.network.num_addresses + 1
    )


def _subnets(item: Interface, length: int, index: Any) -> Any:
    own = item.network.prefixlen
    if length > item.network.max_prefixlen:
        return False
    if index is None:
        if _single(item):
            return str(ipaddress.ip_network(f"{item.ip}/{length}", strict=False))
        return str(2 ** (length - own)) if length >= own else False
    if _single(item):
        return _around(item, length, int(index))
    if length < own:
        return False
    number = int(index) if int(index) >= 0 else 2 ** (length - own) + int(index)
    if not 0 <= number < 2 ** (length - own):
        return False
    step = 2 ** (item.network.max_prefixlen - length)
    start = int(item.network.network_address) + number * step
    return str(ipaddress.ip_network((start, length)) if item.version == 4 else ipaddress.IPv6Network((start, length)))  # noqa: PLR2004 - the version


def _around(item: Interface, length: int, index: int) -> Any:
    """Return the network of a length around an address, narrowed by ``index`` bits."""
    lengths = range(length, item.network.max_prefixlen)
    found = list(islice((ipaddress.ip_network(f"{item.ip}/{each}", strict=False) for each in lengths), 200))
    try:
        return str(found[index])
    except IndexError:
        return False


def cidr_merge(value: list[Any], action: str = "merge") -> Any:
    """Return networks as few as possible, or the one that holds them all (``span``)."""
    networks = [item.network for item in map(_read, value) if item is not None]
    if len(networks) != len(value):
        raise ValueError("cidr_merge takes networks")
    if action == "merge":
        return [str(item) for version in (4, 6) for item in _collapsed(networks, version)]
    if action != "span":
        raise ValueError(f"cidr_merge merges or spans, not {action!r}")
    if not networks:
        return None
    span: Network = networks[0]
    while not all(item.version == span.version and item.subnet_of(span) for item in networks):  # type: ignore[arg-type]
        span = span.supernet()
    return str(span)


def _collapsed(networks: list[Any], version: int) -> Any:
    return ipaddress.collapse_addresses(item for item in networks if item.version == version)


def _contains(value: Any, other: Any) -> bool:
    outer, inner = _read(value), _read(other)
    if outer is None or inner is None:
        raise ValueError(f"{value!r} and {other!r} are to be networks or addresses")
    return outer.version == inner.version and inner.network.subnet_of(outer.network)  # type: ignore[arg-type]


def ipmath(value: Any, amount: int) -> str:
    """Return an address so many after (or before) another."""
    item = _read(value)
    if item is None:
        raise ValueError(f"{value!r} is no address")
    return str(item.ip + int(amount))


def next_nth_usable(value: Any, offset: int) -> Any:
    """Return the usable address so many after this one in its network."""
    item = _read(value)
    if item is None or _single(item):
        return False
    wanted = item.ip + int(offset)
    first, last = _usable(item.network)
    return str(wanted) if first <= wanted <= last else False


NETWORK = {
    "ipaddr": ipaddr,
    "ipv4": lambda value, query="": ipaddr(value, query, 4),
    "ipv6": lambda value, query="": ipaddr(value, query, 6),
    "ipwrap": lambda value: f"[{value}]" if ipaddr(value, "", 6) else value,
    "ipsubnet": ipsubnet,
    "nthhost": nthhost,
    "ipmath": ipmath,
    "cidr_merge": cidr_merge,
    "network_in_network": _contains,
    "next_nth_usable": next_nth_usable,
    "previous_nth_usable": lambda value, offset: next_nth_usable(value, -int(offset)),
}
