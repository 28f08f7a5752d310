# Takes away what 1-PSNetContainerNetwork_Present.ps1 made with PSNetContainerNetwork.

$properties = @{
    Name = 'web'
    Ensure = 'Absent'
    Mode = 'nat'
    Subnets = @('Prefix=172.20.0.0/24')
}
Invoke-DscResource -Name 'PSNetContainerNetwork' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetContainerNetwork' -ModuleName 'PSNetDsc' -Property $properties -Method Test
