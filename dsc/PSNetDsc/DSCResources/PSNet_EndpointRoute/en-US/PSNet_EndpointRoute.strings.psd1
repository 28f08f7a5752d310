# Strings of PSNet_EndpointRoute.
ConvertFrom-StringData -StringData @'
    Reading = Reading the routes of the endpoint '{0}'.
    Testing = Testing whether the routes of the endpoint '{0}' are as declared.
    Setting = Setting the routes of the endpoint '{0}'.
'@
