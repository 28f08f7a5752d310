"""What a Network Controller has, as one observe pass reads it, in the REST API's spelling whatever the backend."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field

from psnet._internal.model import Model
from psnet.sdn.kinds import BY_COLLECTION, INSIDE, SDN_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TAG: Final = "psnet"


class ControllerResource(Model):
    """A resource with what belongs to it; those with a version of their own inside another stand apart."""

    collection: str
    resource_id: str
    etag: str = ""
    instance_id: str = ""
    tags: dict[str, Any] = Field(default_factory=dict)
    properties: dict[str, Any]
    parent: str = Field(default="", description="the resourceRef of the resource around it")

    @property
    def path(self) -> str:
        """The resourceRef."""
        return f"{self.parent}/{self.collection}/{self.resource_id}"

    @property
    def provisioning_state(self) -> str:
        """Succeeded, Updating, Deleting or Failed."""
        return str(self.properties.get("provisioningState") or "")

    @property
    def made_by(self) -> str | None:
        """The site whose psnet made it; None for what psnet did not make."""
        value = self.tags.get(_TAG)
        return str(value) if value else None


class PortState(Model):
    """A port of a Hyper-V host's switch, by the adapter on it; ``profile_id`` is the instance id that it carries.

    ``there`` is False when the host has no such adapter. ``rules`` is what ``vfpctrl`` prints of the firewall's layers,
    None when it was not asked for or is not there.
    """

    host: str
    vm: str | None = None
    adapter: str
    there: bool = True
    mac: str = ""
    switch: str = ""
    profile_id: str = ""
    profile_data: int | None = None
    vendor_id: str = ""
    rules: tuple[str, ...] | None = None

    @property
    def path(self) -> str:
        """How plans and traces name it."""
        return port_path(self.host, self.vm, self.adapter)

    @property
    def profile(self) -> str:
        """The profile in one text, empty without one; an id that is not enforced says so."""
        if not self.profile_id:
            return ""
        return self.profile_id if self.enforces else f"{self.profile_id} (not enforced: data {self.profile_data})"

    @property
    def enforces(self) -> bool:
        """Whether the Network Controller's agent programs the port by the profile."""
        return self.profile_data == 1 and self.vendor_id == NC_VENDOR


#: Who a port profile of the Network Controller is from (microsoft/SDN NCRESTExamples/ZeroToSDNBlogs-VMPolicy.ps1).
NC_VENDOR: Final = "1fa41b39-b444-4e43-b35a-e1f7985fd548"


class ProxyState(Model):
    """What containers behind a virtual machine's interface need on a host, as it stands there.

    ``kind`` is proxy (on the Hyper-V host) or plugin (on the container host); ``missing`` names what is not as needed.
    """

    host: str
    kind: Literal["proxy", "plugin"]
    missing: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """How plans name it."""
        return f"/container_{self.kind}/{self.host}"


def port_path(host: str, vm: str | None, adapter: str) -> str:
    """Return how a port is named: by its host, the virtual machine (none: the host itself) and the adapter."""
    return f"/ports/{host}/{vm or '.'}/{adapter}"


def tags_of(site: str) -> dict[str, str]:
    """Return the tags that mark what psnet makes: the only place that the controller has for it (-Tags, "tags")."""
    return {_TAG: site}


class ControllerState(Model):
    """Every collection that psnet manages."""

    url: str
    resources: tuple[ControllerResource, ...] = ()
    ports: tuple[PortState, ...] = Field(default=(), description="those of the hosts that were looked at")

    proxies: tuple[ProxyState, ...] = Field(default=(), description="what containers need on hosts that were seen")

    def proxy(self, kind: str, host: str) -> ProxyState | None:
        """Return how a host is prepared for containers, None when it was not looked at."""
        return next((item for item in self.proxies if (item.kind, item.host) == (kind, host)), None)

    def port(self, path: str) -> PortState | None:
        """Return a port by its path, None when its host was not looked at."""
        return next((item for item in self.ports if item.path.lower() == path.lower()), None)

    def of(self, collection: str) -> Iterator[ControllerResource]:
        """Yield the resources of a collection."""
        return (item for item in self.resources if item.collection == collection)

    def find(self, path: str) -> ControllerResource | None:
        """Return a top-level resource by its resourceRef, in any case."""
        wanted = path.lower()
        return next((item for item in self.resources if item.path.lower() == wanted), None)

    def has(self, path: str) -> bool:
        """Say whether a resourceRef leads somewhere, to a resource or to one inside another."""
        parts = path.strip("/").split("/")
        found = self.find("/" + "/".join(parts[:2]))
        if found is None or len(parts) == 2:  # noqa: PLR2004 - collection and id
            return found is not None
        return _inside(found.properties, parts[2:])

    def fingerprint(self) -> str:
        """Return a digest that changes when anything observed changes."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def _inside(properties: Mapping[str, Any], parts: list[str]) -> bool:
    listed = next((value for key, value in properties.items() if key.lower() == parts[0].lower()), None)
    for item in listed or ():
        if str(item.get("resourceId", "")).lower() == parts[1].lower():
            return len(parts) == 2 or _inside(item.get("properties") or {}, parts[2:])  # noqa: PLR2004 - as above
    return False


def read_resource(collection: str, data: Mapping[str, Any]) -> ControllerResource:
    """Return one resource from REST data, or from what ConvertTo-Json made of a cmdlet's object."""
    plain = canonical(data)
    return ControllerResource(
        collection=collection,
        resource_id=str(plain["resourceId"]),
        etag=str(plain.get("etag") or ""),
        instance_id=str(plain.get("instanceId") or ""),
        tags=dict(plain.get("tags") or {}),
        properties=plain.get("properties") or {},
    )


