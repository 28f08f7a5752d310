"""The way of a port as a picture: one box a step, from outside down to the container, each with its evidence."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from psnet._internal.text import markup
from psnet.report.graph.svg import STYLE

if TYPE_CHECKING:
    from psnet.checks.trace import Trace

_WIDTH: Final = 480  #: a telephone shows it nearly at its size
_INSIDE: Final = 24
_LETTERS: Final = 60  #: of a line in a box
_TITLE_LETTERS: Final = 48
_LINE: Final = 17
_GAP: Final = 22
_STANDS: Final = {"open": "added", "shut": "removed", "unknown": "changed"}
TRACE_SIGNS: Final = {"open": "→", "shut": "✗", "unknown": "?"}


def trace_svg(made: Trace, verdict: str) -> str:
    """Return the SVG document; ``verdict`` is the sentence at its end."""
    title = f"{made.host} {made.protocol} {made.port} from outside"
    y = 34
    parts = []
    for line in textwrap.wrap(title, _TITLE_LETTERS) or [title]:
        parts.append(f'<text class="h" x="{_INSIDE}" y="{y}">{markup(line)}</text>')
        y += _LINE + 2
    for step in made.steps:
        says, evidence = textwrap.wrap(step.says, _LETTERS), textwrap.wrap(step.evidence, _LETTERS)
        height = 30 + _LINE * (len(says) + len(evidence))
        stand = _STANDS[step.verdict]
        rows = [("t", f"{TRACE_SIGNS[step.verdict]} {step.kind}"), *(("", line) for line in says)]
        rows += [("s", line) for line in evidence]
        text = "".join(
            f'<text class="{style}" x="{_INSIDE + 16}" y="{y + 21 + _LINE * number}">{markup(line)}</text>'
            for number, (style, line) in enumerate(rows)
        )
        parts.append(
            f'<g class="{stand}"><rect class="box" x="{_INSIDE}" y="{y}" width="{_WIDTH - 2 * _INSIDE}" '
            f'height="{height}" rx="6"/>{text}</g>'
        )
        y += height + _GAP
        if step is not made.steps[-1]:
            parts.append(f'<path class="wire" d="M{_INSIDE + 30} {y - _GAP} V{y}"/>')
    parts.append(f'<text class="{_STANDS[made.verdict]}" x="{_INSIDE}" y="{y}">{markup(verdict)}</text>')
    total = y + 20
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="psnet-graph" viewBox="0 0 {_WIDTH} {total}" '
        f'width="{_WIDTH}" height="{total}" style="max-width:100%;height:auto" role="img" '
        f'aria-label="{markup(title)}">\n<style>{STYLE}</style>\n<rect class="ground" width="100%" height="100%"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )
