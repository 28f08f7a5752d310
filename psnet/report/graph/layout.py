"""Layout of one host's graph in pixels: columns from outside to inside, rows ordered so that few edges cross."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from psnet.report.graph.model import SIGNS

if TYPE_CHECKING:
    from psnet.report.graph.model import HostGraph, Node, Stand

LETTER: Final = 6.7  #: width of a letter of a line
TITLE_LETTER: Final = 7.6  #: and of a label
LINE: Final = 16.0  #: height of a line
PAD: Final = 10.0
GAP: Final = 16.0
_COLUMN_GAP: Final = 64.0
_LANE: Final = 13.0
_NARROW, _WIDE = 92.0, 268.0
_SWEEPS: Final = 6
_MOST_ROWS: Final = 3  #: of one text in a box; the whole of it is in the box's tip


@dataclass(frozen=True, slots=True)
class Box:
    """A node's place: its upper left corner and its size, and its words in rows, its label's first."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    label: tuple[str, ...]
    rows: tuple[tuple[Stand, str], ...]

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of all boxes of a host, by id, and the size of the whole.

    ``lanes`` has, for each edge in order, the points where it passes the columns between its ends.
    """

    boxes: dict[str, Box]
    lanes: tuple[tuple[tuple[float, float, float], ...], ...]
    width: float
    height: float


def fit(text: str, width: float, letter: float = LETTER) -> str:
    """Return a text cut to a width."""
    room = max(4, int((width - 2 * PAD) / letter))
    return text if len(text) <= room else f"{text[: room - 1]}…"


@dataclass(frozen=True, slots=True)
class _Words:
    """A node's words, wrapped to what the widest box has room for."""

    label: tuple[str, ...]
    rows: tuple[tuple[Stand, str], ...]

    @classmethod
    def of(cls, node: Node) -> _Words:
        label = _wrapped(SIGNS[node.stand] + node.label, TITLE_LETTER)
        rows = [(line.stand, row) for line in node.lines for row in _wrapped(SIGNS[line.stand] + line.text, LETTER)]
        return cls(tuple(label), tuple(rows))

    @property
    def width(self) -> float:
        longest = [*(len(row) * TITLE_LETTER for row in self.label), *(len(row) * LETTER for _, row in self.rows)]
        return min(max(max(longest, default=0.0) + 2 * PAD, _NARROW), _WIDE)

    @property
    def height(self) -> float:
        return LINE * (len(self.label) + len(self.rows)) + 1.4 * PAD


def _wrapped(text: str, letter: float) -> list[str]:
    """Return a text in rows of a box; of a very long one the end is left out."""
    room = int((_WIDE - 2 * PAD) / letter)
    rows = textwrap.wrap(text, room, subsequent_indent="  ", break_on_hyphens=False) or [""]
    if len(rows) > _MOST_ROWS:
        rows = [*rows[: _MOST_ROWS - 1], f"{rows[_MOST_ROWS - 1][: room - 1]}…"]
    return rows


def lay_out(host: HostGraph) -> Layout:
    """Return the layout of a host's picture."""
    columns: dict[int, list[str]] = {}
    nodes = {node.id: node for node in host.nodes}
    for node in host.nodes:
        columns.setdefault(node.column, []).append(node.id)
    chains = _lanes(columns, host, nodes)
    _untangle(columns, chains)
    words = {name: _Words.of(node) for name, node in nodes.items()}
    heights = {
        column: sum(words[name].height + GAP if name in words else _LANE for name in names) - GAP
        for column, names in columns.items()
    }
    tallest = max(heights.values(), default=0.0)
    boxes: dict[str, Box] = {}
    lanes: dict[str, tuple[float, float, float]] = {}
    x = 0.0
    for column in sorted(columns):
        width = max((words[name].width for name in columns[column] if name in words), default=0.0)
        y = (tallest - heights[column]) / 2
        for name in columns[column]:
            if name in words:
                own = words[name]
                boxes[name] = Box(nodes[name], x, y, width, own.height, own.label, own.rows)
                y += own.height + GAP
            else:
                lanes[name] = (x, x + width, y + _LANE / 2 - GAP / 2)
                y += _LANE
        x += width + _COLUMN_GAP
    passed = tuple(tuple(lanes[name] for name in chain[1:-1]) for chain in chains)
    return Layout(boxes, passed, max(0.0, x - _COLUMN_GAP), max(tallest, 0.0))


def _lanes(columns: dict[int, list[str]], host: HostGraph, nodes: dict[str, Node]) -> list[list[str]]:
    """Give each edge that passes columns a lane of its own in each, so that it crosses no box."""
    chains: list[list[str]] = []
    there = sorted(columns)
    for number, edge in enumerate(host.edges):
        start, end = nodes[edge.source].column, nodes[edge.target].column
        passing = [f"lane/{number}/{column}" for column in there if start < column < end]
        for name, column in zip(passing, (column for column in there if start < column < end), strict=True):
            columns[column].append(name)
        chains.append([edge.source, *passing, edge.target])
    return chains


def _untangle(columns: dict[int, list[str]], chains: list[list[str]]) -> None:
    """Order each column by the mean place of what it leads to, back and forth."""
    neighbours: dict[str, list[str]] = {}
    for chain in chains:
        for one, other in pairwise(chain):
            neighbours.setdefault(one, []).append(other)
            neighbours.setdefault(other, []).append(one)
    place = {name: (index + 0.5) / len(names) for names in columns.values() for index, name in enumerate(names)}
    for sweep in range(_SWEEPS):
        for column in sorted(columns, reverse=bool(sweep % 2)):

            def weight(name: str) -> float:
                near = [place[other] for other in neighbours.get(name, ())]
                return sum(near) / len(near) if near else place[name]

            columns[column].sort(key=weight)
            for index, name in enumerate(columns[column]):
                place[name] = (index + 0.5) / len(columns[column])
