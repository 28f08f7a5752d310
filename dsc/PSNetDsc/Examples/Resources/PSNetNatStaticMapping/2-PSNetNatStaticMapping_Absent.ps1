# Takes away what 1-PSNetNatStaticMapping_Present.ps1 made with PSNetNatStaticMapping.

$properties = @{
    Name = 'http'
    Protocol = 'TCP'
    ExternalPort = '8080'
    Ensure = 'Absent'
    Network = 'web'
    ExternalAddress = '0.0.0.0'
    InternalAddress = '172.20.0.10'
    InternalPort = '80'
}
Invoke-DscResource -Name 'PSNetNatStaticMapping' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetNatStaticMapping' -ModuleName 'PSNetDsc' -Property $properties -Method Test
