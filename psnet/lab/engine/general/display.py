"""Out-String, Out-Host, Out-Default, Format-*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.output import formatted_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext


class _Collected(Cmdlet):
    """Keeps its input."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.items: list[Any] = []

    def process(self) -> Iterable[Any] | None:
        """Keep one object."""
        if "InputObject" in self.p:
            self.items.append(self.p["InputObject"])
        return None


@cmdlet(
    "Out-String",
    "Stream switch\nWidth int range=2..2147483647\nNoNewline switch\nInputObject psobject value",
)
class OutString(_Collected):
    """Return formatted text."""

    def end(self) -> Iterable[Any] | None:
        """Format."""
        lines = formatted_lines(self.ctx.runspace, self.items, int(self.p.get("Width", 80)))
        if self.p.switch("Stream"):
            return lines
        end = "" if self.p.switch("NoNewline") else "\r\n"
        return ["".join(line + end for line in lines)]


@cmdlet("Out-Host", "Paging switch\nInputObject psobject value", module="Microsoft.PowerShell.Core")
class OutHost(_Collected):
    """Write formatted text to the host."""

    def end(self) -> Iterable[Any] | None:
        """Write."""
        for line in formatted_lines(self.ctx.runspace, self.items):
            self.ctx.runspace.write_host(line)
        return None


@cmdlet("Out-Default", "Transcript switch\nInputObject psobject value", module="Microsoft.PowerShell.Core")
class OutDefault(OutHost):
    """Write formatted text to the host."""
