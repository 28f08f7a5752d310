"""Endpoints: made on a network, attached to a container, a VM or the host, and their policies."""

from __future__ import annotations

import json
from ipaddress import IPv4Address, IPv4Interface
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.hns.objects import ATTACHED, DETACHED, SHARED, Endpoint, HnsError
from psnet.lab.host.hns.schema import ENDPOINT_POLICIES, good_policies
from psnet.lab.host.messages import win32_text
from psnet.lab.host.nat import ANY
from psnet.lab.host.refusal import HostRefusal

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns
    from psnet.lab.host.hns.objects import Network, Subnet

_DYNAMIC: Final = 49152
_KEPT: Final = (
    "DNSSuffix",
    "DNSServerList",
    "DNSDomain",
    "EnableInternalDNS",
    "DisableICC",
    "EnableLowMetric",
    "EncapOverhead",
)
#: What an update of an endpoint may change; address, MAC and network stay.
_CHANGEABLE: Final = frozenset({"ID", "Name", "VirtualNetwork", "Policies", "DNSSuffix", "DNSServerList", "DNSDomain"})


def create_endpoint(hns: Hns, network: Network, data: dict[str, Any]) -> Endpoint:
    """Make an endpoint; raises HnsError when its address, MAC or policies cannot be."""
    subnet, address = _place(hns, network, data.get("IPAddress"))
    mac = str(data.get("MacAddress") or hns.ids.mac()).upper()
    if any(item.mac == mac for item in hns.endpoints):
        raise HnsError(hns.text(183), 0x800700B7)
    if "GatewayAddress" in data and (subnet is None or data["GatewayAddress"] != subnet.gateway):
        raise HnsError(hns.text(87))
    made = Endpoint(
        hns.ids.guid(),
        str(data.get("Name") or ""),
        network.id,
        address,
        mac,
        subnet.prefix.prefixlen if subnet else 0,
        subnet.gateway if subnet else "",
        extra={name: data[name] for name in _KEPT if name in data},
    )
    made.name = made.name or made.id
    set_policies(hns, network, made, data.get("Policies") or [])
    hns.endpoints.append(made)
    return made


def _place(hns: Hns, network: Network, wanted: Any) -> tuple[Subnet | None, str]:
    taken = {item.address for item in hns.endpoints if item.network == network.id}
    taken |= {item.gateway for item in network.subnets}
    if not network.subnets:
        return None, str(wanted or "")  # an external DHCP server, or a static address nobody can check
    if wanted is None:
        for subnet in network.subnets:
            free = next((str(host) for host in subnet.prefix.hosts() if str(host) not in taken), None)
            if free is not None:
                return subnet, free
        raise HnsError(hns.text(87), 0x803B001E)
    address = IPv4Address(wanted)
    found = next((item for item in network.subnets if address in item.prefix), None)
    if found is None or str(address) in taken or address in (found.prefix[0], found.prefix[-1]):
        raise HnsError(hns.text(87), 0x803B001E)
    return found, str(address)


def update_endpoint(hns: Hns, network: Network, endpoint: Endpoint, data: dict[str, Any]) -> Endpoint:
    """Change policies and DNS of an endpoint; anything else is refused."""
    same = {"Name": endpoint.name, "VirtualNetwork": network.id, "ID": endpoint.id}
    if data.keys() - _CHANGEABLE or any(str(data[k]).lower() != v.lower() for k, v in same.items() if k in data):
        raise HnsError(hns.text(87))
    if "Policies" in data:
        set_policies(hns, network, endpoint, data["Policies"])
    endpoint.extra |= {name: data[name] for name in _KEPT if name in data}
    return endpoint


def set_policies(hns: Hns, network: Network, endpoint: Endpoint, policies: Any) -> None:
    """Replace an endpoint's policies; on nat its port mappings become WinNAT's, with a firewall rule each."""
    if not good_policies(policies, ENDPOINT_POLICIES, hns.build.hns_version):
        raise HnsError(hns.text(87), 0x803B000D)
    mapped = [item for item in policies if item["Type"] == "NAT"]
    if mapped and network.type in ("transparent", "internal", "private"):
        raise HnsError(hns.text(50), 0x803B0016)
    acls = [item for item in policies if item["Type"] == "ACL"]
    frozen = endpoint.machine is not None and network.type in ("transparent", "nat")
    if frozen and acls != [item for item in endpoint.policies if item["Type"] == "ACL"]:
        raise HnsError(hns.text(50), 0x803B0015)
    before, kept = list(endpoint.policies), list(policies)
    forget_mappings(hns, endpoint)
    try:
        for position, item in enumerate(kept):
            if item["Type"] == "NAT":
                kept[position] = _map(hns, network, endpoint, item)
    except (HnsError, HostRefusal) as error:
        forget_mappings(hns, endpoint)
        endpoint.policies = before
        for item in before:
            if item["Type"] == "NAT":
                _map(hns, network, endpoint, item)
        raise error if isinstance(error, HnsError) else HnsError(hns.text(32), 0x803B0013) from None
    endpoint.policies = kept


