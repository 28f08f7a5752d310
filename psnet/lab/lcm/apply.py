"""A document applied or tested, resource by resource.

The rules are those of Microsoft's page about state and status (WMF 5.0): a resource that fails does not stop those that
do not depend on it; one that asks for a reboot stops the run and is not in desired state; what was not reached
counts for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.lab.lcm.model import ResourceRun
from psnet.lab.lcm.runner import ResourceFailed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psnet.lab.host.model import Host
    from psnet.lab.lcm.check import Bound
    from psnet.lab.lcm.model import Run
    from psnet.lab.lcm.operation_output import OperationOutput
    from psnet.lab.lcm.runner import Session


def apply(
    host: Host, bound: Sequence[Bound], session: Session, talk: OperationOutput, run: Run, *, framed: bool = True
) -> None:
    """Bring every resource into its desired state, and write down in ``run`` what came of it.

    ``framed`` writes the lines around the whole run, which a check of consistency does without.
    """
    start = host.clock.now()
    if framed:
        talk.step("Start", "Set")
    failed: set[str] = set()
    for each in bound:
        made = started(each, host.clock.now())
        run.resources.append(made)
        if any(name.lower() in failed for name in each.item.depends_on):
            failed.add(each.item.resource_id.lower())
            continue
        talk.step("Start", "Resource", each.item.resource_id)
        _one(host, each, session, talk, made)
        talk.step("End", "Resource", each.item.resource_id)
        made.seconds = seconds_since(host, made.start)
        if made.error is not None:
            failed.add(each.item.resource_id.lower())
            run.status = "Failure"
            talk.error(made)
        if made.reboot:
            run.reboot = True
            talk.line("", "A reboot is required to progress further. Please reboot the system.")
            break
    if framed:
        talk.step("End", "Set")
    if framed and run.status == "Success":
        talk.step("End", "Set", rest=f"    in  {seconds_since(host, start):.4f} seconds.")


def _one(host: Host, each: Bound, session: Session, talk: OperationOutput, made: ResourceRun) -> None:
    name = each.item.resource_id
    made.in_desired_state = False
    try:
        talk.step("Start", "Test", name)
        start = host.clock.now()
        fits = session.test(each)
        talk.step("End", "Test", name, f"  in {seconds_since(host, start):.4f} seconds.")
        if fits:
            talk.step("Skip", "Set", name)
            made.in_desired_state = True
            return
        talk.step("Start", "Set", name)
        start = host.clock.now()
        made.reboot = session.change(each)
        talk.step("End", "Set", name, f"  in {seconds_since(host, start):.4f} seconds.")
        made.in_desired_state = not made.reboot
    except ResourceFailed as failure:
        made.error = failure.error


def test(host: Host, bound: Sequence[Bound], session: Session, talk: OperationOutput, run: Run) -> None:
    """Ask every resource whether it is in its desired state; nothing changes."""
    for each in bound:
        name = each.item.resource_id
        made = started(each, host.clock.now())
        run.resources.append(made)
        talk.step("Start", "Resource", name)
        talk.step("Start", "Test", name)
        try:
            made.in_desired_state = session.test(each)
            said = "True" if made.in_desired_state else "False"
            talk.step("End", "Test", name, f" {said} in {seconds_since(host, made.start):.4f} seconds.")
        except ResourceFailed as failure:
            made.in_desired_state = False
            made.error = failure.error
            run.status = "Failure"
        talk.step("End", "Resource", name)
        made.seconds = seconds_since(host, made.start)
        if made.error is not None:
            talk.error(made)


def started(each: Bound, start: datetime) -> ResourceRun:
    """Return the record of a resource whose turn it is."""
    item = each.item
    return ResourceRun(
        item.resource_id,
        item.class_name,
        item.friendly_name,
        item.instance_name,
        item.module,
        each.resource.module.version,
        item.source_info,
        item.configuration,
        item.depends_on,
        start,
    )


def seconds_since(host: Host, start: datetime) -> float:
    """Return the seconds of the host's clock since then."""
    return (host.clock.now() - start).total_seconds()
