"""Script blocks that run in another session: what the script defines is not there, nor here what they define."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.powershell.syntax import ast

if TYPE_CHECKING:
    from collections.abc import Iterator

_JOBS: Final = frozenset({"start-job", "sajb", "start-threadjob"})
_COMMAND: Final = frozenset({"invoke-command", "icm"})
_TARGETS: Final = ("cn", "com", "s", "vm", "cont", "h", "u")


def blocks_away(command: ast.Command, name: str) -> Iterator[tuple[int, int]]:
    """Yield the (start, end) of script blocks that a command, by its name in lower case, runs in another session.

    That is Invoke-Command with a target, a job, and every other Invoke- command, of which nobody knows.
    """
    if not name.startswith("invoke-") and name not in _JOBS and name not in _COMMAND:
        return
    if name in _COMMAND and not _has_target(command):
        return
    for element in command.elements[1:]:
        block = element.argument if isinstance(element, ast.CommandParameter) else element
        if isinstance(block, ast.ScriptBlockExpression):
            yield block.start, block.end


def _has_target(command: ast.Command) -> bool:
    """Say whether Invoke-Command is told where, by a parameter or by what stands before the block."""
    first = command.elements[1] if len(command.elements) > 1 else None
    named = (one.name.lower() for one in command.elements if isinstance(one, ast.CommandParameter))
    return not isinstance(first, (ast.ScriptBlockExpression, ast.CommandParameter)) or any(
        name.startswith(_TARGETS) and not name.startswith("scr") for name in named
    )
