"""An overview of many hosts as SVG: one card a host, by inventory group, coloured by what would change."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from psnet._internal.text import markup
from psnet.report.graph.layout import LETTER, PAD, TITLE_LETTER, fit
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
        if group or y:
            parts.append(f'<text class="h" x="0" y="{y + 16:.0f}">{markup(group or "in no group")}</text>')
            y += 26.0
        for start in range(0, len(sets), _COLUMNS):
            row = sets[start : start + _COLUMNS]
            height = 46.0 + _ROW * max(len(_rows(hosts)) - 1 for hosts in row)
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


def _rows(hosts: list[HostGraph]) -> list[tuple[str, str]]:
    """Return the rows of a card under its names, each with its style; what the hosts are may take two."""
    host = hosts[0]
    rows = [("s", text) for text in textwrap.wrap(about_of(hosts), int((_WIDTH - 2 * PAD) / LETTER), max_lines=2)]
    rows += [("s", text) for text in card_rows(host)]
    if change_words(host) or host.notes:
        rows.append((card_status(host), change_words(host) or host.notes[0]))
    return rows


def _card(hosts: list[HostGraph], x: float, y: float, height: float) -> str:
    host, names = hosts[0], names_of(hosts)
    everybody = ", ".join(item.name for item in hosts)
    text = "".join(
        f'<text class="{style}" x="{x + 12:.0f}" y="{y + 36 + _ROW * index:.0f}">{markup(fit(words, _WIDTH))}</text>'
        for index, (style, words) in enumerate(_rows(hosts))
    )
    title = markup(fit(names, _WIDTH, TITLE_LETTER))
    tip = markup("\n".join([everybody, *(words for _, words in _rows(hosts))]))
    return (
        f'<g class="{card_status(host)}"><title>{tip}</title><rect class="box" x="{x:.0f}" y="{y:.0f}" '
        f'width="{_WIDTH:.0f}" height="{height:.0f}" rx="6"/>'
        f'<text class="t" x="{x + 12:.0f}" y="{y + 19:.0f}">{title}</text>{text}</g>\n'
    )
