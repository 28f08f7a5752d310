# Makes what PSNetNat stands for, and what it needs.

$properties = @{
    Name = 'machines'
    Ensure = 'Present'
    Prefix = '192.168.100.0/24'
}
Invoke-DscResource -Name 'PSNetNat' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetNat' -ModuleName 'PSNetDsc' -Property $properties -Method Test
