"""Endpoints: made on a network, attached to a container, a VM or the host, and their policies."""

from __future__ import annotations

import json
from ipaddress import IPv4Address, IPv4Interface
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.firewall import hns_rules
from psnet.lab.host.hns import addresses, document_parts
from psnet.lab.host.hns.objects import ATTACHED, DETACHED, SHARED, Endpoint, HnsError
from psnet.lab.host.hns.schema import ENDPOINT_POLICIES, good_policies
from psnet.lab.host.messages import win32_text
from psnet.lab.host.nat import PortTakenError
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
    "Flags",
)
#: What an update of an endpoint may change; address, MAC and network stay.
_CHANGEABLE: Final = frozenset({"ID", "Name", "VirtualNetwork", "Policies", "DNSSuffix", "DNSServerList", "DNSDomain"})
_L2DRIVER: Final = {"Type": "L2Driver"}


def create_endpoint(hns: Hns, network: Network, data: dict[str, Any], *, made_by: int = 1) -> Endpoint:
    """Make an endpoint; raises HnsError when its address, MAC or policies cannot be."""
    remote = bool(data.get("IsRemoteEndpoint"))
    subnet, address = _place(hns, network, data.get("IPAddress"), remote=remote)
    mac = str(data.get("MacAddress") or addresses.next_mac(hns, network))  # rule: hns-mac-as-sent
    if not remote and any(item.mac.lower() == mac.lower() for item in hns.endpoints if not item.remote):
        raise HnsError(hns.text(183), 0x800700B7)  # rule: hns-mac-taken
    length = data.get("PrefixLength") or (subnet.prefix.prefixlen if subnet else 0)
    made = Endpoint(
        hns.ids.guid(),
        str(data.get("Name") or "Ethernet"),  # rule: hns-endpoint-name
        network.id,
        address,
        mac,
        length,
        # rule: hns-gateway-filled
        "" if remote else str(data.get("GatewayAddress") or (subnet.gateway if subnet else "")),
        extra={name: data[name] for name in _KEPT if data.get(name) not in (None, "")},
    )
    made.remote, made.made_by, made.updated = remote, made_by, hns.filetime()
    made.params = dict(data.get("AdditionalParams") or {})  # rule: hns-additional-params
    if not remote:
        made.extra = addresses.filled_dns(hns, network, made)
    policies = list(data.get("Policies") or [])
    if network.type == "l2bridge" and _L2DRIVER not in policies and (remote or 14393 < hns.build.build < 17763):
        policies.append(dict(_L2DRIVER))  # rule: hns-l2driver
    set_policies(hns, network, made, policies)
    addresses.count(hns, network, made)
    rule = hns_rules.endpoint_rule(hns.build.build, made.id, str(network.prefix)) if network.type == "nat" else None
    if rule is not None and hns.firewall is not None:
        hns_rules.make_all(hns.firewall, iter([rule]))
    return made


def _place(hns: Hns, network: Network, wanted: Any, *, remote: bool) -> tuple[Subnet | None, str]:
    if remote:
        # rule: hns-remote-anywhere
        return (network.subnets[0] if network.subnets else None), str(wanted or "")
    taken = {item.address for item in hns.endpoints if item.network == network.id and not item.remote}
    if not network.subnets:
        return None, str(wanted or "")  # an external DHCP server, or a static address nobody can check
    gateways = {item.gateway for item in network.subnets}
    if wanted is None:
        for subnet in network.subnets:
            free = next((str(host) for host in subnet.prefix.hosts() if str(host) not in taken | gateways), None)
            if free is not None:
                return subnet, free
        raise HnsError(hns.text(87), 0x803B001E)  # rule: hns-address-outside
    address = IPv4Address(wanted)
    found = next((item for item in network.subnets if address in item.prefix), None)
    if found is None:
        raise HnsError(hns.text(87), 0x803B001E)  # rule: hns-address-outside
    if str(address) in taken | gateways or address in (found.prefix[0], found.prefix[-1]):
        raise HnsError(hns.text(87), 0x803B002F)  # rule: hns-address-reserved
    return found, str(address)


