# Strings of PSNet_NatStaticMapping.
ConvertFrom-StringData -StringData @'
    Reading = Reading the port mapping '{0}'.
    Otherwise = The port mapping '{0}' is {1} and should be {2}.
    Removing = Removing the port mapping '{0}'.
    Adding = Mapping {0} {1}:{2} to {3}:{4}.
    Differs = {0} ports are mapped otherwise and {1} are missing.
    NoNetworkGiven = Network says into which network or NAT the ports lead.
    NobodyHasIt = no container has the address
    NotPublished = the container that has the address does not publish it
    Unpublished = {0}: a port is published when a container is made, by what makes it. Run: {1}
    EveryAddress = HNS publishes a port of an endpoint on every address of the host, not on {0} alone: say ExternalAddress = '0.0.0.0', or Via = 'portproxy' (TCP).
'@
