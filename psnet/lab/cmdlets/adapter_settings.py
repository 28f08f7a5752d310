"""What adapters are set to: DNS suffixes, MAC and VLAN, bindings, and the VLAN of the host's ports on switches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.interfaces import binding_rows
from psnet.lab.cmdlets.objects import cim, enum, not_found, only
from psnet.lab.cmdlets.routes import dns_interfaces
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.typenames import unwrap
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.adapters import Adapter, Ipv6, PortVlan
from psnet.lab.host.refusal import HostRefusal, win32
from psnet.lab.values import PSObject, UInt32

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_MAC: Final = re.compile(r"[0-9A-F]{12}")
_MODE: Final = "Microsoft.HyperV.PowerShell.VMNetworkAdapterVlanMode"
_MODES: Final = {"Untagged": 0, "Access": 1, "Trunk": 2}
_LAST_VLAN: Final = 4094
#: Bindings whose state decides more than themselves.
_IPV4: Final = "ms_tcpip"
_IPV6: Final = "ms_tcpip6"
_SWITCH: Final = "vms_pp"


def _dns(item: Adapter) -> Any:
    # rule: dns-client
    values = {
        "InterfaceAlias": item.name,
        "InterfaceIndex": UInt32(item.index),
        "ConnectionSpecificSuffix": item.suffix,
        "RegisterThisConnectionsAddress": item.registers,
        "UseSuffixWhenRegistering": item.registers_suffix,
    }
    return cim("MSFT_DNSClient", values, item)


@cmdlet("Get-DnsClient")
def get_dns_client(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return how interfaces take part in DNS."""
    only(p, "InterfaceAlias", "InterfaceIndex")
    yield from map(_dns, dns_interfaces(ctx, p, "MSFT_DNSClient"))


