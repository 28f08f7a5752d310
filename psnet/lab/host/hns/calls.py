"""HNSCall of vmcompute.dll: methods, paths and documents of HNS v1 (reference: hns.md)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.hns import documents, endpoints, schema
from psnet.lab.host.hns.objects import Endpoint, HnsError, Network, PolicyList

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns

_GUID: Final = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_PATH: Final = re.compile(
    rf"^/?(networks|endpoints|policylists|endpointstats|globals/version)/?(?:({_GUID})/?(?:(attach|detach)/?)?)?$"
)


def answer(hns: Hns, method: str, path: str, body: str) -> str:
    """Answer a call as JSON text."""
    try:
        output = _route(hns, method, path, body)
    except HnsError as error:
        return json.dumps({"Success": False, "Error": str(error)})
    return json.dumps({"Success": True, "Output": output} if output is not None else {"Success": True})


def _route(hns: Hns, method: str, path: str, body: str) -> Any:
    match = _PATH.match(path)
    if match is None or method not in ("GET", "POST", "DELETE"):
        raise HnsError(hns.text(87))
    kind, identifier, action = match.groups()
    if kind == "globals/version":
        if hns.build.hns_version is None or method != "GET" or identifier:
            raise HnsError(hns.text(87))
        major, minor = hns.build.hns_version
        return {"Version": {"Major": major, "Minor": minor}}
    if action is not None:
        return _attachment(hns, method, kind, identifier, action, body)
    if kind == "endpointstats":
        if method != "GET" or identifier is None:
            raise HnsError(hns.text(87))
        return documents.statistics(endpoint_of(hns, identifier))
    if kind == "networks":
        return _networks(hns, method, identifier, body)
    return (_endpoints if kind == "endpoints" else _lists)(hns, method, identifier, body)


def network_of(hns: Hns, identifier: str | None) -> Network:
    """Return the network of an id; error 1168 when there is none."""
    found = next((item for item in hns.networks if item.id.lower() == (identifier or "").lower()), None)
    if found is None:
        raise HnsError(hns.text(1168), 0x803B0001)
    return found


def endpoint_of(hns: Hns, identifier: str | None) -> Endpoint:
    """Return the endpoint of an id; error 1168 when there is none."""
    found = next((item for item in hns.endpoints if item.id.lower() == (identifier or "").lower()), None)
    if found is None:
        raise HnsError(hns.text(1168), 0x803B0002)
    return found


def list_of(hns: Hns, identifier: str | None) -> PolicyList:
    """Return the policy list of an id; error 1168 when there is none."""
    found = next((item for item in hns.lists if item.id.lower() == (identifier or "").lower()), None)
    if found is None:
        raise HnsError(hns.text(1168), 0x803B0008)
    return found


def _networks(hns: Hns, method: str, identifier: str | None, body: str) -> Any:
    if method == "GET":
        if identifier is None:
            return [documents.network_document(item, hns.links) for item in hns.networks]
        return documents.network_document(network_of(hns, identifier), hns.links)
    if method == "DELETE":
        hns.remove(network_of(hns, identifier))
        return None
    if identifier:
        raise HnsError(hns.text(50))  # an update in place: the lab does not know what HNS accepts
    data = endpoints.read_json(hns, body)
    if not schema.fits(data, schema.NETWORK) or any(
        not schema.fits(item, schema.SUBNET) for item in data.get("Subnets") or []
    ):
        raise HnsError(hns.text(87), 0x803B000A)
    made = hns.create(
        data.get("Name") or "",
        data.get("Type") or "",
        subnets=data.get("Subnets"),
        dns_servers=data.get("DNSServerList") or "",
        dns_suffix=data.get("DNSSuffix") or "",
        adapter=data.get("NetworkAdapterName"),
        policies=data.get("Policies"),
        extra={name: data[name] for name in ("SourceMac", "MacPools", "AutomaticDNS") if name in data},
    )
    return documents.network_document(made, hns.links)


def _endpoints(hns: Hns, method: str, identifier: str | None, body: str) -> Any:
    if method == "GET" and identifier is None:
        return [documents.endpoint_document(item, hns.network_of(item)) for item in hns.endpoints]
    if method == "DELETE":
        hns.remove_endpoint(endpoint_of(hns, identifier))
        return None
    if method == "GET":
        found = endpoint_of(hns, identifier)
        return documents.endpoint_document(found, hns.network_of(found))
    data = endpoints.read_json(hns, body)
    if not schema.fits(data, schema.ENDPOINT):
        raise HnsError(hns.text(87), 0x803B000C)
    if identifier is not None:
        found = endpoint_of(hns, identifier)
        endpoints.update_endpoint(hns, hns.network_of(found), found, data)
    else:
        found = endpoints.create_endpoint(hns, network_of(hns, data.get("VirtualNetwork")), data)
    return documents.endpoint_document(found, hns.network_of(found))


def _attachment(hns: Hns, method: str, kind: str, identifier: str, action: str, body: str) -> Any:
    if method != "POST" or kind != "endpoints":
        raise HnsError(hns.text(87))
    found = endpoint_of(hns, identifier)
    data = endpoints.read_json(hns, body)
    if not schema.fits(data, schema.ATTACH):
        raise HnsError(hns.text(87))
    if action == "attach":
        endpoints.attach(hns, hns.network_of(found), found, data)
    else:
        endpoints.detach(hns, found, data)
    return documents.endpoint_document(found, hns.network_of(found))


def _lists(hns: Hns, method: str, identifier: str | None, body: str) -> Any:
    if method == "GET":
        if identifier is None:
            return [documents.policy_list_document(item) for item in hns.lists]
        return documents.policy_list_document(list_of(hns, identifier))
    if method == "DELETE":
        hns.lists.remove(list_of(hns, identifier))
        return None
    if identifier is not None:
        raise HnsError(hns.text(50))
    data = endpoints.read_json(hns, body)
    if not schema.fits(data, schema.POLICY_LIST):
        raise HnsError(hns.text(87))
    return documents.policy_list_document(create_list(hns, data.get("References") or [], data.get("Policies") or []))


def create_list(hns: Hns, references: list[str], policies: list[dict[str, Any]]) -> PolicyList:
    """Make a policy list over endpoints; a VIP, protocol and port can be taken once."""
    if (
        not references
        or not policies
        or not schema.good_policies(policies, schema.LIST_POLICIES, hns.build.hns_version)
    ):
        raise HnsError(hns.text(87), 0x803B000D)
    for name in references:
        endpoint = endpoint_of(hns, name.removeprefix("/endpoints/").strip("/"))
        if hns.network_of(endpoint).type in ("transparent", "internal", "private"):
            raise HnsError(hns.text(50), 0x803B0015)
    taken = {key for item in hns.lists for policy in item.policies for key in _fronts(policy)}
    if any(key in taken for policy in policies for key in _fronts(policy)):
        raise HnsError(hns.text(5010), 0x803B0012)
    made = PolicyList(hns.ids.guid(), list(references), list(policies))
    hns.lists.append(made)
    return made


def _fronts(policy: dict[str, Any]) -> list[tuple[Any, ...]]:
    if policy["Type"] != "ELB":
        return []
    return [(vip, policy.get("Protocol", 6), policy["ExternalPort"]) for vip in policy.get("VIPs") or [""]]
