"""Virtual gateways: what connects a tenant's virtual network with sites elsewhere, by IPSec, GRE or a VLAN.

Fields: [MS-NCNBI] 3.1.5.17 and the examples of New-NetworkControllerVirtualGateway, -NetworkConnection and -BgpRouter.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Interface
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Self

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet._internal.secret import SecretSource
from psnet.sdn.model.base import SdnResource, child, ref, refuse_duplicates, without_nones
from psnet.sdn.model.fabric import AsNumber, as_number
from psnet.sdn.model.interfaces import subnet_path
from psnet.sdn.secrets import secret
from psnet.sdn.values import Name, Pair, choice
from psnet.types import Network

if TYPE_CHECKING:
    from pathlib import Path

Kbps = Annotated[int, Field(ge=1, description="kbit/s")]
_WAYS: Final = {"IPSec": ("pre_shared_key", "destination"), "GRE": ("gre_key", "destination"), "L3": ("vlan_subnet",)}


class GatewayRoute(Model):
    """A prefix at the other end of a connection (RouteInfo)."""

    prefix: Network
    metric: Annotated[int, Field(ge=0)] = 10

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        return {"destinationPrefix": str(self.prefix), "metric": self.metric}


class QuickMode(Model):
    """Phase 2 of IPSec; words as New-NetworkControllerVirtualGatewayNetworkConnection has them."""

    perfect_forward_secrecy: str = "PFS2048"
    authentication: str = "SHA256128"
    cipher: str = "DES3"
    lifetime_seconds: Annotated[int, Field(ge=1)] = 1233
    lifetime_kilobytes: Annotated[int, Field(ge=1)] = 2000
    idle_disconnect_seconds: Annotated[int, Field(ge=1)] = 500


class MainMode(Model):
    """Phase 1 of IPSec."""

    diffie_hellman_group: str = "Group2"
    integrity: str = "SHA256"
    encryption: str = "AES256"
    lifetime_seconds: Annotated[int, Field(ge=1)] = 1234
    lifetime_kilobytes: Annotated[int, Field(ge=1)] = 2000


class GatewayConnection(Model):
    """One tunnel or VLAN to a site (NetworkConnectionProperties)."""

    name: Name
    type: Annotated[str, choice("IPSec", "GRE", "L3")]
    outbound_kbps: Kbps
    inbound_kbps: Kbps
    routes: tuple[GatewayRoute, ...] = ()
    destination: IPv4Address | None = Field(default=None, description="the other end of the tunnel")
    pre_shared_key: SecretSource | None = Field(default=None, description="IPSec; read where it is used")
    quick_mode: QuickMode = QuickMode()
    main_mode: MainMode = MainMode()
    gre_key: Annotated[int, Field(ge=0, le=4_294_967_295)] | None = None
    vlan_subnet: Pair | None = Field(default=None, description="L3: LOGICAL_NETWORK/SUBNET with the VLAN")
    addresses: tuple[IPv4Interface, ...] = Field(default=(), description="L3: own addresses with their prefix length")
    peers: tuple[IPv4Address, ...] = Field(default=(), description="L3: the neighbours' addresses")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for name in ("pre_shared_key", "gre_key", "vlan_subnet", "destination"):
            needed = name in _WAYS[self.type]
            if (getattr(self, name) is not None) != needed:
                wanted = "needs" if needed else "takes no"
                raise ValueError(f"the connection {self.name} of the type {self.type} {wanted} {name}")
        if bool(self.addresses or self.peers) and self.type != "L3":
            raise ValueError(f"the connection {self.name}: addresses and peers are for the type L3")
        return self

    def key(self, gateway: str) -> str:
        """Return the key of its secret."""
        return f"{gateway}/networkConnections/{self.name}/sharedSecret"

    def rest(self, gateway: str) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        addresses = [{"ipAddress": str(item.ip), "prefixLength": item.network.prefixlen} for item in self.addresses]
        return child(
            self.name,
            without_nones(
                connectionType=self.type,
                outboundKiloBitsPerSecond=self.outbound_kbps,
                inboundKiloBitsPerSecond=self.inbound_kbps,
                ipSecConfiguration=self._ipsec(gateway) if self.type == "IPSec" else None,
                greConfiguration=None if self.gre_key is None else {"greKey": self.gre_key},
                l3Configuration={"vlanSubnet": ref(subnet_path(None, self.vlan_subnet) or "")}
                if self.vlan_subnet
                else None,
                ipAddresses=addresses or None,
                peerIPAddresses=[str(item) for item in self.peers] or None,
                routes=[item.rest() for item in self.routes],
                destinationIPAddress=str(self.destination) if self.destination else None,
            ),
        )

    def _ipsec(self, gateway: str) -> dict[str, Any]:
        quick, main = self.quick_mode, self.main_mode
        return {
            "authenticationMethod": "PSK",
            "sharedSecret": secret(self.key(gateway)),
            "quickMode": {
                "perfectForwardSecrecy": quick.perfect_forward_secrecy,
                "authenticationTransformationConstant": quick.authentication,
                "cipherTransformationConstant": quick.cipher,
                "saLifeTimeSeconds": quick.lifetime_seconds,
                "saLifeTimeKiloBytes": quick.lifetime_kilobytes,
                "idleDisconnectSeconds": quick.idle_disconnect_seconds,
            },
            "mainMode": {
                "diffieHellmanGroup": main.diffie_hellman_group,
                "integrityAlgorithm": main.integrity,
                "encryptionAlgorithm": main.encryption,
                "saLifeTimeSeconds": main.lifetime_seconds,
                "saLifeTimeKiloBytes": main.lifetime_kilobytes,
            },
        }


class BgpPeer(Model):
    """A site's router (VGwBgpPeerProperties)."""

    name: Name
    address: IPv4Address
    as_number: AsNumber

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        return child(self.name, {"peerIpAddress": str(self.address), "extAsNumber": as_number(self.as_number)})


