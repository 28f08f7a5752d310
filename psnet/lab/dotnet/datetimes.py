"""DateTime, TimeSpan and DateTimeOffset: their parts, their arithmetic, the time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.errors import argument_range
from psnet.lab.dotnet.objects import DateTimeOffset
from psnet.lab.values import DateTime, TimeSpan

SECOND: Final = 10_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
MAX_TICKS: Final = 3155378975999999999
UNIX_EPOCH: Final = 621355968000000000
DAYS: Final = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_UNREPRESENTABLE: Final = "The added or subtracted value results in an un-representable DateTime."


def parts(ticks: int) -> tuple[int, int, int, int, int, int, int]:
    """Return year, month, day, hour, minute, second and the ticks within the second."""
    days, rest = divmod(ticks, DAY)
    day = date.fromordinal(days + 1)
    seconds, fraction = divmod(rest, SECOND)
    return day.year, day.month, day.day, seconds // 3600, seconds // 60 % 60, seconds % 60, fraction


def from_parts(
    year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0, fraction: int = 0, kind: int = 0
) -> DateTime:
    """Return a DateTime; raises ArgumentOutOfRangeException for a day that is not."""
    try:
        ordinal = date(year, month, day).toordinal() - 1
    except ValueError:
        raise argument_range("", "Year, Month, and Day parameters describe an un-representable DateTime.") from None
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        raise argument_range("", "Hour, Minute, and Second parameters describe an un-representable DateTime.")
    return DateTime(ordinal * DAY + hour * HOUR + minute * MINUTE + second * SECOND + fraction, kind)


def checked(ticks: int, kind: int = 0) -> DateTime:
    """Return a DateTime of so many ticks, within .NET's range."""
    if not 0 <= ticks <= MAX_TICKS:
        raise argument_range("value", _UNREPRESENTABLE)
    return DateTime(ticks, kind)


def day_of_week(ticks: int) -> int:
    """Return 0 for Sunday to 6 for Saturday."""
    return (ticks // DAY + 1) % 7


def add_months(moment: DateTime, months: int) -> DateTime:
    """Return the moment some months later; the day is cut to the month's length."""
    year, month, day, *_ = parts(moment.ticks)
    place = year * 12 + month - 1 + months
    year, month = divmod(place, 12)
    if not 1 <= year <= 9999:
        raise argument_range("months", _UNREPRESENTABLE)
    ordinal = date(year, month + 1, min(day, days_in_month(year, month + 1))).toordinal() - 1
    return DateTime(ordinal * DAY + moment.ticks % DAY, moment.kind)


def days_in_month(year: int, month: int) -> int:
    """Return a month's length."""
    following = date(year + month // 12, month % 12 + 1, 1) if year * 12 + month < 119999 + 1 else None
    return 31 if following is None else (following - timedelta(days=1)).day


def offset_at(ticks: int, *, utc: bool = False) -> int:
    """Return the local zone's offset from UTC in ticks at a local (or UTC) time."""
    base = datetime(1, 1, 1) + timedelta(microseconds=ticks // 10)  # noqa: DTZ001 - .NET ticks have no zone
    zone = current().zone
    try:
        moment = base.replace(tzinfo=UTC).astimezone(zone) if utc else base.replace(tzinfo=zone)
        offset = moment.utcoffset() or timedelta()
    except OverflowError:
        offset = timedelta()
    return (offset.days * 86400 + offset.seconds) * SECOND


def to_local(moment: DateTime) -> DateTime:
    """Return a moment in the local zone; one without kind counts as UTC."""
    if moment.kind == 2:
        return moment
    ticks = moment.ticks + offset_at(moment.ticks, utc=True)
    return DateTime(min(max(ticks, 0), MAX_TICKS), 2)


def to_utc(moment: DateTime) -> DateTime:
    """Return a moment in UTC; one without kind counts as local."""
    if moment.kind == 1:
        return moment
    ticks = moment.ticks - offset_at(moment.ticks)
    return DateTime(min(max(ticks, 0), MAX_TICKS), 1)


def now() -> DateTime:
    """Return the context's time as local time."""
    return to_local(utc_now())


def utc_now() -> DateTime:
    """Return the context's time in UTC."""
    passed = current().now().astimezone(UTC) - datetime(1, 1, 1, tzinfo=UTC)
    return DateTime(passed.days * DAY + passed.seconds * SECOND + passed.microseconds * 10, 1)


def offset_of(moment: DateTime) -> DateTimeOffset:
    """Return a DateTime as DateTimeOffset."""
    return DateTimeOffset(moment.ticks, 0 if moment.kind == 1 else offset_at(moment.ticks))


def span_text(span: TimeSpan) -> str:
    """Return ``TimeSpan.ToString()``: ``[-][d.]hh:mm:ss[.fffffff]``."""
    ticks = abs(span.ticks)
    days, rest = divmod(ticks, DAY)
    seconds, fraction = divmod(rest, SECOND)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{'-' if span.ticks < 0 else ''}{f'{days}.' if days else ''}{clock}{f'.{fraction:07d}' if fraction else ''}"
