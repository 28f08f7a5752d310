"""A plan as lines of text: one diff a change, findings, prices, a summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from psnet.sdn import SDN_KINDS
from psnet.sdn.compare import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.planning import Change, Plan
    from psnet.resources import Finding, Unmet

SIGNS = {
    "create": ("+", "green"),
    "update": ("~", "yellow"),
    "replace": ("-/+", "magenta"),
    "remove": ("-", "red"),
}
_SEVERITY = {"error": "bold red", "warning": "yellow", "info": "cyan"}
_HIDDEN = {"name", "docker", "policies", "offsets", "nat_prefixes", "prefix_length", "parameters", "waits"}


def host_heading(plan: Plan) -> Text:
    """Return the line over a host's changes."""
    facts = plan.facts
    heading = Text(plan.host, style="bold")
    build = f", build {facts.build}" if facts.build else ""
    why = f" ({plan.backend_reason})" if plan.backend_reason not in ("", "asked for") else ""
    heading.append(f"  {facts.product}{build}, backend {plan.backend}{why}", style="dim")
    return heading


def plan_lines(plan: Plan) -> Iterator[Text]:
    """Yield the plan: a heading, findings, one block a change."""
    yield host_heading(plan)
    for finding in plan.findings:
        yield from finding_lines(finding)
    for change in plan.changes:
        yield from _change_lines(change)
    for item in plan.unmet:
        yield from unmet_lines(item)
    if plan.empty:
        yield Text("  nothing to do", style="green")


def unmet_lines(unmet: Unmet) -> Iterator[Text]:
    """Yield what only somebody else can do, apart from the changes, and the command that does it."""
    line = Text("  unmet ", style="bold red")
    line.append(f"{unmet.resource.partition(' ')[0]} ", style="bold")
    line.append(unmet.title or unmet.resource, style="default")
    yield line
    yield Text(f"        {unmet.reason}", style="dim")
    if unmet.command:
        yield Text(f"        run: {unmet.command}")


def finding_lines(finding: Finding) -> Iterator[Text]:
    """Yield what a check found, with its remedy."""
    line = Text("  ")
    line.append(f"{finding.severity} ", style=_SEVERITY[finding.severity])
    line.append(f"{finding.resource}: " if finding.resource else "", style="bold")
    line.append(f"{finding.reason} ")
    line.append(f"[{finding.id}]", style="dim")
    if finding.where:
        line.append(f" {finding.where}", style="dim")
    yield line
    if finding.remedy:
        yield Text(f"    remedy: {finding.remedy}")
    for mend in finding.mends:
        yield Text(f"    psnet doctor --fix removes {mend.kind} {mend.title}")


def _change_lines(change: Change) -> Iterator[Text]:
    sign, style = SIGNS[change.operation]
    line = Text(f"  {sign:>3} ", style=style)
    line.append(f"{change.kind} ", style="bold")
    line.append(change.title)
    yield line
    for item in change.fields:
        detail = Text(f"        {item.field}: ", style="dim")
        detail.append(value_text(item.old), style="red")
        detail.append(" -> ", style="dim")
        detail.append(value_text(item.new), style="green")
        yield detail
    if change.operation == "create":
        yield from _created(change)
    yield from price_lines(change)
    if change.manner:
        yield Text(f"        {change.manner}", style="dim")
    if change.reason:
        yield Text(f"        because {change.reason}", style="dim")


def price_lines(change: Change) -> Iterator[Text]:
    """Yield what goes with a change, how long traffic stops, and what apply asks for it."""
    if change.proof:
        yield Text(f"        cuts the connection: {change.proof}", style="yellow")
    price = change.price
    if price is None:
        return
    for word, names in price.lost().items():
        yield Text(f"        takes with it {word}: {', '.join(names)}", style="red")
    if price.outage:
        yield Text(f"        traffic stops for {price.outage}", style="yellow")
    if price.lost():
        back = "comes back with this plan" if price.returns else "does not come back by itself"
        yield Text(f"        what goes {back}", style="dim" if price.returns else "red")
    if price.needs == "all":
        yield Text("        apply refuses it without --allow-downtime all", style="bold red")
    elif price.needs == "endpoints":
        yield Text("        apply refuses it with --allow-downtime none", style="dim")


def _created(change: Change) -> Iterator[Text]:
    values = dict(change.create or {})
    shown = {
        **{key: value for key, value in values.items() if key not in _HIDDEN},
        **values.get("parameters", {}),
    }
    if change.kind == "nat_static_mapping":
        shown = {}  # its title says it all
    if change.kind in SDN_KINDS:
        shown = readable(values["properties"])
    for key, value in shown.items():
        if value not in (None, [], ""):
            yield Text(f"        {key}: {value_text(value)}", style="dim")


def value_text(value: Any) -> str:
    """Return a value of a plan in one line."""
    if isinstance(value, dict):
        return " ".join(f"{key} {value_text(item)}" for key, item in value.items() if item is not None)
    if isinstance(value, list | tuple):
        return ", ".join(value_text(item) for item in value) or "none"
    return "none" if value is None else str(value)


def plan_summary(plan: Plan) -> Text:
    """Return one line: how many of each."""
    if plan.refusals:
        return Text(f"{plan.host}: refused, {len(plan.refusals)} reason(s) above", style="bold red")
    if plan.empty:
        return Text(f"{plan.host}: nothing to do, {plan.unchanged} as declared", style="green")
    words = ", ".join(f"{number} to {word}" for word, number in plan.counts().items() if number)
    words = ", ".join([words, *([f"{len(plan.unmet)} unmet"] if plan.unmet else [])]).removeprefix(", ")
    return Text(f"{plan.host}: {words}, {plan.unchanged} as declared", style="yellow")


def estimate_line(plan: Plan) -> Text:
    """Return one line: how long a run would take the host, and what takes most of it."""
    from psnet.planning.estimate import estimate_plan  # noqa: PLC0415 - few plans are estimated

    if not plan.present:
        return Text(f"{plan.host}: no estimate, for the table of costs knows container hosts alone", style="dim")
    told = estimate_plan(plan, plan.present)
    dear = ", ".join(f"{call} {seconds:.0f} s" for call, seconds in told.dearest if seconds >= 1)
    words = f"{plan.host}: a run would take the host some {told.total:.0f} s ({told.observe:.0f} s to look at it"
    rest = f", {told.apply:.0f} s to change it, {told.verify:.0f} s to verify" if plan.changes else ""
    return Text(f"{words}{rest}){f': {dear}' if dear else ''}", style="dim")
