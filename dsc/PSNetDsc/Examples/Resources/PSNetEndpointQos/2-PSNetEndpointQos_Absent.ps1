# Takes away what 1-PSNetEndpointQos_Present.ps1 made with PSNetEndpointQos.

$properties = @{
    Endpoint = 'app'
    Ensure = 'Absent'
    MaximumOutgoingBandwidth = 12500000
}
Invoke-DscResource -Name 'PSNetEndpointQos' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetEndpointQos' -ModuleName 'PSNetDsc' -Property $properties -Method Test
