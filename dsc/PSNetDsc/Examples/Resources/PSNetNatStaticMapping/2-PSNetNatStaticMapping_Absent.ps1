# Takes away what 1-PSNetNatStaticMapping_Present.ps1 made with PSNetNatStaticMapping.

$properties = @{
    Protocol = 'TCP'
    ExternalAddress = '0.0.0.0'
    ExternalPort = '8080'
    Name = 'http'
    Ensure = 'Absent'
    Network = 'web'
    InternalAddress = '172.20.0.10'
    InternalPort = '80'
}
Invoke-DscResource -Name 'PSNetNatStaticMapping' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetNatStaticMapping' -ModuleName 'PSNetDsc' -Property $properties -Method Test
