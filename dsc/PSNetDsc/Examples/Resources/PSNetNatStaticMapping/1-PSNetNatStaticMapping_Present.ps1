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
    Protocol = 'TCP'
    ExternalAddress = '0.0.0.0'
    ExternalPort = '8080'
    Name = 'http'
    Ensure = 'Present'
    Network = 'web'
    InternalAddress = '172.20.0.10'
    InternalPort = '80'
}
Invoke-DscResource -Name 'PSNetNatStaticMapping' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetNatStaticMapping' -ModuleName 'PSNetDsc' -Property $properties -Method Test
