# Strings of PSNet_NetworkAcl.
ConvertFrom-StringData -StringData @'
    Reading = Reading the ACL rules of the network '{0}'.
    Otherwise = The ACL rules of the network '{0}' is {1} and should be {2}.
    Making = Setting the ACL rules of the network '{0}'.
    Removing = Removing the ACL rules of the network '{0}'.
'@
