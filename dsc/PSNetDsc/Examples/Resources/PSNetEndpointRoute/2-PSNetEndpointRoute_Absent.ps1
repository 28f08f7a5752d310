# Takes away what 1-PSNetEndpointRoute_Present.ps1 made with PSNetEndpointRoute.

$properties = @{
    Endpoint = 'app'
    Ensure = 'Absent'
    Routes = @('Destination=10.96.0.0/12; Encapsulate=True')
}
Invoke-DscResource -Name 'PSNetEndpointRoute' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetEndpointRoute' -ModuleName 'PSNetDsc' -Property $properties -Method Test
