"""A fleet at a glance: one row a host, with its networks, endpoints, published ports and drift, for ``psnet top``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

from psnet._internal.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.state import HostState


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


def overview(rows: Sequence[HostRow], heading: str, height: int = 0) -> Group:
    """Return the page, what needs attention first; with a ``height`` in lines as many hosts as fit."""
    ordered = sorted(rows, key=lambda row: (not row.problem, not row.drift, row.host))
    room = max(3, height - 6) if height else len(ordered)
    with_drift = any(row.drift is not None for row in rows)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("host", "build", "networks", "endpoints", "containers", *(["drift"] if with_drift else [])):
        table.add_column(
            name, justify="right" if name in {"endpoints", "containers", "drift"} else "left", no_wrap=True
        )
    for row in ordered[:room]:
        table.add_row(*_cells(row, with_drift=with_drift))
    parts: list[Text | Table] = [Text(heading, style="dim"), table]
    if len(ordered) > room:
        parts.append(Text(f"and {len(ordered) - room} more hosts", style="dim"))
    parts += [Text(f"{row.host}  {printable(row.problem)}", style="red") for row in ordered[:room] if row.problem]
    parts.append(_sums(rows, with_drift=with_drift))
    return Group(*parts)


def _cells(row: HostRow, *, with_drift: bool) -> list[Text]:
    if row.build is None:
        return [Text(row.host, style="bold red"), Text("not seen", style="red")]
    networks = ", ".join(f"{number} {mode}" for mode, number in row.networks) or "none"
    cells = [row.host, str(row.build), networks, str(row.endpoints), str(row.containers)]
    made = [Text(printable(cell)) for cell in cells]
    if with_drift:
        made.append(Text("-") if row.drift is None else Text(str(row.drift), style="yellow" if row.drift else "green"))
    return made


def _sums(rows: Sequence[HostRow], *, with_drift: bool) -> Text:
    seen = [row for row in rows if row.build is not None]
    networks = sum(number for row in seen for _, number in row.networks)
    words = [f"{len(rows)} hosts", f"{networks} networks", f"{sum(row.endpoints for row in seen)} endpoints"]
    if with_drift:
        words.append(f"{sum(bool(row.drift) for row in seen)} drifted")
    if len(seen) < len(rows):
        words.append(f"{len(rows) - len(seen)} not seen")
    return Text(", ".join(words), style="bold")
