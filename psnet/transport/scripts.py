"""A script's own failure as psnet's error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.errors import RemoteError

if TYPE_CHECKING:
    from psnet.transport.output import Output

# FullyQualifiedErrorId or exception type of a script's last error: cause, remedy
_SCRIPT: Final = {
    "ScriptsNotAllowed": (
        "jea-scripts",
        "the session configuration runs commands only (JEA): use another, or run its commands by name",
    ),
    "CommandNotFoundException": (
        "command-not-found",
        "install the role or module that has it; a restricted session configuration (JEA) must make it visible",
    ),
    "PipelineStopped": ("stopped", "run it again"),
    "System.UnauthorizedAccessException": ("access", "use an administrator"),
    "System.OutOfMemoryException": (
        "quota-memory",
        "raise winrm's MaxMemoryPerShellMB and the plug-in's, and restart WinRM",
    ),
}

#: Where no better remedy is known: how to see for oneself what a step does on the host.
_BY_STEP: Final = {
    "observing": "run on the host, as the same user, what psnet observe --script prints: it changes nothing",
    "recording": "run on the host, as the same user, what psnet record --script prints: it changes nothing",
    "applying": "read what psnet render writes for the host, mend what PowerShell says, and apply again",
}


def script_error(output: Output, host: str, step: str) -> RemoteError:
    """Return the error for a script that has failed: what PowerShell said last, and what to do about it."""
    first = output.errors[-1] if output.errors else None
    if first is None:
        said = "it was stopped" if output.stopped else "the script failed without saying why"
        return RemoteError(said, host=host, step=step, cause="stopped" if output.stopped else "")
    cause, remedy = next(
        (found for word, found in _SCRIPT.items() if word in (first.error_id.split(",")[0], first.exception_type)),
        ("", _BY_STEP.get(step, "mend what PowerShell says on the host, then run it again")),
    )
    return RemoteError(str(first), error_id=first.error_id, host=host, step=step, remedy=remedy, cause=cause)
