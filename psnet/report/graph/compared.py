"""The picture of how a host differs from another one, or from a site: what either alone has, and what is otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.report.graph import observed
from psnet.report.graph.builder import GraphBuilder
from psnet.report.graph.declared import draw_site, short_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.adoption.compare import Difference
    from psnet.report.graph.model import HostGraph, Stand
    from psnet.site import Site
    from psnet.state import HostState


def difference_graph(
    name: str, state: HostState, sites: tuple[Site, Site], found: Sequence[Difference], words: dict[Stand, str]
) -> HostGraph:
    """Return the picture of a host with what the other side has drawn into it.

    Of ``sites`` the first says what is on the host, the second what the other side has, as ``left`` and ``right`` of
    what was found do: only on the host is drawn as removed, only on the other side as added. ``words`` say that.
    """
    builder = GraphBuilder(name, observed.about(state))
    observed.draw_state(builder, state)
    here, there = sites
    draw_site(builder, here)
    known = {(item.kind, item.identity.name.lower()) for item in here.resources}
    beyond = [item for item in there.resources if (item.kind, item.identity.name.lower()) not in known]
    draw_site(builder, there.model_copy(update={"resources": tuple(beyond)}))
    stands = {(item.kind, item.name): _mark(builder, item, words) for item in found if item.declared}
    counts = {stand: list(stands.values()).count(stand) for stand in words}
    builder.summary = ", ".join(f"{number} {words[stand]}" for stand, number in counts.items() if number)
    return builder.finished()


def _mark(builder: GraphBuilder, item: Difference, words: dict[Stand, str]) -> Stand:
    stand: Stand = "changed" if item.field else "added" if item.left is None else "removed"
    drawn = builder.named.get((item.kind, item.name.lower()))
    text = f"{item.field}: {short_value(item.left)} → {short_value(item.right)}" if item.field else ""
    if not drawn:
        _beside(builder, item, stand, text or words[stand])
        return stand
    if builder.is_line(drawn):
        builder.line(drawn[0], drawn[1], stand)
        builder.stands(drawn[0], "changed")
    else:
        for identifier in drawn:
            builder.stands(identifier, stand)
    if text:
        builder.line(drawn[0], f"{item.name} {text}" if builder.is_line(drawn) else text, "changed")
    return stand


def _beside(builder: GraphBuilder, item: Difference, stand: Stand, text: str) -> None:
    """Draw what has no box: a rule along with a mapping in the box of the firewall, the rest as a note."""
    if item.kind == "firewall_rule":
        box = builder.node("firewall", "windows", "Windows Firewall")
        builder.line(box, f"{item.name} {text}" if item.field else item.name, stand)
        builder.stands(box, "changed")
    else:
        builder.notes.append(f"{item.kind} {item.name}: {text}")
