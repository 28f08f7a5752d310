# Strings of PSNet_ContainerNetwork.
ConvertFrom-StringData -StringData @'
    Reading = Reading the container network '{0}'.
    Otherwise = The container network '{0}' is {1} and should be {2}.
    Making = Making the container network '{0}' with {1}.
    Removing = Removing the container network '{0}' with {1}.
'@
