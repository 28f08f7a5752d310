# Strings of PSNet_EndpointOutboundNat.
ConvertFrom-StringData -StringData @'
    Reading = Reading the outbound NAT of the endpoint '{0}'.
    Testing = Testing whether the outbound NAT of the endpoint '{0}' is as declared.
    Setting = Setting the outbound NAT of the endpoint '{0}'.
'@
