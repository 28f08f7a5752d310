# Makes what PSNetContainerNetwork stands for, and what it needs.

$properties = @{
    Name = 'web'
    Ensure = 'Present'
    Mode = 'nat'
    Subnets = @('Prefix=172.20.0.0/24')
}
Invoke-DscResource -Name 'PSNetContainerNetwork' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetContainerNetwork' -ModuleName 'PSNetDsc' -Property $properties -Method Test
