"""Reconstruct a recorded host in the lab: the same networks, endpoints and containers.

Everything is made the way its owner made it: docker's nat by docker, the rest by a POST to HNS, a switch without any
sign of HNS by Hyper-V. What HNS refuses to make stays away, and ``left`` says so.
"""

from __future__ import annotations

import json
import re
from ipaddress import IPv4Interface, ip_address, ip_network
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.hns.namespaces import add_endpoint, create
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.labhost import LabHost
from psnet.lab.recording.answers import Answers, kind_of
from psnet.lab.recording.builds import build_of
from psnet.lab.recording.play import move_host_addresses
from psnet.recording import questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.lab.host.hns.objects import Endpoint
    from psnet.recording import Record

_EXTERNAL: Final = ("transparent", "l2bridge", "l2tunnel", "overlay")
_DEFAULT_SWITCH: Final = "C08CB7B8-9B3C-408E-8E30-5E16A3AEB444"
_EMPTY: Final = "00000000-0000-0000-0000-000000000000"
_ADAPTER: Final = "Ethernet 2"
_NETWORK: Final = frozenset({"DNSSuffix", "DNSServerList", "IsolateSwitch"})
_ENDPOINT: Final = frozenset(
    {"Name", "DNSServerList", "DNSSuffix", "IsRemoteEndpoint", "AdditionalParams", "MacAddress", "PrefixLength"}
    | {"IPAddress", "GatewayAddress", "EnableInternalDNS"}
)
_ATTACHED: Final = 2
_SHARED: Final = 3
#: Policies that HNS adds by itself.
_BY_HNS: Final = ("VLAN", "L2Driver")


def reconstruct_host(records: Sequence[Record], name: str = "lab") -> tuple[LabHost, list[str]]:
    """Return a host with what a recording shows, and what could not be made of it, with the reason."""
    answers = Answers.of(records, replies=True)
    left: list[str] = []
    docker = _runs_docker(records, answers)
    versions = [version for record in records for version in _DOCKER.findall(record.runtime)]
    host = LabHost(name, str(build_of(records)), docker=(versions[0] if versions else True) if docker else False)
    move_host_addresses(host, answers)
    for document in answers.objects(questions.NETWORKS) or []:
        _network(host, document, left)
    for document in answers.objects(questions.ENDPOINTS) or []:
        _endpoint(host, document, left)
    return host, left


_DOCKER: Final = re.compile(r"docker (?:EE |CE )?(\d+\.\d+(?:\.\d+)?)")


def _runs_docker(records: Sequence[Record], answers: Answers) -> bool:
    """Say whether docker made the host's nat: it is named, and the recording shows no other maker of a nat."""
    services = answers.objects("Get-Service")
    if services is not None:
        return any(str(item.get("Name")).lower() == "docker" for item in services)
    named = any("docker" in record.runtime.lower() for record in records)
    nats = [item for item in answers.objects(questions.NETWORKS) or [] if kind_of(item).lower() == "nat"]
    return named and (not nats or any(item.get("Name", "nat") == "nat" for item in nats))


def _post(host: LabHost, path: str, body: dict[str, Any], left: list[str]) -> str | None:
    """Make an object through HNS v1 and return its id; what is refused is told in ``left``."""
    answer = json.loads(host.hns.call("POST", path, json.dumps(body)))
    if not answer["Success"]:
        left.append(f"POST {path} {body.get('Name', '')}: {answer['Error']}")
        return None
    return str(answer["Output"]["ID"])


def _made_by_v2(document: dict[str, Any]) -> bool:
    """Say whether HCN made an object: its v1 view has a constraint that v1 never sets (records a25, b04)."""
    return "InterfaceConstraint" in document


def _through_hcn(host: LabHost, function: str, arguments: list[Any], left: list[str]) -> str | None:
    """Make an object through HCN, whose functions take documents of v1 too, and return its id (record a39)."""
    if host.hcn is None:
        left.append(f"{function}: this build has no HCN")
        return None
    answer = host.hcn.call(function, arguments)
    if answer.code:
        left.append(f"{function}: {json.loads(answer.error)['Error']}")
        return None
    made = host.hns.networks if function == "HcnCreateNetwork" else host.hns.endpoints
    return str(made[-1].id)


def _network(host: LabHost, document: dict[str, Any], left: list[str]) -> None:
    kind = kind_of(document)
    name = str(document.get("Name", "nat" if kind.lower() == "nat" else "recorded"))
    if any(item.name == name for item in host.hns.networks):
        return
    if kind in ("Transparent", "Private", "Internal") and "ManagementIP" not in document:
        _switch(host, name, kind, left)
        return
    body: dict[str, Any] = {"Name": name, "Type": kind}
    body |= {key: value for key, value in document.items() if key in _NETWORK}
    if kind.upper() == "ICS" and document.get("Flags"):
        body["Flags"] = document["Flags"]  # its maker sends them (record l16)
    if str(document.get("ID", "")).upper() == _DEFAULT_SWITCH:
        body["ID"] = _DEFAULT_SWITCH
    if kind.lower() in _EXTERNAL and document.get("NetworkAdapterName"):
        body["NetworkAdapterName"] = _ADAPTER
    subnets = [_subnet(item) for item in document.get("Subnets") or [] if item.get("AddressPrefix")]
    if not subnets and kind.lower() in ("l2bridge", "l2tunnel", "overlay"):
        subnets = [_subnet({"AddressPrefix": "192.168.255.0/30"})]
    if subnets:
        body["Subnets"] = subnets
    if kind.lower() == "overlay" and not any(one.get("Policies") for one in subnets):
        subnets[0]["Policies"] = [{"Type": "VSID", "VSID": 4096}]
    policies = [item for item in document.get("Policies") or [] if item.get("Type") not in _BY_HNS]
    if policies:
        body["Policies"] = policies
    if _made_by_v2(document):
        flags = {"Flags": document["Flags"]} if document.get("Flags") else {}
        _through_hcn(host, "HcnCreateNetwork", [_EMPTY, json.dumps(body | flags)], left)
    else:
        _post(host, "/networks", body, left)


