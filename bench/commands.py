"""What an engineer would ask a container host for, one cmdlet at a time: what psnet's one pipeline reads."""

from __future__ import annotations

from typing import Final

COMMANDS: Final = (
    "Get-NetAdapter | Select-Object -Property Name, InterfaceDescription, Status",
    "Get-NetIPAddress | Select-Object -Property IPAddress, PrefixLength, InterfaceAlias",
    "Get-VMSwitch | Select-Object -Property Name, SwitchType",
    "Get-HnsNetwork | Select-Object -Property Name, Type",
    "Get-NetNat | Select-Object -Property Name, InternalIPInterfaceAddressPrefix",
    "Get-NetNatStaticMapping | Select-Object -Property ExternalPort, InternalIPAddress, InternalPort",
    "Get-NetFirewallRule -Group psnet | Select-Object -Property Name, Enabled, Action",
    "Get-NetFirewallRule -Group psnet | Get-NetFirewallPortFilter | Select-Object -Property Protocol, LocalPort",
)

#: The same in one script, as a good engineer writes it by hand: one pipeline, one answer.
LOOK: Final = (
    "$ErrorActionPreference = 'Stop'\n"
    + "".join(f"$answer{number} = @({command})\n" for number, command in enumerate(COMMANDS))
    + "ConvertTo-Json -Depth 4 -Compress -InputObject @("
    + ", ".join(f"$answer{number}" for number in range(len(COMMANDS)))
    + ")\n"
)

#: What psnet's site asks for, written by hand in one script: a NAT, two mappings, three rules.
CHANGE: Final = """
$ErrorActionPreference = 'Stop'
if (@(Get-VMSwitch | Where-Object -FilterScript { $_.Name -eq 'web' }).Count -eq 0) {
    $null = New-VMSwitch -Name 'web' -SwitchType Internal
    $null = New-NetIPAddress -InterfaceAlias 'vEthernet (web)' -IPAddress '172.20.0.1' -PrefixLength 24
}
if (@(Get-NetNat | Where-Object -FilterScript { $_.Name -eq 'web' }).Count -eq 0) {
    $null = New-NetNat -Name 'web' -InternalIPInterfaceAddressPrefix '172.20.0.0/24'
}
$known = @(Get-NetNatStaticMapping | ForEach-Object -Process { $_.ExternalPort })
foreach ($pair in @(@(8080, 80), @(8443, 443))) {
    if ($known -notcontains $pair[0]) {
        $null = Add-NetNatStaticMapping -NatName 'web' -Protocol TCP -ExternalIPAddress '0.0.0.0' `
            -ExternalPort $pair[0] -InternalIPAddress '172.20.0.10' -InternalPort $pair[1]
    }
}
foreach ($port in @(8080, 8443)) {
    if (@(Get-NetFirewallRule -Name "bench-$port" -ErrorAction SilentlyContinue).Count -eq 0) {
        $null = New-NetFirewallRule -Name "bench-$port" -DisplayName "bench $port" -Protocol TCP -LocalPort $port
    }
}
if (@(Get-NetFirewallRule -Name 'bench-ping' -ErrorAction SilentlyContinue).Count -eq 0) {
    $null = New-NetFirewallRule -Name 'bench-ping' -DisplayName 'ping' -Protocol ICMPv4 -IcmpType 8
}
@(Get-NetNatStaticMapping).Count
"""
