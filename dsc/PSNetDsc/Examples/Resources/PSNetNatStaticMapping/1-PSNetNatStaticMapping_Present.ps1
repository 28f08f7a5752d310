# Makes what PSNetNatStaticMapping stands for, and what it needs.

$properties = @{
    Name = 'web'
    Ensure = 'Present'
    Prefix = '172.20.0.0/24'
    Switch = 'web'
}
Invoke-DscResource -Name 'PSNetNat' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetNat' -ModuleName 'PSNetDsc' -Property $properties -Method Test

$properties = @{
    Name = 'http'
    Protocol = 'TCP'
    ExternalPort = '8080'
    Ensure = 'Present'
    Network = 'web'
    ExternalAddress = '0.0.0.0'
    InternalAddress = '172.20.0.10'
    InternalPort = '80'
}
Invoke-DscResource -Name 'PSNetNatStaticMapping' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetNatStaticMapping' -ModuleName 'PSNetDsc' -Property $properties -Method Test
