"""Reading and setting port profiles on the hosts that have the ports, each over a session of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psnet._internal.validation_messages import answer_fault
from psnet.errors import HostError
from psnet.powershell import Templates
from psnet.sdn.state import NC_VENDOR, PortState
from psnet.transport.scripts import script_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from psnet.planning import Change
    from psnet.sdn.model import Sdn
    from psnet.sdn.model.interfaces import Attachment
    from psnet.transport import Session


def observe_ports(sdn: Sdn, *, rules: bool = False) -> tuple[PortState, ...]:
    """Return the declared ports of every host that a session can be opened to; raise PsnetError when one fails.

    With ``rules`` they have what the switch enforces there, where ``vfpctrl`` is on the host.
    """
    found: list[PortState] = []
    for host, ports in _by_host(item for _, item in sdn.attached()).items():
        opener = sdn.openers.get(host)
        if opener is None:
            continue
        session = opener()
        try:
            found += _observe(session, host, ports, rules=rules)
        finally:
            session.close()
    return tuple(found)


def _by_host(items: Iterable[Attachment]) -> dict[str, list[Attachment]]:
    found: dict[str, list[Attachment]] = {}
    for item in items:
        found.setdefault(item.host, []).append(item)
    return found


def ports_observe_script(ports: Sequence[Attachment], *, rules: bool = False) -> str:
    """Return the script that reads ports; it changes nothing."""
    using = Templates()
    wanted = [{"vm": item.vm or "", "adapter": item.adapter} for item in ports]
    functions = [using.render("lib/property.ps1.j2"), using.render("sdn/ports.ps1.j2")]
    return str(using.render("sdn/ports_observe.ps1.j2", functions=functions, ports=wanted, rules=rules))


def _observe(session: Session, host: str, ports: Sequence[Attachment], *, rules: bool) -> list[PortState]:
    output = session.run(ports_observe_script(ports, rules=rules), reading=True)
    if output.failed or output.stopped:
        raise script_error(output, host, "reading the port profiles")
    try:
        told = json.loads("".join(output.lines()))["ports"]
        return [_port(host, item, said) for item, said in zip(ports, told, strict=True)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise HostError(
            f"what the host answered are no ports: {answer_fault(error)}",
            host=host,
            step="reading the port profiles",
            remedy="run Get-VMSwitchExtensionPortFeature by hand on the host and compare",
        ) from error


def _port(host: str, item: Attachment, said: Mapping[str, Any]) -> PortState:
    rules = said["rules"]
    return PortState(
        host=host,
        vm=item.vm,
        adapter=item.adapter,
        there=bool(said["there"]),
        mac=str(said["mac"] or "").replace("-", "").upper(),
        switch=str(said["switch"] or ""),
        profile_id=_bare(said["profile_id"]),
        profile_data=None if said["profile_data"] is None else int(said["profile_data"]),
        vendor_id=_bare(said["vendor_id"]),
        rules=None if rules is None else tuple(map(str, rules)),
    )


def _bare(value: Any) -> str:
    return str(value or "").strip("{}").lower()


def ports_apply_script(changes: Sequence[tuple[Change, str]]) -> str:
    """Return the script that gives ports the instance ids of their interfaces, one step a port."""
    using = Templates()
    functions = [using.render(f"{name}.ps1.j2") for name in ("lib/property", "lib/change", "sdn/ports")]
    steps = [
        {
            "id": f"{change.id}.make",
            "title": change.title,
            "vm": (change.create or {})["vm"] or "",
            "adapter": (change.create or {})["adapter"],
            "before": (change.create or {})["profile"],
            "profile": instance,
        }
        for change, instance in changes
    ]
    return str(using.render("sdn/ports_apply.ps1.j2", functions=functions, steps=steps, vendor=f"{{{NC_VENDOR}}}"))


def apply_ports(sdn: Sdn, changes: Sequence[tuple[Change, str]]) -> list[str]:
    """Set port profiles, host by host; return the lines of JSON that say how each step went."""
    lines: list[str] = []
    for host in dict.fromkeys(str((change.create or {})["host"]) for change, _ in changes):
        mine = [item for item in changes if (item[0].create or {})["host"] == host]
        opener = sdn.openers.get(host)
        if opener is None:
            lines += [_failed(change, f"no session to {host}: it is not in the inventory") for change, _ in mine]
            continue
        session = opener()
        try:
            output = session.run(ports_apply_script(mine))
        finally:
            session.close()
        lines += output.lines()
        if output.failed and not output.lines():
            said = script_error(output, host, "setting port profiles")
            lines += [_failed(change, said.message) for change, _ in mine]
    return lines


def _failed(change: Change, message: str) -> str:
    return json.dumps({"step": f"{change.id}.make", "status": "failed", "message": message})
