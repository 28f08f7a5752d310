# Strings of PSNet_Endpoint.
ConvertFrom-StringData -StringData @'
    Reading = Reading the endpoint '{0}'.
    Otherwise = The endpoint '{0}' is {1} and should be {2}.
    Making = Making the endpoint '{0}'.
    Removing = Removing the endpoint '{0}'.
    NoNetwork = there is no network {0}.
    NoHcn = this host has no Host Compute Network, which Backend = 'hcn' takes: it comes with HNS 9.2 (Windows Server 2019).
'@
