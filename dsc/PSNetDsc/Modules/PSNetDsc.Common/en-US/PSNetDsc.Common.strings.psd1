# Strings of PSNetDsc.Common.
ConvertFrom-StringData -StringData @'
    BadText = '{0}' is not written as Name=value; Name=value with the names {1}.
    Differs = {0} is '{1}' and should be '{2}'.
    PropertyMissing = {0} is needed when Ensure is Present.
    NoSuchBackend = this host has no backend {0} to make container networks with.
    NoBackend = this host has neither New-ContainerNetwork nor the Host Networking Service nor docker.
    AclLists = HNS takes {0} {1} in a rule from 7.2 (Windows Server 1803) on; without it the rule would allow more: write a rule for each protocol and port, without addresses.
    ReadingPolicy = Reading the {0} policies of the endpoint '{1}'.
    SettingPolicy = Setting the {0} policies of the endpoint '{1}'.
    RemovingPolicy = Removing the {0} policies of the endpoint '{1}'.
    NotAsDeclared = It is not as it is declared.
    NoNatNetwork = no nat network {0} is on this host.
    NoNat = Get-NetNat lists no NAT for {0}: from Windows Server 1709 on HNS keeps that of its nat networks to itself. Declare a PSNetNat with Prefix and Switch, or leave Via out.
    NoEndpointAt = no endpoint of PSNetEndpoint has the address {0} on {1}: declare one before it, publish the port when the container is made, or say Via = 'portproxy' (TCP).
    NoBalancer = an HNS load balancer carries a host port on l2bridge networks from Windows Server 2019 on, which {0} is not: leave Via out.
    NoWay = nothing maps ports into a {0} network: use the container's own address, or say Via = 'portproxy' (TCP).
    NeedsHcn = host ports into a {0} network take HCN's PortMapping with Flags 1, and the endpoint was made by HNS v1: say Backend = 'hcn' for its PSNetEndpoint; or say Via = 'portproxy' (TCP) or 'load_balancer'.
    InUse = {1} runs on the endpoint '{0}', which would be taken from under it: stop it first, or say AllowDowntime = 'all'.
    HasEndpoint = the endpoint '{0}' would be removed, or made again, which AllowDowntime = 'none' does not let happen.
    NotKept = '{0}' was made, and the host does not keep {1} as it was sent.
    NetworkPolicyNeedsHcn = this host has no Host Compute Network, which a {0} of a network takes: it comes with HNS 9.2 (Windows Server 2019).
    Waiting = Waiting for the host: {0}.
    Busy = {0} works on this host, until {1} at the latest; Set waits {2} seconds for it and then fails.
'@
