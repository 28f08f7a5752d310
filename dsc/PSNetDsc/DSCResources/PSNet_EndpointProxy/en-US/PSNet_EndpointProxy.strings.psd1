# Strings of PSNet_EndpointProxy.
ConvertFrom-StringData -StringData @'
    Reading = Reading the layer-4 proxy of the endpoint '{0}'.
    Testing = Testing whether the layer-4 proxy of the endpoint '{0}' is as declared.
    Setting = Setting the layer-4 proxy of the endpoint '{0}'.
'@
