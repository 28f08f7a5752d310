"""ShouldProcess: -WhatIf, -Confirm and the preferences behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psnet.lab.dotnet.errors import make_exception

from . import net
from .flow import ScriptError
from .records import ErrorRecord

if TYPE_CHECKING:
    from .processor import CommandProcessor

_IMPACT = {"none": 0, "low": 1, "medium": 2, "high": 3}


def confirms(processor: CommandProcessor, target: str, action: str | None, described: str | None = None) -> bool:
    """Say whether a command may go on; writes what -WhatIf shows.

    ``described`` is the whole sentence of a script that words it itself.
    A confirmation cannot be asked for without a user: it is a terminating error, as with -NonInteractive.
    """
    verb = action or processor.command_name
    text = f'Performing the operation "{verb}" on target "{target}".' if described is None else described
    if processor.preference("WhatIf", "WhatIfPreference"):
        processor.runspace.write_host(f"What if: {text}")
        return False
    if not _must_ask(processor):
        if processor.preference("Verbose", "VerbosePreference") not in {"silentlycontinue", "ignore", False}:
            processor.write_verbose(text)
        return True
    raise no_user(processor)


def no_user(processor: CommandProcessor) -> ScriptError:
    """Return the terminating error of a question that nobody can answer."""
    message = (
        "Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available."
        if processor.runspace.language == "5.1"
        else "PowerShell is in NonInteractive mode. Read and Prompt functionality is not available."
    )
    exception = make_exception("System.Management.Automation.PSInvalidOperationException", message)
    return ScriptError(processor.stamped(ErrorRecord(exception, "InvalidOperation", "InvalidOperation")))


def _must_ask(processor: CommandProcessor) -> bool:
    given = processor.bound.get("Confirm")
    if given is not None:
        return bool(getattr(given, "is_present", given))
    meta = processor.command.metadata
    impact = _IMPACT.get((meta.confirm_impact if meta else "Medium").lower(), 2)
    wanted = processor.variable("ConfirmPreference")
    limit = _IMPACT.get(net.to_string(wanted).lower(), 3) if wanted is not None else 3
    return limit != 0 and impact >= limit
