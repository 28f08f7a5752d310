"""HNSCall of vmcompute.dll: methods, paths and documents of HNS v1 (reference: hns.md)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.host.hns import documents, endpoint_documents, endpoints, events, namespaces, schema
from psnet.lab.host.hns import hcn_documents as v2
from psnet.lab.host.hns.error_texts import code_text
from psnet.lab.host.hns.objects import DETACHED, Endpoint, HnsError, Network, PolicyList

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns

_GUID: Final = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_PATH: Final = re.compile(
    rf"^/?(networks|endpoints|policylists|endpointstats|namespaces|globals/version)/?(?:({_GUID})/?(?:(attach|detach)/?)?)?$"
)


#: Paths that HNS has and the lab does not simulate (microsoft/SDN, hns.psm1 and hns.v2.psm1).
_UNKNOWN: Final = frozenset({"activities", "plugins", "portpools", "endpointaddresses"})
#: HRESULT of Win32 1168, element not found.
_NOT_FOUND: Final = 0x80070490


def answer(hns: Hns, method: str, path: str, body: str) -> str:
    """Answer a call as JSON text."""
    events.asked(hns, method, path, body)
    try:
        if hns.services is not None and not hns.services.running("hns"):
            raise HnsError(hns.text(1722), 0x800706BA)  # rule: hns-down
        output = _route(hns, method, path, body)
    except HnsError as error:
        events.refused(hns, method, path, error.code)
        return _written(hns, _refused(hns, error))
    return _written(hns, {"Output": output, "Success": True} if output is not None else {"Success": True})


def _refused(hns: Hns, error: HnsError) -> dict[str, Any]:
    """Return the document of a refusal: HCN's text and code from 2019 on, Win32's text alone before."""
    if hns.build.build >= 17763:
        # rule: hns-error-code
        text = code_text(error.code, hns.culture) or f"{error} "
        return {"Error": text, "ErrorCode": error.code, "Success": False}
    return {"Error": f"{str(error).rstrip()} ", "Success": False}  # rule: hns-error-before-2019


def _written(hns: Hns, document: dict[str, Any]) -> str:
    """Return a document as HNS writes it: with blanks around colons and escaped slashes before 2019."""
    if hns.build.build >= 17763:
        return json.dumps(document, separators=(",", ":"))
    return json.dumps(document, separators=(",", " : ")).replace("/", "\\/")  # rule: hns-json-spelling


def _route(hns: Hns, method: str, path: str, body: str) -> Any:
    if path.strip("/") in _UNKNOWN:
        raise UnsupportedError(f"HNS {method} {path}")
    match = _PATH.match(path)
    if match is None or method not in ("GET", "POST", "DELETE"):
        raise HnsError(hns.text(87))  # rule: hns-paths
    kind, identifier, action = match.groups()
    if kind == "globals/version":
        if hns.build.hns_version is None or method != "GET" or identifier:
            raise HnsError(hns.text(87))  # rule: hns-version-query
        major, minor = hns.build.hns_version
        return {"Version": {"Major": major, "Minor": minor}}
    if action is not None:
        return _attachment(hns, method, kind, identifier, action, body)
    if kind == "endpointstats":
        if method != "GET" or identifier is None:
            raise HnsError(hns.text(87))  # rule: hns-paths
        return endpoint_documents.statistics(endpoint_of(hns, identifier))
    if kind == "networks":
        return _networks(hns, method, identifier, body)
    if kind == "namespaces":
        return _namespaces(hns, method, identifier)
    return (_endpoints if kind == "endpoints" else _lists)(hns, method, identifier, body)


def _namespaces(hns: Hns, method: str, identifier: str | None) -> Any:
    if method != "GET" or hns.build.build < 17763:
        raise HnsError(hns.text(50), 0x803B0015)  # rule: hns-namespaces-read
    if identifier is None:
        return [endpoint_documents.namespace_document(hns, item) for item in namespaces.all_of(hns)]
    return endpoint_documents.namespace_document(hns, namespaces.namespace_of(hns, identifier))


def network_of(hns: Hns, identifier: str | None, code: int = _NOT_FOUND) -> Network:
    """Return the network of an id; error 1168 when there is none."""
    found = next((item for item in hns.networks if item.id.lower() == (identifier or "").lower()), None)
    if found is None:
        raise HnsError(hns.text(1168), code)  # rule: hns-network-unknown
    return found


def endpoint_of(hns: Hns, identifier: str | None, code: int = _NOT_FOUND) -> Endpoint:
    """Return the endpoint of an id; error 1168 when there is none."""
    found = next((item for item in hns.endpoints if item.id.lower() == (identifier or "").lower()), None)
    if found is None:
        raise HnsError(hns.text(1168), code)  # rule: hns-object-unknown
    return found


def list_of(hns: Hns, identifier: str | None, code: int = _NOT_FOUND) -> PolicyList:
    """Return the policy list of an id; error 1168 when there is none."""
    found = next((item for item in hns.lists if item.id.lower() == (identifier or "").lower()), None)
    if found is None:
        raise HnsError(hns.text(1168), code)  # rule: hns-object-unknown
    return found


def _networks(hns: Hns, method: str, identifier: str | None, body: str) -> Any:
    if method == "GET":
        if identifier is None:
            return [documents.network_document(hns, item) for item in hns.networks]
        return documents.network_document(hns, network_of(hns, identifier))
    if method == "DELETE":
        hns.remove(network_of(hns, identifier))
        return None
    if identifier:
        raise HnsError(hns.text(50), 0x803B0015)  # rule: hns-network-update
    data = endpoints.read_json(hns, body)
    if not schema.fits(data, schema.NETWORK) or any(
        not schema.fits(item, schema.SUBNET) for item in data.get("Subnets") or []
    ):
        raise HnsError(hns.text(87), 0x803B000A)  # rule: hns-object-fields
    made = hns.create(**v2.network_fields(data))
    return documents.network_document(hns, made)


def _endpoints(hns: Hns, method: str, identifier: str | None, body: str) -> Any:
    if method == "GET" and identifier is None:
        return [endpoint_documents.endpoint_document(hns, item, hns.network_of(item)) for item in hns.endpoints]
    if method == "DELETE":
        hns.remove_endpoint(endpoint_of(hns, identifier))
        return None
    if method == "GET":
        found = endpoint_of(hns, identifier)
        return endpoint_documents.endpoint_document(hns, found, hns.network_of(found))
    data = endpoints.read_json(hns, body)
    if not schema.fits(data, schema.ENDPOINT):
        raise HnsError(hns.text(87), 0x803B000C)  # rule: hns-object-fields
    if identifier is not None:
        found = endpoint_of(hns, identifier)
        endpoints.update_endpoint(hns, hns.network_of(found), found, data)
    else:
        found = endpoints.create_endpoint(hns, network_of(hns, data.get("VirtualNetwork")), data)
    return endpoint_documents.endpoint_document(hns, found, hns.network_of(found))


def _attachment(hns: Hns, method: str, kind: str, identifier: str, action: str, body: str) -> Any:
    if method != "POST" or kind != "endpoints":
        raise HnsError(hns.text(87))  # rule: hns-paths
    found = endpoint_of(hns, identifier)
    data = endpoints.read_json(hns, body)
    if not schema.fits(data, schema.ATTACH):
        raise HnsError(hns.text(87), 0x803B000C)  # rule: hns-object-fields
    if action == "attach":
        endpoints.attach(hns, hns.network_of(found), found, data)
    else:
        endpoints.detach(hns, found, data)
    return endpoint_documents.endpoint_document(hns, found, hns.network_of(found))


def _lists(hns: Hns, method: str, identifier: str | None, body: str) -> Any:
    if method == "GET":
        if identifier is None:
            return [documents.policy_list_document(hns, item) for item in hns.lists]
        return documents.policy_list_document(hns, list_of(hns, identifier))
    if method == "DELETE":
        hns.lists.remove(list_of(hns, identifier))
        return None
    if identifier is not None:
        raise HnsError(hns.text(50), 0x803B0015)  # rule: hns-list-update
    data = endpoints.read_json(hns, body)
    if not schema.fits(data, schema.POLICY_LIST):
        raise HnsError(hns.text(87), 0x803B000D)  # rule: hns-object-fields
    return documents.policy_list_document(
        hns, create_list(hns, data.get("References") or [], data.get("Policies") or [])
    )


def create_list(hns: Hns, references: list[str], policies: list[dict[str, Any]], *, made_by: int = 1) -> PolicyList:
    """Make a policy list over endpoints; a VIP, protocol and port can be taken once."""
    if (
        not references
        or not policies
        or not schema.good_policies(policies, schema.LIST_POLICIES, hns.build.hns_version)
    ):
        raise HnsError(hns.text(87), 0x803B000D)  # rule: hns-list-policies
    members = [endpoint_of(hns, name.removeprefix("/endpoints/").strip("/")) for name in references]
    for endpoint in members:
        if hns.network_of(endpoint).type in ("transparent", "internal", "private"):
            raise HnsError(hns.text(50), 0x803B0015)  # rule: hns-list-networks
        if endpoint.state == DETACHED:
            raise HnsError(hns.text(1168), 0x803B0007)  # rule: hns-list-port-lost
    if any(_listened(hns, policy) for policy in _balancers(policies)):
        raise HnsError(hns.text(32), 0x803B0013)  # rule: hns-list-port-listened
    taken = {key for item in hns.lists for policy in item.policies for key in _fronts(policy)}
    if any(key in taken for policy in policies for key in _fronts(policy)):
        raise HnsError(hns.text(5010), 0x803B0012)  # rule: hns-list-twice
    made = PolicyList(hns.ids.guid(), list(references), list(policies), made_by)
    made.network, made.updated = members[0].network, hns.filetime()
    hns.lists.append(made)
    return made


def _balancers(policies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for item in policies if item["Type"] == "ELB"]


def _listened(hns: Hns, policy: dict[str, Any]) -> bool:
    """Say whether the host listens on a balancer's port itself, as WinRM does on every host of the lab."""
    number = policy["ExternalPort"]
    word = "UDP" if policy.get("Protocol") == 17 else "TCP"
    listening = any((item.protocol, item.port) == (word, number) for item in hns.nat.listeners)
    return listening or any(kind == word and first <= number <= last for kind, first, last in hns.nat.excluded)


def _fronts(policy: dict[str, Any]) -> list[tuple[Any, ...]]:
    if policy["Type"] != "ELB":
        return []
    return [(vip, policy.get("Protocol", 6), policy["ExternalPort"]) for vip in policy.get("VIPs") or [""]]
