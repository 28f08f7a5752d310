"""What an endpoint that psnet makes gets in its create document: public code sends these policies then, never later.

PortMapping, OutBoundNAT, SDNRoute, QOS and ProviderAddress (hcn.md 4: all clients delete and make anew). A change of
one is a new endpoint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.resources.delivery import port_policies

if TYPE_CHECKING:
    from psnet.resources.base import Context
    from psnet.resources.endpoint import Endpoint
    from psnet.state import EndpointState

#: Kinds whose policies go into the create document of an endpoint that is declared: the type that v1 calls them.
TYPES: Final = {"qos": "QOS", "outbound_nat": "OutBoundNAT", "route": "ROUTE"}
#: v1 type: (v2 type, {v1 field: v2 field}) (cni.md 3, "The same policy in both forms").
_V2: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "QOS": ("QOS", {}),
    "OutBoundNAT": ("OutBoundNAT", {"VIP": "VirtualIP", "ExceptionList": "Exceptions"}),
    "ROUTE": ("SDNRoute", {}),
    "PA": ("ProviderAddress", {"PA": "ProviderAddress"}),
}


def declared_policies(endpoint: Endpoint, context: Context) -> dict[str, list[dict[str, Any]]]:
    """Return what is declared for an endpoint by type, as v1 writes it; a type without any is left out."""

    def make() -> dict[str, dict[str, list[dict[str, Any]]]]:
        found: dict[str, dict[str, list[dict[str, Any]]]] = {}
        for item in context.resources:
            if item.kind in TYPES:
                policy: Any = item
                name = policy.endpoint.removeprefix("endpoint:").lower()
                found.setdefault(name, {})[TYPES[item.kind]] = policy.policies_on(context)
        return found

    return context.cached("policies at creation", make).get(endpoint.name.lower(), {})


def creation_policies(endpoint: Endpoint, context: Context) -> list[dict[str, Any]]:
    """Return the policies of an endpoint's create document, in the form of the backend."""
    flat = [item for policies in declared_policies(endpoint, context).values() for item in policies]
    if endpoint.provider_address is not None:
        flat.append({"Type": "PA", "PA": str(endpoint.provider_address)})
    return [*port_policies(endpoint, context), *(_as_v2(item) if context.backend == "hcn" else item for item in flat)]


def _as_v2(policy: dict[str, Any]) -> dict[str, Any]:
    kind, names = _V2[policy["Type"]]
    return {"Type": kind, "Settings": {names.get(key, key): value for key, value in policy.items() if key != "Type"}}


def declared_routes(endpoint: EndpointState) -> list[dict[str, Any]]:
    """Return an endpoint's ROUTE policies without the one that HNS makes beside a local port mapping (record b20)."""
    local = any(item.get("Type") == "NAT" and item.get("Flags") for item in endpoint.policies)
    routes = [item for item in endpoint.policies if item.get("Type") == "ROUTE"]
    hosts = [item for item in routes if str(item.get("DestinationPrefix")).endswith("/32") and item.get("NeedEncap")]
    return [item for item in routes if not (local and item in hosts[-1:])]
