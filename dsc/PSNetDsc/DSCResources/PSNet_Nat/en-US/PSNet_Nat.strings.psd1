# Strings of PSNet_Nat.
ConvertFrom-StringData -StringData @'
    Reading = Reading the NAT '{0}'.
    Otherwise = The NAT '{0}' is {1} and should be {2}.
    Making = Making the NAT '{0}'.
    Removing = Removing the NAT '{0}'.
'@
