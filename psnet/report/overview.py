"""A fleet at a glance: one row a host, with its networks, endpoints, published ports and drift, for ``psnet top``."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.console import Group
from rich.table import Table
from rich.text import Text

from psnet._internal.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.state import HostState

#: Lines of a terminal below which the sums take one alone.
_LOW: Final = 8


@dataclass(frozen=True, slots=True)
class HostRow:
    """What a round found on one host; ``drift`` is the changes that a site needs there, None without a site.

    ``problem`` says why the host could not be looked at, or why its plan is refused.
    """

    host: str
    build: int | None = None
    networks: tuple[tuple[str, int], ...] = ()
    endpoints: int = 0
    containers: int = 0
    drift: int | None = None
    problem: str = ""


def host_row(host: str, state: HostState, drift: int | None = None, problem: str = "") -> HostRow:
    """Return a host's row: networks are counted by mode."""
    modes: dict[str, int] = {}
    for network in state.networks:
        modes[str(network.mode).lower()] = modes.get(str(network.mode).lower(), 0) + 1
    return HostRow(
        host,
        state.facts.build,
        tuple(sorted(modes.items())),
        len(state.endpoints),
        len(state.containers),
        drift,
        problem,
    )


def overview(rows: Sequence[HostRow], heading: str, height: int = 0, width: int = 0) -> Group:
    """Return the page, what needs attention first.

    With a ``height`` in lines and a ``width`` in letters it has as many hosts and columns as fit; the columns host and
    drift are the last to go.
    """
    ordered = sorted(rows, key=lambda row: (not row.problem, not row.drift, row.host))
    sums = _sums(rows, with_drift=any(row.drift is not None for row in rows))
    low = 0 < height < _LOW
    sums_lines = len(textwrap.wrap(sums.plain, width)) if width and not low else 1
    room = height - 2 - sums_lines
    if low:
        sums.no_wrap, sums.overflow = True, "ellipsis"
    shown = _fitting(ordered, room) if height else ordered
    table = Table(box=None, pad_edge=False, header_style="bold")
    columns = _columns(shown, width, with_drift=any(row.drift is not None for row in rows))
    for name in columns:
        right = name in {"endpoints", "containers", "drift"}
        table.add_column(name, justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
    for row in shown:
        cells = _cells(row)
        table.add_row(*(cells.get(name, Text("")) for name in columns))
    parts: list[Text | Table] = [_line(heading, "dim", cut=bool(height)), table]
    more = len(ordered) - len(shown)
    if more:
        parts.append(Text(f"and {more} more host{'s' * (more != 1)}", style="dim"))
    parts += [_line(f"{row.host}  {row.problem}", "red", cut=bool(height)) for row in shown if row.problem]
    return Group(*parts, sums)


def _line(text: str, style: str, *, cut: bool) -> Text:
    """Return a line; ``cut``: it takes no second one."""
    return Text(printable(text), style=style, no_wrap=cut, overflow="ellipsis" if cut else None)


def _fitting(ordered: Sequence[HostRow], room: int) -> Sequence[HostRow]:
    """Return the first hosts that there is room for; a problem takes a line of its own, and so does what is left."""
    taken = 0
    for place, row in enumerate(ordered):
        taken += 2 if row.problem else 1
        if taken > room - (place + 1 < len(ordered)):
            return ordered[: max(1, place)]
    return ordered


def _columns(rows: Sequence[HostRow], width: int, *, with_drift: bool) -> list[str]:
    """Return the columns that there is room for."""
    names = ["host", "build", "networks", "endpoints", "containers", *(["drift"] if with_drift else [])]
    cells = [_cells(row) for row in rows]
    wide = {name: max([len(name), *(len(each[name]) for each in cells if name in each)]) for name in names}
    for gone in ("containers", "endpoints", "networks", "build"):
        if width and sum(wide[name] + 2 for name in names) - 2 > width:
            names.remove(gone)
    return names


def _cells(row: HostRow) -> dict[str, Text]:
    """Return what stands in a host's row, by column."""
    if row.build is None:
        return {"host": Text(printable(row.host), style="bold red"), "build": Text("not seen", style="red")}
    networks = ", ".join(f"{number} {mode}" for mode, number in row.networks) or "none"
    drift = "-" if row.drift is None else str(row.drift)
    style = "" if row.drift is None else "yellow" if row.drift else "green"
    return {
        "host": Text(printable(row.host)),
        "build": Text(str(row.build)),
        "networks": Text(printable(networks)),
        "endpoints": Text(str(row.endpoints)),
        "containers": Text(str(row.containers)),
        "drift": Text(drift, style=style),
    }


def _sums(rows: Sequence[HostRow], *, with_drift: bool) -> Text:
    seen = [row for row in rows if row.build is not None]
    networks = sum(number for row in seen for _, number in row.networks)
    endpoints = sum(row.endpoints for row in seen)
    counted = ((len(rows), "host"), (networks, "network"), (endpoints, "endpoint"))
    words = [f"{number} {word}{'s' * (number != 1)}" for number, word in counted]
    if with_drift:
        words.append(f"{sum(bool(row.drift) for row in seen)} drifted")
    if len(seen) < len(rows):
        words.append(f"{len(rows) - len(seen)} not seen")
    return Text(", ".join(words), style="bold")
