"""What the documents of HNS v1 are put together from: identifiers, pools, health, resources, in each build's form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid5

from psnet.lab.host.hns.objects import NON_PERSISTENT

if TYPE_CHECKING:
    from psnet.lab.host.adapters import Adapter, Switch
    from psnet.lab.host.hns.networks import Hns
    from psnet.lab.host.hns.objects import Network
    from psnet.powershell.facts.builds import WindowsBuild

#: Types whose switch has the Azure VFP extension switched on.
VFP: Final = frozenset({"l2bridge", "l2tunnel", "overlay"})
#: The Default Switch of Windows 10 and 11, the same on every host.
DEFAULT_SWITCH: Final = "c08cb7b8-9b3c-408e-8e30-5e16a3aeb444"
#: What HNS puts on nat networks from 2022 on.
NAT_VLAN: Final = {"Type": "VLAN", "VLAN": 1}
_WFP: Final = "e7c3b2f0-f3c5-48df-af2b-10fed6d72e7a"
_OLD_VFP, _NEW_VFP = "e9b59cfa-2be1-4b21-828f-b6fbdbddc017", "f74f241b-440f-4433-bb28-00f89ead20d8"
_OLD_CAPTURE, _NEW_CAPTURE = "ea24cd6c-d17a-4348-9190-09f0d5be83dd", "430bdadd-bab0-41ab-a369-94b67fa5be0a"
_NOTICES: Final = (
    (17763, ("Address", "Interface", "Route")),
    (18362, ("DNSCache", "DNS")),
    (19041, ("DHCP", "MacAddress")),
    (22000, ("Neighbor", "Xlat")),
)


def version(build: WindowsBuild) -> int:
    """Return the Version of a document: major << 32 | minor of HNS."""
    return build.hns[0] << 32 | build.hns[1]  # rule: hns-version-number


def shown(build: int, identifier: str) -> str:
    """Return an id in its build's letter case."""
    return identifier.upper() if build >= 17763 else identifier.lower()  # rule: hns-id-case


def derived(identifier: str, what: str) -> str:
    """Return the id of a part of an object, always the same one."""
    return str(uuid5(UUID(identifier), what))


def mac(identifier: str) -> str:
    """Return a MAC address of Microsoft's range made from an id."""
    return "-".join(["00-15-5D", *(f"{byte:02X}" for byte in UUID(identifier).bytes[:3])])


def mac_pool(identifier: str) -> dict[str, str]:
    """Return the range of 4096 addresses that a network gives its endpoints."""
    # rule: hns-mac-pools
    first, second, *_ = UUID(identifier).bytes
    start = f"00-15-5D-{first:02X}-{second & 0xF0:02X}"
    return {"EndMacAddress": f"00-15-5D-{first:02X}-{second | 0x0F:02X}-FF", "StartMacAddress": f"{start}-00"}


def ordered(build: int, document: dict[str, Any]) -> dict[str, Any]:
    """Return a document in the order of fields that HNS has: by letters, Resources last from 2004 on."""
    found = dict(sorted(document.items()))  # rule: hns-field-order
    if build >= 19041 and "Resources" in found:
        found["Resources"] = found.pop("Resources")
    return found


def policy(build: int, item: dict[str, Any]) -> dict[str, Any]:
    """Return a policy as it is read back: fields by letters, an ACL with its Scope from 2022 on."""
    scope = {"Scope": 0} if item.get("Type") == "ACL" and build >= 20348 else {}  # rule: hns-acl-scope
    return dict(sorted({**scope, **item}.items()))  # rule: hns-field-order


def network_policies(build: int, network: Network) -> list[dict[str, Any]]:
    """Return a network's policies with the one that HNS adds."""
    own = [NAT_VLAN] if network.type == "nat" and build >= 20348 else []  # rule: hns-nat-vlan
    return [dict(sorted(item.items())) for item in (*own, *network.policies)]


