"""The cmdlets of PowerShell itself that scripts use most, with parameter sets, positions and validation.

``data/general.txt`` has a line for each cmdlet, ``Name Module [default=Set] [whatif] [impact=High]``, and below it,
indented, one line for each of its parameters in the form of ``psnet.powershell.facts.spec``. Where Windows PowerShell
5.1 has parameters that are not in it, ``psnet.powershell.facts.inbox`` has their names and types.
Source: the syntax blocks of Microsoft's documentation of Windows PowerShell 5.1, and PowerShell 7's where it has more.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .spec import parse_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .parameters import CommandMetadata

_FILE: Final = Path(__file__).resolve().parent / "data" / "general.txt"


@dataclass(frozen=True, slots=True)
class GeneralCommand:
    """One cmdlet; ``parameters`` are its lines as they stand in the file."""

    name: str
    module: str
    parameters: str
    default_set: str | None = None
    should_process: bool = False
    impact: str = "Medium"

    def metadata(self) -> CommandMetadata:
        """Return its parameters as the binder reads them, with the common ones; made anew at every call."""
        return parse_parameters(
            self.parameters, default_set=self.default_set, should_process=self.should_process, impact=self.impact
        )


@cache
def commands() -> Mapping[str, GeneralCommand]:
    """Return the cmdlets by their names in lower case."""
    blocks: list[tuple[str, list[str]]] = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            blocks[-1][1].append(line.strip())
        else:
            blocks.append((line, []))
    found = [_command(head, lines) for head, lines in blocks]
    return {command.name.lower(): command for command in found}


def _command(head: str, lines: list[str]) -> GeneralCommand:
    name, module, *words = head.split()
    options = dict(word.split("=", 1) for word in words if "=" in word)
    return GeneralCommand(
        name,
        module,
        "\n".join(lines),
        options.get("default"),
        should_process="whatif" in words,
        impact=options.get("impact", "Medium"),
    )


def command(name: str) -> GeneralCommand | None:
    """Return a cmdlet by its name in any case, None when it is not in the file."""
    return commands().get(name.lower())
