# Strings of PSNetDsc.Common.
ConvertFrom-StringData -StringData @'
    BadText = '{0}' is not written as Name=value; Name=value with the names {1}.
    Differs = {0} is '{1}' and should be '{2}'.
    PropertyMissing = {0} is needed when Ensure is Present.
    NoSuchBackend = this host has no backend {0} to make container networks with.
    NoBackend = this host has neither New-ContainerNetwork nor the Host Networking Service nor docker.
    AclLists = HNS takes {0} {1} in a rule from 7.2 (Windows Server 1803) on; without it the rule would allow more: write a rule for each protocol and port, without addresses.
    ReadingPolicy = Reading the {0} policies of the endpoint '{1}'.
    SettingPolicy = Setting the {0} policies of the endpoint '{1}'.
    RemovingPolicy = Removing the {0} policies of the endpoint '{1}'.
'@
