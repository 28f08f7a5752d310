"""Find things of one host that are declared twice: claims compared with each other and with the host's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.planning.claim_index import ClaimIndex
from psnet.resources import Claim, ContainerNetwork, Finding
from psnet.types import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.resources import Context, Resource
    from psnet.site import Site

_NUMBERS: Final = {"6": "TCP", "17": "UDP"}


def collisions(context: Context) -> Iterator[Finding]:
    """Yield an error for each declared thing that claims what an earlier one, or the host, already occupies."""
    held, there = ClaimIndex(), ClaimIndex()
    for claim, owner in _observed(context):
        there.add(claim, owner)
    for resource in context.resources:
        mine = tuple(resource.claims(context))
        for claim in mine:
            other = held.owner(claim)
            if other is not None:
                yield _finding(resource, claim, f"{other} claims it too", "give each its own")
        for claim in mine:
            held.add(claim, str(resource.identity))
            found = there.owner(claim)
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
    yield from _adapters(context)
    yield from _addresses(context)
    yield from _fronts(context)
    yield from _endpoints(context)


def _adapters(context: Context) -> Iterator[tuple[Claim, str]]:
    macs = {_mac(item.mac) for item in context.state.endpoints if item.mac}
    for adapter in context.state.adapters:
        if not adapter.virtual and adapter.mac and _mac(adapter.mac) not in macs:
            yield Claim("MAC", "", _mac(adapter.mac)), f"the adapter {adapter.name}"


def _addresses(context: Context) -> Iterator[tuple[Claim, str]]:
    """Yield the host's own addresses on networks that stand on its physical one; an attached endpoint's is its own."""
    held = {item.address for item in context.state.endpoints if item.address}
    flat = [item.name.lower() for item in context.resources if isinstance(item, ContainerNetwork) and _flat(item)]
    for address in context.state.addresses:
        for name in flat if address.address not in held else ():
            yield Claim("address", f"on {name}", address.address), f"the host's interface {address.interface}"


def _fronts(context: Context) -> Iterator[tuple[Claim, str]]:
    for listed in context.state.policy_lists:
        for policy in listed.policies if listed.owner is not None else ():
            port, word = int(policy.get("ExternalPort") or 0), _NUMBERS.get(str(policy.get("Protocol")), "")
            for vip in policy.get("VIPs") or ():
                yield Claim("front", word, str(vip), port, port), f"a load balancer of {listed.owner}"


def _endpoints(context: Context) -> Iterator[tuple[Claim, str]]:
    declared = {item.identity.name.lower() for item in context.resources if item.kind == "endpoint"}
    networks = {item.identity.name.lower() for item in context.resources if item.kind == "container_network"}
    for endpoint in context.state.endpoints:
        if endpoint.remote or endpoint.name.lower() in declared or endpoint.network.lower() in networks:
            continue  # what stands on a declared network may go with it
        if endpoint.mac:
            yield Claim("MAC", "", _mac(endpoint.mac)), f"the endpoint {endpoint.name}"


def _mac(text: str) -> str:
    return text.upper().replace(":", "-")


def _flat(network: ContainerNetwork) -> bool:
    """Say whether a network's endpoints stand on the host's own physical network."""
    return network.mode in (Mode.TRANSPARENT, Mode.L2BRIDGE, Mode.L2TUNNEL)


def with_positions(findings: tuple[Finding, ...], site: Site) -> tuple[Finding, ...]:
    """Return findings with file and line of their resource, where the site comes from a file."""
    if not site.places:
        return findings
    return tuple(
        item.model_copy(update={"where": site.places[item.resource]}) if item.resource in site.places else item
        for item in findings
    )
