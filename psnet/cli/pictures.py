"""Pictures into files, in the format that a name or --format says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet._internal.output import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from psnet.report.graph import Graph

FORMATS: Final = ("svg", "html", "mermaid", "dot")
_SUFFIXES: Final = {
    ".svg": "svg",
    ".html": "html",
    ".htm": "html",
    ".mmd": "mermaid",
    ".md": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
}
#: Formats that psnet does not draw.
_REFUSED: Final = (".png", ".pdf", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".drawio", ".vsdx")


def format_of(path: Path | None, asked: str | None) -> str:
    """Return the format that was asked for, or that a file's name says; InputError for one that psnet does not draw."""
    from psnet.errors import InputError

    suffix = path.suffix.lower() if path else ""
    if asked is None and suffix in _REFUSED:
        raise InputError(
            f"psnet draws no {suffix[1:].upper()}",
            remedy="name a .svg, .html, .mmd or .dot file; rsvg-convert, Inkscape and browsers turn SVG into others",
        )
    if asked is None and suffix and suffix not in _SUFFIXES:
        raise InputError(f"psnet draws no picture {suffix}", remedy="name a .svg, .html, .mmd or .dot file")
    chosen = asked or _SUFFIXES.get(suffix, "svg")
    if chosen not in FORMATS:
        raise InputError(f"--format {chosen} is no format", remedy=f"one of {', '.join(FORMATS)}")
    return chosen


def drawn(graph: Graph, format_: str) -> str:
    """Return a graph as text in a format."""
    from psnet.report.graph import dot, mermaid, svg
    from psnet.report.html import graph_html

    return {"svg": svg, "html": graph_html, "mermaid": mermaid, "dot": dot}[format_](graph)


def write_picture(graph: Graph, path: Path, asked: str | None) -> None:
    """Write a graph to a file."""
    write_whole(path, drawn(graph, format_of(path, asked)))
