"""Values of the Network Controller in one spelling: prefixes and ports of ACL rules, protocols, MAC addresses."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

ANY: Final = "*"
#: The pre-defined tag of microsoft/SDN NCRESTExamples/ZeroToSDNBlog.ps1: what is outside every virtual network.
INTERNET: Final = "Internet"
#: How the documentation's examples write every port (New-NetworkControllerAccessControlList).
ALL_PORTS: Final = "0-65535"
_LAST_PORT: Final = 65535
_PORTS: Final = re.compile(r"\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?")
_NAME: Final = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$"

Name = Annotated[str, Field(pattern=_NAME, description="the ResourceId on the controller")]
Pair = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}/[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$")]
Port = Annotated[int, Field(ge=1, le=_LAST_PORT)]


def parse_prefix(value: Any) -> str:
    """Return ``*``, ``Internet`` or a prefix in its canonical spelling, an address too; raise ValueError else."""
    text = str(value).strip() if isinstance(value, str | IPv4Address) else ""
    if text.lower() in (ANY, "any"):
        return ANY
    if text.lower() == INTERNET.lower():
        return INTERNET
    try:
        if "/" not in text:
            return f"{ip_address(text)}/{ip_address(text).max_prefixlen}"
        network = ip_network(text)
    except ValueError as error:
        if "host bits" in str(error):
            wanted = ip_network(text, strict=False)
            raise ValueError(f"{text} has host bits set; the prefix is {wanted}") from None
        raise ValueError(f"write 10.0.1.0/24, 10.0.1.4, Internet or *, not {value!r}") from None
    return str(network)


def parse_ports(value: Any) -> str:
    """Return ``0-65535``, ``443`` or ``8000-8010`` for any spelling; raise ValueError for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise ValueError(f"ports are 443, 8000-8010 or *, not {value!r}")
    if value.strip().lower() in (ANY, "any"):
        return ALL_PORTS
    match = _PORTS.fullmatch(value)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if not first <= last <= _LAST_PORT:
        raise ValueError(f"ports are 443 or 8000-8010, the lower one first, not {value!r}")
    return str(first) if first == last else f"{first}-{last}"


def port_range(ports: str) -> tuple[int, int]:
    """Return the first and the last port of a canonical spelling."""
    first, _, last = ports.partition("-")
    return int(first), int(last or first)


def parse_mac(value: Any) -> str:
    """Return a MAC address as ``001122AABBCC``, as the controller writes it."""
    text = re.sub(r"[-:.\s]", "", value).upper() if isinstance(value, str) else ""
    if not re.fullmatch(r"[0-9A-F]{12}", text):
        raise ValueError(f"a MAC address is written as 00-11-22-AA-BB-CC, not {value!r}")
    return text


def parse_choice(words: tuple[str, ...], value: Any, also: dict[str, str] | None = None) -> str:
    """Return the choice that a text names in any case; raise ValueError listing the choices."""
    text = str(value).strip().lower()
    text = (also or {}).get(text, text)
    found = next((choice for choice in words if choice.lower() == text), None)
    if found is None:
        raise ValueError(f"one of {', '.join(words)}, not {value!r}")
    return found


def choice(*words: str, also: dict[str, str] | None = None) -> BeforeValidator:
    """Return a pydantic validator that accepts one of some choices, ignoring case."""
    return BeforeValidator(lambda value: parse_choice(words, value, also), json_schema_input_type=str)


AclPrefix = Annotated[str, BeforeValidator(parse_prefix)]
AclPorts = Annotated[str, BeforeValidator(parse_ports, json_schema_input_type=int | str)]
MacText = Annotated[str, BeforeValidator(parse_mac)]
#: reference/cmdlets/NetworkController.yaml, known_values of AclRuleProperties.
AclProtocol = Annotated[str, choice("TCP", "UDP", "All", also={ANY: "all", "any": "all", "6": "tcp", "17": "udp"})]
AclAction = Annotated[str, choice("Allow", "Deny", also={"block": "deny"})]
AclDirection = Annotated[str, choice("Inbound", "Outbound", also={"in": "inbound", "out": "outbound"})]
#: [MS-NCNBI] 3.1.5.5.4: UDP, TCP, GRE, ESP or All.
BalancerProtocol = Annotated[str, choice("TCP", "UDP", "GRE", "ESP", "All", also={ANY: "all", "any": "all"})]
