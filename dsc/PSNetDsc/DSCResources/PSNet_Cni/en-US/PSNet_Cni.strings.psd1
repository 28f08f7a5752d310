# Strings of PSNet_Cni.
ConvertFrom-StringData -StringData @'
    Reading = Reading the CNI configuration list '{0}'.
    Otherwise = The CNI configuration list '{0}' is {1} and should be {2}.
    OtherList = The CNI configuration list {0} is not as it is declared.
    Writing = Writing the CNI configuration list {0}.
    Removing = Removing the CNI configuration list {0}.
    NoNetwork = there is no single network {0}.
    NoPlugin = no plug-in serves a {0} network.
    NoJson = {0} is no JSON.
'@
