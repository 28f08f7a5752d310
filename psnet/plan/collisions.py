"""What is declared twice over on one host: claims compared with each other, and with what the host has."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from psnet.resources import Claim, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources import Context, Resource
    from psnet.site import Site


def collisions(context: Context) -> Iterator[Finding]:
    """Yield an error for each declared thing that claims what an earlier one, or the host, has already."""
    held: dict[tuple[str, str], list[tuple[Claim, str]]] = defaultdict(list)
    there = tuple(_observed(context))
    for resource in context.resources:
        mine = tuple(resource.claims(context))
        for claim in mine:
            group = held[claim.what, claim.scope]
            other = next((owner for item, owner in group if item.meets(claim)), None)
            if other is not None:
                yield _finding(resource, claim, f"{other} claims it too", "give each its own")
        for claim in mine:
            held[claim.what, claim.scope].append((claim, str(resource.identity)))
            found = next((owner for item, owner in there if item.meets(claim)), None)
            if found is not None:
                yield _finding(resource, claim, f"{found} has it already", "choose another, or remove that first")


def _finding(resource: Resource, claim: Claim, said: str, remedy: str) -> Finding:
    return Finding(
        id="collision",
        severity="error",
        resource=str(resource.identity),
        reason=f"{claim}: {said}",
        remedy=remedy,
    )


def _observed(context: Context) -> Iterator[tuple[Claim, str]]:
    """Yield what is taken on the host by things that nobody declares; what psnet made it takes over by itself."""
    declared = {item.identity.name.lower() for item in context.resources if item.kind == "endpoint"}
    networks = {item.identity.name.lower() for item in context.resources if item.kind == "container_network"}
    for endpoint in context.state.endpoints:
        if endpoint.remote or endpoint.name.lower() in declared or endpoint.network.lower() in networks:
            continue  # what stands on a declared network may go with it
        if endpoint.mac:
            yield Claim("MAC", "", endpoint.mac.upper()), f"the endpoint {endpoint.name}"


def placed(findings: tuple[Finding, ...], site: Site) -> tuple[Finding, ...]:
    """Return findings with the file and the line of what they are about, where the site comes from a file."""
    if not site.places:
        return findings
    return tuple(
        item.model_copy(update={"where": site.places[item.resource]}) if item.resource in site.places else item
        for item in findings
    )
