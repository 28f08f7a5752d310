# Strings of PSNet_EndpointAcl.
ConvertFrom-StringData -StringData @'
    Reading = Reading the ACL rules of the endpoint '{0}'.
    Testing = Testing whether the ACL rules of the endpoint '{0}' are as declared.
    Setting = Setting the ACL rules of the endpoint '{0}'.
'@