def update_endpoint(hns: Hns, network: Network, endpoint: Endpoint, data: dict[str, Any]) -> Endpoint:
    """Change policies and DNS of an endpoint; anything else is refused."""
    same = {"Name": endpoint.name, "VirtualNetwork": network.id, "ID": endpoint.id}
    if data.keys() - _CHANGEABLE or any(str(data[k]).lower() != v.lower() for k, v in same.items() if k in data):
        raise HnsError(hns.text(87), 0x803B000C)  # rule: hns-endpoint-parameters
    if "Policies" in data:
        set_policies(hns, network, endpoint, data["Policies"])  # rule: hns-update-replaces
    endpoint.extra |= {name: data[name] for name in _KEPT if name in data}
    return endpoint


def set_policies(hns: Hns, network: Network, endpoint: Endpoint, policies: Any, *, tiers: bool = False) -> None:
    """Replace an endpoint's policies; on nat its port mappings become WinNAT's, with a firewall rule each.

    ``tiers`` says that the request may hold tiers of ACLs: only HCN's may.
    """
    allowed = ENDPOINT_POLICIES | ({"TierAcl"} if tiers else set())  # rule: hcn-tiers
    sets = frozenset(str(item["Id"]) for item in network.policies if item["Type"] == "SetPolicy")
    if not good_policies(policies, allowed, hns.build.hns_version, sets):
        raise HnsError(hns.text(87), 0x803B000D)  # rule: hns-policy-fields
    mapped = [item for item in policies if item["Type"] == "NAT"]
    if mapped and network.type in ("transparent", "internal", "private", "ics"):
        raise HnsError(hns.text(50), 0x803B0016)  # rule: hns-mapping-types
    acls = [item for item in policies if item["Type"] == "ACL"]
    frozen = endpoint.machine is not None and network.type in ("transparent", "nat")
    if frozen and acls != [item for item in endpoint.policies if item["Type"] == "ACL"]:
        raise HnsError(hns.text(50), 0x803B0015)  # rule: hns-acl-hyperv
    before, kept = list(endpoint.policies), list(policies)
    forget_mappings(hns, endpoint)
    try:
        for position, item in enumerate(kept):
            if item["Type"] == "NAT":
                kept[position] = _map(hns, network, endpoint, item)
    except (HnsError, HostRefusal, PortTakenError) as error:
        forget_mappings(hns, endpoint)
        endpoint.policies = before
        for item in before:
            if item["Type"] == "NAT":
                _map(hns, network, endpoint, item)
        if isinstance(error, HnsError):
            raise
        # rule: published-twice
        raise (port_taken(hns) if isinstance(error, PortTakenError) else HnsError(str(error), error.hresult)) from None
    endpoint.policies = kept


def port_taken(hns: Hns) -> HnsError:
    """Return what this build's HNS says of a port that is published already."""
    # rule: published-twice
    if hns.build.build >= 19041:
        return HnsError("The specified port already exists. ", 0x803B0013)
    code = 5010 if hns.build.build <= 14393 else 32
    return HnsError(hns.text(code), 0x80070000 | code)


def _map(hns: Hns, network: Network, endpoint: Endpoint, policy: dict[str, Any]) -> dict[str, Any]:
    inner, outer, word = policy["InternalPort"], policy.get("ExternalPort", 0), policy["Protocol"]
    if not inner:
        raise HnsError(hns.text(87), 0x803B002D)  # rule: hns-internal-port
    if network.type != "nat":
        return policy  # VFP does it, or nothing at all; nothing else on the host shows it (rule: hns-nat-on-l2bridge)
    used = hns.nat.ports(word)
    outer = outer or next(port for port in range(_DYNAMIC, 65536) if port not in used)
    # rule: hns-nat-gone
    made = hns.nat.publish(network.id, word, outer, (endpoint.address, inner), str(policy.get("VIP") or ""))
    endpoint.mappings.append(made.id)
    if hns.firewall is not None:
        name = "{" + hns.ids.guid() + "}"
        rule = hns.firewall.create(hns_rules.port_rule(name, endpoint.id, word, inner))
        endpoint.rules.append(rule.name)
    return {**policy, "ExternalPort": outer}


