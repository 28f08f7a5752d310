"""What plans, results, states and outputs look like at Python's prompt and in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet._internal.text import markup, printable_lines
from psnet.report.graph.changed import changes_graph
from psnet.report.graph.declared import state_graph
from psnet.report.graph.svg import host_svg
from psnet.report.objects import object_html, object_text
from psnet.report.plans import plan_lines, plan_summary
from psnet.report.results import result_lines, result_summary
from psnet.report.states import state_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.text import Text

    from psnet.fleet.converge import HostResult
    from psnet.planning import Plan
    from psnet.state import HostState
    from psnet.transport import Output

_PRE: Final = '<pre style="white-space:pre-wrap">'


def _text(lines: Iterable[Text]) -> str:
    return printable_lines("\n".join(line.plain.rstrip() for line in lines))


def plan_text(plan: Plan) -> str:
    """Return a plan as ``psnet plan`` prints it."""
    return _text([*plan_lines(plan), plan_summary(plan)])


def plan_html(plan: Plan) -> str:
    """Return a plan with a picture of what it changes."""
    drawn = host_svg(changes_graph(plan)) if plan.changes else ""
    return f"{_PRE}{markup(plan_text(plan))}</pre>{drawn}"


def result_text(result: HostResult) -> str:
    """Return a result as ``psnet apply`` prints it."""
    return _text([*result_lines(result), result_summary(result)])


def state_text(state: HostState) -> str:
    """Return a state as ``psnet observe`` prints it."""
    return _text(state_lines(state.facts.computer_name, state))


def state_html(state: HostState) -> str:
    """Return the picture of what a host has."""
    return host_svg(state_graph(state, state.facts.computer_name))


def output_text(output: Output) -> str:
    """Return a pipeline's objects as tables, then its warnings and errors."""
    parts = [object_text(output.objects)] if output.objects else []
    parts += [f"warning: {text}" for text in output.warnings]
    parts += [f"error: {record}" for record in output.errors]
    return printable_lines("\n".join(parts)) or "no output"


def output_html(output: Output) -> str:
    """Return a pipeline's objects as tables for a notebook."""
    said = [f"warning: {text}" for text in output.warnings] + [f"error: {record}" for record in output.errors]
    return object_html(output.objects) + (f"{_PRE}{markup(chr(10).join(said))}</pre>" if said else "")
