"""Declare one host's observed state as entries; planning them proves that nothing would change."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from psnet._internal.validation_messages import explain_error
from psnet.adoption.endpoints import add_balancers, add_endpoints
from psnet.adoption.model import Declaration, DeclarationBuilder, Entry, Undeclared
from psnet.adoption.networks import add_conflists, add_nats, add_networks
from psnet.adoption.ports import add_mappings
from psnet.adoption.rules import add_rules, add_tasks
from psnet.errors import PlanError
from psnet.planning import plan
from psnet.resources import KINDS
from psnet.site import Site

if TYPE_CHECKING:
    from psnet.planning import Plan
    from psnet.state import Backend, HostState

_SECTIONS: Final = {cls.section: place for place, cls in enumerate(KINDS.values())}


def declare(state: HostState, host: str) -> Declaration:
    """Return what a host has as entries of a site, and what has no place in one, with the reason.

    Whatever psnet could not declare without then finding something to change is left out, so that a plan of the
    entries is empty on this state.
    """
    found, docker = DeclarationBuilder(), _docker_makes_all(state)
    add_nats(state, found)
    add_networks(state, found, docker=docker)
    add_conflists(state, found)
    add_endpoints(state, found)
    add_balancers(state, found)
    add_mappings(state, found)
    add_rules(state, found)
    add_tasks(state, found)
    backend: Backend | None = "docker" if docker else None
    entries = sorted(_valid(found), key=lambda item: (_SECTIONS[item.section], item.name.lower()))
    kept = _settled(entries, state, host, backend, found)
    return Declaration(host, backend, tuple(kept), tuple(found.undeclared))


def site_of(entries: list[Entry], backend: Backend | None = None, name: str = "adopted") -> Site:
    """Return entries as a site that takes over what exists."""
    resources = tuple(item.kind.model_validate(item.fields) for item in entries)
    return Site(name=name, backend=backend or "auto", manage="adopt", resources=resources)


def _docker_makes_all(state: HostState) -> bool:
    """Say whether every network is docker's and it has names of its own for them."""
    called = {item.hns_id.lower(): item.name for item in state.docker_networks}
    named = [(item.name, called.get(item.id.lower())) for item in state.networks]
    return bool(named) and all(name for _, name in named) and any(hns != name for hns, name in named)


def _valid(found: DeclarationBuilder) -> list[Entry]:
    """Return the entries that a site file takes; of two with one identity the first."""
    kept: dict[str, Entry] = {}
    for item in found.entries:
        if any("{{" in text or "{%" in text for text in _texts(item.fields)):
            found.skip(item.identity, "a text of it holds {{ or {%, which a site takes for a template")
            continue
        try:
            item.kind.model_validate(item.fields)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            said = explain_error(first)[0]
            found.skip(item.identity, f"{where}: {said}" if where else said)
            continue
        if item.identity.lower() in kept:
            found.skip(item.identity, "another one has this name")
            continue
        kept[item.identity.lower()] = item
    return list(kept.values())


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []


def _settled(
    entries: list[Entry], state: HostState, host: str, backend: Backend | None, found: DeclarationBuilder
) -> list[Entry]:
    """Leave out what a plan stumbles over, until it is empty."""
    while entries:
        try:
            made = plan(site_of(entries, backend), state, host=host)
        except PlanError as error:
            found.undeclared += [Undeclared(item.identity, error.message) for item in entries]
            return []
        wrong = _stumbled(made, entries)
        if not wrong and not made.empty:
            reasons = "; ".join(item.reason for item in made.refusals)
            found.undeclared += [Undeclared(item.identity, reasons) for item in entries]
            return []
        if not wrong:
            return entries
        found.undeclared += [Undeclared(name, "; ".join(dict.fromkeys(why))) for name, why in wrong.items()]
        entries = [item for item in entries if item.identity not in wrong]
    return entries


def _stumbled(made: Plan, entries: list[Entry]) -> dict[str, list[str]]:
    """Return the identities of entries that a plan refuses, or would change, with the reasons.

    What is refused goes first: other things may stumble over that alone.
    """
    known = {item.identity for item in entries}
    refused: dict[str, list[str]] = defaultdict(list)
    for finding in made.refusals:
        if finding.resource in known:
            refused[finding.resource].append(finding.reason)
    for unmet in made.unmet:
        refused[unmet.resource].append(unmet.reason)
    if refused:
        return refused
    changed: dict[str, list[str]] = defaultdict(list)
    for item in made.changes:
        own = f"{item.kind} {item.name}"
        owner = own if own in known else f"nat_static_mapping {item.name.removeprefix('psnet-mapping-')}"
        changed[owner].append(_why(item.operation, item.kind, [str(each.field) for each in item.fields]))
    return {name: why for name, why in changed.items() if name in known}


def _why(operation: str, kind: str, fields: list[str]) -> str:
    if kind == "reapply":
        return "its script was made from another declaration than this"
    if operation == "create":
        return "psnet would not find it again under this declaration"
    return f"it has more than psnet can say: {', '.join(fields)} would be changed"
