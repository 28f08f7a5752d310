# Takes away what 1-PSNetNat_Present.ps1 made with PSNetNat.

$properties = @{
    Name = 'web'
    Ensure = 'Absent'
    Prefix = '172.20.0.0/24'
    Switch = 'web'
}
Invoke-DscResource -Name 'PSNetNat' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetNat' -ModuleName 'PSNetDsc' -Property $properties -Method Test
