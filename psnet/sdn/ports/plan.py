"""What has to change on ports: each declared port carries the instance id of its interface.

Microsoft's steps ("Create a VM and connect to a tenant virtual network or VLAN"): the interface is made on the
controller first, its InstanceId is then set as the profile id of the VM's port on the Hyper-V host. The agent there
enforces nothing of the interface until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.planning import Change
from psnet.resources import FieldChange
from psnet.sdn.checks.finding import finding
from psnet.sdn.state import port_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.planning import Plan
    from psnet.resources import Finding
    from psnet.sdn.model import Sdn
    from psnet.sdn.model.interfaces import Attachment
    from psnet.sdn.state import ControllerState

KIND: Final = "sdn_port"
PROXY: Final = "sdn_container_proxy"
UNKNOWN: Final = "the instance id that the interface gets"
_SOURCE: Final = "Create a VM and connect to a tenant virtual network or VLAN"


def path_of(attached: Attachment) -> str:
    """Return the path of the port that carries an interface."""
    return port_path(attached.host, attached.vm, attached.adapter)


def check_ports(sdn: Sdn, state: ControllerState) -> Iterator[Finding]:
    """Yield what stands against declared ports, as far as their hosts were looked at."""
    taken: dict[str, str] = {}
    for nic, attached in sdn.attached():
        path = path_of(attached)
        other = taken.setdefault(path.lower(), nic.name)
        if other != nic.name:
            yield finding(nic, "port-taken", f"{path} carries {other} already", "a port carries one interface")
        port = state.port(path)
        if port is None:
            yield finding(
                nic,
                "port-unseen",
                f"{attached.host} was not looked at: whether {path} carries the interface is not known here",
                "run it with an inventory that has the host: psnet plan SITE -i INVENTORY",
                severity="info",
                source=_SOURCE,
            )
        elif not port.there:
            yield finding(
                nic,
                "port-missing",
                f"{attached.host} has no adapter {attached.adapter} of {attached.vm or 'its own'} on a switch",
                "create it first (New-VM, Add-VMNetworkAdapter): psnet makes no virtual machines",
                source=_SOURCE,
            )
        elif port.mac != nic.mac:
            yield finding(
                nic,
                "port-mac",
                f"the adapter at {path} has the MAC address {port.mac}, the interface {nic.mac}",
                "give both the same: Set-VMNetworkAdapter -StaticMacAddress, or mac: here",
                source=_SOURCE,
            )


def port_changes(
    sdn: Sdn, state: ControllerState, before: Sequence[Change], backend: str
) -> tuple[tuple[Change, ...], int]:
    """Return the changes of port profiles after those of the controller, and how many ports are as declared."""
    made: list[Change] = []
    settled = 0
    for nic, attached in sdn.attached():
        port = state.port(path_of(attached))
        if port is None or not port.there:
            continue
        found = state.find(nic.path)
        wanted = found.instance_id.lower() if found else ""
        if wanted and port.enforces and port.profile_id == wanted:
            settled += 1
            continue
        needs = tuple(item.id for item in before if (item.create or {}).get("path") == nic.path)
        made.append(
            Change(
                id=str(len(before) + len(made) + 1),
                operation="update",
                kind=KIND,
                name=path_of(attached).removeprefix("/ports/"),
                title=f"{nic.name} at {path_of(attached)}",
                backend=backend,
                fields=(FieldChange(field="profileId", old=port.profile or None, new=wanted or UNKNOWN),),
                requires=needs,
                create={
                    "path": port.path,
                    "interface": nic.path,
                    "host": attached.host,
                    "vm": attached.vm,
                    "adapter": attached.adapter,
                    "profile": port.profile_id,
                },
            )
        )
    return tuple(made), settled


def controller_part(plan: Plan) -> Plan:
    """Return a plan's changes of the controller."""
    return plan.model_copy(update={"changes": tuple(item for item in plan.changes if item.kind not in (KIND, PROXY))})


def port_part(plan: Plan) -> tuple[Change, ...]:
    """Return a plan's changes of ports."""
    return tuple(item for item in plan.changes if item.kind in (KIND, PROXY))


def ports_changed_since(plan: Plan, state: ControllerState) -> tuple[str, ...]:
    """Return the paths of a plan's ports that carry something else now than when it was made."""
    found = []
    for change in plan.changes:
        if change.kind != KIND:
            continue
        values = change.create or {}
        port = state.port(values["path"])
        if port is not None and port.profile_id != values["profile"]:
            found.append(str(values["path"]))
    return tuple(found)
