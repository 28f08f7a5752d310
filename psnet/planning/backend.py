"""Which way a host makes container networks: chosen from its facts, or by the user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from psnet.errors import PlanError
from psnet.planning.context import context_for
from psnet.resources import ContainerNetwork, Endpoint, NatStaticMapping, TierAcl
from psnet.resources.capabilities import has_hcn
from psnet.resources.delivery import delivery_of, network_mode
from psnet.resources.network_policy import NetworkPolicy
from psnet.types import Mode

if TYPE_CHECKING:
    from psnet.resources import Context
    from psnet.site import Site
    from psnet.state import Backend, Facts, HostState


_IPV6: Final = 6


def choose_backend(facts: Facts, wanted: Literal["auto", "containers", "hns", "hcn", "docker"], host: str) -> Backend:
    """Return the backend; raise PlanError when the host cannot give what was asked for."""
    available: dict[Backend, bool] = {
        "containers": facts.has_container_network,
        "hns": facts.has_hns,
        "hcn": has_hcn(facts),
        "docker": facts.has_docker,
    }
    if wanted == "auto":
        chosen: Backend | None = next((name for name, there in available.items() if there), None)
        if chosen is None:
            raise PlanError(
                "the host has neither New-ContainerNetwork nor the Host Networking Service",
                host=host,
                step="choosing a backend",
                remedy="install the Containers feature and restart the host",
            )
        return chosen
    if not available[wanted]:
        others = [name for name, there in available.items() if there]
        raise PlanError(
            f"build {facts.build} has no backend {wanted}",
            host=host,
            step="choosing a backend",
            remedy=f"use backend: auto, or {' or '.join(others)}" if others else "install the Containers feature",
        )
    return wanted


def backend_for(site: Site, state: HostState, host: str) -> tuple[Backend, str]:
    """Return the backend for a site and why: with ``auto`` the first that gives everything declared.

    HCN is taken where something declared needs it, or where containerd or Kubernetes makes the host's networks with it.
    Raises PlanError when the host has none, or not the one that was asked for.
    """
    first = choose_backend(state.facts, site.backend, host)
    if site.backend != "auto":
        return first, "asked for"
    if not state.facts.has_hns or first == "docker":
        return first, "the host has no other"
    resources = tuple(resource for resource, _ in site.everything())
    if has_hcn(state.facts):
        why = needs_hcn(context_for(state, "hcn", resources)) or _made_by_hcn(state)
        if why:
            return "hcn", why
    if first != "containers":
        return first, "HNS v1 gives all that is declared"
    context = context_for(state, first, resources)
    lacking = any(item.id == "not-in-this-backend" for resource in resources for item in resource.check(context))
    if lacking:
        return "hns", "New-ContainerNetwork does not give all of it"
    return first, "New-ContainerNetwork gives all that is declared"


def needs_hcn(context: Context) -> str:
    """Return what of the declared takes HCN, empty for nothing (hcn.md 5 and 6, ports.md 1)."""
    for item in context.resources:
        if isinstance(item, ContainerNetwork) and any(subnet.prefix.version == _IPV6 for subnet in item.subnets):
            return f"{item.identity} has an IPv6 subnet"
        if isinstance(item, NetworkPolicy | TierAcl):
            return f"{item.identity} takes HCN"
        if isinstance(item, Endpoint) and item.remote and network_mode(item.network, context) == Mode.OVERLAY.value:
            return f"{item.identity} is a peer of an overlay"
        if isinstance(item, NatStaticMapping):
            outside = str(item.external_address) != "0.0.0.0"  # noqa: S104 - every address of the host
            bridge = network_mode(item.network, context) in ("l2bridge", "l2tunnel")
            if delivery_of(item, context).way == "endpoint" and (bridge or outside):
                return f"{item.identity} is a host port " + ("on l2bridge" if bridge else "of one address")
    return ""


def _made_by_hcn(state: HostState) -> str:
    """Return who makes the host's networks by HCN, empty for nobody: the CNI plug-ins and kube-proxy do (cni.md 2)."""
    owners = {item.owner for item in state.endpoints} | {item.owner for item in state.policy_lists}
    runtimes = {item.runtime for item in state.containers}
    if "kube-proxy" in owners or "kubelet" in runtimes:
        return "Kubernetes makes this host's networks by HCN"
    if "CNI" in owners or runtimes & {"nerdctl", "containerd"}:
        return "CNI plug-ins make this host's endpoints by HCN"
    if state.facts.has_containerd and not state.facts.has_docker:
        return "containerd is this host's runtime: its CNI plug-ins speak HCN"
    return ""
