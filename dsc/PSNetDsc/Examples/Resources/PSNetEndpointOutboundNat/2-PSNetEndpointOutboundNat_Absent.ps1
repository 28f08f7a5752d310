# Takes away what 1-PSNetEndpointOutboundNat_Present.ps1 made with PSNetEndpointOutboundNat.

$properties = @{
    Endpoint = 'app'
    Ensure = 'Absent'
    Exceptions = @('10.0.0.0/8')
}
Invoke-DscResource -Name 'PSNetEndpointOutboundNat' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetEndpointOutboundNat' -ModuleName 'PSNetDsc' -Property $properties -Method Test
