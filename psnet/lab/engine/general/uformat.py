"""Get-Date -UFormat: a Unix date format. Source: Microsoft Learn, Get-Date, "UFormat"; PowerShell's source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from psnet.lab.dotnet import datetimes
from psnet.lab.dotnet.dateformat import format_datetime
from psnet.lab.dotnet.errors import UnsupportedError

if TYPE_CHECKING:
    from psnet.lab.values import DateTime

#: What a letter is as a .NET format.
_FORMATS: Final = {
    "A": "dddd",
    "a": "ddd",
    "B": "MMMM",
    "b": "MMM",
    "h": "MMM",
    "c": "ddd dd MMM yyyy HH:mm:ss",
    "D": "MM/dd/yy",
    "x": "MM/dd/yy",
    "d": "dd",
    "F": "yyyy-MM-dd",
    "H": "HH",
    "I": "hh",
    "M": "mm",
    "m": "MM",
    "p": "tt",
    "R": "HH:mm",
    "r": "hh:mm:ss tt",
    "S": "ss",
    "T": "HH:mm:ss",
    "X": "HH:mm:ss",
    "Y": "yyyy",
    "Z": "zz",
    "y": "yy",
}
_LOCAL: Final = 2
_EPOCH: Final = datetimes.from_parts(1970, 1, 1, 0, 0, 0)


def uformat(moment: DateTime, template: str, culture: str, *, modern: bool) -> str:
    """Return a time in a Unix format; a letter that is not known here is refused."""
    out: list[str] = []
    text = template.removeprefix("+")
    at = 0
    while at < len(text):
        mark = text[at]
        at += 1
        if mark != "%" or at >= len(text):
            out.append(mark)
            continue
        letter = text[at]
        at += 1
        out.append(_letter(moment, letter, culture, modern=modern))
    return "".join(out)


def _letter(moment: DateTime, letter: str, culture: str, *, modern: bool) -> str:
    year, month, day, hour, *_ = datetimes.parts(moment.ticks)
    start = datetimes.from_parts(year, 1, 1, 0, 0, 0)
    of_year = (moment.ticks - _ticks(start)) // 864_000_000_000 + 1
    weekday = (moment.ticks // 864_000_000_000 + 1) % 7
    own = {
        **_weeks(of_year, weekday, modern=modern),
        "%": "%",
        "n": "\n",
        "t": "\t",
        "C": f"{year // 100}",
        "e": f"{day:>2}" if modern else f"{day}",
        "j": f"{of_year:03}" if modern else f"{of_year}",
        "k": f"{hour:>2}" if modern else f"{hour}",
        "l": f"{(hour % 12 or 12):>2}" if modern else f"{hour % 12 or 12:02}",
    }
    if letter in own:
        return own[letter]
    if letter == "s":
        seconds = (moment.ticks - _ticks(_EPOCH)) / 10_000_000
        if moment.kind == _LOCAL:
            seconds = (datetimes.to_utc(moment).ticks - _ticks(_EPOCH)) / 10_000_000 if modern else seconds
        return str(int(seconds)) if modern else f"{seconds:.5f}"
    if letter in "Gg" and not modern:
        return f"{year:04}"[0 if letter == "G" else 2 :]
    if letter not in _FORMATS:
        raise UnsupportedError(f"Get-Date -UFormat %{letter}")
    _ = month
    return format_datetime(moment, _FORMATS[letter], culture)


def _weeks(of_year: int, weekday: int, *, modern: bool) -> dict[str, str]:
    """Return the letters of weeks and days of the week; 5.1 counts weeks from the first of January, and Sunday is 0 to it.

    What 7 has of its own (weeks as ISO 8601 counts them) is not simulated.
    """
    if modern:
        return {"u": f"{weekday or 7}", "w": f"{weekday}", "W": f"{of_year // 7}"}
    week = of_year // 7
    return {"u": f"{weekday}", "w": f"{weekday}", "U": f"{week}", "W": f"{week}", "V": f"{week + 1}"}


def _ticks(moment: DateTime | int) -> int:
    return moment if isinstance(moment, int) else moment.ticks
