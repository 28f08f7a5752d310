"""Which way a host makes container networks: chosen from its facts, or by the user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from psnet.errors import PlanError
from psnet.plan.context import context_for

if TYPE_CHECKING:
    from psnet.site import Site
    from psnet.state import Backend, Facts, HostState


def choose_backend(facts: Facts, wanted: Literal["auto", "containers", "hns", "docker"], host: str) -> Backend:
    """Return the backend; raise PlanError when the host cannot give what was asked for."""
    available: dict[Backend, bool] = {
        "containers": facts.has_container_network,
        "hns": facts.has_hns,
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


def backend_for(site: Site, state: HostState, host: str) -> Backend:
    """Return the backend for a site: with ``auto`` the first that gives everything declared.

    Raises PlanError when the host has none, or not the one that was asked for.
    """
    first = choose_backend(state.facts, site.backend, host)
    if site.backend != "auto" or first != "containers" or not state.facts.has_hns:
        return first
    resources = tuple(resource for resource, _ in site.everything())
    context = context_for(state, first, resources)
    lacking = any(item.id == "not-in-this-backend" for resource in resources for item in resource.check(context))
    return "hns" if lacking else first
