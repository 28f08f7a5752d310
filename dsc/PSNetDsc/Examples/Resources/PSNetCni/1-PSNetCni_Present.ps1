# Makes what PSNetCni stands for, and what it needs.

$properties = @{
    Name = 'web'
    Ensure = 'Present'
    Mode = 'nat'
    Subnets = @('Prefix=172.20.0.0/24')
    Backend = 'hns'
}
Invoke-DscResource -Name 'PSNetContainerNetwork' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetContainerNetwork' -ModuleName 'PSNetDsc' -Property $properties -Method Test

$properties = @{
    Name = 'web'
    Ensure = 'Present'
    Runtime = 'nerdctl'
    Capabilities = @('portMappings', 'dns')
    LoopbackDsr = $false
    LocalPorts = $false
    CniVersion = '1.0.0'
}
Invoke-DscResource -Name 'PSNetCni' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetCni' -ModuleName 'PSNetDsc' -Property $properties -Method Test
