# Takes away what 1-PSNetCni_Present.ps1 made with PSNetCni.

$properties = @{
    Name = 'web'
    Ensure = 'Absent'
    Runtime = 'nerdctl'
    Capabilities = @('portMappings', 'dns')
    LoopbackDsr = $false
    LocalPorts = $false
    CniVersion = '1.0.0'
}
Invoke-DscResource -Name 'PSNetCni' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetCni' -ModuleName 'PSNetDsc' -Property $properties -Method Test
