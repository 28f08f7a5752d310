# Makes what PSNetFirewallRule stands for, and what it needs.

$properties = @{
    Name = 'web'
    Ensure = 'Present'
    Direction = 'Inbound'
    Action = 'Allow'
    Protocol = 'TCP'
    LocalPorts = @('80', '443')
    RemoteAddresses = @('10.0.0.0/8')
}
Invoke-DscResource -Name 'PSNetFirewallRule' -ModuleName 'PSNetDsc' -Property $properties -Method Set
Invoke-DscResource -Name 'PSNetFirewallRule' -ModuleName 'PSNetDsc' -Property $properties -Method Test
