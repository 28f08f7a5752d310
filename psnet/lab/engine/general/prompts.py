"""Read-Host and Get-Credential: nobody is there to answer, so both refuse as a non-interactive session does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet.objects import PSCredential
from psnet.lab.engine import net
from psnet.lab.engine.bind_errors import bind_error
from psnet.lab.engine.cmdlet import Parameters, cmdlet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext


def no_prompt(language: str) -> str:
    """Return what a non-interactive host says to whoever wants to ask."""
    name = "Windows PowerShell" if language == "5.1" else "PowerShell"
    return f"{name} is in NonInteractive mode. Read and Prompt functionality is not available."


@cmdlet("Read-Host", class_name="ReadHostCommand")
def read_host(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Refuse to ask."""
    _ = p
    raise ctx.fail(
        no_prompt(ctx.runspace.language),
        "InvalidOperation",
        "InvalidOperation",
        exception="System.Management.Automation.PSInvalidOperationException",
    )


@cmdlet("Get-Credential", class_name="GetCredentialCommand")
def get_credential(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return a credential that is given whole; refuse to ask for one."""
    given = net.unwrap(p.get("Credential"))
    if isinstance(given, PSCredential):
        yield given
        return
    raise bind_error(ctx.processor, "MissingMandatoryParameter", " Credential")
