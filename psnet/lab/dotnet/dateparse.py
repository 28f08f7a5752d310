"""Reading dates and time spans from text, under the invariant culture."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from psnet.lab.dotnet.dateformat import STANDARD
from psnet.lab.dotnet.datetimes import DAY, DAYS, HOUR, MINUTE, MONTHS, SECOND, from_parts, now, to_local, to_utc
from psnet.lab.dotnet.objects import DateTimeOffset
from psnet.lab.values import DateTime, DotNetError, TimeSpan

_TIME = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,16}))?)?"
    r"\s*(?P<half>[AaPp][Mm]?)?|\s*(?P<half2>[AaPp][Mm]))"
)
_ZONE = r"\s*(?P<zone>[Zz]|GMT|[+-]\d{1,2}(?::?\d{2})?)?"
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in MONTHS)
_DAY = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in DAYS)
_DATES = (
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?",
    r"(?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:[-/.](?P<year>\d{4}|\d{2}))?",
    rf"(?P<day>\d{{1,2}})[-\s]+(?P<name>{_MONTH})[-,\s]*(?P<year>\d{{4}}|\d{{2}})?",
    rf"(?P<name>{_MONTH})[-\s]+(?P<day>\d{{1,2}})(?:,?\s+(?P<year>\d{{4}}))?",
    rf"(?P<name>{_MONTH})[-,\s]+(?P<year>\d{{4}})",
    rf"(?P<year>\d{{4}})[-\s]+(?P<name>{_MONTH})[-\s]+(?P<day>\d{{1,2}})",
)
_PATTERNS = [
    *(re.compile(rf"\s*(?:(?:{_DAY}),?\s+)?{date}(?:(?:T|,?\s+){_TIME})?{_ZONE}\s*", re.IGNORECASE) for date in _DATES),
    re.compile(rf"\s*{_TIME}{_ZONE}\s*", re.IGNORECASE),
]
MAX_ZONE = 14 * 60


def _zone_minutes(text: str) -> int:
    if text.upper() in {"Z", "GMT"}:
        return 0
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return (-1 if text[0] == "-" else 1) * (hours * 60 + minutes)


def _year(text: str | None, default: int) -> int:
    if text is None:
        return default
    number = int(text)
    return number if len(text) > 2 else number + (2000 if number < 50 else 1900)


def parse_parts(text: str) -> tuple[DateTime, int | None] | None:
    """Return the clock time in a text and its zone in minutes (None without one); None when it is no date."""
    for pattern in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            try:
                return _moment(found.groupdict())
            except DotNetError:
                return None
    return None


def _moment(group: dict[str, str | None]) -> tuple[DateTime, int | None] | None:
    today = now().ticks // DAY * DAY
    hour = int(group.get("hour") or 0)
    half = (group.get("half") or group.get("half2") or "").lower()
    if half:
        if not 1 <= hour <= 12 and hour != 0:
            return None
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    fraction = group.get("fraction") or ""
    ticks = round(int(fraction or 0) * SECOND / 10 ** len(fraction)) if fraction else 0
    clock = (hour, int(group.get("minute") or 0), int(group.get("second") or 0), ticks)
    if "month" not in group and "name" not in group:
        if hour > 23 or clock[1] > 59 or clock[2] > 59:
            return None
        moment = DateTime(today + hour * HOUR + clock[1] * MINUTE + clock[2] * SECOND + ticks)
    else:
        name = group.get("name")
        month = [m[:3].lower() for m in MONTHS].index(name[:3].lower()) + 1 if name else int(group["month"] or 0)
        year = _year(group.get("year"), parts_year(today))
        moment = from_parts(year, month, int(group.get("day") or 1), *clock)
    zone = group.get("zone")
    minutes = _zone_minutes(zone) if zone else None
    return None if minutes is not None and abs(minutes) > MAX_ZONE else (moment, minutes)


def parts_year(ticks: int) -> int:
    """Return the year of a moment."""
    from psnet.lab.dotnet.datetimes import parts  # noqa: PLC0415 - used once

    return parts(ticks)[0]


def parse_datetime(text: str, styles: int = 0) -> DateTime | None:
    """Return what ``DateTime.Parse`` gives: local time when the text names a zone. None when it is no date."""
    found = parse_parts(text)
    return None if found is None else _with_zone(*found, styles)


def _with_zone(moment: DateTime, minutes: int | None, styles: int) -> DateTime:
    if minutes is None:
        if styles & 64:
            utc = DateTime(moment.ticks, 1)
            return utc if styles & 16 else to_local(utc)
        if styles & 32:
            local = DateTime(moment.ticks, 2)
            return to_utc(local) if styles & 16 else local
        return moment
    utc = DateTime(moment.ticks - minutes * MINUTE, 1)
    if styles & 16 or (styles & 128 and not minutes):
        return utc
    return to_local(utc)


def parse_offset(text: str) -> DateTimeOffset | None:
    """Return what ``DateTimeOffset.Parse`` gives, None when the text is no date."""
    from psnet.lab.dotnet.datetimes import offset_at  # noqa: PLC0415 - used once

    found = parse_parts(text)
    if found is None:
        return None
    moment, minutes = found
    return DateTimeOffset(moment.ticks, offset_at(moment.ticks) if minutes is None else minutes * MINUTE)


_TOKEN = re.compile(r"\\.|'[^']*'|\"[^\"]*\"|%.|d+|M+|y+|H+|h+|m+|s+|f+|F+|t+|z+|K|.", re.DOTALL)
_FIELDS = {
    "y": "year",
    "M": "month",
    "d": "day",
    "H": "hour",
    "h": "hour",
    "m": "minute",
    "s": "second",
    "f": "fraction",
    "F": "fraction",
}


@lru_cache(maxsize=256)
def _exact_pattern(template: str) -> re.Pattern[str]:
    """Return what a text of that form matches; a field that is written again has a group ``name__n`` each time."""
    out: list[str] = []
    written_before: Counter[str] = Counter()

    def field(name: str, pattern: str) -> str:
        written_before[name] += 1
        again = written_before[name]
        return f"(?P<{name}{f'__{again}' if again > 1 else ''}>{pattern})"

    for written in _TOKEN.findall(template):
        token = written[1:] if written[0] == "%" else written
        mark, width = token[0], len(token)
        if written[0] == "\\":
            out.append(re.escape(written[1]))
        elif mark in "'\"" and width > 1:
            out.append(re.escape(token[1:-1]))
        elif mark == "d" and width > 2:
            out.append(f"(?:{'|'.join(name[:3] if width == 3 else name for name in DAYS)})")
        elif mark == "M" and width > 2:
            out.append(field("name", "|".join(name[:3] if width == 3 else name for name in MONTHS)))
        elif mark == "y":
            out.append(field("year", rf"\d{{{max(2, width)}}}"))
        elif mark in "fF":
            out.append(field("fraction", rf"\d{{{'0,' if mark == 'F' else ''}{width}}}"))
        elif mark in _FIELDS:
            out.append(field(_FIELDS[mark], rf"\d{{{'1,2' if width == 1 else '2'}}}"))
        elif mark == "t":
            out.append(field("half", "[AaPp][Mm]" if width > 1 else "[AaPp]"))
        elif mark == "z":
            out.append(field("zone", r"[+-]\d{1,2}(?::?\d{2})?"))
        elif mark == "K":
            out.append(field("zone", r"[Zz]|[+-]\d{2}:?\d{2}") + "?")
        else:
            out.append(re.escape(token))
    return re.compile("".join(out), re.IGNORECASE)


def _agreed(found: dict[str, str | None]) -> dict[str, str | None] | None:
    """Return the fields of a text that say something; None when one that is written twice says two things."""
    group: dict[str, str | None] = {}
    for written, value in found.items():
        name = written.partition("__")[0]
        if value and name in group and _meant(name, value) != _meant(name, group[name] or ""):
            return None
        if value and name not in group:
            group[name] = value
    return group


def _meant(name: str, value: str) -> str | int:
    if name == "fraction":
        return value.rstrip("0")
    if name == "year":
        return _year(value, 0)
    return int(value) if value.isdigit() else value.lower()[: {"half": 1, "name": 3}.get(name)]


def parse_exact(text: str, template: str, styles: int = 0) -> DateTime | None:
    """Return what ``DateTime.ParseExact`` gives, None when the text is not of that form."""
    if len(template) == 1:
        if template not in STANDARD:
            return None
        utc_form = template in "rRu"
        styles |= 128 if template in "oO" else (64 | 16 if utc_form else 0)
        template = STANDARD[template]
    found = _exact_pattern(template).fullmatch(text.strip() if styles & 7 else text)
    if not found:
        return None
    group = _agreed(found.groupdict())
    if group is None:
        return None
    if "month" not in group and "name" not in group and ("day" in group or "year" in group):
        group["month"] = "1"
    try:
        result = _moment(group)
    except DotNetError:
        return None
    return None if result is None else _with_zone(*result, styles)


_SPAN = re.compile(
    r"\s*(?P<sign>-)?(?:(?P<only>\d+)|(?:(?P<days>\d+)(?:\.|:(?=\d+:\d+:\d)))?(?P<hours>\d{1,2}):(?P<minutes>\d{1,2})"
    r"(?::(?P<seconds>\d{1,2})(?:\.(?P<fraction>\d{1,7}))?)?)\s*"
)


def parse_timespan(text: str) -> TimeSpan | None:
    """Return what ``TimeSpan.Parse`` gives, None when the text is none or a part is out of range."""
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    sign = -1 if found["sign"] else 1
    if found["only"]:
        ticks = int(found["only"]) * DAY
        return TimeSpan(sign * ticks) if ticks < 2**63 else None
    hours, minutes, seconds = (int(found[name] or 0) for name in ("hours", "minutes", "seconds"))
    if hours > 23 or minutes > 59 or seconds > 59:
        return None
    fraction = int((found["fraction"] or "").ljust(7, "0"))
    ticks = int(found["days"] or 0) * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + fraction
    return TimeSpan(sign * ticks) if ticks < 2**63 else None
