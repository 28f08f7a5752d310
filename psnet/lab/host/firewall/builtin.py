"""The rules of a fresh Windows Server that matter here: its management, sharing and core networking.

Names, groups and ports are those that Get-NetFirewallRule shows on an English server; texts without
descriptions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.firewall.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

_SVCHOST: Final = "%SystemRoot%\\system32\\svchost.exe"

# name, display name, protocol, local port, remote port (or ICMP type), program, service; by group.
_CORE: Final = """\
CoreNet-ICMP6-DU-In|Destination Unreachable (ICMPv6-In)|ICMPv6|1||System|
CoreNet-ICMP6-PTB-In|Packet Too Big (ICMPv6-In)|ICMPv6|2||System|
CoreNet-ICMP6-PTB-Out|Packet Too Big (ICMPv6-Out)|ICMPv6|2|||
CoreNet-ICMP6-TE-In|Time Exceeded (ICMPv6-In)|ICMPv6|3||System|
CoreNet-ICMP6-TE-Out|Time Exceeded (ICMPv6-Out)|ICMPv6|3|||
CoreNet-ICMP6-PP-In|Parameter Problem (ICMPv6-In)|ICMPv6|4||System|
CoreNet-ICMP6-PP-Out|Parameter Problem (ICMPv6-Out)|ICMPv6|4|||
CoreNet-ICMP6-NDS-In|Neighbor Discovery Solicitation (ICMPv6-In)|ICMPv6|135||System|
CoreNet-ICMP6-NDS-Out|Neighbor Discovery Solicitation (ICMPv6-Out)|ICMPv6|135|||
CoreNet-ICMP6-NDA-In|Neighbor Discovery Advertisement (ICMPv6-In)|ICMPv6|136||System|
CoreNet-ICMP6-NDA-Out|Neighbor Discovery Advertisement (ICMPv6-Out)|ICMPv6|136|||
CoreNet-ICMP6-RA-In|Router Advertisement (ICMPv6-In)|ICMPv6|134||System|
CoreNet-ICMP6-RS-In|Router Solicitation (ICMPv6-In)|ICMPv6|133||System|
CoreNet-ICMP4-DUFRAG-In|Destination Unreachable Fragmentation Needed (ICMPv4-In)|ICMPv4|3:4||System|
CoreNet-IGMP-In|Internet Group Management Protocol (IGMP-In)|2|||System|
CoreNet-IGMP-Out|Internet Group Management Protocol (IGMP-Out)|2|||System|
CoreNet-DHCP-In|Dynamic Host Configuration Protocol (DHCP-In)|UDP|68|67|svchost|dhcp
CoreNet-DHCP-Out|Dynamic Host Configuration Protocol (DHCP-Out)|UDP|68|67|svchost|dhcp
CoreNet-DHCPV6-In|Dynamic Host Configuration Protocol for IPv6(DHCPV6-In)|UDP|546|547|svchost|dhcp
CoreNet-DHCPV6-Out|Dynamic Host Configuration Protocol for IPv6(DHCPV6-Out)|UDP|546|547|svchost|dhcp
CoreNet-Teredo-In|Teredo (UDP-In)|UDP|Teredo||svchost|iphlpsvc
CoreNet-Teredo-Out|Teredo (UDP-Out)|UDP|||svchost|iphlpsvc
CoreNet-IPHTTPS-In|IPHTTPS (TCP-In)|TCP|IPHTTPSIn||System|
CoreNet-IPHTTPS-Out|IPHTTPS (TCP-Out)|TCP||IPHTTPSOut|svchost|iphlpsvc
CoreNet-IPv6-In|IPv6 (IPv6-In)|41|||System|
CoreNet-IPv6-Out|IPv6 (IPv6-Out)|41|||System|
CoreNet-DNS-Out-UDP|DNS (UDP-Out)|UDP||53|svchost|dnscache"""
_SHARING: Final = """\
FPS-NB_Session-In-TCP|NB-Session-In|TCP|139||System|
FPS-NB_Session-Out-TCP|NB-Session-Out|TCP||139|System|
FPS-SMB-In-TCP|SMB-In|TCP|445||System|
FPS-SMB-Out-TCP|SMB-Out|TCP||445|System|
FPS-NB_Name-In-UDP|NB-Name-In|UDP|137||System|
FPS-NB_Name-Out-UDP|NB-Name-Out|UDP||137|System|
FPS-NB_Datagram-In-UDP|NB-Datagram-In|UDP|138||System|
FPS-NB_Datagram-Out-UDP|NB-Datagram-Out|UDP||138|System|
FPS-SpoolSvc-In-TCP|Spooler Service - RPC|TCP|RPC||%SystemRoot%\\system32\\spoolsv.exe|Spooler
FPS-RPCSS-In-TCP|Spooler Service - RPC-EPMAP|TCP|RPCEPMap|||Rpcss
FPS-ICMP4-ERQ-In|Echo Request - ICMPv4-In|ICMPv4|8||System|
FPS-ICMP4-ERQ-Out|Echo Request - ICMPv4-Out|ICMPv4|8|||
FPS-ICMP6-ERQ-In|Echo Request - ICMPv6-In|ICMPv6|128||System|
FPS-ICMP6-ERQ-Out|Echo Request - ICMPv6-Out|ICMPv6|128|||
FPS-LLMNR-In-UDP|LLMNR-UDP-In|UDP|5355||svchost|dnscache
FPS-LLMNR-Out-UDP|LLMNR-UDP-Out|UDP||5355|svchost|dnscache"""
_DESKTOP: Final = """\
RemoteDesktop-UserMode-In-TCP|User Mode (TCP-In)|TCP|3389||svchost|termservice
RemoteDesktop-UserMode-In-UDP|User Mode (UDP-In)|UDP|3389||svchost|termservice
RemoteDesktop-Shadow-In-TCP|Shadow (TCP-In)|TCP|||%SystemRoot%\\system32\\RdpSa.exe|"""
_EVENTS: Final = """\
RemoteEventLogSvc-In-TCP|RPC|TCP|RPC||svchost|Eventlog
RemoteEventLogSvc-NP-In-TCP|NP-In|TCP|445||System|
RemoteEventLogSvc-RPCSS-In-TCP|RPC-EPMAP|TCP|RPCEPMap||svchost|RPCSS"""
_WMI: Final = """\
WMI-RPCSS-In-TCP|DCOM-In|TCP|135||svchost|rpcss
WMI-WINMGMT-In-TCP|WMI-In|TCP|||svchost|winmgmt
WMI-ASYNC-In-TCP|ASync-In|TCP|||%systemroot%\\system32\\wbem\\unsecapp.exe|
WMI-WINMGMT-Out-TCP|WMI-Out|TCP|||svchost|winmgmt"""
_WINRM: Final = """\
WINRM-HTTP-In-TCP|HTTP-In|TCP|5985||System|
WINRM-HTTP-In-TCP-PUBLIC|HTTP-In|TCP|5985||System|"""

# table, group, how a display name is made, whether enabled.
_TABLES: Final = (
    (_CORE, "25000", "Core Networking - {0}", True),
    (_SHARING, "28502", "File and Printer Sharing ({0})", False),
    (_DESKTOP, "28752", "Remote Desktop - {0}", True),
    (_EVENTS, "29252", "Remote Event Log Management ({0})", False),
    (_WMI, "34251", "Windows Management Instrumentation ({0})", False),
    (_WINRM, "30267", "Windows Remote Management ({0})", True),
)
_SPECIAL: Final[dict[str, dict[str, Any]]] = {
    "WINRM-HTTP-In-TCP": {"profile": "Domain, Private"},
    "WINRM-HTTP-In-TCP-PUBLIC": {"profile": "Public", "remote_address": ["LocalSubnet"]},
    "CoreNet-Teredo-In": {"edge_traversal": "Allow"},
}


def built_in_rules() -> Iterator[Rule]:
    """Yield the rules of a fresh host."""
    for table, group, title, enabled in _TABLES:
        for line in table.splitlines():
            name, words, protocol, local, remote, program, service = line.split("|")
            icmp = protocol.startswith("ICMP")
            yield Rule(
                name=name,
                display_name=title.format(words),
                group=f"@FirewallAPI.dll,-{group}",
                enabled=enabled,
                direction="Outbound" if "-Out" in name else "Inbound",
                protocol=protocol,
                local_port=[(not icmp and local) or "Any"],
                remote_port=[remote or "Any"],
                icmp_type=[(icmp and local) or "Any"],
                program=_SVCHOST if program == "svchost" else program or "Any",
                service=service or "Any",
                **_SPECIAL.get(name, {}),
            )
