# Takes away what 1-PSNetNat_Present.ps1 made with PSNetNat.

$properties = @{
    Name = 'machines'
    Ensure = 'Absent'
    Prefix = '192.168.100.0/24'
}
Invoke-DscResource -Name 'PSNetNat' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetNat' -ModuleName 'PSNetDsc' -Property $properties -Method Test
