"""An overview of many hosts as SVG: one card a host, by inventory group, coloured by what would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet._internal.text import markup
from psnet.report.graph.layout import fit
from psnet.report.graph.model import about_of, alike, names_of

if TYPE_CHECKING:
    from psnet.report.graph.model import Graph, HostGraph

_WIDTH: Final = 288.0
_GAP: Final = 12.0
_COLUMNS: Final = 4  # with the picture's margins and a page's they fit 1280 pixels
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
    stands = {_STANDS[word] for word in host.changes} or set(host.counts())
    if not stands:
        return "changed" if host.notes else "same"
    return stands.pop() if len(stands) == 1 else "changed"


_STANDS: Final = {"create": "added", "update": "changed", "replace": "changed", "remove": "removed"}


def change_words(host: HostGraph) -> str:
    """Return how many changes the host's plan has; of a picture without one, how its boxes stand."""
    if host.summary:
        return host.summary
    if host.changes:
        return ", ".join(f"{number} to {word}" for word, number in host.changes.items())
    words = {"added": "to make", "changed": "to change", "removed": "to remove"}
    return ", ".join(f"{number} {words[stand]}" for stand, number in host.counts().items())


def sections(graph: Graph) -> list[tuple[str, list[list[HostGraph]]]]:
    """Return hosts that look alike together, by inventory group: each in the first of its groups; the rest last."""
    placed: set[str] = set()
    by_name = {host.name: host for host in graph.hosts}
    found: list[tuple[str, list[list[HostGraph]]]] = []
    for group, names in graph.groups.items():
        mine = [by_name[name] for name in names if name in by_name and name not in placed]
        placed.update(host.name for host in mine)
        if mine:
            found.append((group, alike(tuple(mine))))
    rest = tuple(host for host in graph.hosts if host.name not in placed)
    return [*found, ("", alike(rest))] if rest else found


def cards(graph: Graph) -> tuple[str, float, float]:
    """Return the cards of a graph as an SVG group, with width and height."""
    parts: list[str] = []
    y = 0.0
    there = sections(graph)
    for group, sets in there:
        if group:
            parts.append(f'<text class="h" x="0" y="{y + 16:.0f}">{markup(group)}</text>')
            y += 26.0
        for start in range(0, len(sets), _COLUMNS):
            row = sets[start : start + _COLUMNS]
            height = max(_height(hosts[0]) for hosts in row)
            for index, hosts in enumerate(row):
                parts.append(_card(hosts, index * (_WIDTH + _GAP), y, height))
            y += height + _GAP
        y += 6.0
    widest = max((min(len(sets), _COLUMNS) for _, sets in there), default=1)
    return "".join(parts), widest * (_WIDTH + _GAP) - _GAP, y


def card_rows(host: HostGraph) -> list[str]:
    """Return the lines of a card; of many networks the first are named and the others counted."""
    lines = card_lines(host)
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 2], f"and {len(lines) - _MOST_LINES + 1} more networks", lines[-1]]
    return lines


def _height(host: HostGraph) -> float:
    return 46.0 + _ROW * (len(card_rows(host)) + bool(change_words(host) or host.notes))


def _card(hosts: list[HostGraph], x: float, y: float, height: float) -> str:
    host, names = hosts[0], names_of(hosts)
    stand, everybody = card_status(host), ", ".join(item.name for item in hosts)
    rows = [("s", text) for text in (about_of(hosts), *card_rows(host))]
    if change_words(host) or host.notes:
        rows.append((stand, change_words(host) or host.notes[0]))
    text = "".join(
        f'<text class="{style}" x="{x + 12:.0f}" y="{y + 36 + _ROW * index:.0f}">'
        f"{markup(fit(words, _WIDTH, 6.2))}</text>"
        for index, (style, words) in enumerate(rows)
    )
    return (
        f'<g class="{stand}"><title>{markup(everybody)}</title><rect class="box" x="{x:.0f}" y="{y:.0f}" '
        f'width="{_WIDTH:.0f}" height="{height:.0f}" rx="6"/>'
        f'<text class="t" x="{x + 12:.0f}" y="{y + 19:.0f}">{markup(fit(names, _WIDTH, 7.6))}</text>{text}</g>\n'
    )
