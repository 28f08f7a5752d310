"""Get-Date, New-TimeSpan and Get-Random."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.dotnet import datetimes
from psnet.lab.dotnet.dateformat import format_datetime
from psnet.lab.dotnet.errors import make_exception
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.general.uformat import uformat
from psnet.lab.values import DateTime, EnumValue, Member, PSObject, TimeSpan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext


@cmdlet("Get-Date")
def get_date(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return a time, or its text."""
    for refused in ("UnixTimeSeconds", "DisplayHint"):
        if refused in p:
            raise net.unsupported(f"Get-Date -{refused}", ctx.processor.line)
    moment: DateTime = p["Date"] if "Date" in p else datetimes.now()
    year, month, day, hour, minute, second, ticks = datetimes.parts(moment.ticks)
    millisecond, rest = divmod(ticks, 10_000)
    if "Millisecond" in p:
        millisecond, rest = int(p["Millisecond"]), 0
    limits = {"Year": year, "Month": month, "Day": day, "Hour": hour, "Minute": minute, "Second": second}
    given = {name: int(p[name]) if name in p else value for name, value in limits.items()}
    if "Day" not in p:
        given["Day"] = min(given["Day"], datetimes.days_in_month(given["Year"], given["Month"]))
    base = datetimes.from_parts(*given.values())
    whole = base if isinstance(base, int) else base.ticks
    moment = DateTime(whole + millisecond * 10_000 + rest, moment.kind)
    if p.switch("AsUTC"):
        moment = datetimes.to_utc(moment)
    if "UFormat" in p:
        modern = ctx.runspace.language != "5.1"
        yield uformat(moment, net.to_string(p["UFormat"]), ctx.runspace.host.culture, modern=modern)
    elif "Format" in p:
        template = net.to_string(p["Format"])
        named = {
            "FileDate": "yyyyMMdd",
            "FileDateUniversal": "yyyyMMddZ",
            "FileDateTime": "yyyyMMddTHHmmssffff",
            "FileDateTimeUniversal": "yyyyMMddTHHmmssffffZ",
        }
        yield format_datetime(moment, named.get(template, template), ctx.runspace.host.culture)
    else:
        yield PSObject([Member("DisplayHint", "NoteProperty", _HINT)], (), base=moment)


_HINT = EnumValue("Microsoft.PowerShell.Commands.DisplayHintType", "DateTime", 2)


@cmdlet("New-TimeSpan")
def new_time_span(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return a time span."""
    if ctx.parameter_set == "Time":
        total = int(p.get("Days", 0)) * 86400 + int(p.get("Hours", 0)) * 3600
        total += int(p.get("Minutes", 0)) * 60 + int(p.get("Seconds", 0))
        yield TimeSpan(total * 10_000_000 + int(p.get("Milliseconds", 0)) * 10_000)
        return
    now = datetimes.now()
    start = p.get("Start", now)
    end = p.get("End", now)
    yield TimeSpan(end.ticks - start.ticks)


@cmdlet("Get-Random")
class GetRandom(Cmdlet):
    """Draw numbers or elements from the host's seeded generator."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.items: list[Any] = []

    def begin(self) -> None:
        """Draw numbers."""
        p, source = self.p, self.ctx.host.random
        if "SetSeed" in p:
            source.seed(int(p["SetSeed"]))
        if self._draws_elements():
            return
        for _ in range(int(p.get("Count", 1))):
            self.ctx.write(self._number())

    def _draws_elements(self) -> bool:
        """Elements are drawn from -InputObject and, without bounds, from what the pipeline brings."""
        if self.ctx.expecting_input and "Minimum" not in self.p and "Maximum" not in self.p:
            return True
        return self.ctx.parameter_set != "RandomNumberParameterSet"

    def _number(self) -> Any:
        p, source = self.p, self.ctx.host.random
        low = _as_number(p.get("Minimum", 0))
        high = _as_number(p.get("Maximum", 2**31 - 1))
        if not low < high:
            message = f"The Minimum value ({net.to_string(low)}) cannot be greater than or equal to the Maximum value ({net.to_string(high)})."
            raise self.ctx.fail(
                make_exception("System.ArgumentException", message), "MinGreaterThanOrEqualMax", "InvalidArgument"
            )
        if isinstance(low, float) or isinstance(high, float):
            return source.uniform(float(low), float(high))
        drawn = source.randrange(int(low), int(high))
        kind = type(high) if type(high) is not int else type(low)
        return drawn if kind is int else kind(drawn)

    def process(self) -> None:
        """Collect elements."""
        if self._draws_elements():
            self.items.extend(self.p.list("InputObject") or [])

    def end(self) -> None:
        """Draw elements."""
        if not self.items:
            return
        source = self.ctx.host.random
        count = len(self.items) if self.p.switch("Shuffle") else int(self.p.get("Count", 1))
        for item in source.sample(self.items, min(count, len(self.items))):
            self.ctx.write(item)


def _as_number(value: Any) -> Any:
    plain = net.unwrap(value)
    if isinstance(plain, str):
        return (
            net.convert(plain, "System.Int32") if plain.lstrip("-").isdigit() else net.convert(plain, "System.Double")
        )
    return plain
