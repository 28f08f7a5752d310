"""What interfaces are: IP interfaces, bindings of adapters, and the host's ports on switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.objects import array, cim, enum, not_found, only
from psnet.lab.dotnet.wildcard import like
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.values import PSObject, UInt32

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext
    from psnet.lab.host.adapters import Adapter, Switch

_GENERATED: Final = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetIPInterface"
#: Bindings of an adapter that matter here: id, display name, and whether it is on under no switch and under one.
_BINDINGS: Final = (
    ("ms_l1vhlwf", "Nested Network Virtualization", True, True),
    ("ms_l2bridge", "Bridge Driver", True, True),
    ("ms_tcpip", "Internet Protocol Version 4 (TCP/IPv4)", True, False),
    ("vms_pp", "Hyper-V Extensible Virtual Switch", False, True),
)


def _named(ctx: CmdletContext, p: Parameters, key: str, class_name: str) -> list[Adapter]:
    names, numbers = p.list(key), p.list("InterfaceIndex")
    found = [
        item
        for item in ctx.host.links.adapters
        if (names is None or any(like(item.name, str(name)) for name in names))
        and (numbers is None or item.index in [int(number) for number in numbers])
    ]
    if not found and names is not None and not any("*" in str(name) for name in names):
        raise not_found(class_name, key, names[0])
    return found


@cmdlet("Get-NetIPInterface")
def get_net_ip_interface(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return IPv4 interfaces; a NIC below a switch has none."""
    only(p, "InterfaceAlias", "InterfaceIndex", "AddressFamily")
    for item in _named(ctx, p, "InterfaceAlias", "MSFT_NetIPInterface"):
        if item.has_ip:  # rule: uplink-without-ip
            yield cim(
                "MSFT_NetIPInterface",
                {
                    "ifIndex": UInt32(item.index),
                    "InterfaceIndex": UInt32(item.index),
                    "InterfaceAlias": item.name,
                    "AddressFamily": enum(f"{_GENERATED}.AddressFamily", {"IPv4": 2}, "IPv4"),
                    "NlMtu": UInt32(item.mtu),
                    "InterfaceMetric": UInt32(item.metric),
                    "Dhcp": enum(
                        f"{_GENERATED}.Dhcp", {"Disabled": 0, "Enabled": 1}, "Enabled" if item.dhcp else "Disabled"
                    ),
                    # rule: interface-forwarding
                    "Forwarding": enum(
                        f"{_GENERATED}.Forwarding",
                        {"Disabled": 0, "Enabled": 1},
                        "Enabled" if item.forwarding else "Disabled",
                    ),
                    "ConnectionState": enum(
                        f"{_GENERATED}.ConnectionState",
                        {"Disconnected": 0, "Connected": 1},
                        "Connected" if item.status == "Up" else "Disconnected",
                    ),
                    "PolicyStore": "ActiveStore",
                },
                item,
            )


@cmdlet("Get-NetAdapterBinding")
def get_net_adapter_binding(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the bindings of adapters: vms_pp tells whether a switch sits on one."""
    only(p, "Name", "ComponentID")
    wanted = [str(name) for name in p.list("ComponentID") or ["*"]]
    for item in _named(ctx, p, "Name", "MSFT_NetAdapterBindingSettingData"):
        for component, title, free, bound in _BINDINGS:
            if item.endpoint is None and any(like(component, name) for name in wanted):
                # rule: vms-pp-binding
                yield cim(
                    "MSFT_NetAdapterBindingSettingData",
                    {
                        "Name": item.name,
                        "DisplayName": title,
                        "ComponentID": component,
                        "Enabled": bound if item.bound else free,
                    },
                    item,
                )


@cmdlet("Get-VMNetworkAdapter", class_name="Microsoft.HyperV.PowerShell.Commands.GetVMNetworkAdapter", cim=False)
def get_vm_network_adapter(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the adapters of virtual machines, or the host's own ports on switches (-ManagementOS)."""
    only(p, "ManagementOS", "SwitchName", "Name", "VMName")
    names = [str(name) for name in p.list("Name") or ["*"]]
    if not p.switch("ManagementOS"):
        yield from _of_machines(ctx, names, [str(name) for name in p.list("VMName") or ["*"]])
        return
    wanted = str(p.get("SwitchName") or "*")
    for switch in ctx.host.links.switches:
        nic = ctx.host.links.nic_of(switch)
        title = port_name(switch, nic.guid) if nic is not None else ""
        if nic is not None and like(switch.name, wanted) and any(like(title, name) for name in names):
            made = PSObject.of(
                {
                    "Name": title,
                    "IsManagementOs": True,
                    "VMName": "",
                    "SwitchName": switch.name,
                    "MacAddress": nic.mac.replace("-", ""),
                    "Status": array(["Ok"]),
                    "DeviceId": "{" + nic.guid.upper() + "}",
                },
                "Microsoft.HyperV.PowerShell.VMInternalNetworkAdapter",
                "System.Object",
                kind="Property",
            )
            made.native = nic
            yield made


def _of_machines(ctx: CmdletContext, names: list[str], machines: list[str]) -> Iterator[Any]:
    for wanted in machines:
        found = [item for item in ctx.host.vm_adapters if like(item.vm, wanted)]
        if not found and "*" not in wanted:  # rule: vm-missing
            raise HostRefusal(
                "InvalidParameter",
                f'Hyper-V was unable to find a virtual machine with name "{wanted}".',
                "InvalidArgument",
                "Microsoft.HyperV.PowerShell.VirtualizationException",
            )
        for item in found:
            if any(like(item.name, name) for name in names):
                made = PSObject.of(
                    {
                        "Name": item.name,
                        "IsManagementOs": False,
                        "VMName": item.vm,
                        "SwitchName": item.switch,
                        "MacAddress": item.mac.replace("-", ""),
                        "Status": array(["Ok"]),
                        "DeviceId": "{" + item.port.upper() + "}",
                    },
                    "Microsoft.HyperV.PowerShell.VMNetworkAdapter",
                    "System.Object",
                    kind="Property",
                )
                made.native = item
                yield made


def port_name(switch: Switch, guid: str) -> str:
    """Return the name of the host's port: HNS's is Container NIC and eight digits, another the switch's."""
    # rule: management-port-name
    return switch.name if switch.network is None else f"Container NIC {guid[:8].lower()}"


@cmdlet("Set-NetIPInterface")
def set_net_ip_interface(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Set DHCP, the metric, the MTU and the forwarding of an IPv4 interface."""
    only(p, "InterfaceAlias", "InterfaceIndex", "AddressFamily", "Dhcp", "InterfaceMetric", "NlMtuBytes", "Forwarding")
    aliases = [str(name).lower() for name in p.list("InterfaceAlias") or []]
    numbers = [int(number) for number in p.list("InterfaceIndex") or []]
    found = [
        item
        for item in ctx.host.links.adapters
        if item.has_ip and (item.name.lower() in aliases or item.index in numbers)
    ]
    if not found:
        raise not_found("MSFT_NetIPInterface", "InterfaceAlias", (aliases or numbers or [""])[0])
    for item in found:
        if "Dhcp" in p:
            item.dhcp = str(p["Dhcp"]).lower() == "enabled"
        if "Forwarding" in p:
            item.forwarding = str(p["Forwarding"]).lower() == "enabled"
        if "InterfaceMetric" in p:
            item.metric = int(p["InterfaceMetric"])
        if "NlMtuBytes" in p:
            item.mtu = int(p["NlMtuBytes"])
    yield from ()
