"""Computing a plan."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from psnet.errors import PlanError
from psnet.planning import prune
from psnet.planning.backend import backend_for
from psnet.planning.collisions import collisions, with_positions
from psnet.planning.context import context_for
from psnet.planning.model import Change, Operation, Plan
from psnet.planning.price import with_price
from psnet.planning.state_digests import state_digests
from psnet.resources import KINDS, Finding, Identity, Observed, Resource
from psnet.resources.session_path import uplinks
from psnet.site.load import SiteSource, check_site
from psnet.site.sections import section_of
from psnet.state import fresh_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.resources import Context
    from psnet.site import Site
    from psnet.state import HostState

_KIND_ORDER = {kind: position for position, kind in enumerate(KINDS)}


def plan(site: Site | SiteSource, state: HostState, *, host: str = "host") -> Plan:
    """Return the ordered changes that bring a host from its state to the site; one as read is filled for ``host``.

    Raises PlanError when the host has no backend for container networks or requirements form a circle;
    what single resources run into becomes findings of the plan.
    """
    check_site(site)
    if isinstance(site, SiteSource):
        site = site.for_host(host)
    backend, why = backend_for(site, state, host)
    everything = list(site.everything())
    context = context_for(state, backend, tuple(resource for resource, _ in everything), script_from_scratch)
    requires = {
        resource.identity: (*resource.requires(), *resource.rests_on(context), *((parent,) if parent else ()))
        for resource, parent in everything
    }
    ordered = in_order(context.resources, requires, host)
    findings = tuple(finding for resource in ordered for finding in resource.check(context))
    findings += tuple(collisions(context))
    for key, declared in site.sections.items():
        findings += tuple(section_of(key).check_host(declared, context))
    unmet = tuple(item for resource in ordered if (item := resource.unmet(context)) is not None)
    changes = _changes(ordered, requires, context)
    kept = len(ordered) - len(changes) - len(unmet)
    changes += prune.superseded_mappings(context, len(changes) + 1)
    changes += prune.absent_removals(context, site.absent, len(changes) + 1)
    if site.manage == "exclusive" and site.prune:
        changes += prune.undeclared_removals(context, len(changes) + 1)
    elif site.manage == "exclusive":
        findings += tuple(prune.undeclared_notes(context))
    if site.manage == "declared":
        findings += tuple(prune.overwritten_things(context))
    return Plan(
        host=host,
        site=site.name,
        backend=backend,
        backend_reason=why,
        facts=state.facts,
        fingerprint=state.fingerprint(),
        lease=state.lease,
        present=state.counts(),
        seen=state_digests(state) if changes else {},
        changes=with_price(changes, state),
        findings=with_positions(_once(findings), site),
        unmet=unmet,
        unchanged=kept,
        uplinks=uplinks(state),
    )


def script_from_scratch(name: str, resources: tuple[Resource, ...], context: Context) -> str:
    """Return the script that makes resources on a host like the one planned for that has nothing yet.

    It names no build: where hosts get the same script, it is one text.
    """
    from psnet.planning.script import apply_script  # noqa: PLC0415 - needed by few plans
    from psnet.site import Site  # noqa: PLC0415 - as above

    site = Site(name=name, backend=context.backend, resources=resources)
    made = apply_script(plan(site, fresh_state(context.state.facts.build), host="at start"))
    return made.replace(f"# Windows Server build {context.state.facts.build}, backend", "# Backend", 1)


def _once(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))


def in_order(
    resources: tuple[Resource, ...], requires: Mapping[Identity, tuple[Identity, ...]], host: str
) -> list[Resource]:
    """Return the resources with requirements first; otherwise by kind, then in the order declared."""
    declared = {resource.identity: resource for resource in resources}
    position = {identity: index for index, identity in enumerate(declared)}
    sorter = TopologicalSorter(
        {identity: [need for need in needs if need in declared] for identity, needs in requires.items()}
    )
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " -> ".join(str(identity) for identity in error.args[1])
        raise PlanError(f"requirements form a circle: {circle}", host=host, step="planning") from None
    ordered: list[Resource] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda item: (_KIND_ORDER[item.kind], position[item]))
        for identity in ready:
            ordered.append(declared[identity])
            sorter.done(identity)
    return ordered


def _changes(
    ordered: list[Resource], requires: Mapping[Identity, tuple[Identity, ...]], context: Context
) -> tuple[Change, ...]:
    ids: dict[Identity, str] = {}
    replaced: set[Identity] = set()
    changes: list[Change] = []
    for resource in ordered:
        if resource.unmet(context) is not None:
            continue
        observed = resource.observe(context)
        lost = next((need for need in (*resource.bound_to(), *resource.rests_on(context)) if need in replaced), None)
        operation = _operation(observed, lost=lost is not None)
        if operation is None:
            continue
        identity = resource.identity
        if operation == "replace":
            replaced.add(identity)
        ids[identity] = str(len(changes) + 1)
        create = resource.values(context)
        remove = None
        if observed is not None and operation == "replace":
            remove = observed.remove_all if lost else observed.remove
        if observed is not None and not lost and observed.create is not None:
            create = observed.create
        changes.append(
            Change(
                id=ids[identity],
                operation=operation,
                kind=resource.kind,
                name=identity.name,
                title=resource.title(),
                backend=resource.folder(context),
                manner=resource.delivery_description(context),
                fields=observed.differences if observed else (),
                reason=f"{lost} is replaced, which removes it" if lost else "",
                requires=tuple(ids[need] for need in requires[identity] if need in ids),
                create=create,
                remove=remove,
                ledger=resource.ledger(context),
                cuts=resource.cuts(context, operation),
                proof=resource.cut_reason(context, operation),
                undo=resource.undo(context, operation),
            )
        )
    return tuple(changes)


def _operation(observed: Observed | None, *, lost: bool) -> Operation | None:
    if observed is None:
        return "create"
    if lost:
        return "update" if observed.goes_along else "replace"
    if not observed.differences:
        return None
    return "replace" if observed.replace else "update"