class BgpRouter(Model):
    """The tenant's own router (VGwBgpRouterProperties)."""

    name: Name
    as_number: AsNumber
    router_id: IPv4Address
    addresses: tuple[IPv4Address, ...] = Field(default=(), description="left out: the router id")
    peers: tuple[BgpPeer, ...] = ()

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        refuse_duplicates((item.name for item in self.peers), "the peer")
        return self

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        return child(
            self.name,
            {
                "extAsNumber": as_number(self.as_number),
                "routerId": str(self.router_id),
                "routerIP": [str(item) for item in self.addresses or (self.router_id,)],
                "bgpPeers": [item.rest() for item in self.peers],
            },
        )


class VirtualGateway(SdnResource):
    """A tenant's gateway; connections and routers that are not declared go."""

    kind: ClassVar[str] = "sdn_virtual_gateway"
    section: ClassVar[str] = "virtual_gateways"
    collection: ClassVar[str] = "virtualGateways"
    noun: ClassVar[str] = "VirtualGateway"

    gateway_pools: Annotated[tuple[Name, ...], Field(min_length=1)]
    gateway_subnets: Annotated[tuple[Pair, ...], Field(min_length=1, description="VIRTUAL_NETWORK/SUBNET of its own")]
    routing: Annotated[str, choice("Static", "Dynamic")] = "Dynamic"
    connections: tuple[GatewayConnection, ...] = ()
    bgp_routers: tuple[BgpRouter, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        refuse_duplicates((item.name for item in self.connections), "the connection")
        refuse_duplicates((item.name for item in self.bgp_routers), "the router")
        if self.bgp_routers and self.routing != "Dynamic":
            raise ValueError("BGP routers need routing Dynamic")
        return self

    def title(self) -> str:
        """Return the name and the connections."""
        return " ".join((self.name, ", ".join(f"{item.name} ({item.type})" for item in self.connections))).strip()

    def properties(self) -> dict[str, Any]:
        """Return VirtualGatewayProperties."""
        return {
            "gatewayPools": [ref(f"/gatewayPools/{name}") for name in self.gateway_pools],
            "gatewaySubnets": [ref(subnet_path(pair, None) or "") for pair in self.gateway_subnets],
            "routingType": self.routing,
            "networkConnections": [item.rest(self.path) for item in self.connections],
            "bgpRouters": [item.rest() for item in self.bgp_routers],
        }

    def relative_to(self, folder: Path) -> Self:
        """Return it with the paths of its keys' files counted from a folder."""
        made = tuple(
            item.model_copy(update={"pre_shared_key": item.pre_shared_key.relative_to(folder)})
            if item.pre_shared_key
            else item
            for item in self.connections
        )
        return self.model_copy(update={"connections": made})

    def secrets(self) -> dict[str, SecretSource]:
        """Return where the keys of IPSec are read."""
        return {item.key(self.path): item.pre_shared_key for item in self.connections if item.pre_shared_key}
