"""Port features of the Hyper-V switch: the port profile of an adapter, as Microsoft's SDN scripts set it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.cmdlets.objects import only
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.dotnet.typenames import unwrap
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.adapters import Adapter
from psnet.lab.host.ports import DEFAULTS, EXTENSION, FEATURE, PortAdapter, own_port
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_TYPE = "Microsoft.HyperV.PowerShell.VMSwitchExtensionPortFeature"
_CIM = "Microsoft.Management.Infrastructure.CimInstance"
_VIRTUALIZATION = "Microsoft.HyperV.PowerShell.VirtualizationException"


def _object(adapter: PortAdapter | None, values: dict[str, Any]) -> PSObject:
    setting = PSObject.of(
        dict(values),
        f"{_CIM}#root/virtualization/v2/Msvm_EthernetSwitchPortProfileSettingData",
        _CIM,
        "System.Object",
        kind="Property",
    )
    made = PSObject.of(
        {
            "Id": FEATURE,
            "ExtensionId": EXTENSION,
            "Name": "Ethernet Switch Port Profile Settings",
            "SettingData": setting,
        },
        _TYPE,
        "System.Object",
        kind="Property",
    )
    made.native = adapter
    return made


def _values(feature: Any) -> dict[str, Any]:
    """Return the settings of a feature object as the provider stores them."""
    base = unwrap(feature)
    setting = base.members["settingdata"].value
    found = {member.name: unwrap(member.value) for member in setting.members.values()}
    unknown = set(found) - set(DEFAULTS)
    if unknown:
        raise UnsupportedError(f"the port profile's {', '.join(sorted(unknown))}")
    return {**found, "ProfileData": int(found["ProfileData"]), "CdnLabelId": int(found["CdnLabelId"])}


def _wanted(p: Parameters) -> bool:
    ids = p.list("FeatureId")
    return ids is None or any(to_string(item).strip("{}").lower() == FEATURE for item in ids)


def _adapters(ctx: CmdletContext, p: Parameters) -> list[PortAdapter]:
    found = []
    for item in p.list("VMNetworkAdapter") or []:
        native = unwrap(item).native
        if isinstance(native, Adapter):
            native = own_port(ctx.host, native)
        if not isinstance(native, PortAdapter):
            raise UnsupportedError("a VMNetworkAdapter that Get-VMNetworkAdapter did not give")
        found.append(native)
    return found


@cmdlet("Get-VMSystemSwitchExtensionPortFeature", cim=False)
def get_system_port_feature(_: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return a feature with its defaults, to be filled in."""
    only(p, "FeatureId")
    if _wanted(p):
        yield _object(None, DEFAULTS)


@cmdlet("Get-VMSwitchExtensionPortFeature", cim=False)
def get_port_feature(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the features that adapters carry; nothing of one that carries none."""
    only(p, "FeatureId", "VMNetworkAdapter")
    for adapter in _adapters(ctx, p):
        if adapter.profile is not None and _wanted(p):
            yield _object(adapter, adapter.profile)


@cmdlet("Add-VMSwitchExtensionPortFeature", cim=False)
def add_port_feature(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Give adapters a feature that they do not carry yet."""
    only(p, "VMSwitchExtensionFeature", "VMNetworkAdapter")
    for adapter in _adapters(ctx, p):
        if adapter.profile is not None:  # rule: port-feature-once
            raise HostRefusal(
                "InvalidParameter",
                f'The port of "{adapter.name}" has the feature already.',
                "InvalidArgument",
                _VIRTUALIZATION,
            )
        for feature in p.list("VMSwitchExtensionFeature") or []:
            adapter.profile = _values(feature)
    yield from ()


@cmdlet("Set-VMSwitchExtensionPortFeature", cim=False)
def set_port_feature(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Change the feature that an adapter carries."""
    only(p, "VMSwitchExtensionFeature", "VMNetworkAdapter")
    for feature in p.list("VMSwitchExtensionFeature") or []:
        native = unwrap(feature).native
        for adapter in _adapters(ctx, p) or [native]:
            if not isinstance(adapter, PortAdapter):  # rule: port-feature-unset
                raise HostRefusal(
                    "InvalidParameter", "The feature is of no port yet.", "InvalidArgument", _VIRTUALIZATION
                )
            adapter.profile = _values(feature)
    yield from ()


@cmdlet("Remove-VMSwitchExtensionPortFeature", cim=False)
def remove_port_feature(_: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Take a feature away from the adapter that carries it."""
    only(p, "VMSwitchExtensionFeature", "VMNetworkAdapter")
    for feature in p.list("VMSwitchExtensionFeature") or []:
        native = unwrap(feature).native
        if isinstance(native, PortAdapter):
            native.profile = None
    yield from ()
