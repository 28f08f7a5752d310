# Takes away what 1-PSNetEndpointAcl_Present.ps1 made with PSNetEndpointAcl.

$properties = @{
    Endpoint = 'app'
    Ensure = 'Absent'
    Rules = @('Action=Allow; Protocols=TCP; LocalPorts=80; Priority=100; Direction=In; RuleType=Switch', 'Action=Block; Priority=200; Direction=In; RuleType=Switch')
}
Invoke-DscResource -Name 'PSNetEndpointAcl' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetEndpointAcl' -ModuleName 'PSNetDsc' -Property $properties -Method Test
