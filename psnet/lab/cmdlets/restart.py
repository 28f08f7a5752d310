"""Restart-Computer for the host itself, which is all that a session on it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.cmdlet import cmdlet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_MODULE: Final = "Microsoft.PowerShell.Management"


@cmdlet("Restart-Computer", "Force switch", class_name="RestartComputerCommand", module=_MODULE, should_process=True)
def restart_computer(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Restart this host; its sessions end. Without -Force users who are logged on may forbid it."""
    if not p.get("Force"):
        raise UnsupportedError("Restart-Computer without -Force, which users who are logged on may refuse")
    if ctx.should_process("localhost", "Restart-Computer"):
        restart = ctx.host.lcm.restart
        if restart is None:
            ctx.host.reboot()
        else:
            restart()
    yield from ()
