"""Ports on a host's switches, and the profiles that the adapters of virtual machines and of the host carry there.

A port profile is Msvm_EthernetSwitchPortProfileSettingData, the port feature 9940cd46-8b06-43bb-b9d5-93d50381fd56. The
Network Controller's host agent programs the port whose profile names a network interface's instance id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.host.refusal import HostRefusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.host.adapters import Adapter
    from psnet.lab.host.model import Host

#: rule: port-profile-feature
FEATURE: Final = "9940cd46-8b06-43bb-b9d5-93d50381fd56"
EXTENSION: Final = "11EC6134-128A-4A23-B12F-164184B48348"
EMPTY: Final = "{00000000-0000-0000-0000-000000000000}"
#: The class's own defaults (Learn: Msvm_EthernetSwitchPortProfileSettingData).
DEFAULTS: Final[dict[str, Any]] = {
    "ProfileName": "",
    "ProfileId": "",
    "VendorName": "",
    "VendorId": EMPTY,
    "ProfileData": 0,
    "NetCfgInstanceId": EMPTY,
    "CdnLabelId": 0,
    "CdnLabelString": "",
}
VENDOR: Final = "{1fa41b39-b444-4e43-b35a-e1f7985fd548}"


@dataclass(slots=True)
class PortAdapter:
    """An adapter on a switch: of a virtual machine (``vm`` is its name), or the host's own (``vm`` is empty)."""

    vm: str
    name: str
    mac: str
    switch: str
    port: str
    profile: dict[str, Any] | None = None

    @property
    def carries(self) -> str:
        """The instance id of the network interface that the port is for, in small letters; "" for none."""
        # rule: port-profile-enforces
        if self.profile is None or str(self.profile["VendorId"]).lower() != VENDOR:
            return ""
        found = str(self.profile["ProfileId"]).strip("{}").lower()
        return found if int(self.profile["ProfileData"]) == 1 else ""


def own_port(host: Host, nic: Adapter) -> PortAdapter:
    """Return the port of one of the host's own adapters."""
    found = next((item for item in host.own_ports if item.port == nic.guid), None)
    if found is None:
        found = PortAdapter("", nic.name, nic.mac, "", nic.guid)
        host.own_ports.append(found)
    found.mac = nic.mac
    return found


def ports_of(host: Host) -> Iterator[PortAdapter]:
    """Yield the ports of virtual machines' adapters, then those of the host's own adapters that carry a profile."""
    yield from host.vm_adapters
    yield from (item for item in host.own_ports if any(nic.guid == item.port for nic in host.links.adapters))


def add_adapter(host: Host, vm: str, name: str, mac: str, switch: str) -> PortAdapter:
    """Put a virtual machine's adapter on a switch, which is made when there is none of that name."""
    if host.links.switch(switch) is None:
        host.links.add_switch(switch, "Internal")
    if any((item.vm.lower(), item.name.lower()) == (vm.lower(), name.lower()) for item in host.vm_adapters):
        # rule: vm-adapter-once
        raise HostRefusal("InvalidParameter", f'The virtual machine "{vm}" has an adapter "{name}" already.')
    made = PortAdapter(vm, name, mac, switch, host.ids.guid())
    host.vm_adapters.append(made)
    return made


def agent_service() -> dict[str, Any]:
    """Return the service of the Network Controller's agent on a host that it manages."""
    # rule: nc-host-agent
    return {
        "Name": "NcHostAgent",
        "DisplayName": "NC Host Agent",
        "Status": "Running",
        "StartType": "Automatic",
        "DependsOn": [],
        "IsDriver": False,
    }
