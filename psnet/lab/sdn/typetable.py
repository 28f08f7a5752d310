"""The NetworkController module's object types and their fields.

Fields are those of the cmdlet pages' examples, of microsoft/SDN's scripts and of [MS-NCNBI] (the controller's
northbound interface). A type is a name alone on its line; its fields stand below it, one a line::

    Field      what [words]

``what`` is ``s`` text, ``b`` Boolean, ``i`` Int32, ``e:A,B`` text that must be one of these, ``ip`` an address,
``cidr`` a prefix, ``mac`` a MAC address, ``Type`` an object, ``Type[]`` several, ``&Type`` a reference to a resource
of that type. ``!`` means the controller wants a value; ``-`` that only the controller writes it (what a client sends
is ignored, so that what was read can be sent back).
"""

from __future__ import annotations

from typing import Final

TABLE: Final = """
AccessControlListProperties
  AclRules AclRule[]
  InboundDefaultAction e:Permit,Deny
  OutboundDefaultAction e:Permit,Deny
  IpConfigurations &NetworkInterfaceIpConfiguration[] -
  Subnets &Subnet[] -
AclRuleProperties
  Protocol e:All,TCP,UDP !
  SourcePortRange s !
  DestinationPortRange s !
  Action e:Allow,Deny !
  SourceAddressPrefix s !
  DestinationAddressPrefix s !
  Priority s !
  Description s
  Type e:Inbound,Outbound !
  Logging e:Enabled,Disabled
LogicalNetworkProperties
  NetworkVirtualizationEnabled b
  Subnets LogicalSubnet[]
  VirtualNetworks &VirtualNetwork[] -
LogicalSubnetProperties
  AddressPrefix cidr !
  VlanId i
  DefaultGateways ip[]
  DnsServers ip[]
  IsPublic b
  IpPools IpPool[]
  NetworkInterfaces &NetworkInterface[] -
IpPoolProperties
  StartIPAddress ip !
  EndIPAddress ip !
VirtualNetworkProperties
  AddressSpace AddressSpace !
  DhcpOptions DhcpOptions
  LogicalNetwork &LogicalNetwork !
  Subnets VirtualSubnet[]
  VirtualNetworkPeerings VirtualNetworkPeering[]
VirtualNetworkPeeringProperties
  RemoteVirtualNetwork &VirtualNetwork !
  AllowVirtualNetworkAccess b
  AllowForwardedTraffic b
  AllowGatewayTransit b
  UseRemoteGateways b
  PeeringState e:Initiated,Connected,Disconnected -
AddressSpace
  AddressPrefixes cidr[] !
DhcpOptions
  DnsServers ip[]
VirtualSubnetProperties
  AddressPrefix cidr !
  AccessControlList &AccessControlList
  RouteTable &RouteTable
  IpConfigurations &NetworkInterfaceIpConfiguration[] -
NetworkInterfaceProperties
  IpConfigurations NetworkInterfaceIpConfiguration[]
  DnsSettings NetworkInterfaceDnsSettings
  IsHostVirtualNetworkInterface b
  IsPrimary b
  IsMultitenantStack b
  InternalDnsNameLabel s
  PrivateMacAddress mac
  PrivateMacAllocationMethod e:Static,Dynamic
  PortSettings PortSettings
  Server &Server -
NetworkInterfaceDnsSettings
  DnsServers ip[]
NetworkInterfaceIpConfigurationProperties
  PrivateIPAddress ip
  PrivateIPAllocationMethod e:Static,Dynamic
  Subnet &Subnet !
  AccessControlList &AccessControlList
  PublicIPAddress &PublicIpAddress
  ServiceInsertion &ServiceInsertion
  LoadBalancerBackendAddressPools &LoadBalancerBackendAddressPool[]
  LoadBalancerInboundNatRules &LoadBalancerInboundNatRule[]
PortSettings
  MacSpoofingEnabled e:Enabled,Disabled
  ArpGuardEnabled e:Enabled,Disabled
  DhcpGuardEnabled e:Enabled,Disabled
  StormLimit i
  PortFlowLimit i
  VmqWeight i
  IovWeight i
  IovInterruptModeration e:Default,Adaptive,Off,Low,Medium,High
  IovQueuePairsRequested i
  QosSettings QosSettings
QosSettings
  OutboundReservedValue i
  OutboundMaximumMbps i
  InboundMaximumMbps i
  EnableHardwareLimits b
LoadBalancerProperties
  FrontendIPConfigurations LoadBalancerFrontendIpConfiguration[]
  BackendAddressPools LoadBalancerBackendAddressPool[]
  LoadBalancingRules LoadBalancingRule[]
  Probes LoadBalancerProbe[]
  InboundNatRules LoadBalancerInboundNatRule[]
  OutboundNatRules LoadBalancerOutboundNatRule[]
LoadBalancerFrontendIpConfigurationProperties
  PrivateIPAddress ip
  PrivateIPAllocationMethod e:Static,Dynamic
  Subnet &Subnet
  PublicIPAddress &PublicIpAddress
  LoadBalancingRules &LoadBalancingRule[] -
  InboundNatRules &LoadBalancerInboundNatRule[] -
  OutboundNatRules &LoadBalancerOutboundNatRule[] -
LoadBalancerBackendAddressPoolProperties
  BackendIPConfigurations &NetworkInterfaceIpConfiguration[]
  LoadBalancingRules &LoadBalancingRule[] -
  OutboundNatRules &LoadBalancerOutboundNatRule[] -
LoadBalancingRuleProperties
  FrontendIPConfigurations &LoadBalancerFrontendIpConfiguration[] !
  BackendAddressPool &LoadBalancerBackendAddressPool !
  Protocol e:TCP,UDP !
  FrontendPort i !
  BackendPort i !
  IdleTimeoutInMinutes i
  EnableFloatingIP b
  LoadDistribution e:Default,SourceIP,SourceIPProtocol
  Probe &LoadBalancerProbe
LoadBalancerProbeProperties
  Protocol e:HTTP,TCP !
  Port i !
  RequestPath s
  IntervalInSeconds i !
  NumberOfProbes i !
  LoadBalancingRules &LoadBalancingRule[] -
LoadBalancerInboundNatRuleProperties
  FrontendIPConfigurations &LoadBalancerFrontendIpConfiguration[] !
  BackendIPConfiguration &NetworkInterfaceIpConfiguration -
  Protocol e:TCP,UDP !
  FrontendPort i !
  BackendPort i
  IdleTimeoutInMinutes i
  EnableFloatingIP b
LoadBalancerOutboundNatRuleProperties
  FrontendIPConfigurations &LoadBalancerFrontendIpConfiguration[] !
  BackendAddressPool &LoadBalancerBackendAddressPool !
  Protocol e:ALL,TCP,UDP !
PublicIpAddressProperties
  IPAddress ip
  PublicIPAllocationMethod e:Static,Dynamic
  IdleTimeoutInMinutes i
  IpConfiguration &NetworkInterfaceIpConfiguration -
RouteTableProperties
  Routes Route[]
  Subnets &Subnet[] -
RouteProperties
  AddressPrefix cidr !
  NextHopType e:VirtualAppliance,VnetLocal,VirtualNetworkGateway,Internet,None !
  NextHopIpAddress ip
CredentialProperties
  Type e:UsernamePassword,X509Certificate,X509CertificateSubjectName !
  UserName s
  Value s
ServerProperties
  Connections Connection[]
  Certificate s
  RackSlot s
  OS s
  Vendor s
  Model s
  NetworkInterfaces NwInterface[]
NwInterfaceProperties
  InterfaceIndex i
  InterfaceName s
  Mac mac
  LogicalSubnets &LogicalSubnet[]
  IPConfiguration InterfaceIPConfiguration[]
InterfaceIPConfiguration
  IpAddress ip
  NetworkPrefix cidr
  DefaultGateway ip
  VLAN i
  IsDhcpEnabled b
Connection
  ManagementAddresses s[] !
  Credential &Credential !
  CredentialType s
VirtualServerProperties
  Connections Connection[]
  VMGuid s
  Certificate s
GatewayPoolProperties
  Type e:All,S2sIpSec,S2sGre,Forwarding !
  GatewayCapacityKiloBitsPerSecond i !
  RedundantGatewayCount i !
  IpConfiguration IPConfig
  Gateways &Gateway[] -
IPConfig
  PublicIPAddresses &PublicIpAddress[]
  GreVipSubnets &LogicalSubnet[]
GatewayProperties
  Pool &GatewayPool !
  VirtualServer &VirtualServer !
  NetworkInterfaces NetworkInterfaces !
  BgpConfig GatewayBgpConfig
NetworkInterfaces
  InternalNetworkInterface &NetworkInterface !
  ExternalNetworkInterface &NetworkInterface !
GatewayBgpConfig
  ExtASNumber s !
  BgpPeer GatewayBgpPeer[]
GatewayBgpPeer
  PeerIP ip !
  PeerExtAsNumber s !
VirtualGatewayProperties
  GatewayPools &GatewayPool[] !
  GatewaySubnets &VirtualSubnet[] !
  RoutingType e:Static,Dynamic
  NetworkConnections NetworkConnection[]
  BgpRouters VGwBgpRouter[]
NetworkConnectionProperties
  ConnectionType e:IPSec,GRE,L3 !
  OutboundKiloBitsPerSecond i !
  InboundKiloBitsPerSecond i !
  IpSecConfiguration IpSecConfiguration
  GreConfiguration GreConfiguration
  L3Configuration L3Configuration
  IPAddresses CidrIPAddress[]
  PeerIPAddresses ip[]
  Routes RouteInfo[]
  DestinationIPAddress ip
IpSecConfiguration
  AuthenticationMethod e:PSK !
  SharedSecret s
  QuickMode QuickMode
  MainMode MainMode
QuickMode
  PerfectForwardSecrecy s
  AuthenticationTransformationConstant s
  CipherTransformationConstant s
  SALifeTimeSeconds i
  IdleDisconnectSeconds i
  SALifeTimeKiloBytes i
MainMode
  DiffieHellmanGroup s
  IntegrityAlgorithm s
  EncryptionAlgorithm s
  SALifeTimeSeconds i
  SALifeTimeKiloBytes i
GreConfiguration
  GreKey i
L3Configuration
  VlanSubnet &LogicalSubnet
CidrIPAddress
  IPAddress ip !
  PrefixLength i !
RouteInfo
  DestinationPrefix cidr !
  Metric i
VGwBgpRouterProperties
  ExtAsNumber s !
  RouterId ip !
  RouterIP ip[]
  BgpPeers VGwBgpPeer[]
VGwBgpPeerProperties
  PeerIpAddress ip !
  AsNumber i
  ExtAsNumber s !
ServiceInsertionProperties
  Priority i !
  ServiceInsertionRules ServiceInsertionRule[] !
  ServiceInsertionElements ServiceInsertionElement[] !
  IpConfigurations &NetworkInterfaceIpConfiguration[] -
ServiceInsertionRuleProperties
  Description s
  Protocol e:All,TCP,UDP !
  SourcePortRangeStart s
  SourcePortRangeEnd s
  DestinationPortRangeStart s
  DestinationPortRangeEnd s
  SourceSubnets s[]
  DestinationSubnets s[]
ServiceInsertionElementProperties
  Description s
  NetworkInterface &NetworkInterface !
  Order i !
LoadBalancerMuxProperties
  Connections Connection[]
  RouterConfiguration RouterConfiguration
  VirtualServer &VirtualServer
RouterConfiguration
  LocalAsn i !
  PeerRouterConfigurations PeerRouterConfiguration[] !
PeerRouterConfiguration
  Id s
  LocalIPAddress ip
  RouterName s
  RouterIPAddress ip !
  PeerASN i !
MacPoolProperties
  StartMacAddress mac !
  EndMacAddress mac !
VirtualNetworkManagerProperties
  NetworkVirtualizationProtocol e:VXLAN,NVGRE
VirtualSwitchManagerProperties
  QosSettings VirtualSwitchQosSettings
VirtualSwitchQosSettings
  ReservationMode e:Absolute,Weight
  EnableSoftwareReservations b
  EnableHardwareLimits b
  EnableHardwareReservations b
  LinkSpeedPercentage i
  DefaultReservation i
LoadBalancerManagerProperties
  LoadBalancerManagerIPAddress ip
  VipIpPools &IpPool[]
  OutboundNatIPExemptions cidr[]
ResourceMetadata
  Client s
  TenantId s
  GroupId s
  ResourceName s
  OriginalHref s
ConfigurationState
  Status s
  DetailedInfo ConfigurationStateInfo[]
  LastUpdatedTime s
ConfigurationStateInfo
  Source s
  Message s
  Code s
"""

