# Takes away what 1-PSNetLoadBalancer_Present.ps1 made with PSNetLoadBalancer.

$properties = @{
    Vips = '10.44.0.200'
    Protocol = 'TCP'
    ExternalPort = 80
    Name = 'front'
    Ensure = 'Absent'
    InternalPort = 8080
    Members = @('app')
    Internal = $false
    Dsr = $false
}
Invoke-DscResource -Name 'PSNetLoadBalancer' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetLoadBalancer' -ModuleName 'PSNetDsc' -Property $properties -Method Test
