"""The fabric that tenants' gateways need: credentials, servers, gateway machines and their pools.

Fields: [MS-NCNBI] 3.1.5.2 (credentials), 3.1.5.8 and 3.1.5.9 (gateway pools and gateways), 3.1.5.15 (servers), and
the objects that microsoft/SDN SDNExpress/scripts/SDNExpressModule.psm1 makes.
"""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Self
from uuid import UUID

from pydantic import Field, model_validator

from psnet._internal.model import Model
from psnet._internal.secret import SecretSource
from psnet.sdn.model.base import SdnResource, child, ref, refuse_duplicates, without_nones
from psnet.sdn.model.interfaces import subnet_path
from psnet.sdn.secrets import secret
from psnet.sdn.values import Name, Pair, choice

if TYPE_CHECKING:
    from pathlib import Path

#: An address or a name by which the controller reaches a device.
Address = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,252}$")]
AsNumber = Annotated[int, Field(ge=1, le=4_294_967_295, description="the autonomous system's number")]
CredentialType = Annotated[str, choice("UsernamePassword", "X509Certificate", "X509CertificateSubjectName")]
_HALF: Final = 65536


def as_number(number: int) -> str:
    """Return an autonomous system's number as extAsNumber has it: ``0.64512``, the upper half before the dot."""
    return f"{number // _HALF}.{number % _HALF}"


