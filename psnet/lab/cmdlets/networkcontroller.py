"""The NetworkController module over the lab's controller: Get-, New-, Set- and Remove- of its resources.

The ids of the real module's errors stand in no source: here they are the controller's error identifiers. A script
that must tell a conflict from another refusal has to look at the resource's ETag again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.networkcontroller_call import arguments_document, caller, confirmed, record_id
from psnet.lab.cmdlets.unknown import refused
from psnet.lab.engine.cmdlet import CmdletSpec, Registry
from psnet.lab.sdn.errors import SdnError
from psnet.lab.sdn.objects import MODULE, to_object
from psnet.powershell.facts.cmdlets import entries
from psnet.powershell.facts.spec import metadata_from_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_LB: Final = "loadBalancers/{LoadBalancerId}"


@dataclass(frozen=True)
class Noun:
    """What a noun works on: the collection's path with the parents' parameters in it, and the type."""

    path: str
    type: str
    single: bool = False


_NOUNS: Final = {
    "AccessControlList": Noun("accessControlLists", "AccessControlList"),
    "AccessControlListRule": Noun("accessControlLists/{AccessControlListId}/aclRules", "AclRule"),
    "LogicalNetwork": Noun("logicalNetworks", "LogicalNetwork"),
    "LogicalSubnet": Noun("logicalNetworks/{LogicalNetworkId}/subnets", "LogicalSubnet"),
    "IpPool": Noun("logicalNetworks/{NetworkId}/subnets/{SubnetId}/ipPools", "IpPool"),
    "VirtualNetwork": Noun("virtualNetworks", "VirtualNetwork"),
    "VirtualSubnet": Noun("virtualNetworks/{VirtualNetworkId}/subnets", "VirtualSubnet"),
    "VirtualNetworkPeering": Noun("virtualNetworks/{VirtualNetworkId}/virtualNetworkPeerings", "VirtualNetworkPeering"),
    "NetworkInterface": Noun("networkInterfaces", "NetworkInterface"),
    "NetworkInterfaceIpConfiguration": Noun(
        "networkInterfaces/{NetworkInterfaceId}/ipConfigurations", "NetworkInterfaceIpConfiguration"
    ),
    "LoadBalancer": Noun("loadBalancers", "LoadBalancer"),
    "LoadBalancerFrontendIpConfiguration": Noun(
        f"{_LB}/frontendIPConfigurations", "LoadBalancerFrontendIpConfiguration"
    ),
    "LoadBalancerBackendAddressPool": Noun(f"{_LB}/backendAddressPools", "LoadBalancerBackendAddressPool"),
    "LoadBalancingRule": Noun(f"{_LB}/loadBalancingRules", "LoadBalancingRule"),
    "LoadBalancerProbe": Noun(f"{_LB}/probes", "LoadBalancerProbe"),
    "LoadBalancerInboundNatRule": Noun(f"{_LB}/inboundNatRules", "LoadBalancerInboundNatRule"),
    "LoadBalancerOutboundNatRule": Noun(f"{_LB}/outboundNatRules", "LoadBalancerOutboundNatRule"),
    "PublicIpAddress": Noun("publicIPAddresses", "PublicIpAddress"),
    "RouteTable": Noun("routeTables", "RouteTable"),
    "Route": Noun("routeTables/{RouteTableId}/routes", "Route"),
    "Credential": Noun("credentials", "Credential"),
    "Server": Noun("servers", "Server"),
    "ServerInterface": Noun("servers/{ServerId}/networkInterfaces", "NwInterface"),
    "VirtualServer": Noun("virtualServers", "VirtualServer"),
    "LoadBalancerMux": Noun("loadBalancerMuxes", "LoadBalancerMux"),
    "MacPool": Noun("macPools", "MacPool"),
    "GatewayPool": Noun("gatewayPools", "GatewayPool"),
    "Gateway": Noun("gateways", "Gateway"),
    "VirtualGateway": Noun("virtualGateways", "VirtualGateway"),
    "VirtualGatewayNetworkConnection": Noun(
        "virtualGateways/{VirtualGatewayId}/networkConnections", "NetworkConnection"
    ),
    "VirtualGatewayBgpRouter": Noun("virtualGateways/{VirtualGatewayId}/bgpRouters", "VGwBgpRouter"),
    "VirtualGatewayBgpPeer": Noun(
        "virtualGateways/{VirtualGatewayId}/bgpRouters/{BgpRouterName}/bgpPeers", "VGwBgpPeer"
    ),
    "ServiceInsertion": Noun("serviceInsertions", "ServiceInsertion"),
    "VirtualNetworkConfiguration": Noun("virtualNetworkManager/configuration", "VirtualNetworkManager", single=True),
    "VirtualSwitchConfiguration": Noun("virtualSwitchManager/configuration", "VirtualSwitchManager", single=True),
    "LoadBalancerConfiguration": Noun("loadBalancerManager/config", "LoadBalancerManager", single=True),
}


def _paths(noun: Noun, p: Parameters) -> list[str]:
    """Return the collection's paths: one for every parent named."""
    paths = [noun.path]
    while "{" in paths[0]:
        name = paths[0].partition("{")[2].partition("}")[0]
        paths = [path.replace(f"{{{name}}}", str(value)) for path in paths for value in p.list(name) or []]
    return [f"/{path}" for path in paths]


