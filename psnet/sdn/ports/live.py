"""A live answer compared down to the port: what the controller says, what the port carries, what the switch has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.sdn.ports.plan import path_of
from psnet.sdn.ports.vfp import decides, read_rules
from psnet.sdn.trace.model import Disagreement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.sdn.model import NetworkInterface, Sdn
    from psnet.sdn.state import ControllerState, PortState
    from psnet.sdn.trace.model import Path, Step, TraceOutcome, TraceRequest


def compare_with_ports(answer: TraceOutcome, sdn: Sdn, state: ControllerState) -> TraceOutcome:
    """Return an answer with the first of controller, host and switch that disagrees on the packet's way.

    Then what the controller says is not what happens: a port that carries no interface, or another's, lets nothing of
    this one through, and a switch without the rule does not do what the list says. The verdict is denied in the first
    case, and what the switch's rule does in the second.
    """
    opened: list[bool] = []
    first: Disagreement | None = None
    for path in answer.paths:
        allowed, found = _way(path, answer.question, sdn, state)
        opened.append(allowed)
        first = first or found
    if first is None:
        return answer.model_copy(update={"notes": (*answer.notes, *_notes(answer, sdn, state))})
    verdict = "allowed" if all(opened) else "depends" if any(opened) else "denied"
    why = f"{first.at}: {first.found}, where {first.expected}"
    return answer.model_copy(update={"disagreement": first, "verdict": verdict, "why": why})


def _way(path: Path, question: TraceRequest, sdn: Sdn, state: ControllerState) -> tuple[bool, Disagreement | None]:
    """Return whether a way is really open, and the first disagreement on it."""
    for step in path.steps:
        found = _at(step, path, question, sdn, state) if step.kind == "acl" else None
        if found is not None:
            return found.where == "switch" and step.action != "Allow", found
    return path.allowed, None


def _interface(step: Step, sdn: Sdn) -> NetworkInterface | None:
    name = step.at.strip("/").split("/")[1].lower()
    return next((nic for nic in sdn.network_interfaces if nic.name.lower() == name), None)


def _at(step: Step, path: Path, question: TraceRequest, sdn: Sdn, state: ControllerState) -> Disagreement | None:
    nic = _interface(step, sdn)
    if nic is None or nic.attached is None:
        return None
    found = state.find(nic.path)
    port = state.port(path_of(nic.attached))
    if found is None or found.provisioning_state not in ("", "Succeeded"):
        is_state = found.provisioning_state if found else "not there"
        return Disagreement(
            where="controller",
            at=nic.path,
            expected="the site declares it",
            found=f"it is {is_state}",
            remedy="psnet apply SITE",
        )
    if port is None:
        return None
    if not port.there or not port.enforces or port.profile_id != found.instance_id.lower():
        return Disagreement(
            where="host",
            at=port.path,
            expected=f"{nic.path} has the instance id {found.instance_id.lower()}",
            found=f"the port carries {_carried(port, state)}",
            remedy="psnet apply SITE sets the port profile",
        )
    return _switch(step, path, question, port)


def _carried(port: PortState, state: ControllerState) -> str:
    if not port.there:
        return "nothing: there is no such adapter"
    owner = next((item.path for item in state.resources if item.instance_id.lower() == port.profile_id), None)
    return f"{port.profile} of {owner}" if owner and port.profile else port.profile or "no profile"


def _switch(step: Step, path: Path, question: TraceRequest, port: PortState) -> Disagreement | None:
    """Compare the decision with the switch's rules; without a rule that decided there is nothing to look for."""
    if port.rules is None or step.rule is None:
        return None
    inward = step.direction == "Inbound"  # outbound rules see the addresses before translation, inbound those after
    packet = question.model_copy(
        update={"source": path.source, "destination": path.destination, "port": path.port} if inward else {}
    )
    rule = decides(read_rules(port.rules), packet, str(step.direction))
    wanted = step.action == "Allow"
    if rule is not None and rule.allows == wanted:
        return None
    said = "no rule for it" if rule is None else f"{rule.action} by {rule.name or rule.id}, priority {rule.priority}"
    return Disagreement(
        where="switch",
        at=port.path,
        expected=f"the controller says {step.action} by {step.rule}",
        found=f"the switch has {said}",
        remedy="look at the agent there: Get-Service NcHostAgent; Restart-Service NcHostAgent pushes the policy again",
    )


def _notes(answer: TraceOutcome, sdn: Sdn, state: ControllerState) -> Iterator[str]:
    """Say what was compared, and what could not be."""
    seen: set[str] = set()
    for path in answer.paths:
        for step in path.steps:
            nic = _interface(step, sdn) if step.kind == "acl" else None
            if nic is None or nic.name in seen:
                continue
            seen.add(nic.name)
            port = state.port(path_of(nic.attached)) if nic.attached else None
            if port is None:
                yield f"{nic.path}: no port is declared (attached:), so whether one enforces it is not known"
            elif port.rules is None:
                yield f"{port.path} carries {nic.path}; vfpctrl is not there, so the switch's rules were not read"
            else:
                yield f"{port.path} carries {nic.path}, and the switch's rules agree"
