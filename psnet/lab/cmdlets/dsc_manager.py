"""The cmdlets of PSDesiredStateConfiguration that deal with the Local Configuration Manager itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.cmdlets.dsc_common import document_in, lcm_of, local_only, waiting
from psnet.lab.cmdlets.objects import only
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.lcm.objects import settings_instance
from psnet.mof.model import Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_REMOTE: Final = ("ComputerName", "CimSession", "Credential", "ThrottleLimit", "AsJob")


@cmdlet("Get-DscLocalConfigurationManager")
def get_manager(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Return the settings and the state; also while an operation runs."""
    only(p, *_REMOTE)
    local_only(p)
    lcm = lcm_of(ctx)
    yield settings_instance(lcm, lcm.settings)


@cmdlet("Set-DscLocalConfigurationManager")
def set_manager(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Apply the meta-configuration of a folder."""
    only(p, "Path", "Force", *_REMOTE)
    local_only(p)
    if ctx.should_process("localhost", "Set-DscLocalConfigurationManager"):
        with waiting(ctx, "SendMetaConfigurationApply") as client:
            data = document_in(ctx, str(p["Path"]), ".meta.mof")
            lcm_of(ctx).send_settings(data, force=p.switch("Force"), client=client)
    yield from ()


@cmdlet("Enable-DscDebug")
def enable_debug(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Set DebugMode so that resources are loaded anew; -BreakAll also breaks into them."""
    only(p, "BreakAll", *_REMOTE)
    local_only(p)
    _debug(ctx, "ResourceScriptBreakAll" if p.switch("BreakAll") else "ForceModuleImport")
    yield from ()


@cmdlet("Disable-DscDebug")
def disable_debug(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Set DebugMode to none."""
    only(p, *_REMOTE)
    local_only(p)
    _debug(ctx, "None")
    yield from ()


def _debug(ctx: CmdletContext, mode: str) -> None:
    if ctx.should_process("localhost", ctx.processor.command_name):
        lcm_of(ctx).change_setting("DebugMode", Value("array", (Value("string", mode),)))
