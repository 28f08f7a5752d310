"""Invoke-Command, Invoke-Expression, Measure-Command, Set-StrictMode, Start-Sleep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.values import DotNetError, TimeSpan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext


@cmdlet("Invoke-Command")
class InvokeCommand(Cmdlet):
    """Run a script block here; other computers are refused."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.items: list[Any] = []

    def process(self) -> None:
        """Keep input."""
        if self.ctx.parameter_set != "InProcess":
            raise net.unsupported("Invoke-Command on other computers", self.ctx.processor.line)
        if self.ctx.expecting_input:
            self.items.append(self.p.get("InputObject"))

    def end(self) -> None:
        """Run the block."""
        self.ctx.runspace.run_block(
            self.p["ScriptBlock"],
            self.p.list("ArgumentList") or [],
            input_=self.items if self.ctx.expecting_input else None,
            new_scope=not self.p.switch("NoNewScope"),
            processor=self.ctx.processor,
            out=self.ctx.write,
        )


@cmdlet("Invoke-Expression")
def invoke_expression(ctx: CmdletContext, p: Parameters) -> None:
    """Run a text."""
    runspace = ctx.runspace
    frame = ctx.processor.caller
    try:
        block = runspace.script_block(p["Command"], frame.state)
    except DotNetError as refused:
        raise ctx.fail(refused.exception, refused.error_id, "ParserError") from refused
    runspace.run_block(block, [], new_scope=False, processor=ctx.processor, out=ctx.write)


@cmdlet("Measure-Command")
def measure_command(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return how long a block takes by the host's clock."""
    clock = ctx.host.clock
    before = clock.now()
    ctx.runspace.run_block(p["Expression"], [], new_scope=False, processor=ctx.processor)
    took = clock.now() - before
    yield TimeSpan((took.days * 86400 + took.seconds) * 10_000_000 + took.microseconds * 10)


@cmdlet("Start-Sleep")
def start_sleep(ctx: CmdletContext, p: Parameters) -> None:
    """Move the host's clock."""
    seconds = float(p["Seconds"]) if "Seconds" in p else int(p["Milliseconds"]) / 1000
    ctx.runspace.check_stop()
    ctx.host.clock.advance(seconds)


@cmdlet("Set-StrictMode")
def set_strict_mode(ctx: CmdletContext, p: Parameters) -> None:
    """Set the strict mode of the caller's scope."""
    if p.switch("Off"):
        ctx.scope.strict = (0, 0)
        return
    text = net.to_string(p["Version"])
    if text.lower() == "latest":
        ctx.scope.strict = (3, 0)
        return
    parts = text.split(".")
    try:
        version = (int(parts[0]), int(parts[1]) if len(parts) > 1 else 0)
    except ValueError:
        version = (99, 0)
    if version not in {(1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (5, 1), (7, 0), (7, 4)}:
        raise ctx.fail(f"{text} is no version of PowerShell.", "InvalidPSVersion", "InvalidArgument")
    ctx.scope.strict = min(version, (3, 0))