class SdnCredential(SdnResource):
    """How the controller logs on to a device. A password is read where it is used; the controller never shows it again.

    So a password that was changed elsewhere is no difference: it is sent when the credential is made, and with every
    other change of it.
    """

    kind: ClassVar[str] = "sdn_credential"
    section: ClassVar[str] = "credentials"
    collection: ClassVar[str] = "credentials"
    noun: ClassVar[str] = "Credential"

    type: CredentialType = "UsernamePassword"
    user: Annotated[str, Field(min_length=1)] | None = None
    password: SecretSource | None = None
    thumbprint: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{40}$")] | None = None
    subject_name: Annotated[str, Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        needs = {
            "UsernamePassword": ("user", "password"),
            "X509Certificate": ("thumbprint",),
            "X509CertificateSubjectName": ("subject_name",),
        }[self.type]
        for name in ("user", "password", "thumbprint", "subject_name"):
            if (getattr(self, name) is not None) != (name in needs):
                wanted = "needs" if name in needs else "takes no"
                raise ValueError(f"a credential of the type {self.type} {wanted} {name}")
        return self

    def properties(self) -> dict[str, Any]:
        """Return CredentialProperties."""
        value: Any = self.thumbprint or self.subject_name or secret(f"{self.path}/value")
        return without_nones(type=self.type, userName=self.user, value=value)

    def relative_to(self, folder: Path) -> Self:
        """Return it with the path of its password's file counted from a folder."""
        return self.model_copy(update={"password": self.password.relative_to(folder)}) if self.password else self

    def secrets(self) -> dict[str, SecretSource]:
        """Return where the password is read."""
        return {f"{self.path}/value": self.password} if self.password else {}


class Connection(Model):
    """A way to a device: its addresses, and how to log on there."""

    addresses: Annotated[tuple[Address, ...], Field(min_length=1)]
    credential: Name
    credential_type: CredentialType = "UsernamePassword"

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        return {
            "managementAddresses": list(self.addresses),
            "credential": ref(f"/credentials/{self.credential}"),
            "credentialType": self.credential_type,
        }


class ServerInterface(Model):
    """A physical adapter of a server, with the logical subnets that it reaches."""

    name: Name
    logical_subnets: Annotated[tuple[Pair, ...], Field(min_length=1, description="LOGICAL_NETWORK/SUBNET")]

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        subnets = [ref(subnet_path(None, pair) or "") for pair in self.logical_subnets]
        return child(self.name, {"logicalSubnets": subnets})


class SdnServer(SdnResource):
    """A Hyper-V host that the controller manages."""

    kind: ClassVar[str] = "sdn_server"
    section: ClassVar[str] = "servers"
    collection: ClassVar[str] = "servers"
    noun: ClassVar[str] = "Server"

    connections: Annotated[tuple[Connection, ...], Field(min_length=1)]
    certificate: str | None = Field(default=None, description="the host's certificate, Base64 of its DER")
    interfaces: tuple[ServerInterface, ...] = ()
    rack_slot: str | None = None
    os: str | None = None
    vendor: str | None = None
    model: str | None = None

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        refuse_duplicates((item.name for item in self.interfaces), "the interface")
        return self

    def properties(self) -> dict[str, Any]:
        """Return ServerProperties."""
        return without_nones(
            connections=[item.rest() for item in self.connections],
            certificate=self.certificate,
            networkInterfaces=[item.rest() for item in self.interfaces] or None,
            rackSlot=self.rack_slot,
            os=self.os,
            vendor=self.vendor,
            model=self.model,
        )


class VirtualServer(SdnResource):
    """A virtual machine that the controller manages, such as a gateway's."""

    kind: ClassVar[str] = "sdn_virtual_server"
    section: ClassVar[str] = "virtual_servers"
    collection: ClassVar[str] = "virtualServers"
    noun: ClassVar[str] = "VirtualServer"

    connections: Annotated[tuple[Connection, ...], Field(min_length=1)]
    vm_guid: UUID | None = Field(default=None, description="the virtual machine's id (vmGuid)")
    certificate: str | None = Field(default=None, description="the machine's certificate, Base64 of its DER")

    def properties(self) -> dict[str, Any]:
        """Return VirtualServerProperties."""
        return without_nones(
            connections=[item.rest() for item in self.connections],
            vmGuid=str(self.vm_guid) if self.vm_guid else None,
            certificate=self.certificate,
        )


class GatewayPool(SdnResource):
    """Gateway machines of one kind, of which virtual gateways take what they need (GatewayPoolProperties)."""

    kind: ClassVar[str] = "sdn_gateway_pool"
    section: ClassVar[str] = "gateway_pools"
    collection: ClassVar[str] = "gatewayPools"
    noun: ClassVar[str] = "GatewayPool"

    type: Annotated[str, choice("All", "S2sIpSec", "S2sGre", "Forwarding")] = "All"
    capacity_kbps: Annotated[int, Field(ge=1, description="of one gateway, in kbit/s")]
    redundant_gateways: Annotated[int, Field(ge=0, description="how many stand by")]
    public_ips: tuple[Name, ...] = Field(default=(), description="public_ip_addresses of IPSec tunnels")
    gre_vip_subnets: tuple[Pair, ...] = Field(default=(), description="LOGICAL_NETWORK/SUBNET of the VIPs of GRE")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for what, names, types in (
            ("public_ips", self.public_ips, ("All", "S2sIpSec")),
            ("gre_vip_subnets", self.gre_vip_subnets, ("All", "S2sGre")),
        ):
            if bool(names) != (self.type in types):
                raise ValueError(f"a gateway pool of the type {self.type} {'takes no' if names else 'needs'} {what}")
        return self

    def properties(self) -> dict[str, Any]:
        """Return GatewayPoolProperties."""
        addresses = [ref(f"/publicIPAddresses/{name}") for name in self.public_ips]
        subnets = [ref(subnet_path(None, pair) or "") for pair in self.gre_vip_subnets]
        configuration = without_nones(publicIPAddresses=addresses or None, greVipSubnets=subnets or None)
        return without_nones(
            type=self.type,
            gatewayCapacityKiloBitsPerSecond=self.capacity_kbps,
            redundantGatewayCount=self.redundant_gateways,
            ipConfiguration=configuration or None,
        )


class RouterPeer(Model):
    """A router of the fabric that a gateway speaks BGP with."""

    address: IPv4Address
    as_number: AsNumber

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        return {"peerIP": str(self.address), "peerExtAsNumber": as_number(self.as_number)}


class GatewayBgp(Model):
    """What a gateway says of itself to the fabric's routers."""

    as_number: AsNumber
    peers: Annotated[tuple[RouterPeer, ...], Field(min_length=1)]

    def rest(self) -> dict[str, Any]:
        """Return the object as the REST API represents it, a dictionary for JSON."""
        return {"extAsNumber": as_number(self.as_number), "bgpPeer": [item.rest() for item in self.peers]}


class Gateway(SdnResource):
    """A gateway machine: its two interfaces, its pool, the virtual server that it is (GatewayProperties)."""

    kind: ClassVar[str] = "sdn_gateway"
    section: ClassVar[str] = "gateways"
    collection: ClassVar[str] = "gateways"
    noun: ClassVar[str] = "Gateway"

    pool: Name
    virtual_server: Name
    internal_interface: Name = Field(description="the network interface towards the tenants")
    external_interface: Name = Field(description="the network interface towards the fabric's routers")
    bgp: GatewayBgp | None = Field(default=None, description="for pools of the types All and S2sIpSec")

    def properties(self) -> dict[str, Any]:
        """Return GatewayProperties."""
        return without_nones(
            pool=ref(f"/gatewayPools/{self.pool}"),
            virtualServer=ref(f"/virtualServers/{self.virtual_server}"),
            networkInterfaces={
                "internalNetworkInterface": ref(f"/networkInterfaces/{self.internal_interface}"),
                "externalNetworkInterface": ref(f"/networkInterfaces/{self.external_interface}"),
            },
            bgpConfig=self.bgp.rest() if self.bgp else None,
        )