def extensions(build: int, kind: str) -> list[dict[str, Any]]:
    """Return the extensions of a network's switch."""
    # rule: hns-extension-ids, hns-extension-vfp
    capture = build >= (19041 if kind == "ics" else 17763)
    rows = (
        (_WFP, False, "Microsoft Windows Filtering Platform"),
        (_NEW_VFP if build >= 20348 else _OLD_VFP, kind in VFP, "Microsoft Azure VFP Switch Extension"),
        (_NEW_CAPTURE if build >= 19041 else _OLD_CAPTURE, capture, "Microsoft NDIS Capture"),
    )
    return [
        {"Id": shown(build, identifier), "IsEnabled": enabled} | ({"Name": name} if build >= 17134 else {})
        for identifier, enabled, name in rows
    ]


def health(updated: int) -> dict[str, Any]:
    """Return the Health of a part; ``updated`` is a FILETIME."""
    return {"LastErrorCode": 0, "LastUpdateTime": updated}


def by_ics(build: WindowsBuild, network: Network) -> bool:
    """Say whether Internet Connection Sharing carries a network: an ICS one, or nat from 2019 to 2004."""
    # rule: hns-nat-by-ics
    return network.type == "ics" or (network.type == "nat" and 17763 <= build.build < 20348)


def network_health(build: int, network: Network, *, ics: bool) -> dict[str, Any]:
    """Return the Health of a network; one under ICS counts its notifications."""
    found = health(network.updated)
    if ics:
        # rule: hns-health-of-ics
        for since, words in _NOTICES:
            for word in words if build >= since else ():
                found |= {f"{word}NotificationMissedCount": 0, f"{word}NotificationSequenceNumber": 0}
    return dict(sorted(found.items()))


def nat_name(hns: Hns, network: Network) -> str:
    """Return the name of a network's NAT: after the network on 2016, later after the host's interface."""
    if hns.build.build <= 14393:
        return f"H{network.id}"
    word = "ICS" if by_ics(hns.build, network) else "NAT"
    return word + shown(hns.build.build, interface_guid(hns, network))


def switch_of(hns: Hns, network: Network) -> Switch | None:
    """Return the switch of a network; None when somebody removed it."""
    return next((item for item in hns.links.switches if network.id in (item.network, item.id)), None)


def bound(hns: Hns, adapter: Adapter) -> bool:
    """Say whether an adapter is under a switch."""
    return any(adapter.name in (item.adapter, *item.team) for item in hns.links.switches)


def host_nic(hns: Hns, network: Network) -> Adapter | None:
    """Return the host's vNIC on a network's switch."""
    switch = switch_of(hns, network)
    return hns.links.nic_of(switch) if switch is not None else None


def interface_guid(hns: Hns, network: Network) -> str:
    """Return the id of the host's interface on a network's switch."""
    nic = host_nic(hns, network)
    return nic.guid.strip("{}").lower() if nic is not None else derived(network.id, "interface")


def resources(
    build: int, owner: str, order: int, allocators: list[dict[str, Any]], part: dict[str, Any], *, always: bool
) -> dict[str, Any]:
    """Return the Resources of an object; Allocators are there when there are any, or ``always``."""
    # rule: hns-resources
    found: dict[str, Any] = {
        "AllocationOrder": order,
        "ID": shown(build, derived(owner, "activity")),
        "PortOperationTime": 0,
        "State": 1,
        "SwitchOperationTime": 0,
        "VfpOperationTime": 0,
        "parentId": shown(build, derived(owner, "parent")),
    }
    if allocators or always:
        found["Allocators"] = allocators
    if build >= 17763:
        found |= {"AdditionalParams": {}, "Health": part}
    if build >= 20348:
        found |= {"CompartmentOperationTime": 0, "Flags": 0}
    return dict(sorted(found.items()))


def non_persistent(build: int, kind: str) -> int:
    """Return the flags that HNS sets itself: nat networks are non-persistent from 2022 on."""
    return NON_PERSISTENT if kind == "nat" and build >= 20348 else 0  # rule: hns-nat-flags
