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
    from psnet.lab.host.adapters import Adapter, Ipv6, Switch

_FAMILIES: Final = {"IPv4": 2, "IPv6": 23}
_DISCOVERY: Final = {"Disabled": 0, "Enabled": 1, "ControlledByDHCP": 2}
_SETTINGS: Final = ("InterfaceMetric", "AutomaticMetric", "RouterDiscovery")
_GENERATED: Final = "Microsoft.PowerShell.Cmdletization.GeneratedTypes.NetIPInterface"
#: Bindings of an adapter that matter here: id, display name, and whether it is on under no switch and under one.
_BINDINGS: Final = (
    ("ms_l1vhlwf", "Nested Network Virtualization", True, True),
    ("ms_l2bridge", "Bridge Driver", True, True),
    ("ms_tcpip", "Internet Protocol Version 4 (TCP/IPv4)", True, False),
    ("ms_tcpip6", "Internet Protocol Version 6 (TCP/IPv6)", True, False),
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


def _families(p: Parameters) -> list[str]:
    return [str(word) for word in p.list("AddressFamily") or _FAMILIES]


@cmdlet("Get-NetIPInterface")
def get_net_ip_interface(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return interfaces by family; a NIC below a switch has none, one to which IPv6 is not bound none of IPv6."""
    only(p, "InterfaceAlias", "InterfaceIndex", "AddressFamily")
    families = [family.lower() for family in _families(p)]
    for item in _named(ctx, p, "InterfaceAlias", "MSFT_NetIPInterface"):
        if item.has_ip and "ipv4" in families:  # rule: uplink-without-ip
            yield _interface(item, "IPv4", item)
        if item.has_ip and item.ipv6 is not None and "ipv6" in families:
            yield _interface(item, "IPv6", item.ipv6)


def _switched(name: str, value: bool) -> Any:
    return enum(f"{_GENERATED}.{name}", {"Disabled": 0, "Enabled": 1}, "Enabled" if value else "Disabled")


def _interface(item: Adapter, family: str, settings: Adapter | Ipv6) -> Any:
    # rule: interface-settings, interface-forwarding
    return cim(
        "MSFT_NetIPInterface",
        {
            "ifIndex": UInt32(item.index),
            "InterfaceIndex": UInt32(item.index),
            "InterfaceAlias": item.name,
            "AddressFamily": enum(f"{_GENERATED}.AddressFamily", _FAMILIES, family),
            "NlMtu": UInt32(settings.mtu),
            "AutomaticMetric": _switched("AutomaticMetric", settings.automatic_metric),
            "InterfaceMetric": UInt32(settings.metric),
            "Dhcp": _switched("Dhcp", settings.dhcp),
            "Forwarding": _switched("Forwarding", settings.forwarding),
            "RouterDiscovery": enum(f"{_GENERATED}.RouterDiscovery", _DISCOVERY, settings.router_discovery),
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
        yield from binding_rows(item, wanted)


def binding_rows(item: Adapter, wanted: list[str]) -> Iterator[Any]:
    """Yield the bindings of an adapter that are wanted; IPv6's is on where the adapter has IPv6."""
    for component, title, free, bound in _BINDINGS:
        if item.endpoint is None and any(like(component, name) for name in wanted):
            # rule: vms-pp-binding
            unbound = item.bindings.get(component, free and (component != "ms_tcpip6" or item.ipv6 is not None))
            values = {
                "Name": item.name,
                "DisplayName": title,
                "ComponentID": component,
                "Enabled": bound if item.bound else unbound,
            }
            yield cim("MSFT_NetAdapterBindingSettingData", values, (item, component))


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
    """Set what an interface is of the families that are named, or of both."""
    only(p, "InterfaceAlias", "InterfaceIndex", "AddressFamily", "Dhcp", *_SETTINGS, "NlMtuBytes", "Forwarding")
    aliases = [str(name).lower() for name in p.list("InterfaceAlias") or []]
    numbers = [int(number) for number in p.list("InterfaceIndex") or []]
    families = [family.lower() for family in _families(p)]
    found: list[Adapter | Ipv6] = []
    for item in ctx.host.links.adapters:
        if item.has_ip and (item.name.lower() in aliases or item.index in numbers):
            found += [item] if "ipv4" in families else []
            found += [item.ipv6] if item.ipv6 is not None and "ipv6" in families else []
    if not found:
        raise not_found("MSFT_NetIPInterface", "InterfaceAlias", (aliases or numbers or [""])[0])
    for settings in found:
        _set(settings, p)
    yield from ()


def _set(settings: Adapter | Ipv6, p: Parameters) -> None:
    if "Dhcp" in p:
        settings.dhcp = str(p["Dhcp"]).lower() == "enabled"
    if "Forwarding" in p:
        settings.forwarding = str(p["Forwarding"]).lower() == "enabled"
    if "AutomaticMetric" in p:
        settings.automatic_metric = str(p["AutomaticMetric"]).lower() == "enabled"
    if "InterfaceMetric" in p:
        settings.metric, settings.automatic_metric = int(p["InterfaceMetric"]), False
    if "NlMtuBytes" in p:
        settings.mtu = int(p["NlMtuBytes"])
    if "RouterDiscovery" in p:
        wanted = str(p["RouterDiscovery"]).lower()
        settings.router_discovery = next(name for name in _DISCOVERY if name.lower() == wanted)
