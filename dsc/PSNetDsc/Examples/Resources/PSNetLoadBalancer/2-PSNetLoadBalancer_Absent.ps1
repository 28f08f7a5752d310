# Takes away what 1-PSNetLoadBalancer_Present.ps1 made with PSNetLoadBalancer.

$properties = @{
    Name = 'front'
    Vips = @('10.44.0.200')
    Protocol = 'TCP'
    ExternalPort = 80
    Ensure = 'Absent'
    InternalPort = 8080
    Members = @('app')
    Internal = $false
    Dsr = $false
}
Invoke-DscResource -Name 'PSNetLoadBalancer' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetLoadBalancer' -ModuleName 'PSNetDsc' -Property $properties -Method Test
