"""The runtimes that publish ports on a network, and whether they can (reference/ports.md, 1 and 3).

On nat networks every runtime can. On l2bridge and l2tunnel docker's ports work from 2019 to 1909 only, and those of CNI
where the plug-in sends Flags 1, which its option localRoutedPortMapping does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from psnet.types import Mode

if TYPE_CHECKING:
    from psnet.resources.base import Context
    from psnet.state import EndpointState

#: Networks whose ports VFP maps.
BRIDGES: Final = (Mode.L2BRIDGE.value, Mode.L2TUNNEL.value)
_DOCKER_BRIDGES: Final = range(17763, 19041)
_LOCAL_ROUTED: Final = 1


class Publisher(NamedTuple):
    """Whether a runtime can publish a port; ``reason`` is why not, "" where none is concerned."""

    can: bool
    reason: str = ""


def runtime_of(found: EndpointState, context: Context) -> str | None:
    """Return the word of the runtime whose container has an endpoint: docker, nerdctl, containerd or kubelet."""
    for item in context.state.containers:
        if item.id in found.containers or found.id in item.endpoints:
            return str(item.runtime)
    return ("docker" if context.state.facts.has_docker else "containerd") if found.containers else None


def has_runtime(context: Context) -> bool:
    """Say whether something on the host makes containers."""
    facts = context.state.facts
    return facts.has_docker or facts.has_containerd or context.state.cni is not None


def publisher(network: str, mode: str | None, found: EndpointState | None, context: Context) -> Publisher:
    """Say whether a runtime publishes ports of a container on a network, which it has made (``found``) or will make."""
    who = runtime_of(found, context) if found is not None else None
    if found is not None and who is None:
        return Publisher(can=False)
    if mode not in BRIDGES:
        return Publisher(can=who is not None or has_runtime(context))
    cni = _conflist(network, context)
    if who == "docker" or (who is None and context.state.facts.has_docker and cni is None):
        return _docker(context.state.facts.build)
    if who is None and cni is None:
        return Publisher(can=False)
    if cni is None or getattr(cni, "local_ports", False):  # of somebody else's conflist what the container has counts
        return Publisher(can=True)
    return Publisher(
        can=False,
        reason=f"the plug-in of {network} publishes without Flags 1, which does nothing on a bridge (claim c70): say "
        "local_ports: true in its cni entry, with the plug-in sdnbridge",
    )


def _docker(build: int) -> Publisher:
    if build in _DOCKER_BRIDGES:
        return Publisher(can=True)
    why = (
        "docker's published port does nothing there before Windows Server 2019 (moby/moby#27529)"
        if build < _DOCKER_BRIDGES.start
        else "HNS refuses docker's published port there from build 19041 on, 0x803b0013 (moby/moby#42426)"
    )
    return Publisher(can=False, reason=why)


def _conflist(network: str, context: Context) -> Any:
    return next(
        (
            item
            for item in context.resources
            if item.kind == "cni" and getattr(item, "name", "").lower() == network.lower()
        ),
        None,
    )


def leads_to_container(found: EndpointState, mode: str | None, context: Context) -> bool:
    """Say whether the ports that a container's endpoint publishes lead to it: on bridges a CNI's need Flags 1.

    Flags, or the route that HNS makes beside such a port (record b20).
    """
    if mode not in BRIDGES or runtime_of(found, context) == "docker":
        return True
    for item in found.policies:
        given = item.get("Settings") or item
        if item.get("Type") in ("NAT", "PortMapping") and int(given.get("Flags") or 0) & _LOCAL_ROUTED:
            return True
        if item.get("Type") == "ROUTE" and str(given.get("DestinationPrefix") or "").endswith("/32"):
            return True
    return False
