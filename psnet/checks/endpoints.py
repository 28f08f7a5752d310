"""Findings about endpoints and load balancers of HNS: duplicates, conflicts, and unused ones."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from psnet.resources import Finding, Mend
from psnet.resources.endpoint import Endpoint
from psnet.resources.load_balancer import LoadBalancer
from psnet.types import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import EndpointState, HostState, PolicyListState

_DETACHED: Final = (4, 5)
_SHOWN: Final = 3
_PROTOCOLS: Final = {"6": "TCP", "17": "UDP"}


def examine_endpoints(state: HostState) -> Iterator[Finding]:
    """Yield stale endpoints, duplicate addresses, leaked remote endpoints, and load balancers without members."""
    yield from _stale(state)
    yield from _duplicates(state)
    yield from _balancers(state)
    yield from _leaked(state)


def is_unused(item: EndpointState, state: HostState) -> bool:
    """Say whether an endpoint of this host carries nothing: no container, no machine, no host's own use."""
    unused = item.kind == "unattached" and item.state is not None and not item.remote and not item.containers
    known = f"endpoint/{item.name}" in state.ledger
    held = any(item.id.lower() in {each.lower() for each in one.endpoints} for one in state.containers)
    return bool(unused and not known and not held)


def removal(item: EndpointState) -> Mend:
    """Return the removal of one endpoint by its id."""
    title = f"{item.name} on {item.network} ({item.address or 'no address'})"
    return Mend(kind=Endpoint.kind, name=item.id, title=title, values={"id": item.id, "name": item.name})


def _stale(state: HostState) -> Iterator[Finding]:
    overlays = {item.name.lower() for item in state.networks if item.mode == Mode.OVERLAY}
    for item in state.endpoints:
        # One without an address waits for a VM's DHCP (record m18).
        if not is_unused(item, state) or not item.address:
            continue
        detached = item.state in _DETACHED
        if not detached and item.network.lower() in overlays:
            continue  # made for another host's container, as kube-proxy's, where IsRemoteEndpoint does not say so
        word = "detached" if detached else "attached to nothing"
        # One that was never attached may be about to be; one that somebody else made is theirs to remove.
        gone = detached and item.owner is None
        yield Finding(
            id="stale-endpoint",
            severity="warning",
            resource=f"endpoint {item.name}",
            reason=f"the endpoint {item.name} on {item.network} ({item.address}) is {word}",
            remedy="remove it when no container is to come, it keeps its address: "
            f"Get-HnsEndpoint | Where-Object ID -eq {item.id} | Remove-HnsEndpoint",
            source="hns.md, Endpoint states",
            mends=(removal(item),) if gone else (),
        )


def _duplicates(state: HostState) -> Iterator[Finding]:
    """Yield addresses that several endpoints of this host have on one network."""
    local: dict[tuple[str, str], list[EndpointState]] = defaultdict(list)
    remote: dict[tuple[str, str], list[EndpointState]] = defaultdict(list)
    for item in state.endpoints:
        if item.address:
            (remote if item.remote else local)[item.network.lower(), item.address].append(item)
    for key, items in local.items():
        if len(items) > 1:
            yield _duplicate(items, state)
        for other in remote.get(key, ()):
            yield Finding(
                id="remote-endpoint-of-own",
                severity="info",
                resource=f"endpoint {items[0].name}",
                reason=f"{key[1]} is the endpoint {items[0].name} of this host and the remote {other.name} too",
                remedy="expected for a moment after a pod moved here; when it stays, restart kube-proxy on the host",
                source="claim c62; kubernetes/kubernetes#130963",
            )


def _duplicate(items: list[EndpointState], state: HostState) -> Finding:
    unused = [item for item in items if is_unused(item, state)]
    used = [item for item in items if item not in unused]
    clear = bool(used) and len(used) < len(items)
    own = tuple(removal(item) for item in unused if item.owner is None) if clear else ()
    remedy = "remove those that carry no container" if clear else "find out which of them a container runs on"
    return Finding(
        id="duplicate-address",
        severity="error",
        resource=f"endpoint {items[0].name}",
        reason=f"{len(items)} endpoints of {items[0].network} have the address {items[0].address}: "
        + ", ".join(f"{item.name} ({item.id})" for item in items),
        remedy=f"{remedy}: Get-HnsEndpoint | Where-Object IPAddress -eq {items[0].address}",
        source="hns_schema.yaml: HCN_E_INVALID_IP; HNS checks no address that it did not choose (guess)",
        mends=own,
    )


def _front(item: PolicyListState) -> str:
    """Return what a load balancer listens on, in words."""
    for policy in item.policies:
        words = str(policy.get("Protocol") or "")
        vips = [str(vip) for vip in policy.get("VIPs") or () if vip]
        if policy.get("Type") in ("ELB", "LoadBalancer", None) and policy.get("ExternalPort"):
            where = ",".join(vips) or "any address"
            return f"{where} {_PROTOCOLS.get(words, words)} {policy['ExternalPort']}".replace("  ", " ")
    return item.id


def _balancers(state: HostState) -> Iterator[Finding]:
    known = {item.id.lower() for item in state.endpoints}
    fronts = {
        (vip, entry.get("external_port"))
        for key, entry in state.ledger.items()
        if key.startswith("load_balancer/")
        for vip in entry.get("vips") or ()
    }
    for item in state.policy_lists:
        if any(each.lower() in known for each in item.endpoints) or (item.endpoints and not known):
            continue  # a host that shows no endpoint at all (record l03) says nothing of members
        ours = any((vip, one.get("ExternalPort")) in fronts for one in item.policies for vip in one.get("VIPs") or ())
        front = _front(item)
        values: dict[str, Any] = {"id": item.id, "name": item.id}
        yield Finding(
            id="balancer-without-members",
            severity="warning",
            resource=f"load_balancer {item.id}",
            reason=f"the load balancer {front} ({item.id}) has no endpoint that this host knows: it leads nowhere and "
            "holds its port, so that making it anew may fail with 0x803b0013",
            remedy="psnet apply makes it again when it is declared"
            if ours
            else f"remove it: Get-HnsPolicyList | Where-Object ID -eq {item.id} | Remove-HnsPolicyList",
            source="kubernetes/kubernetes#137530, #113524; claim c149",
            mends=() if ours else (Mend(kind=LoadBalancer.kind, name=item.id, title=front, values=values),),
        )


def _leaked(state: HostState) -> Iterator[Finding]:
    """Yield remote endpoints that no load balancer leads to, where others do: kube-proxy makes them for those alone."""
    used = {each.lower() for item in state.policy_lists for each in item.endpoints}
    remote: dict[str, list[EndpointState]] = defaultdict(list)
    for item in state.endpoints:
        if item.remote:
            remote[item.network].append(item)
    for network, items in remote.items():
        lost = [item for item in items if item.id.lower() not in used]
        if not lost or len(lost) == len(items):
            continue  # where none is balanced, somebody else than kube-proxy made them
        shown = ", ".join(f"{item.name} {item.address or ''}".strip() for item in lost[:_SHOWN])
        more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
        yield Finding(
            id="leaked-remote-endpoints",
            severity="warning",
            resource=f"container_network {network}",
            reason=f"{len(lost)} remote endpoint(s) of {network} stand behind no load balancer: {shown}{more}",
            remedy="remove them by their ids; kube-proxy makes those that it needs again at its next turn",
            source="microsoft/Windows-Containers#631; claim c61",
            mends=tuple(removal(item) for item in lost),
        )
