# Takes away what 1-PSNetEndpoint_Present.ps1 made with PSNetEndpoint.

$properties = @{
    Name = 'app'
    Ensure = 'Absent'
    Network = 'flat'
    Address = '10.44.0.10'
    Forwarding = $false
    Remote = $false
}
Invoke-DscResource -Name 'PSNetEndpoint' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetEndpoint' -ModuleName 'PSNetDsc' -Property $properties -Method Test