def _subnet(given: dict[str, Any]) -> dict[str, Any]:
    prefix = ip_network(given["AddressPrefix"], strict=False)
    gateway = given.get("GatewayAddress", str(prefix.network_address + 1))
    policies = [item for item in given.get("Policies") or [] if isinstance(item, dict) and item.get("Type") == "VSID"]
    found = {"AddressPrefix": str(given["AddressPrefix"]), "GatewayAddress": gateway}
    return found | ({"Policies": policies} if policies else {})


def _switch(host: LabHost, name: str, kind: str, left: list[str]) -> None:
    """Make a switch by hand, as Hyper-V does."""
    external = kind == "Transparent"
    try:
        host.links.add_switch(name, "External" if external else kind, _ADAPTER if external else None)
    except HostRefusal as error:
        left.append(f"New-VMSwitch {name}: {error}")


def _endpoint(host: LabHost, document: dict[str, Any], left: list[str]) -> None:
    network = _network_of(host, document, left)
    if network is None:
        return
    if _docker_ran(host, document, network):
        return
    body = {key: value for key, value in document.items() if key in _ENDPOINT}
    own = next(item for item in host.hns.networks if item.id.lower() == network.lower())
    address = body.get("IPAddress")
    if own.type == "nat" and address and not any(ip_address(address) in item.prefix for item in own.subnets):
        for key in ("IPAddress", "GatewayAddress", "PrefixLength"):  # HNS chose another prefix for its nat
            body.pop(key, None)
    body["Policies"] = [item for item in document.get("Policies") or [] if item.get("Type") not in _BY_HNS]
    if _made_by_v2(document):
        held = host.hcn.call("HcnOpenNetwork", [network]).handle if host.hcn else None
        made = _through_hcn(host, "HcnCreateEndpoint", [held, _EMPTY, json.dumps(body)], left)
    else:
        made = _post(host, "/endpoints", {**body, "VirtualNetwork": network}, left)
    endpoint = next((item for item in host.hns.endpoints if item.id.lower() == (made or "").lower()), None)
    if endpoint is not None:
        _attach(host, endpoint, document, left)


def _docker_ran(host: LabHost, document: dict[str, Any], network: str) -> bool:
    """Start a container where a recording shows an endpoint as docker makes and attaches it."""
    known = host.docker is not None and any(item.hns.lower() == network.lower() for item in host.docker.networks)
    if not known or document.get("Name") != "Ethernet" or document.get("State") != _ATTACHED:
        return False
    ports = [
        (int(item["ExternalPort"]), int(item["InternalPort"]), str(item.get("Protocol", "TCP")).lower())
        for item in document.get("Policies") or []
        if isinstance(item, dict) and item.get("Type") == "NAT"
    ]
    name = next(item.name for item in host.hns.networks if item.id.lower() == network.lower())
    host.run_container(f"container-{len(host.containers) + 1}", name, ports=ports)
    return True


def _attach(host: LabHost, endpoint: Endpoint, document: dict[str, Any], left: list[str]) -> None:
    """Attach as recorded: the way of docker (state 2), or to a namespace that containers share (state 3)."""
    containers = [str(item) for item in document.get("SharedContainers") or []]
    if document.get("State") == _SHARED:
        add_endpoint(host.hns, create(host.hns), endpoint)
        endpoint.containers.extend(containers)
    elif document.get("State") == _ATTACHED:
        for container in containers:
            attach = {"ContainerId": container, "SystemType": "Container"}
            answer = json.loads(host.hns.call("POST", f"/endpoints/{endpoint.id}/attach", json.dumps(attach)))
            if not answer["Success"]:
                left.append(f"attach {endpoint.name}: {answer['Error']}")


def _network_of(host: LabHost, document: dict[str, Any], left: list[str]) -> str | None:
    """Return the id of an endpoint's network; one that the recording does not show is made with a fitting prefix."""
    remote = bool(document.get("IsRemoteEndpoint"))
    usual = "l2bridge" if remote or "VirtualNetworkName" in document else "nat"
    name = str(document.get("VirtualNetworkName", usual))
    for network in host.hns.networks:
        if network.name == name:
            return network.id
    policies = {str(item.get("Type")) for item in document.get("Policies") or [] if isinstance(item, dict)}
    kind = str(document.get("Type") or ("Overlay" if "PA" in policies else usual))
    body: dict[str, Any] = {"Name": name, "Type": kind}
    if kind.lower() != "ics":
        address = document.get("IPAddress", "10.44.0.4")
        prefix = ip_network(f"{address}/{document.get('PrefixLength', 16)}", strict=False)
        gateway = document.get("GatewayAddress", str(prefix.network_address + 1))
        body["Subnets"] = [{"AddressPrefix": str(prefix), "GatewayAddress": gateway}]
        if kind.lower() == "overlay":
            body["Subnets"][0]["Policies"] = [{"Type": "VSID", "VSID": 4096}]
        for adapter in host.links.adapters:
            if any(own.network.overlaps(prefix) for own in adapter.addresses):
                adapter.addresses[:] = [IPv4Interface(f"198.18.{host.links.adapters.index(adapter)}.11/24")]
    return _post(host, "/networks", body, left)
