"""Access control lists.

A priority is unique in its direction of its list; 101 to 65000 are the user's ([MS-NCNBI] 3.1.5.1.2). It names
no direction; the list WebTierACLs of microsoft/SDN NCRESTExamples/ZeroToSDNBlog.ps1 has 110 for an inbound and for an
outbound rule. The examples of New-NetworkControllerAccessControlList use 100, so that is allowed too. A port range is a
port, ``low-high`` or ``*``; a prefix CIDR, ``*`` or the tag ``Internet`` of that sample. Other pre-defined tags are
refused here: no source at hand says which there are.
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from psnet.lab.sdn.errors import SdnError, invalid

if TYPE_CHECKING:
    from psnet.lab.sdn.controller import Controller
    from psnet.lab.sdn.documents import Document

LOWEST, HIGHEST = 100, 65000
INTERNET = "Internet"


def check(controller: Controller, made: Document, old: Document | None) -> None:
    """Check every rule."""
    _ = controller, old
    properties = made["Properties"]
    for name in ("InboundDefaultAction", "OutboundDefaultAction"):
        properties.setdefault(name, "Permit")
    seen: dict[tuple[str, int], str] = {}  # rule: sdn-priority-by-direction
    for rule in properties.get("AclRules", []):
        ref, fields = rule["ResourceRef"], rule["Properties"]
        priority = _priority(fields["Priority"], ref)
        place = (fields["Type"], priority)
        if place in seen:
            raise SdnError(
                400,
                "SecurityRuleConflict",
                f"Rules {seen[place]} and {rule['ResourceId']} of {made['ResourceRef']} have the same priority "
                f"{priority}.",
                target=ref,
            )
        seen[place] = rule["ResourceId"]
        for name in ("SourcePortRange", "DestinationPortRange"):
            port_range(fields[name], f"{ref}.{name}")
        for name in ("SourceAddressPrefix", "DestinationAddressPrefix"):
            fields[name] = _prefix(fields[name], f"{ref}.{name}")


def _priority(text: str, ref: str) -> int:
    if not text.isascii() or not text.isdigit() or not LOWEST <= int(text) <= HIGHEST:
        raise invalid(f"'{text}' is not a valid argument for 'priority': {LOWEST} to {HIGHEST}.", ref)
    return int(text)


def port_range(text: str, where: str) -> tuple[int, int]:
    """Return (low, high) of a port range."""
    if text == "*":
        return 0, 65535
    low, dash, high = text.partition("-")
    ends = [low, high if dash else low]
    if not all(end.isascii() and end.isdigit() and int(end) <= 65535 for end in ends) or int(ends[0]) > int(ends[1]):
        raise invalid(f"'{text}' is not a valid port range.", where)
    return int(ends[0]), int(ends[1])


def _prefix(text: str, where: str) -> str:
    if text in ("*", INTERNET):
        return text
    if text.lower() == INTERNET.lower():
        return INTERNET
    try:
        if "/" in text:
            return str(ip_network(text))
    except ValueError:
        pass
    raise invalid(f"'{text}' is not a valid address prefix.", where)