#: Resource types: the class of the object and of its Properties.
RESOURCES: Final = {
    "AccessControlList": "AccessControlListProperties",
    "AclRule": "AclRuleProperties",
    "LogicalNetwork": "LogicalNetworkProperties",
    "LogicalSubnet": "LogicalSubnetProperties",
    "IpPool": "IpPoolProperties",
    "VirtualNetwork": "VirtualNetworkProperties",
    "VirtualSubnet": "VirtualSubnetProperties",
    "VirtualNetworkPeering": "VirtualNetworkPeeringProperties",
    "GatewayPool": "GatewayPoolProperties",
    "Gateway": "GatewayProperties",
    "VirtualGateway": "VirtualGatewayProperties",
    "NetworkConnection": "NetworkConnectionProperties",
    "VGwBgpRouter": "VGwBgpRouterProperties",
    "VGwBgpPeer": "VGwBgpPeerProperties",
    "ServiceInsertion": "ServiceInsertionProperties",
    "ServiceInsertionRule": "ServiceInsertionRuleProperties",
    "ServiceInsertionElement": "ServiceInsertionElementProperties",
    "NetworkInterface": "NetworkInterfaceProperties",
    "NetworkInterfaceIpConfiguration": "NetworkInterfaceIpConfigurationProperties",
    "LoadBalancer": "LoadBalancerProperties",
    "LoadBalancerFrontendIpConfiguration": "LoadBalancerFrontendIpConfigurationProperties",
    "LoadBalancerBackendAddressPool": "LoadBalancerBackendAddressPoolProperties",
    "LoadBalancingRule": "LoadBalancingRuleProperties",
    "LoadBalancerProbe": "LoadBalancerProbeProperties",
    "LoadBalancerInboundNatRule": "LoadBalancerInboundNatRuleProperties",
    "LoadBalancerOutboundNatRule": "LoadBalancerOutboundNatRuleProperties",
    "PublicIpAddress": "PublicIpAddressProperties",
    "RouteTable": "RouteTableProperties",
    "Route": "RouteProperties",
    "Credential": "CredentialProperties",
    "Server": "ServerProperties",
    "NwInterface": "NwInterfaceProperties",
    "VirtualServer": "VirtualServerProperties",
    "LoadBalancerMux": "LoadBalancerMuxProperties",
    "MacPool": "MacPoolProperties",
    "VirtualNetworkManager": "VirtualNetworkManagerProperties",
    "VirtualSwitchManager": "VirtualSwitchManagerProperties",
    "LoadBalancerManager": "LoadBalancerManagerProperties",
}