@cmdlet("Set-DnsClient")
def set_dns_client(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Set an interface's suffix, and whether it registers its addresses."""
    only(
        p,
        *("InterfaceAlias", "InterfaceIndex", "ConnectionSpecificSuffix", "RegisterThisConnectionsAddress"),
        *("UseSuffixWhenRegistering", "ResetConnectionSpecificSuffix"),
    )
    found = dns_interfaces(ctx, p, "MSFT_DNSClient")
    for item in found:
        if ctx.should_process(item.name, "Set-DnsClient"):
            if "ConnectionSpecificSuffix" in p or p.switch("ResetConnectionSpecificSuffix"):
                item.suffix = str(p.get("ConnectionSpecificSuffix") or "")
            if "RegisterThisConnectionsAddress" in p:
                item.registers = bool(p["RegisterThisConnectionsAddress"])
            if "UseSuffixWhenRegistering" in p:
                item.registers_suffix = bool(p["UseSuffixWhenRegistering"])
            if p.switch("PassThru"):
                yield _dns(item)


def _adapters(ctx: CmdletContext, p: Parameters, class_name: str) -> list[Adapter]:
    names = [str(name) for name in p.list("Name") or []]
    found = [item for item in ctx.host.links.adapters if any(like(item.name, name) for name in names)]
    if not found and not any("*" in name for name in names):
        raise not_found(class_name, "Name", names[0] if names else "")
    return found


@cmdlet("Set-NetAdapter")
def set_net_adapter(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Set the VLAN and the MAC of an adapter, which restarts; vNICs have no VLAN of their own here."""
    only(p, "Name", "VlanID", "MacAddress", "NoRestart")
    for item in _adapters(ctx, p, "MSFT_NetAdapter"):
        if ctx.should_process(item.name, "Set-NetAdapter"):
            if "VlanID" in p:
                if item.virtual or not 0 <= int(p["VlanID"]) <= _LAST_VLAN:
                    raise win32(87, ctx.host.culture)  # rule: adapter-vlan
                item.vlan = int(p["VlanID"])
            if "MacAddress" in p:
                digits = str(p["MacAddress"]).upper().replace("-", "").replace(":", "")
                if _MAC.fullmatch(digits) is None:
                    raise win32(87, ctx.host.culture)  # rule: adapter-mac
                item.mac = "-".join(digits[place : place + 2] for place in range(0, 12, 2))
    yield from ()


def _bind(ctx: CmdletContext, p: Parameters, *, on: bool) -> None:
    only(p, "Name", "ComponentID", "Enabled")
    wanted = [str(name) for name in p.list("ComponentID") or []]
    for item in _adapters(ctx, p, "MSFT_NetAdapterBindingSettingData"):
        rows = list(binding_rows(item, wanted))
        if not rows:
            raise not_found("MSFT_NetAdapterBindingSettingData", "ComponentID", wanted[0] if wanted else "")
        for row in rows:
            component = row.native[1]
            if component == _SWITCH:
                raise UnsupportedError("binding an adapter to the switch, or taking it off, by hand")
            if ctx.should_process(item.name, "Set-NetAdapterBinding"):
                item.bindings[component] = on  # rule: adapter-binding
                if component == _IPV6:
                    item.ipv6 = (item.ipv6 or Ipv6()) if on else None
                if component == _IPV4 and not on:
                    item.addresses, item.routes = [], []


@cmdlet("Enable-NetAdapterBinding")
def enable_net_adapter_binding(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Bind components to adapters."""
    _bind(ctx, p, on=True)
    yield from ()


@cmdlet("Disable-NetAdapterBinding")
def disable_net_adapter_binding(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Take components off adapters."""
    _bind(ctx, p, on=False)
    yield from ()


@cmdlet("Set-NetAdapterBinding")
def set_net_adapter_binding(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Bind components to adapters, or take them off."""
    _bind(ctx, p, on=bool(p["Enabled"]))
    yield from ()


def _ports(p: Parameters, ctx: CmdletContext) -> Iterator[Adapter]:
    """Yield the host's vNICs that are meant: given as objects of Get-VMNetworkAdapter, or all by -ManagementOS."""
    given = p.list("VMNetworkAdapter")
    if given is None and not p.switch("ManagementOS"):
        raise UnsupportedError("the VLANs of virtual machines' adapters")
    if given is None:
        name = p.get("VMNetworkAdapterName")
        for switch in ctx.host.links.switches:
            nic = ctx.host.links.nic_of(switch)
            if nic is not None and (name is None or like(switch.name, str(name))):
                yield nic
        return
    for item in given:
        native = unwrap(item).native
        if not isinstance(native, Adapter):
            raise UnsupportedError("the VLAN of a virtual machine's adapter")
        yield native


def _vlan(nic: Adapter) -> PSObject:
    # rule: port-vlan
    made = PSObject.of(
        {
            "OperationMode": enum(_MODE, _MODES, nic.port_vlan.mode),
            "AccessVlanId": nic.port_vlan.access,
            "NativeVlanId": nic.port_vlan.native,
            "AllowedVlanIdListString": nic.port_vlan.allowed,
        },
        "Microsoft.HyperV.PowerShell.VMNetworkAdapterVlanSetting",
        "System.Object",
        kind="Property",
    )
    made.native = nic
    return made


@cmdlet("Get-VMNetworkAdapterVlan", cim=False)
def get_vm_network_adapter_vlan(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the VLANs of the host's ports on switches."""
    only(p, "ManagementOS", "VMNetworkAdapter", "VMNetworkAdapterName")
    yield from map(_vlan, _ports(p, ctx))


@cmdlet("Set-VMNetworkAdapterVlan", cim=False)
def set_vm_network_adapter_vlan(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Set the VLANs of the host's ports on switches."""
    only(
        p,
        *("ManagementOS", "VMNetworkAdapter", "VMNetworkAdapterName", "Untagged", "Access", "VlanId"),
        *("Trunk", "NativeVlanId", "AllowedVlanIdList"),
    )
    mode = next((word for word in ("Access", "Trunk") if p.switch(word)), "Untagged")
    wanted = PortVlan(
        mode,
        int(p.get("VlanId") or 0),
        int(p.get("NativeVlanId") or 0),
        str(p.get("AllowedVlanIdList") or ""),
    )
    if mode == "Access" and not 1 <= wanted.access <= _LAST_VLAN:
        # rule: port-vlan
        raise HostRefusal(
            "InvalidParameter",
            "Failed to modify device 'Ethernet Switch Port VLAN Settings'.",
            "InvalidArgument",
            "Microsoft.HyperV.PowerShell.VirtualizationException",
        )
    for nic in _ports(p, ctx):
        nic.port_vlan = wanted
    yield from ()
