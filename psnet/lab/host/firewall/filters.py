"""What the firewall accepts in a filter, and how it gives it back. All functions raise ValueError.

Address and port keywords are those of the NetSecurity reference; where each keyword may stand and the limits
of texts are those of [MS-FASP] FW_RULE, FW_PORTS and FW_ADDRESSES. A list in one text ("80,443") is refused: a
list of texts is wanted.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from psnet.types.addresses import KEYWORDS as ADDRESS_WORDS
from psnet.types.ports import KEYWORDS as PORT_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LONGEST_TEXT: Final = 10_000
LONGEST_NAME: Final = 255
#: Numbers that -Protocol gives back as words.
PROTOCOLS: Final = {"1": "ICMPv4", "6": "TCP", "17": "UDP", "58": "ICMPv6"}
_PORT_WORDS: Final = {word.lower(): word for word in PORT_WORDS}
_ADDRESS_WORDS: Final = {word.lower(): word for word in ADDRESS_WORDS}
_PORTS: Final = re.compile(r"([0-9]{1,5})(?:-([0-9]{1,5}))?")
_ICMP: Final = re.compile(r"([0-9]{1,3})(?::([0-9]{1,3}|\*))?")
_SID: Final = re.compile(r"S-1(?:-[0-9]+)+", re.IGNORECASE)
_SDDL: Final = re.compile(r"(?:O:[^():]+)?(?:G:[^():]+)?D:[A-Z]*(?:\([^()]*\))+")
_PLATFORM: Final = re.compile(r"[0-9]+\.[0-9]+\+?")


def text(value: str, longest: int = LONGEST_TEXT) -> str:
    """Return a name, a description or a group: 1 to ``longest`` characters without ``|``."""
    if not 1 <= len(value) <= longest or "|" in value:
        raise ValueError(value)
    return value


def display_name(value: str) -> str:
    """Return a display name; ``all`` is no name ([MS-FASP] FW_RULE wszName)."""
    if value.lower() == "all":
        raise ValueError(value)
    return text(value)


def service(value: str) -> str:
    """Return a service's short name, ``*`` for any service, ``Any`` for no restriction."""
    if "/" in value or "\\" in value:
        raise ValueError(value)
    return word(value, LONGEST_NAME)


def word(value: str, longest: int = LONGEST_TEXT) -> str:
    """Return a text in which Any in any case means no restriction."""
    return "Any" if value.lower() == "any" else text(value, longest)


def sid(value: str) -> str:
    """Return a security identifier."""
    if not _SID.fullmatch(value):
        raise ValueError(value)
    return value.upper()


def sddl(value: str) -> str:
    """Return a list of users or computers in SDDL, or Any."""
    if value.lower() == "any":
        return "Any"
    if not _SDDL.fullmatch(value):
        raise ValueError(value)
    return value


def protocol(value: str) -> str:
    """Return TCP, UDP, ICMPv4, ICMPv6, Any or a number from 0 to 255 as text."""
    for known in (*PROTOCOLS.values(), "Any"):
        if known.lower() == value.lower():
            return known
    if not re.fullmatch(r"[0-9]{1,3}", value) or int(value) > 255:
        raise ValueError(value)
    return PROTOCOLS.get(str(int(value)), str(int(value)))


def port(value: str) -> str:
    """Return a port, a range of ports, or a keyword."""
    known = _PORT_WORDS.get(value.lower())
    if known:
        return known
    match = _PORTS.fullmatch(value)
    if match is None or not int(match[1]) <= int(match[2] or match[1]) <= 65535:
        raise ValueError(value)
    return str(int(match[1])) if match[2] is None else f"{int(match[1])}-{int(match[2])}"


def icmp_type(value: str) -> str:
    """Return an ICMP type, ``type:code``, or Any; ``type:*`` is the type alone."""
    if value.lower() == "any":
        return "Any"
    match = _ICMP.fullmatch(value)
    code = match[2] if match else None
    if match is None or int(match[1]) > 255 or (code not in (None, "*") and int(code or 0) > 255):
        raise ValueError(value)
    return str(int(match[1])) if code in (None, "*") else f"{int(match[1])}:{int(code or 0)}"


def local_address(value: str) -> str:
    """Return an address, a range or a prefix of this host; of the keywords only Any."""
    found = address(value)
    if found != "Any" and found.lower() in _ADDRESS_WORDS:
        raise ValueError(value)
    return found


def address(value: str) -> str:
    """Return an address, a range, a keyword, or a prefix: with IPv4 in mask form, as the firewall gives it."""
    known = _ADDRESS_WORDS.get(value.lower())
    if known:
        return known
    if "%" in value:
        raise ValueError(value)
    if "-" in value:
        first, last = (ip_address(part) for part in value.split("-", 1))
        if first.version != last.version or int(first) > int(last):
            raise ValueError(value)
        return f"{first}-{last}"
    if "/" in value:
        network = _network(value)
        return network.with_netmask if network.version == 4 else str(network)
    return str(ip_address(value))


def _network(value: str) -> IPv4Network | IPv6Network:
    mask = value.split("/", 1)[1]
    network = ip_network(value, strict=False)
    if not mask.isdecimal() and IPv4Address(mask) != network.netmask:
        raise ValueError(value)  # a host mask, which Python reads too
    return network


def platform(value: str) -> str:
    """Return a Windows version such as ``10.0`` or ``6.2+``."""
    if not _PLATFORM.fullmatch(value):
        raise ValueError(value)
    return value


def listed(one: Callable[[str], str]) -> Callable[[Any], list[str]]:
    """Return the check of a list: each element by itself, Any alone, at least one."""

    def check(values: Iterable[Any]) -> list[str]:
        items = [values] if isinstance(values, str) else values
        found = list(dict.fromkeys(one(str(item)) for item in items))
        if not found or ("Any" in found and len(found) > 1):
            raise ValueError(str(values))
        return found

    return check


def choice(*words: str) -> Callable[[str], str]:
    """Return the check of an enumeration."""
    known = {item.lower(): item for item in words}

    def check(value: str) -> str:
        if value.lower() not in known:
            raise ValueError(value)
        return known[value.lower()]

    return check


_PROFILES: Final = ("Domain", "Private", "Public")


def profile(value: str) -> str:
    """Return Any or the profiles joined as the enumeration prints them."""
    if value.lower() == "any":
        return "Any"
    wanted = {part.strip().lower() for part in value.split(",")}
    if not wanted or wanted - {name.lower() for name in _PROFILES}:
        raise ValueError(value)
    return ", ".join(name for name in _PROFILES if name.lower() in wanted)
