# Takes away what 1-PSNetEndpointProxy_Present.ps1 made with PSNetEndpointProxy.

$properties = @{
    Endpoint = 'app'
    Ensure = 'Absent'
    Port = '15001'
    Exceptions = @('10.0.0.0/8')
    OutboundNat = $false
}
Invoke-DscResource -Name 'PSNetEndpointProxy' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetEndpointProxy' -ModuleName 'PSNetDsc' -Property $properties -Method Test
