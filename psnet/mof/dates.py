"""Dates as .NET reads them from text, and as MOF writes them (DMTF)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTH = "|".join([*_MONTH_NAMES, *_MONTHS])
_DAY = "|".join([*_DAYS, *(day[:3] for day in _DAYS)])
_TWO_DIGIT_YEAR_MAX = 2049  # Calendar.TwoDigitYearMax of the invariant culture
_MINUTE = dt.timedelta(minutes=1)

_TIME = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:\.(?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[ap]m)?"
)
_ZONE = r"(?P<zone>z|gmt|[+-]\d{1,2}(?::?\d{2})?)"
_DATES = (
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
    r"(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})[-/.](?P<year>\d{4}|\d{2})",
    r"(?P<year>\d{4})[-/](?P<month>\d{1,2})",
    rf"(?P<day>\d{{1,2}})[-\s]+(?P<month>{_MONTH})[-,\s]+(?P<year>\d{{4}}|\d{{2}})",
    rf"(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:,\s*|\s+)(?P<year>\d{{4}})",
    rf"(?P<month>{_MONTH})[,\s]+(?P<year>\d{{4}})",
)
_PATTERNS = tuple(
    re.compile(
        rf"\s*(?:(?P<weekday>{_DAY})(?:,\s*|\s+))?{date}(?:(?:t|\s+|\s*,\s*){_TIME})?(?:\s*{_ZONE})?\s*",
        re.IGNORECASE | re.ASCII,
    )
    for date in _DATES
)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A System.DateTime: the clock's value, and the minutes it is ahead of UTC."""

    value: dt.datetime  # naive; microseconds, as DMTF holds no more
    offset: int

    @classmethod
    def local(cls, value: dt.datetime, zone: dt.tzinfo) -> DateTime:
        """Return a time of the zone. The doubtful hour is standard time, as TimeZoneInfo takes it."""
        try:
            offsets = [value.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
        except OverflowError:
            offsets = [dt.timedelta()]
        minutes = min(int((offset or dt.timedelta()) / _MINUTE) for offset in offsets)
        # ToUniversalTime stops at the first and the last moment there is.
        room_below, room_above = (value - dt.datetime.min) // _MINUTE, (dt.datetime.max - value) // _MINUTE  # noqa: DTZ901
        return cls(value, max(min(minutes, room_below), -room_above))

    def dmtf(self) -> str:
        """Return ``yyyymmddHHMMSS.mmmmmm+UUU``."""
        when = self.value
        day = f"{when.year:04}{when.month:02}{when.day:02}{when.hour:02}{when.minute:02}{when.second:02}"
        return f"{day}.{when.microsecond:06}{'-' if self.offset < 0 else '+'}{abs(self.offset):03}"

    def __str__(self) -> str:
        when = self.value
        return f"{when.month:02}/{when.day:02}/{when.year:04} {when.hour:02}:{when.minute:02}:{when.second:02}"


def parse_date(text: str, zone: dt.tzinfo, *, keep_utc: bool = False) -> DateTime:
    """Read a date as [datetime]'...' does with the invariant culture; raises ValueError.

    A time with a zone becomes local time; with ``keep_utc`` one in UTC stays so (DateTimeKind.Utc).
    """
    for pattern in _PATTERNS:
        hit = pattern.fullmatch(text)
        if hit is not None:
            return _build(hit, zone, keep_utc=keep_utc)
    raise ValueError(f"The string '{text}' was not recognized as a valid DateTime.")


def _build(hit: re.Match[str], zone: dt.tzinfo, *, keep_utc: bool) -> DateTime:
    part = hit.groupdict()
    year = int(part["year"])
    if len(part["year"]) == 2:  # noqa: PLR2004 - digits of a short year
        year += 2000 if year <= _TWO_DIGIT_YEAR_MAX % 100 else 1900
    month = part["month"]
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    hour = int(part["hour"] or 0)
    if part["half"]:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - a twelve-hour clock
            raise ValueError(f"The string '{hit.string}' was not recognized as a valid DateTime.")
        hour = hour % 12 + (12 if part["half"].lower() == "pm" else 0)
    fraction = int((part["fraction"] or "0").ljust(9, "0")[:6])
    try:
        value = dt.datetime(  # noqa: DTZ001 - .NET keeps the zone beside the value, and so does DateTime
            year,
            number,
            int(part.get("day") or 1),
            hour,
            int(part["minute"] or 0),
            int(part["second"] or 0),
            fraction,
        )
    except ValueError:
        raise ValueError(f"The string '{hit.string}' does not name a day and time that exist.") from None
    if part["weekday"] and not _DAYS[value.weekday()].startswith(part["weekday"].lower()):
        raise ValueError(f"The string '{hit.string}' names a weekday that is not that date's.")
    if not part["zone"]:
        return DateTime.local(value, zone)
    minutes = _zone_minutes(part["zone"])
    if not minutes and keep_utc:
        return DateTime(value, 0)
    try:
        utc = value.replace(tzinfo=dt.UTC) - dt.timedelta(minutes=minutes)
        return DateTime.local(utc.astimezone(zone).replace(tzinfo=None), zone)
    except OverflowError:
        raise ValueError(f"The string '{hit.string}' is outside the range of DateTime.") from None


def _zone_minutes(text: str) -> int:
    if text[0] not in "+-":
        return 0
    digits = text[1:].replace(":", "")
    hours, minutes = (digits, "0") if len(digits) <= 2 else (digits[:-2], digits[-2:])  # noqa: PLR2004
    total = int(hours) * 60 + int(minutes)
    if total > 14 * 60:
        raise ValueError(f"The time zone offset {text} is outside +/-14 hours.")
    return -total if text[0] == "-" else total
