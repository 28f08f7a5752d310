# Strings of PSNet_LoadBalancer.
ConvertFrom-StringData -StringData @'
    Reading = Reading the load balancer '{0}'.
    Otherwise = The load balancer '{0}' is {1} and should be {2}.
    Making = Making the load balancer '{0}'.
    Removing = Removing the load balancer '{0}'.
    NoEndpoint = there is no endpoint or container {0}.
'@
