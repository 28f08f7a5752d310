# Strings of PSNet_NatStaticMapping.
ConvertFrom-StringData -StringData @'
    Reading = Reading the port mapping '{0}'.
    Otherwise = The port mapping '{0}' is {1} and should be {2}.
    Removing = Removing the port mapping '{0}'.
    NoNetwork = no nat network {0} with a subnet is on this host.
    NoNat = no NetNat has the internal prefix {0}.
    Adding = Mapping {0} {1}:{2} to {3}:{4}.
    Differs = {0} ports are mapped otherwise and {1} are missing.
'@
