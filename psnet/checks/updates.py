"""Known faults of Windows updates that break container networking, by build and revision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from psnet.resources import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.state import HostState


class Fault(NamedTuple):
    """A known fault: revisions ``first`` to before ``mended`` of a build have it, where networks of ``modes`` are.

    With ``docker`` only where docker made them.
    """

    build: int
    first: int
    mended: int
    modes: tuple[str, ...]
    what: str
    update: str
    source: str
    docker: bool = False


#: Revisions (UBR) are those of the updates that brought and mended a fault, as the sources name them.
FAULTS: Final = (
    Fault(
        17763,
        0,
        348,
        ("transparent", "l2bridge", "l2tunnel", "overlay"),
        "external networks are gone after a restart",
        "KB4482887 (17763.348)",
        "claim c99; moby/moby#38358",
    ),
    Fault(
        17763,
        1217,
        1490,
        ("overlay",),
        "published ports of overlay networks (docker swarm) do not work since KB4551853",
        "KB4577069 (17763.1490)",
        "moby/moby#40998, #41434",
        docker=True,
    ),
    Fault(
        19041,
        0,
        508,
        (),
        "the Host Networking Service crashes again and again",
        "KB4571756 (19041.508)",
        "microsoft/Windows-Containers#18; the number of the update is a guess",
    ),
    Fault(
        20348,
        2582,
        2762,
        ("l2bridge", "overlay"),
        "containers lose networks and DNS since KB5040437, under Calico above all",
        "KB5044281 (20348.2762)",
        "microsoft/Windows-Containers#516; projectcalico/calico#8529",
    ),
)


def examine_updates(state: HostState) -> Iterator[Finding]:
    """Yield the known faults of the host's revision that its networks run into."""
    revision = state.health.revision if state.health else None
    if revision is None:
        return
    modes = {str(item.mode).lower() for item in state.networks}
    for fault in FAULTS:
        made = {item.driver for item in state.docker_networks} if fault.docker else modes
        hit = not fault.modes or made & set(fault.modes)
        if fault.build == state.facts.build and fault.first <= revision < fault.mended and hit:
            yield Finding(
                id="update-with-fault",
                severity="warning",
                reason=f"Windows {fault.build}.{revision}: {fault.what}",
                remedy=f"install {fault.update} or a later update",
                source=fault.source,
            )
