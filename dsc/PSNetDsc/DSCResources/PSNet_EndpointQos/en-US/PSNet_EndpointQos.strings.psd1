# Strings of PSNet_EndpointQos.
ConvertFrom-StringData -StringData @'
    Reading = Reading the bandwidth limit of the endpoint '{0}'.
    Testing = Testing whether the bandwidth limit of the endpoint '{0}' is as declared.
    Setting = Setting the bandwidth limit of the endpoint '{0}'.
'@
