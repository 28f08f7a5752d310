"""Results as lines for people and data for machines: one host's, and the drift of a fleet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rich.text import Text

from psnet.report.grouping import name_ranges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from psnet.dsc.status.model import DscResult, ResourceState

_DID = {"published": "published", "removed": "removed", "set": "set", "started": "applied", "read": "last run"}


def result_lines(result: DscResult, *, times: bool = True) -> Iterator[Text]:
    """Yield how one host stands, the host's name first; without ``times`` hosts that went alike have the same lines."""
    line = Text(result.host, style="bold")
    line.append("  ")
    line.append_text(_verdict(result))
    facts = list(_facts(result, times=times))
    if facts:
        line.append("  " + ", ".join(facts), style="dim")
    yield line
    if result.run is not None and result.run.error is not None:
        yield Text(f"  {result.run.error}", style="red")
    for item in result.resources:
        if item.in_desired_state is not True or item.error is not None:
            yield _resource_line(item)
    for change in result.changes:
        yield Text(f"  {change}")


def _verdict(result: DscResult) -> Text:
    if result.in_desired_state is None:
        return Text(_DID.get(result.did, result.did), style="green") if result.did != "read" else Text(result.lcm.state)
    if result.run is not None and result.run.reboot:
        return Text("a restart is asked for", style="yellow")
    if result.in_desired_state:
        return Text("in desired state", style="green")
    return Text("not in desired state", style="bold red" if result.did == "started" else "yellow")


def _facts(result: DscResult, *, times: bool) -> Iterator[str]:
    run = result.run
    if run is not None:
        count = len(run.resources)
        yield f"{count} resource{'' if count == 1 else 's'}"
        if run.changed is not None:
            yield f"{len(run.changed)} changed"
        if run.status:
            yield f"{run.kind} {run.status}" + (f" {run.started[:19]}Z" if run.started and times else "")
        if run.seconds is not None and times:
            yield f"{run.seconds:g} s"
    if result.shipped:
        yield "module shipped"
    if result.lcm.state.lower() not in ("idle", "pendingconfiguration") and result.did != "read":
        yield f"LCM {result.lcm.state}"
    settings = result.lcm.settings.values
    if result.did in ("read", "set"):
        yield f"LCM {result.lcm.state}, {settings.get('RefreshMode')}, {settings.get('ConfigurationMode')}"


def _resource_line(item: ResourceState) -> Text:
    line = Text(f"  {item.id}  ")
    if item.error is not None:
        line.append(item.error, style="red")
        if item.error_id:
            line.append(f" ({item.error_id})", style="dim")
    elif item.in_desired_state is None:
        line.append("not reached", style="dim")
    else:
        line.append("restart needed" if item.reboot else "not in desired state", style="yellow")
    return line


def change_line(results: Sequence[DscResult]) -> Text:
    """Return on how many hosts a run changed something; one after a restart counts, since nobody saw all of it."""
    changed = sum(not result.unchanged for result in results)
    return Text(f"{changed} of {len(results)} hosts changed", style="bold")


def settings_lines(result: DscResult, *, times: bool = True) -> Iterator[Text]:
    """Yield the settings of one host's Local Configuration Manager, and what it pulls from."""
    lcm = result.lcm
    agent = f"  agent {lcm.agent}…" if times else ""
    yield Text.assemble((result.host, "bold"), f"  {lcm.state}", (agent, "dim"))
    for name, value in lcm.settings.values.items():
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        if shown not in (None, ""):
            yield Text(f"  {name:<31} {shown}")
    for items in lcm.settings.managers.values():
        for item in items:
            rest = ", ".join(f"{key} {value}" for key, value in item.items() if key != "id")
            yield Text(f"  {item['id']}  {rest}")


def result_data(result: DscResult) -> dict[str, Any]:
    """Return one host's result as JSON data."""
    data: dict[str, Any] = json.loads(result.model_dump_json())
    return data


def drift(results: Iterable[DscResult]) -> dict[str, list[str]]:
    """Return the hosts on which each resource is not in its desired state, the most frequent first."""
    found: dict[str, list[str]] = {}
    for result in results:
        for item in result.drifted:
            found.setdefault(item.id, []).append(result.host)
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


def drift_lines(results: Sequence[DscResult]) -> Iterator[Text]:
    """Yield the drift of a fleet as a table: resource, number of hosts, hosts."""
    found = drift(results)
    good = sum(result.in_desired_state is True for result in results)
    style = "green" if good == len(results) else "yellow"
    yield Text(f"{good} of {len(results)} hosts in desired state", style=f"bold {style}")
    if not found:
        return
    width = max(len(name) for name in found)
    yield Text(f"  {'resource':<{width}}  hosts", style="dim")
    for name, hosts in found.items():
        yield Text(f"  {name:<{width}}  {len(hosts):>5}  {name_ranges(hosts)}")