def _report(ctx: CmdletContext, error: SdnError) -> None:
    error_id, category = record_id(error)
    ctx.write_error(error.message, error_id, category, error.target, exception="System.InvalidOperationException")


def _get(noun: Noun) -> Callable[..., Iterator[Any]]:
    def get(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
        controller = caller(ctx, p)
        for path in _paths(noun, p):
            try:
                if noun.single:
                    yield to_object(noun.type, controller.get(path))
                elif p.list("ResourceId") is None:
                    for item in controller.collection(path):
                        yield to_object(noun.type, item)
            except SdnError as error:
                _report(ctx, error)
            for name in p.list("ResourceId") or []:
                try:
                    yield to_object(noun.type, controller.get(f"{path}/{name}"))
                except SdnError as error:
                    _report(ctx, error)

    return get


def _new(noun: Noun) -> Callable[..., Iterator[Any]]:
    def new(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
        controller = caller(ctx, p)
        (path,) = _paths(noun, p)
        path = path if noun.single else f"{path}/{p['ResourceId']}"
        document = arguments_document(ctx, p, noun.type)
        if not confirmed(ctx, p, path):
            return
        try:
            controller.put(path, document, p.get("Etag"))
            yield to_object(noun.type, controller.show(path))
        except SdnError as error:
            _report(ctx, error)

    return new


def _remove(noun: Noun) -> Callable[..., Iterator[Any]]:
    def remove(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
        controller = caller(ctx, p)
        (path,) = _paths(noun, p)
        path = path if noun.single else f"{path}/{p['ResourceId']}"
        if confirmed(ctx, p, path):
            try:
                controller.delete(path, p.get("Etag"))
            except SdnError as error:
                _report(ctx, error)
        yield from ()

    return remove


_VERBS: Final = {"Get": _get, "New": _new, "Set": _new, "Remove": _remove}


def controller_registry(docset: str) -> Registry:
    """Return the module's cmdlets of a documentation set; those that the lab does not know refuse loudly."""
    registry = Registry()
    for entry in entries(MODULE, docset):
        verb, _, rest = str(entry["name"]).partition("-")
        noun = _NOUNS.get(rest.removeprefix(MODULE))
        make = _VERBS.get(verb)
        if noun is None or make is None:
            registry.add_spec(refused(entry, MODULE))
            continue
        spec = CmdletSpec(str(entry["name"]), make(noun), None, None, MODULE)
        # The pages of the Remove- cmdlets give WhatIf only from 2022 on; -Force asks in any case.
        spec.metadata = metadata_from_reference(entry)
        registry.add_spec(spec)
    return registry
