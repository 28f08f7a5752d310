"""A saved plan as one page: what it was made from, its pictures, and each host's changes with their prices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from psnet.planning.saved import site_title
from psnet.report.graph import Graph
from psnet.report.graph.changed import changes_graph
from psnet.report.graph.model import alike, names_of
from psnet.report.graph.svg import MOST_DRAWINGS, host_svg
from psnet.report.grouping import alike_hosts, name_ranges
from psnet.report.html import page
from psnet.report.plans import plan_lines

if TYPE_CHECKING:
    from psnet.planning.saved import SavedPlans


def saved_graph(saved: SavedPlans) -> Graph:
    """Return the picture of what a saved plan would change, host by host."""
    hosts = tuple(changes_graph(item) for item in saved.plans)
    return Graph(
        title=site_title(saved.site.path), subtitle=f"planned {_when(saved.made)}: what would change", hosts=hosts
    )


def plan_html(saved: SavedPlans) -> str:
    """Return the page; nothing in it is asked of a host."""
    drawn = tuple(changes_graph(item).model_copy(update={"about": ""}) for item in saved.plans if item.changes)
    pictures = [
        {"names": names_of(hosts), "notes": hosts[0].notes, "svg": Markup(host_svg(hosts[0]))}  # noqa: S704 - psnet's own markup
        for hosts in alike(drawn)[:MOST_DRAWINGS]
    ]
    hosts = _hosts(saved)
    return page(
        "plan.html.j2",
        saved=saved,
        made=_when(saved.made),
        tiles=_tiles(saved),
        pictures=pictures,
        hosts=hosts,
        most_open=MOST_DRAWINGS,
    )


def _when(made: str) -> str:
    try:
        return f"{datetime.fromisoformat(made).astimezone(UTC):%Y-%m-%d %H:%M:%S UTC}"
    except ValueError:
        return made


def _tiles(saved: SavedPlans) -> list[dict[str, Any]]:
    totals = dict.fromkeys(("create", "update", "replace", "remove"), 0)
    for item in saved.plans:
        for word, number in item.counts().items():
            totals[word] += number
    styles = {"create": "good", "update": "warn", "replace": "warn", "remove": "bad"}
    shown = [
        {"number": number, "word": f"to {word}", "style": styles[word]} for word, number in totals.items() if number
    ]
    refused = sum(bool(item.refusals) for item in saved.plans)
    shown += [{"number": refused, "word": "refused", "style": "bad"}] if refused else []
    return [{"number": len(saved.plans), "word": "hosts", "style": ""}, *shown]


def _hosts(saved: SavedPlans) -> list[dict[str, str]]:
    blocks = [(item.host, list(plan_lines(item))) for item in saved.plans]
    return [
        {
            "names": name_ranges(hosts),
            "lines": "\n".join(line.plain for line in (lines[1:] if len(hosts) > 1 else lines)),
            "text": " ".join([*hosts, *(line.plain for line in lines)]).lower(),
        }
        for hosts, lines in alike_hosts(blocks)
    ]
