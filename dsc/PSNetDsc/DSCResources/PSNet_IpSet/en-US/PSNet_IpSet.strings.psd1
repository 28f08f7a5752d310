# Strings of PSNet_IpSet.
ConvertFrom-StringData -StringData @'
    Reading = Reading the set '{0}'.
    Otherwise = The set '{0}' is {1} and should be {2}.
    Making = Setting the set '{0}'.
    Removing = Removing the set '{0}'.
'@
