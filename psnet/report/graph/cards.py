"""An overview of many hosts as SVG: one card a host, by inventory group, coloured by what would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet._internal.text import markup
from psnet.report.graph.layout import fit

if TYPE_CHECKING:
    from psnet.report.graph.model import Graph, HostGraph

_WIDTH: Final = 236.0
_GAP: Final = 12.0
_COLUMNS: Final = 5
_ROW: Final = 15.0
_MOST_LINES: Final = 5


def card_lines(host: HostGraph) -> list[str]:
    """Return what a card says: networks, then how much hangs on them."""
    networks = [node for node in host.nodes if node.kind == "network"]
    lines = [" ".join([node.label, *(line.text.split(" via ")[0] for line in node.lines[:2])]) for node in networks]
    counts = [(sum(node.kind == kind for node in host.nodes), word) for kind, word in _COUNTED]
    lines.append(", ".join(f"{count} {word}{'s' * (count > 1)}" for count, word in counts if count) or "nothing mapped")
    return lines


_COUNTED: Final = (
    ("endpoint", "endpoint"),
    ("port", "mapping"),
    ("load_balancer", "balancer"),
)


def card_status(host: HostGraph) -> str:
    """Return the colour of a card: removed, changed or added if anything on it is; changed for notes alone."""
    counts = host.counts()
    if not counts:
        return "changed" if host.notes else "same"
    return next(iter(counts)) if len(counts) == 1 else "changed"


def change_words(host: HostGraph) -> str:
    """Return how many boxes would be made, changed and removed."""
    words = {"added": "to make", "changed": "to change", "removed": "to remove"}
    return ", ".join(f"{number} {words[stand]}" for stand, number in host.counts().items())


def cards(graph: Graph) -> tuple[str, float, float]:
    """Return the cards of a graph as an SVG group, with width and height."""
    placed: set[str] = set()
    by_name = {host.name: host for host in graph.hosts}
    sections: list[tuple[str, list[HostGraph]]] = []
    for group, names in graph.groups.items():
        mine = [by_name[name] for name in names if name in by_name and name not in placed]
        placed.update(host.name for host in mine)
        if mine:
            sections.append((group, mine))
    rest = [host for host in graph.hosts if host.name not in placed]
    if rest:
        sections.append(("", rest))
    parts: list[str] = []
    y = 0.0
    for group, hosts in sections:
        if group:
            parts.append(f'<text class="h" x="0" y="{y + 16:.0f}">{markup(group)}</text>')
            y += 26.0
        for start in range(0, len(hosts), _COLUMNS):
            row = hosts[start : start + _COLUMNS]
            height = max(_height(host) for host in row)
            for index, host in enumerate(row):
                parts.append(_card(host, index * (_WIDTH + _GAP), y, height))
            y += height + _GAP
        y += 6.0
    widest = max((min(len(hosts), _COLUMNS) for _, hosts in sections), default=1)
    return "".join(parts), widest * (_WIDTH + _GAP) - _GAP, y


def _shown(host: HostGraph) -> list[str]:
    lines = card_lines(host)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 2], f"and {len(lines) - _MOST_LINES + 1} more networks", lines[-1]]
    return lines


def _height(host: HostGraph) -> float:
    return 46.0 + _ROW * (len(_shown(host)) + bool(host.counts() or host.notes))


def _card(host: HostGraph, x: float, y: float, height: float) -> str:
    stand = card_status(host)
    rows = [("s", text) for text in (host.about, *_shown(host))]
    if host.counts() or host.notes:
        rows.append((stand, change_words(host) or host.notes[0]))
    text = "".join(
        f'<text class="{style}" x="{x + 12:.0f}" y="{y + 36 + _ROW * index:.0f}">'
        f"{markup(fit(words, _WIDTH, 6.2))}</text>"
        for index, (style, words) in enumerate(rows)
    )
    return (
        f'<g class="{stand}"><title>{markup(host.name)}</title><rect class="box" x="{x:.0f}" y="{y:.0f}" '
        f'width="{_WIDTH:.0f}" height="{height:.0f}" rx="6"/>'
        f'<text class="t" x="{x + 12:.0f}" y="{y + 19:.0f}">{markup(fit(host.name, _WIDTH, 7.6))}</text>{text}</g>\n'
    )
