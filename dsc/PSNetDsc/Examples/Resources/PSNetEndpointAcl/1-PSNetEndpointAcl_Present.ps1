# Makes what PSNetEndpointAcl stands for, and what it needs.

$properties = @{
    Name = 'flat'
    Ensure = 'Present'
    Mode = 'l2bridge'
    Subnets = @('Prefix=10.44.0.0/24')
    Adapter = 'Ethernet 2'
    Backend = 'hns'
}
Invoke-DscResource -Name 'PSNetContainerNetwork' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetContainerNetwork' -ModuleName 'PSNetDsc' -Property $properties -Method Test

$properties = @{
    Name = 'app'
    Ensure = 'Present'
    Network = 'flat'
    Address = '10.44.0.10'
    Forwarding = $false
    Remote = $false
}
Invoke-DscResource -Name 'PSNetEndpoint' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetEndpoint' -ModuleName 'PSNetDsc' -Property $properties -Method Test

$properties = @{
    Endpoint = 'app'
    Ensure = 'Present'
    Rules = @('Action=Allow; Protocols=TCP; LocalPorts=80; Priority=100; Direction=In; RuleType=Switch', 'Action=Block; Priority=200; Direction=In; RuleType=Switch')
}
Invoke-DscResource -Name 'PSNetEndpointAcl' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetEndpointAcl' -ModuleName 'PSNetDsc' -Property $properties -Method Test
