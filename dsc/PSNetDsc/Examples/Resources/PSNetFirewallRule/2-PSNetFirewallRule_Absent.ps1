# Takes away what 1-PSNetFirewallRule_Present.ps1 made with PSNetFirewallRule.

$properties = @{
    Name = 'web'
    Ensure = 'Absent'
    Direction = 'Inbound'
    Action = 'Allow'
    Protocol = 'TCP'
    LocalPorts = @('80', '443')
    RemoteAddresses = @('10.0.0.0/8')
}
Invoke-DscResource -Name 'PSNetFirewallRule' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetFirewallRule' -ModuleName 'PSNetDsc' -Property $properties -Method Test
