"""DateTime, TimeSpan and DateTimeOffset."""

from __future__ import annotations

from typing import Any

from psnet.lab.dotnet import datetimes as dates
from psnet.lab.dotnet.casts import PARSED
from psnet.lab.dotnet.context import current, modern
from psnet.lab.dotnet.dateformat import format_datetime
from psnet.lab.dotnet.dateparse import parse_datetime, parse_exact
from psnet.lab.dotnet.datetimes import DAY, HOUR, MINUTE, SECOND
from psnet.lab.dotnet.enums import make_enum
from psnet.lab.dotnet.errors import argument_range, thrown
from psnet.lab.dotnet.registry import constants, constructor, members_for, method, prop, static, static_prop
from psnet.lab.values import Array, DateTime, DotNetError, EnumValue, Int64, Reference, TimeSpan

_DATE, _SPAN, _OFFSET = "System.DateTime", "System.TimeSpan", "System.DateTimeOffset"
_KIND, _DAY = "System.DateTimeKind", "System.DayOfWeek"
_MILLI = 10_000

constants(_DATE, "datetime", MinValue=DateTime(0), MaxValue=DateTime(dates.MAX_TICKS))
static_prop(_DATE, "datetime UnixEpoch", lambda: DateTime(dates.UNIX_EPOCH, 1))
static_prop(_DATE, "datetime Now", dates.now)
static_prop(_DATE, "datetime UtcNow", dates.utc_now)
static_prop(_DATE, "datetime Today", lambda: DateTime(dates.now().ticks // DAY * DAY, 2))


def _clock(owner: str) -> None:
    """Declare the parts that DateTime and DateTimeOffset share."""
    for place, name in enumerate(("Year", "Month", "Day", "Hour", "Minute", "Second")):
        prop(owner, f"int {name}", lambda value, place=place: dates.parts(value.ticks)[place])  # type: ignore[misc]
    prop(owner, "int Millisecond", lambda value: value.ticks % SECOND // _MILLI)
    prop(owner, "System.DayOfWeek DayOfWeek", lambda value: make_enum(_DAY, dates.day_of_week(value.ticks)))
    prop(owner, "int DayOfYear", lambda value: _day_of_year(value.ticks))
    prop(owner, "timespan TimeOfDay", lambda value: TimeSpan(value.ticks % DAY))
    prop(owner, "long Ticks", lambda value: Int64(value.ticks))


def _day_of_year(ticks: int) -> int:
    year = dates.parts(ticks)[0]
    return ticks // DAY - dates.from_parts(year, 1, 1).ticks // DAY + 1


_clock(_DATE)
prop(_DATE, "datetime Date", lambda value: DateTime(value.ticks // DAY * DAY, value.kind))
prop(_DATE, "System.DateTimeKind Kind", lambda value: make_enum(_KIND, value.kind))
# .NET declares them by the alphabet (Microsoft Learn, Get-Date, the list of all properties).
members_for(_DATE).properties = dict(sorted(members_for(_DATE).properties.items()))
prop(
    _DATE,
    "string DateTime",
    lambda value: format_datetime(value, "F", current().culture),
    extended="ScriptProperty",
)


def _add(moment: DateTime, ticks: float) -> DateTime:
    return dates.checked(moment.ticks + round(ticks), moment.kind)


@method(_DATE, "datetime AddDays(double value)")
def _add_days(moment: DateTime, value: float) -> DateTime:
    return _add(moment, value * DAY)


@method(_DATE, "datetime AddHours(double value)")
def _add_hours(moment: DateTime, value: float) -> DateTime:
    return _add(moment, value * HOUR)


@method(_DATE, "datetime AddMinutes(double value)")
def _add_minutes(moment: DateTime, value: float) -> DateTime:
    return _add(moment, value * MINUTE)


@method(_DATE, "datetime AddSeconds(double value)")
def _add_seconds(moment: DateTime, value: float) -> DateTime:
    return _add(moment, value * SECOND)


@method(_DATE, "datetime AddMilliseconds(double value)")
def _add_milliseconds(moment: DateTime, value: float) -> DateTime:
    return _add(moment, value * _MILLI)


@method(_DATE, "datetime AddTicks(long value)")
def _add_ticks(moment: DateTime, value: int) -> DateTime:
    return _add(moment, int(value))


@method(_DATE, "datetime AddMonths(int months)")
def _add_months(moment: DateTime, months: int) -> DateTime:
    if not -120000 <= months <= 120000:
        raise argument_range("months", "Months value must be between +/-120000.")
    return dates.add_months(moment, months)


@method(_DATE, "datetime AddYears(int value)")
def _add_years(moment: DateTime, years: int) -> DateTime:
    return dates.add_months(moment, years * 12)


@method(_DATE, "datetime Add(timespan value)")
def _add_span(moment: DateTime, span: TimeSpan) -> DateTime:
    return _add(moment, span.ticks)


@method(_DATE, "timespan Subtract(datetime value)")
def _subtract(moment: DateTime, other: DateTime) -> TimeSpan:
    return TimeSpan(moment.ticks - other.ticks)


@method(_DATE, "datetime Subtract(timespan value)")
def _subtract_span(moment: DateTime, span: TimeSpan) -> DateTime:
    return _add(moment, -span.ticks)


@method(_DATE, "datetime ToUniversalTime()")
def _utc(moment: DateTime) -> DateTime:
    return dates.to_utc(moment)


@method(_DATE, "datetime ToLocalTime()")
def _local(moment: DateTime) -> DateTime:
    return dates.to_local(moment)


for _name, _form in {
    "ToShortDateString": "d",
    "ToLongDateString": "D",
    "ToShortTimeString": "t",
    "ToLongTimeString": "T",
}.items():
    method(_DATE, f"string {_name}()")(lambda moment, form=_form: format_datetime(moment, form, current().culture))


@method(_DATE, "long ToFileTime()", "long ToFileTimeUtc()")
def _file_time(moment: DateTime) -> Int64:
    return Int64(dates.to_utc(moment).ticks - 504911232000000000)


@method(_DATE, "double ToOADate()")
def _oa_date(moment: DateTime) -> float:
    return (moment.ticks - 599264352000000000) / DAY


@method(_DATE, "bool IsDaylightSavingTime()")
def _daylight(moment: DateTime) -> bool:
    year = dates.parts(moment.ticks)[0]
    winter, summer = (dates.offset_at(dates.from_parts(year, month, 1).ticks) for month in (1, 7))
    return moment.kind != 1 and winter != summer and dates.offset_at(moment.ticks) == max(winter, summer)


@static(_DATE, "bool IsLeapYear(int year)")
def _leap(year: int) -> bool:
    if not 1 <= year <= 9999:
        raise argument_range("year", "Year must be between 1 and 9999.")
    return dates.days_in_month(year, 2) == 29


@static(_DATE, "int DaysInMonth(int year, int month)")
def _days_in_month(year: int, month: int) -> int:
    if not 1 <= month <= 12:
        raise argument_range("month", "Month must be between one and twelve.")
    if not 1 <= year <= 9999:
        raise argument_range("year", "Year must be between 1 and 9999.")
    return dates.days_in_month(year, month)


@static(_DATE, "datetime Parse(string s)", "datetime Parse(string s, System.Object provider)")
def _parse(text: str, provider: Any = None) -> DateTime:
    del provider
    return PARSED[_DATE][0](text)  # type: ignore[no-any-return]


@static(_DATE, "datetime Parse(string s, System.Object provider, System.Globalization.DateTimeStyles styles)")
def _parse_styles(text: str, provider: Any, styles: EnumValue) -> DateTime:
    del provider
    found = parse_datetime(text, styles.value)
    return PARSED[_DATE][0](text) if found is None else found


@static(_DATE, "bool TryParse(string s, [ref] datetime result)")
def _try_parse(text: str, result: Reference) -> bool:
    found = parse_datetime(text or "")
    result.value = found or DateTime(0)
    return found is not None


@static(
    _DATE,
    "bool TryParse(string s, System.Object provider, System.Globalization.DateTimeStyles styles, [ref] datetime result)",
)
def _try_parse_styles(text: str, provider: Any, styles: EnumValue, result: Reference) -> bool:
    del provider
    found = parse_datetime(text or "", styles.value)
    result.value = found or DateTime(0)
    return found is not None


def _exact(text: str, formats: Any, styles: int) -> DateTime | None:
    forms = [formats] if isinstance(formats, str) else list(formats or ())
    return next((found for form in forms if (found := parse_exact(text, form, styles)) is not None), None)


def _not_exact(text: str) -> DotNetError:
    message = (
        f"String '{text}' was not recognized as a valid DateTime."
        if modern()
        else "String was not recognized as a valid DateTime."
    )
    return thrown("FormatException", message)


@static(
    _DATE,
    "datetime ParseExact(string s, string format, System.Object provider)",
    "datetime ParseExact(string s, string format, System.Object provider, System.Globalization.DateTimeStyles style)",
    "datetime ParseExact(string s, string[] formats, System.Object provider, System.Globalization.DateTimeStyles style)",
)
def _parse_exact(text: str, formats: str | Array, provider: Any, styles: EnumValue | None = None) -> DateTime:
    del provider
    found = _exact(text, formats, styles.value if styles else 0)
    if found is None:
        raise _not_exact(text)
    return found


@static(
    _DATE,
    "bool TryParseExact(string s, string format, System.Object provider, System.Globalization.DateTimeStyles style, [ref] datetime result)",
    "bool TryParseExact(string s, string[] formats, System.Object provider, System.Globalization.DateTimeStyles style, [ref] datetime result)",
)
def _try_exact(text: str, formats: Any, provider: Any, styles: EnumValue, result: Reference) -> bool:
    del provider
    found = _exact(text or "", formats, styles.value)
    result.value = found or DateTime(0)
    return found is not None


@static(_DATE, "datetime SpecifyKind(datetime value, System.DateTimeKind kind)")
def _specify(moment: DateTime, kind: EnumValue) -> DateTime:
    return DateTime(moment.ticks, kind.value)


@static(_DATE, "datetime FromFileTime(long fileTime)")
def _from_file_time(ticks: int) -> DateTime:
    return dates.to_local(DateTime(int(ticks) + 504911232000000000, 1))


@static(_DATE, "datetime FromFileTimeUtc(long fileTime)")
def _from_file_time_utc(ticks: int) -> DateTime:
    return DateTime(int(ticks) + 504911232000000000, 1)


@static(_DATE, "int Compare(datetime t1, datetime t2)")
def _compare(one: DateTime, other: DateTime) -> int:
    return (one.ticks > other.ticks) - (one.ticks < other.ticks)


@constructor(_DATE, "(long ticks)", "(long ticks, System.DateTimeKind kind)")
def _from_ticks(ticks: int, kind: EnumValue | None = None) -> DateTime:
    if not 0 <= ticks <= dates.MAX_TICKS:
        raise argument_range("ticks", "Ticks must be between DateTime.MinValue.Ticks and DateTime.MaxValue.Ticks.")
    return DateTime(int(ticks), kind.value if kind else 0)


@constructor(
    _DATE,
    "(int year, int month, int day)",
    "(int year, int month, int day, int hour, int minute, int second)",
    "(int year, int month, int day, int hour, int minute, int second, System.DateTimeKind kind)",
    "(int year, int month, int day, int hour, int minute, int second, int millisecond)",
    "(int year, int month, int day, int hour, int minute, int second, int millisecond, System.DateTimeKind kind)",
)
def _from_parts(*given: Any) -> DateTime:
    numbers = [int(each) for each in given if not isinstance(each, EnumValue)]
    kind = next((each.value for each in given if isinstance(each, EnumValue)), 0)
    year, month, day, hour, minute, second, milliseconds = (*numbers, *[0] * (7 - len(numbers)))
    return dates.from_parts(year, month, day, hour, minute, second, milliseconds * _MILLI, kind)


# -- TimeSpan ------------------------------------------------------------------------------------------------

constants(_SPAN, "timespan", Zero=TimeSpan(0), MaxValue=TimeSpan(2**63 - 1), MinValue=TimeSpan(-(2**63)))
constants(
    _SPAN,
    "long",
    TicksPerDay=Int64(DAY),
    TicksPerHour=Int64(HOUR),
    TicksPerMinute=Int64(MINUTE),
    TicksPerSecond=Int64(SECOND),
    TicksPerMillisecond=Int64(_MILLI),
)


# -- DateTimeOffset ---------------------------------------------------------------------------------------------
