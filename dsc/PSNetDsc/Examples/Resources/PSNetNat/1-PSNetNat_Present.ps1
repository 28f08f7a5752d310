# Makes what PSNetNat stands for, and what it needs.

$properties = @{
    Name = 'web'
    Ensure = 'Present'
    Prefix = '172.20.0.0/24'
    Switch = 'web'
}
Invoke-DscResource -Name 'PSNetNat' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetNat' -ModuleName 'PSNetDsc' -Property $properties -Method Test