def add_local_route(hns: Hns, endpoint: Endpoint) -> None:
    """Add the route that HNS makes beside a port mapping of l2bridge that the host itself may use (Flags 1)."""
    network = hns.network_of(endpoint)
    local = any(item["Type"] == "NAT" and item.get("Flags", 0) & 1 for item in endpoint.policies)
    nic = document_parts.host_nic(hns, network)
    if network.type == "l2bridge" and local and nic is not None and nic.addresses:
        # rule: hcn-local-route
        prefix = f"{nic.addresses[0].ip}/32"
        endpoint.policies.append({"Type": "ROUTE", "DestinationPrefix": prefix, "NeedEncap": True})


def forget_mappings(hns: Hns, endpoint: Endpoint) -> None:
    """Take back what an endpoint's port mappings made."""
    for number in endpoint.mappings:
        hns.nat.withdraw(number)
    for name in endpoint.rules:
        if hns.firewall is not None and name.lower() in hns.firewall.rules:
            del hns.firewall.rules[name.lower()]
    endpoint.mappings, endpoint.rules = [], []


def attach(hns: Hns, network: Network, endpoint: Endpoint, data: dict[str, Any]) -> Endpoint:
    """Attach an endpoint to the host, a container or a VM; a host's gets an adapter of its own."""
    kind, container = data.get("SystemType"), str(data.get("ContainerId") or "")
    if kind is None or (kind != "Host" and not container):
        raise HnsError(hns.text(87), 0x803B000C)  # rule: hns-attach-parameters
    if endpoint.attached and (kind != "Container" or container in endpoint.containers):
        raise HnsError(hns.text(183), 0x803B0014)  # rule: hns-attached-already
    if endpoint.remote or not addresses.has_valid_policies(endpoint):
        raise HnsError(hns.text(87), 0x803B0017)  # rule: hns-attach-unsound
    if kind == "Host":
        if not endpoint.address:
            raise HnsError(hns.text(87), 0x803B000C)  # rule: hns-attach-parameters
        nic = hns.links.add_adapter(f"vEthernet ({endpoint.name})", "Hyper-V Virtual Ethernet Adapter", virtual=True)
        nic.addresses.append(IPv4Interface(f"{endpoint.address}/{endpoint.prefix_length}"))
        nic.mac = endpoint.mac
        endpoint.compartment = int(data.get("CompartmentId") or 1)
    elif kind == "VirtualMachine":
        endpoint.machine = container
    else:
        endpoint.containers.append(container)
        if len(endpoint.containers) == 1:
            hns.links.add_container(endpoint.id, endpoint.name, endpoint.mac)
    endpoint.state = SHARED if len(endpoint.containers) > 1 else ATTACHED
    _ = network
    return endpoint


def detach(hns: Hns, endpoint: Endpoint, data: dict[str, Any]) -> Endpoint:
    """Detach an endpoint from what it is attached to."""
    kind, container = data.get("SystemType"), str(data.get("ContainerId") or "")
    # rule: hns-detach
    if not endpoint.attached:
        raise HnsError(hns.text(1168), 0x803B0034)  # rule: hns-detach
    if kind == "Host" and endpoint.compartment:
        drop_adapter(hns, endpoint)
    elif kind == "VirtualMachine" and endpoint.machine == container:
        endpoint.machine = None
    elif kind == "Container" and container in endpoint.containers:
        endpoint.containers.remove(container)
        if not endpoint.containers:
            hns.links.drop_container(endpoint.id)
    else:
        raise HnsError(hns.text(1168), 0x803B0034)  # rule: hns-detach
    left = len(endpoint.containers)
    endpoint.state = SHARED if left > 1 else ATTACHED if left else DETACHED
    return endpoint


def drop_adapter(hns: Hns, endpoint: Endpoint) -> None:
    """Remove the host's adapter of an endpoint, if it has one."""
    if endpoint.compartment:
        mine = (item for item in hns.links.adapters if item.virtual and item.mac == endpoint.mac)
        nic = next((item for item in mine if item.endpoint is None), None)
        if nic is not None:
            hns.links.adapters.remove(nic)
        endpoint.compartment = 0


def read_json(hns: Hns, body: str) -> dict[str, Any]:
    """Return a request's document; anything but an object is refused."""
    try:
        data = json.loads(body)
    except ValueError:
        raise HnsError(win32_text(87, hns.culture), 0x803B001B) from None  # rule: hns-json
    if not isinstance(data, dict):
        raise HnsError(win32_text(87, hns.culture), 0x803B001B)  # rule: hns-json
    return data
