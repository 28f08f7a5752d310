"""Answers of ``psnet sdn trace``, and resources of a Network Controller, as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

if TYPE_CHECKING:
    from psnet.sdn.state import ControllerResource
    from psnet.sdn.trace import TraceOutcome

_STYLES: Final = {"allowed": "bold green", "denied": "bold red", "depends": "bold yellow"}
_OPEN: Final = ("Allow",)
_SHUT: Final = ("Deny", "Block", "None", "dropped")


def trace_lines(answer: TraceOutcome) -> list[Text]:
    """Return an answer as a path that a person reads."""
    lines = [Text(str(answer.question), style="bold")]
    for number, path in enumerate(answer.paths, 1):
        if len(answer.paths) > 1:
            lines.append(Text(f"  way {number} of {len(answer.paths)}", style="dim"))
        for step in path.steps:
            style = "green" if step.action in _OPEN else "red" if step.action in _SHUT else "cyan"
            line = Text(f"    {step.kind:<14} ", style="dim")
            line.append(f"{step.action:<8} ", style=style)
            line.append(step.rule or f"{step.at} (default)")
            lines += [line, Text(f"                   {step.why}", style="dim")]
        to = path.to or ("outside" if path.allowed else "nobody")
        end = f"    {path.source} -> {path.destination}:{path.port} reaches {to}"
        lines.append(Text(end, style="green" if path.allowed else "red"))
    verdict = Text(answer.verdict, style=_STYLES[answer.verdict])
    verdict.append(f": {answer.why}", style="")
    parted = answer.disagreement
    if parted is not None:
        line = Text(f"the {parted.where} disagrees at {parted.at}: ", style="bold red")
        line.append(f"{parted.expected}; {parted.found}. {parted.remedy}", style="")
        lines.append(line)
    return [*lines, verdict, *(Text(f"note: {note}", style="yellow") for note in answer.notes)]


def resource_line(item: ControllerResource) -> Text:
    """Return a resource in one line: its path, its state, who made it."""
    line = Text(f"  {item.path:<44} ")
    line.append(f"{item.provisioning_state:<10} ", style="green" if item.provisioning_state == "Succeeded" else "red")
    line.append(f"made by psnet for {item.made_by}" if item.made_by else "not made by psnet", style="dim")
    return line