def read_controller(url: str, collections: Mapping[str, Any]) -> ControllerState:
    """Return the state from a list of resources a collection."""
    found = [
        read_resource(name, item)
        for name, items in collections.items()
        if name in BY_COLLECTION
        for item in items
        if item is not None
    ]
    return ControllerState(url=url, resources=tuple(each for item in found for each in _apart(item)))


def _apart(resource: ControllerResource) -> Iterator[ControllerResource]:
    """Yield a resource without what psnet manages inside it, then that; it has the mark of the one around it."""
    inside = [SDN_KINDS[kind].collection for kind, around in INSIDE.items() if around == resource.collection]
    kept = {name: value for name, value in resource.properties.items() if name not in inside}
    yield resource.model_copy(update={"properties": kept}) if inside else resource
    for name in inside:
        for item in resource.properties.get(name) or ():
            child = read_resource(name, item)
            yield child.model_copy(update={"parent": resource.path, "tags": resource.tags})


#: Fields whose REST spelling is not just PascalCase with a small first letter.
_SPELLINGS: Final = {
    name.lower(): name
    for name in (
        *("resourceId", "resourceRef", "instanceId", "etag", "tags", "properties", "provisioningState"),
        *("addressSpace", "addressPrefixes", "addressPrefix", "logicalNetwork", "subnets", "subnet"),
        *("accessControlList", "routeTable", "routes", "nextHopType", "nextHopIpAddress", "aclRules", "protocol"),
        *("sourcePortRange", "destinationPortRange", "sourceAddressPrefix", "destinationAddressPrefix", "action"),
        *("priority", "type", "logging", "networkVirtualizationEnabled", "defaultGateways", "dnsServers", "vlanID"),
        *("isPublic", "ipPools", "startIpAddress", "endIpAddress", "ipAddress", "publicIPAllocationMethod"),
        *("idleTimeoutInMinutes", "privateMacAddress", "privateMacAllocationMethod", "ipConfigurations"),
        *("privateIPAddress", "privateIPAllocationMethod", "publicIPAddress", "dnsSettings", "portSettings"),
        *("qosSettings", "outboundReservedValue", "outboundMaximumMbps", "inboundMaximumMbps"),
        *("enableHardwareLimits", "macSpoofingEnabled", "arpGuardEnabled", "dhcpGuardEnabled", "stormLimit"),
        *("portFlowLimit", "frontendIPConfigurations", "backendAddressPools", "backendIPConfigurations", "probes"),
        *("loadBalancingRules", "inboundNatRules", "outboundNatRules", "port", "requestPath", "intervalInSeconds"),
        *(
            "numberOfProbes",
            "backendAddressPool",
            "inboundDefaultAction",
            "outboundDefaultAction",
            "frontendPort",
            "backendPort",
            "enableFloatingIP",
            "probe",
        ),
        *("loadBalancerBackendAddressPools", "loadBalancerInboundNatRules", "loadDistribution", "description"),
        *("dhcpOptions", "vmqWeight", "iovWeight", "iovInterruptModeration", "iovQueuePairsRequested"),
        *("isHostVirtualNetworkInterface", "isPrimary", "isMultitenantStack", "internalDnsNameLabel"),
        *("virtualNetworkPeerings", "remoteVirtualNetwork", "allowVirtualNetworkAccess", "allowForwardedTraffic"),
        *("allowGatewayTransit", "useRemoteGateways", "peeringState", "connections", "managementAddresses"),
        *("credential", "credentialType", "userName", "value", "certificate", "rackSlot", "os", "vendor", "model"),
        *("networkInterfaces", "logicalSubnets", "vmGuid", "gatewayCapacityKiloBitsPerSecond", "ipConfiguration"),
        *("redundantGatewayCount", "publicIPAddresses", "greVipSubnets", "pool", "virtualServer", "bgpConfig"),
        *("internalNetworkInterface", "externalNetworkInterface", "extAsNumber", "bgpPeer", "peerIP", "asNumber"),
        *("peerExtAsNumber", "gatewayPools", "gatewaySubnets", "routingType", "networkConnections", "bgpRouters"),
        *("bgpPeers", "routerId", "routerIP", "peerIpAddress", "connectionType", "outboundKiloBitsPerSecond"),
        *("inboundKiloBitsPerSecond", "ipSecConfiguration", "greConfiguration", "l3Configuration", "ipAddresses"),
        *("peerIPAddresses", "destinationIPAddress", "authenticationMethod", "sharedSecret", "quickMode", "mainMode"),
        *("perfectForwardSecrecy", "authenticationTransformationConstant", "cipherTransformationConstant"),
        *("saLifeTimeSeconds", "saLifeTimeKiloBytes", "idleDisconnectSeconds", "diffieHellmanGroup", "greKey"),
        *("integrityAlgorithm", "encryptionAlgorithm", "vlanSubnet", "prefixLength", "destinationPrefix", "metric"),
        *("serviceInsertion", "serviceInsertionRules", "serviceInsertionElements", "sourcePortRangeStart", "order"),
        *("sourcePortRangeEnd", "destinationPortRangeStart", "destinationPortRangeEnd", "sourceSubnets"),
        *("destinationSubnets", "networkInterface"),
        *("backendIPConfiguration", "configurationState", "detailedInfo", "message", "status"),
    )
}


def canonical(value: Any) -> Any:
    """Return data with the REST API's spelling of every known field."""
    if isinstance(value, dict) or hasattr(value, "items"):
        return {_SPELLINGS.get(str(key).lower(), str(key)): canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    return value
