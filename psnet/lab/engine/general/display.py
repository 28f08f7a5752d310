"""Out-String, Out-Host, Out-Default, Format-*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.output import WIDTH, formatted_lines
from psnet.lab.format import Formatted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext


class CollectingCmdlet(Cmdlet):
    """A cmdlet that keeps its input in ``items``, for its end."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.items: list[Any] = []

    def process(self) -> None:
        """Keep one object."""
        if "InputObject" in self.p:
            self.items.append(self.p["InputObject"])


@cmdlet("Out-String")
class OutString(CollectingCmdlet):
    """Return formatted text."""

    def end(self) -> Iterable[Any] | None:
        """Format."""
        lines = formatted_lines(self.ctx.runspace, self.items, int(self.p.get("Width", WIDTH)))
        if self.p.switch("Stream"):
            return lines
        end = "" if self.p.switch("NoNewline") else "\r\n"
        return ["".join(line + end for line in lines)]


@cmdlet("Out-Host")
class OutHost(CollectingCmdlet):
    """Write formatted text to the host."""

    def end(self) -> None:
        """Write."""
        for line in formatted_lines(self.ctx.runspace, self.items):
            self.ctx.runspace.write_host(line)


@cmdlet("Out-Default")
class OutDefault(OutHost):
    """Write formatted text to the host."""


class _Format(CollectingCmdlet):
    """Base of the Format- cmdlets: puts out what Out- cmdlets make lines of."""

    kind = "table"

    def end(self) -> Iterable[Any] | None:
        """Put it out."""
        p = self.p
        for refused in ("View", "ShowError", "DisplayError", "Expand"):
            if refused in p:
                raise net.unsupported(f"{self.ctx.processor.command_name} -{refused}", self.ctx.processor.line)
        if not self.items:
            return None
        given = p.get("Property")
        properties = [] if given is None else net.enumerate_collection(given) or [given]
        return [
            Formatted(
                self.kind,
                self.items,
                list(properties),
                autosize=p.switch("AutoSize"),
                hide_headers=p.switch("HideTableHeaders"),
                wrap=p.switch("Wrap"),
                group_by=p.get("GroupBy"),
                columns=int(p.get("Column", 0)),
            ).prepare(WIDTH)
        ]


@cmdlet("Format-Table")
class FormatTable(_Format):
    """Show objects as a table."""


@cmdlet("Format-List")
class FormatList(_Format):
    """Show objects as lists of their properties."""

    kind = "list"


@cmdlet("Format-Wide")
class FormatWide(_Format):
    """Show one property of each object in columns."""

    kind = "wide"


@cmdlet("Format-Custom")
class FormatCustom(_Format):
    """Show objects as Format-Custom does."""

    kind = "custom"


@cmdlet("Get-History")
def get_history(ctx: CmdletContext, p: Parameters) -> None:
    """A session that is not interactive has no history."""
