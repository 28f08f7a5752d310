# Strings of PSNet_FirewallRule.
ConvertFrom-StringData -StringData @'
    Reading = Reading the firewall rule '{0}'.
    Otherwise = The firewall rule '{0}' is {1} and should be {2}.
    Making = Making the firewall rule '{0}'.
    Changing = Changing the firewall rule '{0}': {1}.
    Removing = Removing the firewall rule '{0}'.
'@
