"""Computing the plan of a controller: pure, no I/O. Its changes stand in the order in which they are carried out."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from psnet.planning import Plan
from psnet.planning.prune import not_made_by_psnet, undeclared
from psnet.sdn.changes import changes_of
from psnet.sdn.checks import check_sdn
from psnet.sdn.desired import desired_resources, undeclared_resources
from psnet.sdn.kinds import BY_COLLECTION
from psnet.sdn.ports.plan import check_ports, port_changes
from psnet.sdn.ports.proxy import check_proxies, proxy_changes
from psnet.state import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.sdn.model import Sdn
    from psnet.sdn.state import ControllerState
    from psnet.site import Site


def controller_facts(name: str, url: str) -> Facts:
    """Return the facts of a controller: it is no Windows host and has no build of its own."""
    product = f"Network Controller {url}"
    return Facts(computer_name=name, build=0, product=product, has_container_network=False, has_hns=False)


def plan_sdn(site: Site, sdn: Sdn, state: ControllerState, *, host: str) -> Plan:
    """Return the ordered changes that bring a controller from its state to the section ``sdn:`` of a site."""
    everything = desired_resources(sdn, state)
    absent = list(undeclared_resources(site, everything, state))
    prunes = site.manage == "exclusive" and site.prune
    findings = list(check_sdn(sdn, state))
    if site.manage == "exclusive" and not prunes:
        findings += [undeclared(f"{BY_COLLECTION[item.resource.collection].kind} {item.title}") for item in absent]
    if site.manage == "declared":
        strange = [
            desired
            for desired in everything
            if desired.observed and desired.differences and not desired.observed.made_by
        ]
        findings += [not_made_by_psnet(str(desired.resource.identity)) for desired in strange]
    changes = changes_of(site, sdn.controller.backend_name, state, everything, absent if prunes else [])
    ports, settled = port_changes(sdn, state, changes, sdn.controller.backend_name)
    ports = (*ports, *proxy_changes(sdn, state, len(changes) + len(ports), sdn.controller.backend_name))
    findings += [*check_ports(sdn, state), *check_proxies(sdn, state)]
    return Plan(
        host=host,
        site=site.name,
        backend=sdn.controller.backend_name,
        facts=controller_facts(host, sdn.controller.base),
        fingerprint=fingerprint(state, {str((item.create or item.remove or {})["path"]) for item in changes}),
        changes=(*changes, *ports),
        findings=tuple(dict.fromkeys(findings)),
        unchanged=sum(not desired.changes for desired in everything) + settled,
    )


def fingerprint(state: ControllerState, paths: Iterable[str]) -> str:
    """Return a digest of the versions of some resources: what others do elsewhere on the controller is none of ours."""
    found = [(path, state.find(path)) for path in sorted(paths)]
    text = "\n".join(f"{path} {item.etag if item else '-'}" for path, item in found)
    return hashlib.sha256(text.encode()).hexdigest()
