"""A host of the lab brought into the situation that a recording shows: the same networks, endpoints and containers.

Everything is made the way its owner made it: docker's nat by docker, the rest by a POST to HNS, a switch without any
sign of HNS by Hyper-V. What HNS refuses to make stays away, and ``left`` says so.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.refusal import HostRefusal
from psnet.lab.labhost import LabHost
from psnet.lab.recording.answers import Answers
from psnet.lab.recording.builds import build_of
from psnet.recording import questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.recording import Record

_EXTERNAL: Final = ("transparent", "l2bridge", "l2tunnel", "overlay")
_ADAPTER: Final = "Ethernet 2"
_NETWORK: Final[tuple[str, ...]] = ("Name", "Type", "DNSSuffix", "DNSServerList", "IsolateSwitch")
_ENDPOINT: Final[tuple[str, ...]] = (
    "Name",
    "MacAddress",
    "IPAddress",
    "DNSServerList",
    "DNSSuffix",
    "GatewayAddress",
    "PrefixLength",
)
_PARAMETERS: Final[tuple[str, ...]] = ("IsRemoteEndpoint", "AdditionalParams")
_SHARED: Final = 3
_BY_HNS: Final = ("VLAN", "L2Driver")


def situation(records: Sequence[Record], name: str = "lab") -> tuple[LabHost, list[str]]:
    """Return a host with what a recording shows, and what could not be made of it, with the reason."""
    answers = Answers.of(records, replies=True)
    left: list[str] = []
    host = LabHost(name, str(build_of(records)), docker=_runs_docker(records, answers))
    for document in answers.objects(questions.NETWORKS) or []:
        _network(host, document, left)
    for document in answers.objects(questions.ENDPOINTS) or []:
        _endpoint(host, document, left)
    return host, left


def _runs_docker(records: Sequence[Record], answers: Answers) -> bool:
    """Say whether docker made the host's nat: it is named, and the recording shows no other maker of a nat."""
    services = answers.objects("Get-Service")
    if services is not None:
        return any(str(item.get("Name")).lower() == "docker" for item in services)
    named = any("docker" in record.runtime.lower() for record in records)
    nats = [item for item in answers.objects(questions.NETWORKS) or [] if str(item.get("Type")).lower() == "nat"]
    return named and (not nats or any(item.get("Name", "nat") == "nat" for item in nats))


def _post(host: LabHost, path: str, body: dict[str, Any], left: list[str]) -> dict[str, Any] | None:
    answer = json.loads(host.hns.call("POST", path, json.dumps(body)))
    if not answer["Success"]:
        left.append(f"POST {path} {body.get('Name', '')}: {answer['Error']}")
        return None
    return dict(answer.get("Output") or {})


def _network(host: LabHost, document: dict[str, Any], left: list[str]) -> None:
    kind = str(document.get("Type", "nat"))
    name = str(document.get("Name", "nat"))
    if any(item.name == name for item in host.hns.networks):
        return
    if kind[:1].isupper() and kind in ("Transparent", "Private", "Internal") and "ManagementIP" not in document:
        _switch(host, name, kind, left)
        return
    body: dict[str, Any] = {"Name": name, "Type": kind}
    body |= {key: document[key] for key in _NETWORK if key in document}
    if kind.lower() in _EXTERNAL and "NetworkAdapterName" in document:
        body["NetworkAdapterName"] = _ADAPTER
    subnets = [_subnet(item) for item in document.get("Subnets") or []]
    if subnets:
        body["Subnets"] = subnets
    elif kind.lower() in ("l2bridge", "l2tunnel", "overlay"):
        body["Subnets"] = [_own_subnet(kind)]
    policies = [item for item in document.get("Policies") or [] if item.get("Type") not in _BY_HNS]
    if policies:
        body["Policies"] = policies
    _post(host, "/networks", body, left)


def _own_subnet(kind: str) -> dict[str, Any]:
    policies = [{"Type": "VSID", "VSID": 4096}] if kind.lower() == "overlay" else []
    return {"AddressPrefix": "192.168.255.0/30", "GatewayAddress": "192.168.255.1", "Policies": policies}


def _subnet(given: dict[str, Any]) -> dict[str, Any]:
    found = {key: given[key] for key in ("AddressPrefix", "GatewayAddress") if key in given}
    policies = [item for item in given.get("Policies") or [] if isinstance(item, dict)]
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
    body: dict[str, Any] = {key: document[key] for key in (*_ENDPOINT, *_PARAMETERS) if key in document}
    policies = [item for item in document.get("Policies") or [] if item.get("Type") not in _BY_HNS]
    made = _post(host, "/endpoints", {**body, "VirtualNetwork": network, "Policies": policies}, left)
    containers = document.get("SharedContainers") or []
    if made is None or document.get("State", 1) not in (2, _SHARED):
        return
    for container in containers:
        attach: dict[str, Any] = {"ContainerId": container, "SystemType": "Container"}
        if document.get("State") == _SHARED:
            attach["SharedContainers"] = True
        answer = json.loads(host.hns.call("POST", f"/endpoints/{made['ID']}/attach", json.dumps(attach)))
        if not answer["Success"]:
            left.append(f"attach {made['ID']}: {answer['Error']}")
    if not containers:
        attach = {"CompartmentId": 2, "SystemType": "Host"}
        host.hns.call("POST", f"/endpoints/{made['ID']}/attach", json.dumps(attach))


def _network_of(host: LabHost, document: dict[str, Any], left: list[str]) -> str | None:
    """Return the id of an endpoint's network; one that the recording does not show is made with a fitting prefix."""
    name = str(document.get("VirtualNetworkName", "nat"))
    for network in host.hns.networks:
        if network.name == name:
            return network.id
    address = str(document.get("IPAddress", "10.44.0.4"))
    first = address.split(".")
    body: dict[str, Any] = {"Name": name, "Type": document.get("Type", "l2bridge" if name != "nat" else "nat")}
    if body["Type"].lower() != "ics":
        prefix, gateway = f"{first[0]}.{first[1]}.0.0/16", f"{first[0]}.{first[1]}.0.1"
        body["Subnets"] = [{"AddressPrefix": prefix, "GatewayAddress": document.get("GatewayAddress", gateway)}]
        if body["Type"].lower() == "overlay":
            body["Subnets"][0]["Policies"] = [{"Type": "VSID", "VSID": 4096}]
    made = _post(host, "/networks", body, left)
    return None if made is None else str(made["ID"])
