"""Members of DateTimeOffset."""

from __future__ import annotations

from typing import Any

from psnet.lab.dotnet import datetimes as dates
from psnet.lab.dotnet.casts import PARSED
from psnet.lab.dotnet.datetimes import DAY, HOUR, MINUTE, SECOND
from psnet.lab.dotnet.enums import make_enum
from psnet.lab.dotnet.objects import DateTimeOffset
from psnet.lab.dotnet.registry import constants, constructor, method, prop, static, static_prop
from psnet.lab.dotnet.types.dates import _DAY, _MILLI, _OFFSET, _day_of_year, _from_parts
from psnet.lab.values import DateTime, Int64, TimeSpan


def _at(moment: DateTimeOffset) -> int:
    return moment.ticks - moment.offset


constants(_OFFSET, _OFFSET, MinValue=DateTimeOffset(0, 0), MaxValue=DateTimeOffset(dates.MAX_TICKS, 0))
static_prop(_OFFSET, f"{_OFFSET} UtcNow", lambda: DateTimeOffset(dates.utc_now().ticks, 0))
static_prop(_OFFSET, f"{_OFFSET} Now", lambda: dates.offset_of(dates.now()))
prop(_OFFSET, "datetime DateTime", lambda value: DateTime(value.ticks))
prop(_OFFSET, "datetime UtcDateTime", lambda value: DateTime(_at(value), 1))
prop(_OFFSET, "datetime LocalDateTime", lambda value: dates.to_local(DateTime(_at(value), 1)))
prop(_OFFSET, "datetime Date", lambda value: DateTime(value.ticks // DAY * DAY))
prop(_OFFSET, "int Day", lambda value: dates.parts(value.ticks)[2])
prop(_OFFSET, "System.DayOfWeek DayOfWeek", lambda value: make_enum(_DAY, dates.day_of_week(value.ticks)))
prop(_OFFSET, "int DayOfYear", lambda value: _day_of_year(value.ticks))
prop(_OFFSET, "int Hour", lambda value: dates.parts(value.ticks)[3])
prop(_OFFSET, "int Millisecond", lambda value: value.ticks % SECOND // _MILLI)
prop(_OFFSET, "int Microsecond", lambda value: value.ticks % _MILLI // 10)
prop(_OFFSET, "int Nanosecond", lambda value: value.ticks % 10 * 100)
prop(_OFFSET, "int Minute", lambda value: dates.parts(value.ticks)[4])
prop(_OFFSET, "int Month", lambda value: dates.parts(value.ticks)[1])
prop(_OFFSET, "timespan Offset", lambda value: TimeSpan(value.offset))
prop(_OFFSET, "int TotalOffsetMinutes", lambda value: value.offset // MINUTE)
prop(_OFFSET, "int Second", lambda value: dates.parts(value.ticks)[5])
prop(_OFFSET, "long Ticks", lambda value: Int64(value.ticks))
prop(_OFFSET, "long UtcTicks", lambda value: Int64(_at(value)))
prop(_OFFSET, "timespan TimeOfDay", lambda value: TimeSpan(value.ticks % DAY))
prop(_OFFSET, "int Year", lambda value: dates.parts(value.ticks)[0])


@method(_OFFSET, "long ToUnixTimeSeconds()")
def _unix(moment: DateTimeOffset) -> Int64:
    return Int64((_at(moment) - dates.UNIX_EPOCH) // SECOND)


@method(_OFFSET, "long ToUnixTimeMilliseconds()")
def _unix_milliseconds(moment: DateTimeOffset) -> Int64:
    return Int64((_at(moment) - dates.UNIX_EPOCH) // _MILLI)


@method(_OFFSET, f"{_OFFSET} ToUniversalTime()")
def _offset_utc(moment: DateTimeOffset) -> DateTimeOffset:
    return DateTimeOffset(_at(moment), 0)


@method(_OFFSET, f"{_OFFSET} ToLocalTime()")
def _offset_local(moment: DateTimeOffset) -> DateTimeOffset:
    return dates.offset_of(dates.to_local(DateTime(_at(moment), 1)))


@method(_OFFSET, f"{_OFFSET} ToOffset(timespan offset)")
def _to_offset(moment: DateTimeOffset, span: TimeSpan) -> DateTimeOffset:
    return DateTimeOffset(_at(moment) + span.ticks, span.ticks)


for _name, _unit in {"Days": DAY, "Hours": HOUR, "Minutes": MINUTE, "Seconds": SECOND, "Milliseconds": _MILLI}.items():
    method(_OFFSET, f"{_OFFSET} Add{_name}(double value)")(
        lambda moment, value, unit=_unit: DateTimeOffset(moment.ticks + round(value * unit), moment.offset)
    )


@method(_OFFSET, f"{_OFFSET} AddMonths(int months)")
def _offset_months(moment: DateTimeOffset, months: int) -> DateTimeOffset:
    return DateTimeOffset(dates.add_months(DateTime(moment.ticks), months).ticks, moment.offset)


@static(_OFFSET, f"{_OFFSET} FromUnixTimeSeconds(long seconds)")
def _from_unix(seconds: int) -> DateTimeOffset:
    return DateTimeOffset(dates.UNIX_EPOCH + int(seconds) * SECOND, 0)


@static(_OFFSET, f"{_OFFSET} FromUnixTimeMilliseconds(long milliseconds)")
def _from_unix_milliseconds(value: int) -> DateTimeOffset:
    return DateTimeOffset(dates.UNIX_EPOCH + int(value) * _MILLI, 0)


@static(_OFFSET, f"{_OFFSET} Parse(string input)", f"{_OFFSET} Parse(string input, System.Object provider)")
def _offset_parse(text: str, provider: Any = None) -> DateTimeOffset:
    del provider
    return PARSED[_OFFSET][0](text)  # type: ignore[no-any-return]


@constructor(_OFFSET, "(datetime dateTime)", "(datetime dateTime, timespan offset)")
def _new_offset(moment: DateTime, span: TimeSpan | None = None) -> DateTimeOffset:
    return dates.offset_of(moment) if span is None else DateTimeOffset(moment.ticks, span.ticks)


@constructor(_OFFSET, "(long ticks, timespan offset)")
def _offset_ticks(ticks: int, span: TimeSpan) -> DateTimeOffset:
    return DateTimeOffset(int(ticks), span.ticks)


@constructor(
    _OFFSET,
    "(int year, int month, int day, int hour, int minute, int second, timespan offset)",
    "(int year, int month, int day, int hour, int minute, int second, int millisecond, timespan offset)",
)
def _offset_parts(*given: Any) -> DateTimeOffset:
    moment = _from_parts(*given[:-1])
    return DateTimeOffset(moment.ticks, given[-1].ticks)
