# Takes away what 1-PSNetEndpointAcl_Present.ps1 made with PSNetEndpointAcl.

$properties = @{
    Endpoint = 'app'
    Ensure = 'Absent'
    Rules = @('Action=Allow; Direction=In; Protocols=TCP; LocalPorts=80; Priority=100; RuleType=Switch', 'Action=Block; Direction=In; Priority=200; RuleType=Switch')
}
Invoke-DscResource -Name 'PSNetEndpointAcl' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetEndpointAcl' -ModuleName 'PSNetDsc' -Property $properties -Method Test
