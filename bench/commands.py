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
