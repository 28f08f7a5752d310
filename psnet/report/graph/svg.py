"""Pictures as SVG: one drawing a kind of host, or cards when there are many kinds. Light and dark; no scripts."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psnet._internal.text import markup
from psnet.report.graph.cards import cards
from psnet.report.graph.layout import LETTER, LINE, PAD, lay_out
from psnet.report.graph.model import SIGNS, about_of, alike, names_of

if TYPE_CHECKING:
    from psnet.report.graph.layout import Box
    from psnet.report.graph.model import Edge, Graph, HostGraph, Stand

MOST_DRAWINGS: Final = 6
_MARGIN: Final = 24.0
_HEAD: Final = 46.0
_SMALLEST: Final = 0.87  #: of its size, that a picture in a page may shrink to
_NOTE_WIDTH: Final = 560.0  #: at least, for notes

STYLE: Final = (Path(__file__).resolve().parent / "graph.css").read_text(encoding="utf-8")


def svg(graph: Graph) -> str:
    """Return the SVG document of a graph."""
    sets = alike(graph.hosts)
    if len(sets) > MOST_DRAWINGS:
        body, width, height = cards(graph)
    else:
        body, width, height = _drawings(sets)
    head = [
        f'<text class="h" x="{_MARGIN}" y="30">{markup(graph.title)}</text>',
        f'<text class="s" x="{_MARGIN}" y="48">{markup(graph.subtitle)}</text>' if graph.subtitle else "",
    ]
    legend = _legend(graph.legend_there(), _MARGIN, 68.0 if graph.subtitle else 52.0)
    top = 40.0 + (20.0 if graph.subtitle else 0.0) + (22.0 if legend else 0.0)
    inside = f'{"".join(head)}{legend}\n<g transform="translate({_MARGIN:.0f} {top:.0f})">\n{body}</g>'
    return _document(graph.title, inside, max(width + 2 * _MARGIN, 420.0), height + top + _MARGIN)


def host_svg(host: HostGraph) -> str:
    """Return the SVG document of one host without headings and notes, to stand in a page that has those.

    It shrinks a little where that makes it fit, and no further than its texts can be read: then its box scrolls.
    """
    body, width, height = _boxes(host, notes=False)
    wide = max(width + 2 * _MARGIN, 200.0)
    inside = f'<g transform="translate({_MARGIN:.0f} {_MARGIN:.0f})">\n{body}</g>'
    style = f' style="min-width:{wide * _SMALLEST:.0f}px;max-width:100%;height:auto"'
    return _document(host.name, inside, wide, height + 2 * _MARGIN, style)


def _document(title: str, inside: str, wide: float, total: float, style: str = "") -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="psnet-graph" viewBox="0 0 {wide:.0f} {total:.0f}" '
        f'width="{wide:.0f}" height="{total:.0f}" role="img" aria-label="{markup(title)}"{style}>\n'
        f'<style>{STYLE}</style>\n<rect class="ground" width="100%" height="100%"/>\n{inside}\n</svg>\n'
    )


def _legend(said: dict[Stand, str], x: float, y: float) -> str:
    parts = []
    for stand, words in said.items():
        parts.append(f'<text class="{stand}" x="{x:.0f}" y="{y:.0f}">{markup(SIGNS[stand] + words)}</text>')
        x += (len(words) + 5) * LETTER
    return "".join(parts)


def _drawings(sets: list[list[HostGraph]]) -> tuple[str, float, float]:
    parts: list[str] = []
    y = widest = 0.0
    for hosts in sets:
        text, width, height = host_drawing(hosts)
        parts.append(f'<g transform="translate(0 {y:.0f})">{text}</g>\n')
        y += height + 28.0
        widest = max(widest, width)
    return "".join(parts), widest, max(0.0, y - 28.0)


def host_drawing(hosts: list[HostGraph]) -> tuple[str, float, float]:
    """Return the drawing of hosts that look alike as an SVG group, with its width and height."""
    names, about = names_of(hosts), about_of(hosts)
    body, width, height = _boxes(hosts[0])
    head = f'<text class="h" x="0" y="16">{markup(names)}</text><text class="s" x="0" y="34">{markup(about)}</text>'
    wide = max(width, len(names) * 8.6, len(about) * LETTER, 200.0)
    return f'{head}<g transform="translate(0 {_HEAD:.0f})">{body}</g>', wide, height + _HEAD


def _boxes(host: HostGraph, *, notes: bool = True) -> tuple[str, float, float]:
    """Return a host's boxes, lines and notes, which are wrapped to the width of the boxes."""
    layout = lay_out(host)
    parts = [_edge(edge, layout.boxes, lanes) for edge, lanes in zip(host.edges, layout.lanes, strict=True)]
    parts += [_box(box) for box in layout.boxes.values()]
    if not layout.boxes and not host.notes:
        parts.append('<text class="s" x="0" y="12">nothing</text>')
    bottom = layout.height if layout.boxes else 14.0
    room = int(max(layout.width, _NOTE_WIDTH) / LETTER)
    rows = [row for note in host.notes * notes for row in textwrap.wrap(note, room) or [""]]
    for row in rows:
        bottom += LINE + 2
        parts.append(f'<text class="warn" x="0" y="{bottom:.0f}">{markup(row)}</text>')
    parts += [_edge_label(edge, layout.boxes) for edge in host.edges]
    return "".join(parts), max(layout.width, *(len(row) * LETTER for row in rows), 0.0), bottom


def _box(box: Box) -> str:
    node = box.node
    tip = markup("\n".join([node.label, *(line.text for line in node.lines)]))
    rows = [("t", text) for text in box.label]
    rows += [("s" if stand == "same" else stand, text) for stand, text in box.rows]
    texts = "".join(_row(box, style, text, index) for index, (style, text) in enumerate(rows))
    return (
        f'<g class="k-{node.kind} {node.stand}"><title>{tip}</title>'
        f'<rect class="box" x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="6"/>'
        f'<rect class="bar" x="{box.x:.1f}" y="{box.y + 5:.1f}" width="3.5" height="{box.height - 10:.1f}" rx="1.5"/>'
        f"{texts}</g>\n"
    )


def _row(box: Box, style: str, text: str, index: int) -> str:
    indent = len(text) - len(text.lstrip())  # SVG drops spaces at the beginning
    x, y = box.x + PAD + indent * LETTER / 2, box.y + PAD + 9 + LINE * index
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}">{markup(text.lstrip())}</text>'


def _edge(edge: Edge, boxes: dict[str, Box], lanes: tuple[tuple[float, float, float], ...]) -> str:
    one, other = boxes[edge.source], boxes[edge.target]
    x, y = one.x + one.width, one.middle
    path = f"M{x:.1f} {y:.1f}"
    for left, right, height in (*lanes, (other.x, other.x, other.middle)):
        bend = max(24.0, (left - x) / 2)
        path += f" C{x + bend:.1f} {y:.1f} {left - bend:.1f} {height:.1f} {left:.1f} {height:.1f}"
        path += f" L{right:.1f} {height:.1f}" if right > left else ""
        x, y = right, height
    return f'<path class="{edge.kind} {edge.stand}" d="{path}"/>\n'


def _edge_label(edge: Edge, boxes: dict[str, Box]) -> str:
    if not edge.label:
        return ""
    one = boxes[edge.source]
    return f'<text class="e" x="{one.x + one.width + 6:.1f}" y="{one.middle - 5:.1f}">{markup(edge.label)}</text>'
