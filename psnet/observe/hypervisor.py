"""Derive the hypervisor of a virtual machine from Win32_ComputerSystem's maker.

HypervisorPresent alone says nothing: it is true on a Hyper-V host itself, and some hypervisors hide it.
"""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple


class _Maker(NamedTuple):
    name: str
    manufacturer: str
    model: str


#: Name, manufacturer and model, as expressions; the first that fits counts. Sources: SMBIOS system information as QEMU
#: (hw/i386/pc_q35.c), OpenStack Nova (virt/libvirt), Xen (tools/firmware/hvmloader), oVirt and each cloud write it.
_MAKERS: Final = (
    _Maker("Hyper-V", r"Microsoft Corporation", r"Virtual Machine"),
    _Maker("VMware", r"VMware.*", r".*"),
    _Maker("VirtualBox", r"innotek.*|Oracle.*", r"VirtualBox"),
    _Maker("AWS", r"Amazon EC2", r"(?!.*\.metal).*"),
    _Maker("Google Cloud", r"Google.*", r"Google.*"),
    _Maker("Nutanix", r"Nutanix.*", r"AHV"),
    _Maker("OpenStack", r"OpenStack Foundation|.*", r"OpenStack.*"),
    _Maker("OpenStack", r"OpenStack Foundation", r".*"),
    _Maker("oVirt", r"oVirt|Red Hat", r"oVirt.*|RHEV.*|RHEL.*|KVM"),
    _Maker("Alibaba Cloud", r"Alibaba Cloud", r"Alibaba Cloud ECS"),
    _Maker("Proxmox", r"Proxmox.*", r".*"),
    _Maker("Xen", r"Xen", r".*"),
    _Maker("Xen", r".*", r"HVM domU"),
    _Maker("QEMU", r"QEMU|Bochs", r".*"),
    _Maker("QEMU", r".*", r"Standard PC \(.*|KVM.*|Bochs"),
    _Maker("Parallels", r"Parallels.*", r".*"),
    _Maker("a hypervisor", r".*", r".*Virtual.*"),
)


def hypervisor_of(manufacturer: str, model: str) -> str:
    """Return who runs the machine, empty for a physical one."""
    for maker in _MAKERS:
        if re.fullmatch(maker.manufacturer, manufacturer.strip(), re.IGNORECASE) and re.fullmatch(
            maker.model, model.strip(), re.IGNORECASE
        ):
            return maker.name
    return ""


def name_hypervisor(facts: dict[str, Any]) -> None:
    """Add the hypervisor's name to facts, and whether there is one."""
    name = hypervisor_of(str(facts.get("manufacturer") or ""), str(facts.get("model") or ""))
    facts.pop("hypervisor_present", None)
    facts["hypervisor"] = name
    facts["virtual_machine"] = bool(name)
