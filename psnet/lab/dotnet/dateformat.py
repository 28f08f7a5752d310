"""Dates and time spans as text, by standard and custom format strings of the invariant culture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from psnet.lab.dotnet.cultures import Culture, culture_of
from psnet.lab.dotnet.datetimes import (
    DAY,
    DAYS,
    HOUR,
    MINUTE,
    MONTHS,
    SECOND,
    day_of_week,
    offset_at,
    parts,
    span_text,
    to_utc,
)
from psnet.lab.dotnet.errors import thrown

if TYPE_CHECKING:
    from psnet.lab.dotnet.objects import DateTimeOffset
    from psnet.lab.values import DateTime, DotNetError, TimeSpan

STANDARD: Final = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "f": "dddd, dd MMMM yyyy HH:mm",
    "F": "dddd, dd MMMM yyyy HH:mm:ss",
    "g": "MM/dd/yyyy HH:mm",
    "G": "MM/dd/yyyy HH:mm:ss",
    "m": "MMMM dd",
    "M": "MMMM dd",
    "o": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "O": "yyyy'-'MM'-'dd'T'HH':'mm':'ss'.'fffffffK",
    "r": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'",
    "s": "yyyy'-'MM'-'dd'T'HH':'mm':'ss",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "u": "yyyy'-'MM'-'dd HH':'mm':'ss'Z'",
    "y": "yyyy MMMM",
    "Y": "yyyy MMMM",
}
_TOKEN = re.compile(r"\\.|'[^']*'|\"[^\"]*\"|%.|d+|M+|y+|H+|h+|m+|s+|f+|F+|t+|z+|K|g+|:|/|.", re.DOTALL)


def _bad() -> DotNetError:
    return thrown("FormatException", "Input string was not in a correct format.")


def format_datetime(moment: DateTime, template: str | None = None, culture: str = "") -> str:
    """Return a DateTime as text in a culture; without a format string in the general form."""
    spoken = culture_of(culture)
    offset = 0 if moment.kind == 1 else offset_at(moment.ticks) if moment.kind == 2 else None
    if not template:
        template = "G"
    if len(template) == 1:
        if template == "U":
            moment, offset, template = to_utc(moment), 0, "F"
        if template not in STANDARD:
            raise _bad()
        return _custom(moment.ticks, spoken.pattern(template) or STANDARD[template], offset, moment.kind, spoken)
    return _custom(moment.ticks, template, offset, moment.kind, spoken)


def format_offset(moment: DateTimeOffset, template: str | None = None, culture: str = "") -> str:
    """Return a DateTimeOffset as text in a culture."""
    spoken = culture_of(culture)
    if not template:
        return _custom(moment.ticks, f"{spoken.pattern('G')} zzz", moment.offset, 3, spoken)
    if len(template) == 1:
        if template not in STANDARD:
            raise _bad()
        ticks = moment.ticks - moment.offset if template in "rRu" else moment.ticks
        return _custom(ticks, spoken.pattern(template) or STANDARD[template], moment.offset, 3, spoken)
    return _custom(moment.ticks, template, moment.offset, 3, spoken)


def _zone(offset: int | None, width: int, ticks: int) -> str:
    shift = offset_at(ticks) if offset is None else offset
    minutes = abs(shift) // MINUTE
    sign = "-" if shift < 0 else "+"
    if width == 1:
        return f"{sign}{minutes // 60}"
    hours = f"{sign}{minutes // 60:02d}"
    return hours if width == 2 else f"{hours}:{minutes % 60:02d}"


def _kind(offset: int | None, kind: int, ticks: int) -> str:
    if kind == 0:
        return ""
    return "Z" if kind == 1 else _zone(offset, 3, ticks)


def _day(place: int, culture: Culture, *, short: bool) -> str:
    if culture.days:
        return culture.short_days[place] if short else culture.days[place]
    return DAYS[place][:3] if short else DAYS[place]


def _month(place: int, culture: Culture, *, short: bool) -> str:
    if culture.months:
        return culture.short_months[place] if short else culture.months[place]
    return MONTHS[place][:3] if short else MONTHS[place]


def _custom(ticks: int, template: str, offset: int | None, kind: int, culture: Culture) -> str:
    year, month, day, hour, minute, second, fraction = parts(ticks)
    out: list[str] = []
    for written in _TOKEN.findall(template):
        token = written
        if token[0] == "\\":
            out.append(token[1:])
            continue
        if token[0] in "'\"":
            if len(token) < 2:
                raise _bad()
            out.append(token[1:-1])
            continue
        if token[0] == "%":
            if len(token) < 2:
                raise _bad()
            token = token[1]
        mark, width = token[0], len(token)
        if mark == "d":
            out.append(f"{day:0{width}d}" if width < 3 else _day(day_of_week(ticks), culture, short=width == 3))
        elif mark == "M":
            out.append(f"{month:0{width}d}" if width < 3 else _month(month - 1, culture, short=width == 3))
        elif mark == "y":
            out.append(f"{year % 100:0{width}d}" if width < 3 else f"{year:0{width}d}")
        elif mark == "H":
            out.append(f"{hour:0{min(width, 2)}d}")
        elif mark == "h":
            out.append(f"{hour % 12 or 12:0{min(width, 2)}d}")
        elif mark == "m":
            out.append(f"{minute:0{min(width, 2)}d}")
        elif mark == "s":
            out.append(f"{second:0{min(width, 2)}d}")
        elif mark in "fF":
            if width > 7:
                raise _bad()
            digits = f"{fraction:07d}"[:width]
            if mark == "F":
                digits = digits.rstrip("0")
                if not digits and out and out[-1] == ".":
                    out.pop()
            out.append(digits)
        elif mark == "t":
            out.append(("AM" if hour < 12 else "PM")[: min(width, 2)])
        elif mark == "z":
            out.append(_zone(offset, min(width, 3), ticks))
        elif mark == "K":
            out.append(_kind(offset, kind, ticks))
        elif mark == "g":
            out.append("A.D.")
        elif mark in culture.marks:
            out.append(culture.marks[mark])
        else:
            out.append(token)
    return "".join(out)


_SPAN_TOKEN = re.compile(r"\\.|'[^']*'|\"[^\"]*\"|%.|d+|h+|m+|s+|f+|F+|.", re.DOTALL)


def format_timespan(span: TimeSpan, template: str | None = None) -> str:
    """Return a TimeSpan as text: ``c`` (default), ``g``, ``G`` or a custom format string."""
    if not template or template in {"c", "t", "T"}:
        return span_text(span)
    ticks = abs(span.ticks)
    days, hours, minutes = ticks // DAY, ticks // HOUR % 24, ticks // MINUTE % 60
    seconds, fraction = ticks // SECOND % 60, ticks % SECOND
    sign = "-" if span.ticks < 0 else ""
    if template == "g":
        tail = f".{fraction:07d}".rstrip("0") if fraction else ""
        return f"{sign}{f'{days}:' if days else ''}{hours}:{minutes:02d}:{seconds:02d}{tail}"
    if template == "G":
        return f"{sign}{days}:{hours:02d}:{minutes:02d}:{seconds:02d}.{fraction:07d}"
    if len(template) == 1:
        raise _bad()
    out: list[str] = []
    values = {"d": days, "h": hours, "m": minutes, "s": seconds}
    for written in _SPAN_TOKEN.findall(template):
        token = written[1:] if written[0] == "%" else written
        if written[0] == "\\":
            out.append(written[1])
        elif written[0] in "'\"" and len(written) > 1:
            out.append(written[1:-1])
        elif token and token[0] in values:
            if len(token) > (8 if token[0] == "d" else 2):
                raise _bad()
            out.append(f"{values[token[0]]:0{len(token)}d}")
        elif token and token[0] in "fF":
            digits = f"{fraction:07d}"[: len(token)]
            out.append(digits.rstrip("0") if token[0] == "F" else digits)
        else:
            raise _bad()
    return "".join(out)
