"""Self-contained HTML pages: no request leaves them, they read in light and dark, and they print."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from psnet._internal.text import printable_lines
from psnet.report.graph.cards import card_rows, card_status, change_words, sections
from psnet.report.graph.model import SIGNS, Graph, about_of, alike, names_of
from psnet.report.graph.svg import MOST_DRAWINGS, host_svg
from psnet.report.trace_svg import TRACE_SIGNS

if TYPE_CHECKING:
    from psnet.checks.trace import Trace
    from psnet.report.graph.model import HostGraph

_FOLDER: Final = Path(__file__).resolve().parent / "pages"
_MOST_NAMES: Final = 6
_VERDICTS: Final = {"open": "good", "shut": "bad", "unknown": "warn"}
_STYLES: Final = {"added": "good", "changed": "warn", "removed": "bad", "failed": "bad", "same": "good"}


def _shown(value: object) -> object:
    """Return what a page shows of a value, before it is escaped; psnet's own markup stays as it is."""
    return printable_lines(value) if isinstance(value, str) and not isinstance(value, Markup) else value


#: A part that reads as one word: a range, a prefix, an address, a path, a name with a number.
_WHOLE: Final = re.compile(r"[^\s,;()]*\d[^\s,;()]*[./:-][^\s,;()]*|[^\s,;()]*[./:-][^\s,;()]*\d[^\s,;()]*")
_COMMAND: Final = re.compile(r"`([^`\n]+)`")
_LONGEST: Final = 43  #: an IPv6 prefix; what is longer than this may wrap, so that it fits a telephone


def _whole(value: object) -> Markup:
    """Return a text whose ranges, addresses and commands no line breaks, for a cell or a sentence."""
    if isinstance(value, Markup):
        return value
    parts = _COMMAND.split(printable_lines(str(value)))
    return Markup().join(
        Markup('<code class="whole">{}</code>').format(part) if place % 2 else _kept(part)
        for place, part in enumerate(parts)
    )


def _kept(text: str) -> Markup:
    """Return a text with each part that reads as one word kept in one line."""
    made, end = Markup(), 0
    for found in _WHOLE.finditer(text):
        word = found[0]
        if len(word) <= _LONGEST:
            made += escape(text[end : found.start()]) + Markup('<span class="whole">{}</span>').format(word)
            end = found.end()
    return made + escape(text[end:])


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["whole"] = _whole
    return made


def _asset(name: str) -> Markup:
    """Return one of psnet's own files, to stand in a page as it is."""
    return Markup((_FOLDER / name).read_text(encoding="utf-8"))  # noqa: S704 - a file of the package


def page(name: str, **values: Any) -> str:
    """Render a page with the common style and script; values are escaped."""
    return _environment().get_template(name).render(style=_asset("style.css"), script=_asset("find.js"), **values)


def graph_html(graph: Graph) -> str:
    """Return a page with the pictures of a graph: an overview in cards when there are many kinds of hosts."""
    sets = alike(graph.hosts)
    pictures = [_picture(hosts) for hosts in sets]
    overview: list[dict[str, Any]] = []
    if len(sets) > MOST_DRAWINGS:
        overview = [{"group": group, "cards": [_card(hosts) for hosts in alike_]} for group, alike_ in sections(graph)]
    legend = [{"style": _STYLES[stand], "words": SIGNS[stand] + said} for stand, said in graph.legend_there().items()]
    return page("graph.html.j2", graph=graph, legend=legend, overview=overview, pictures=pictures)


def trace_html(made: Trace, verdict: str) -> str:
    """Return a page with the way of a port: the verdict, and each step with its evidence."""
    steps = [
        {"sign": TRACE_SIGNS[step.verdict], "style": _VERDICTS[step.verdict], **step.model_dump()}
        for step in made.steps
    ]
    title = f"{made.host} {made.protocol} {made.port}"
    return page("trace.html.j2", title=title, steps=steps, verdict=verdict, style_of=_VERDICTS[made.verdict])


def _card(hosts: list[HostGraph]) -> dict[str, Any]:
    first = hosts[0]
    return {
        "names": names_of(hosts, _MOST_NAMES),
        "about": about_of(hosts),
        "lines": card_rows(first),
        "changes": change_words(first) or (first.notes[0] if first.notes else ""),
        "style": card_status(first),
        "text": _searched(hosts),
    }


def _searched(hosts: list[HostGraph]) -> str:
    """Return the words by which hosts that look alike are found."""
    first = hosts[0]
    words = [host.name for host in hosts]
    words += [text for node in first.nodes for text in (node.label, *(line.text for line in node.lines))]
    return " ".join([*words, first.about, *first.notes]).lower()


def _picture(hosts: list[HostGraph]) -> dict[str, Any]:
    first = hosts[0]
    return {
        "names": names_of(hosts, _MOST_NAMES),
        "all_names": ", ".join(host.name for host in hosts) if len(hosts) > _MOST_NAMES else "",
        "about": about_of(hosts),
        "changes": change_words(first) or (first.notes[0] if first.notes and not first.nodes else ""),
        "notes": first.notes if first.nodes else first.notes[1:],
        "style": _STYLES[card_status(first)],
        "svg": Markup(host_svg(first)),  # noqa: S704 - psnet's own markup
        "text": _searched(hosts),
    }
