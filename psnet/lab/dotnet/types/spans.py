"""Members of TimeSpan."""

from __future__ import annotations

from typing import Any

from psnet.lab.dotnet.casts import PARSED
from psnet.lab.dotnet.dateformat import format_timespan
from psnet.lab.dotnet.dateparse import parse_timespan
from psnet.lab.dotnet.datetimes import DAY, HOUR, MINUTE, SECOND
from psnet.lab.dotnet.errors import thrown
from psnet.lab.dotnet.registry import constructor, method, prop, static
from psnet.lab.dotnet.types.dates import _MILLI, _SPAN
from psnet.lab.values import Int64, Reference, TimeSpan


def _whole(ticks: int, unit: int, size: int | None = None) -> int:
    whole = abs(ticks) // unit
    whole = whole if size is None else whole % size
    return -whole if ticks < 0 else whole


_PARTS: tuple[tuple[str, int, int | None], ...] = (
    ("Days", DAY, None),
    ("Hours", HOUR, 24),
    ("Milliseconds", _MILLI, 1000),
    ("Minutes", MINUTE, 60),
    ("Seconds", SECOND, 60),
)
prop(_SPAN, "long Ticks", lambda value: Int64(value.ticks))
for _name, _unit, _size in _PARTS:
    prop(_SPAN, f"int {_name}", lambda value, unit=_unit, size=_size: _whole(value.ticks, unit, size))  # type: ignore[misc]
for _name, _unit, _size in _PARTS:
    prop(_SPAN, f"double Total{_name}", lambda value, unit=_unit: value.ticks / unit)  # type: ignore[misc]


@method(_SPAN, "timespan Add(timespan ts)")
def _span_add(span: TimeSpan, other: TimeSpan) -> TimeSpan:
    return TimeSpan(span.ticks + other.ticks)


@method(_SPAN, "timespan Subtract(timespan ts)")
def _span_subtract(span: TimeSpan, other: TimeSpan) -> TimeSpan:
    return TimeSpan(span.ticks - other.ticks)


@method(_SPAN, "timespan Negate()")
def _negate(span: TimeSpan) -> TimeSpan:
    return TimeSpan(-span.ticks)


@method(_SPAN, "timespan Duration()")
def _duration(span: TimeSpan) -> TimeSpan:
    return TimeSpan(abs(span.ticks))


for _name, _unit in {
    "Days": DAY,
    "Hours": HOUR,
    "Minutes": MINUTE,
    "Seconds": SECOND,
    "Milliseconds": _MILLI,
}.items():
    static(_SPAN, f"timespan From{_name}(double value)")(lambda value, unit=_unit: TimeSpan(round(value * unit)))


@static(_SPAN, "timespan FromTicks(long value)")
def _span_ticks(ticks: int) -> TimeSpan:
    return TimeSpan(int(ticks))


@static(_SPAN, "timespan Parse(string s)", "timespan Parse(string s, System.Object provider)")
def _span_parse(text: str, provider: Any = None) -> TimeSpan:
    del provider
    return PARSED[_SPAN][0](text)  # type: ignore[no-any-return]


@static(_SPAN, "bool TryParse(string s, [ref] timespan result)")
def _span_try(text: str, result: Reference) -> bool:
    found = parse_timespan(text or "")
    result.value = found or TimeSpan(0)
    return found is not None


@static(_SPAN, "timespan ParseExact(string input, string format, System.Object provider)")
def _span_exact(text: str, template: str, provider: Any) -> TimeSpan:
    del provider
    found = parse_timespan(text)
    if found is None or format_timespan(found, template) != text:
        raise thrown("FormatException", "Input string was not in a correct format.")
    return found


@constructor(
    _SPAN,
    "(long ticks)",
    "(int hours, int minutes, int seconds)",
    "(int days, int hours, int minutes, int seconds)",
    "(int days, int hours, int minutes, int seconds, int milliseconds)",
)
def _new_span(*given: int) -> TimeSpan:
    if len(given) == 1:
        return TimeSpan(int(given[0]))
    numbers = (0, *given) if len(given) == 3 else given
    units = (DAY, HOUR, MINUTE, SECOND, _MILLI)
    return TimeSpan(sum(int(number) * unit for number, unit in zip(numbers, units, strict=False)))