def _map(hns: Hns, network: Network, endpoint: Endpoint, policy: dict[str, Any]) -> dict[str, Any]:
    inner, outer, word = policy["InternalPort"], policy.get("ExternalPort", 0), policy["Protocol"]
    if not inner:
        raise HnsError(hns.text(87), 0x803B002D)
    if network.type != "nat":
        return policy  # VFP does it; nothing else on the host shows it
    used = {item.external_port for item in hns.nat.mappings if item.protocol == word}
    outer = outer or next(port for port in range(_DYNAMIC, 65536) if port not in used)
    nat = next((item for item in hns.nat.nats if item.network == network.id), None)
    if nat is None:
        raise HnsError(hns.text(1168))
    made = hns.nat.add_mapping(nat.name, word, ANY, outer, endpoint.address, inner)
    endpoint.mappings.append(made.id)
    if hns.firewall is not None:
        rule = hns.firewall.create(
            {
                "name": "{" + hns.ids.guid() + "}",
                "display_name": f"HNS {endpoint.id} {word} {outer}",
                "protocol": word,
                "local_port": [str(outer)],
            }
        )
        endpoint.rules.append(rule.name)
    return {**policy, "ExternalPort": outer}


def forget_mappings(hns: Hns, endpoint: Endpoint) -> None:
    """Take back what an endpoint's port mappings made."""
    there = {item.id for item in hns.nat.mappings}
    for number in endpoint.mappings:
        if number in there:
            hns.nat.remove_mapping(number)
    for name in endpoint.rules:
        if hns.firewall is not None and name.lower() in hns.firewall.rules:
            del hns.firewall.rules[name.lower()]
    endpoint.mappings, endpoint.rules = [], []


def attach(hns: Hns, network: Network, endpoint: Endpoint, data: dict[str, Any]) -> Endpoint:
    """Attach an endpoint to the host, a container or a VM; a host's gets an adapter of its own."""
    kind, container = data.get("SystemType"), str(data.get("ContainerId") or "")
    if kind is None or (kind != "Host" and not container):
        raise HnsError(hns.text(87))
    if endpoint.state in (ATTACHED, SHARED) and (kind != "Container" or container in endpoint.containers):
        raise HnsError(hns.text(183), 0x803B0014)
    if kind == "Host":
        if not endpoint.address:
            raise HnsError(hns.text(87))
        nic = hns.links.add_adapter(f"vEthernet ({endpoint.name})", "Hyper-V Virtual Ethernet Adapter", virtual=True)
        nic.addresses.append(IPv4Interface(f"{endpoint.address}/{endpoint.prefix_length}"))
        nic.mac = endpoint.mac
        endpoint.compartment = int(data.get("CompartmentId") or 1)
    elif kind == "VirtualMachine":
        endpoint.machine = container
    else:
        endpoint.containers.append(container)
    endpoint.state = SHARED if len(endpoint.containers) > 1 else ATTACHED
    _ = network
    return endpoint


def detach(hns: Hns, endpoint: Endpoint, data: dict[str, Any]) -> Endpoint:
    """Detach an endpoint from what it is attached to."""
    kind, container = data.get("SystemType"), str(data.get("ContainerId") or "")
    if endpoint.state not in (ATTACHED, SHARED):
        raise HnsError(hns.text(1168), 0x803B0034)
    if kind == "Host" and endpoint.compartment:
        drop_adapter(hns, endpoint)
    elif kind == "VirtualMachine" and endpoint.machine == container:
        endpoint.machine = None
    elif kind == "Container" and container in endpoint.containers:
        endpoint.containers.remove(container)
    else:
        raise HnsError(hns.text(1168), 0x803B0034)
    left = len(endpoint.containers)
    endpoint.state = SHARED if left > 1 else ATTACHED if left else DETACHED
    return endpoint


def drop_adapter(hns: Hns, endpoint: Endpoint) -> None:
    """Remove the host's adapter of an endpoint, if it has one."""
    if endpoint.compartment:
        nic = hns.links.adapter(f"vEthernet ({endpoint.name})")
        if nic is not None:
            hns.links.adapters.remove(nic)
        endpoint.compartment = 0


def read_json(hns: Hns, body: str) -> dict[str, Any]:
    """Return a request's document; anything but an object is refused."""
    try:
        data = json.loads(body)
    except ValueError:
        raise HnsError(win32_text(87, hns.culture), 0x803B001B) from None
    if not isinstance(data, dict):
        raise HnsError(win32_text(87, hns.culture), 0x803B001B)
    return data
