"""NumberFormatInfo and DateTimeFormatInfo of a culture, as far as it is certain; anything else of them is refused.

Source: Microsoft Learn, System.Globalization.NumberFormatInfo and DateTimeFormatInfo, "Properties".
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.cultures import Culture, culture_of
from psnet.lab.dotnet.datetimes import DAYS, MONTHS
from psnet.lab.dotnet.enums import make_enum
from psnet.lab.dotnet.errors import UnsupportedError, argument_range
from psnet.lab.dotnet.objects import Native
from psnet.lab.dotnet.registry import method, prop, static_prop
from psnet.lab.dotnet.types.misc import culture
from psnet.lab.values import Array

if TYPE_CHECKING:
    from collections.abc import Callable

_CULTURE: Final = "System.Globalization.CultureInfo"
_NUMBERS: Final = "System.Globalization.NumberFormatInfo"
_DATES: Final = "System.Globalization.DateTimeFormatInfo"
_CURRENCIES: Final = {"": "\u00a4", "en-US": "$", "en-GB": "\u00a3", "de-DE": "\u20ac", "fr-FR": "\u20ac"}
_ENGLISH: Final = ("", "en-US", "en-GB")


def _of(value: Native) -> Culture:
    return culture_of(value.state["name"])


def _of_culture(kind: str, value: Native) -> Native:
    return Native(kind, {"name": value.state["name"]})


def _invariant(kind: str) -> Native:
    return Native(kind, {"name": ""})


def _current(kind: str) -> Native:
    return _of_culture(kind, culture(current().culture))


for _kind, _label in ((_NUMBERS, "NumberFormat"), (_DATES, "DateTimeFormat")):
    prop(_CULTURE, f"{_kind} {_label}", partial(_of_culture, _kind))
    static_prop(_kind, f"{_kind} InvariantInfo", partial(_invariant, _kind))
    static_prop(_kind, f"{_kind} CurrentInfo", partial(_current, _kind))


def _known(value: Native, found: dict[str, str]) -> str:
    name = value.state["name"]
    if name not in found:
        raise UnsupportedError(f"the currency of the culture {name}")
    return found[name]


for _label in ("Number", "Currency", "Percent"):
    prop(_NUMBERS, f"string {_label}DecimalSeparator", lambda value: _of(value).decimal)
    prop(_NUMBERS, f"string {_label}GroupSeparator", lambda value: _of(value).group)
    prop(_NUMBERS, f"int {_label}DecimalDigits", lambda _: 2)
prop(_NUMBERS, "string CurrencySymbol", lambda value: _known(value, _CURRENCIES))
prop(_NUMBERS, "string NegativeSign", lambda _: "-")
prop(_NUMBERS, "string PositiveSign", lambda _: "+")
prop(_NUMBERS, "string PercentSymbol", lambda _: "%")


def _pattern(letter: str, value: Native) -> str | None:
    return _of(value).pattern(letter)


for _label, _letter in {
    "ShortDatePattern": "d",
    "LongDatePattern": "D",
    "ShortTimePattern": "t",
    "LongTimePattern": "T",
    "FullDateTimePattern": "F",
    "MonthDayPattern": "M",
    "YearMonthPattern": "Y",
}.items():
    prop(_DATES, f"string {_label}", partial(_pattern, _letter))
prop(_DATES, "string SortableDateTimePattern", lambda _: "yyyy'-'MM'-'dd'T'HH':'mm':'ss")
prop(_DATES, "string UniversalSortableDateTimePattern", lambda _: "yyyy'-'MM'-'dd HH':'mm':'ss'Z'")
prop(_DATES, "string RFC1123Pattern", lambda _: "ddd, dd MMM yyyy HH':'mm':'ss 'GMT'")
prop(_DATES, "string DateSeparator", lambda value: _of(value).marks["/"])
prop(_DATES, "string TimeSeparator", lambda value: _of(value).marks[":"])


def _designator(text: str, value: Native) -> str:
    if value.state["name"] not in {"", "en-US"}:
        raise UnsupportedError(f"AM and PM in the culture {value.state['name']}")
    return text


prop(_DATES, "string AMDesignator", partial(_designator, "AM"))
prop(_DATES, "string PMDesignator", partial(_designator, "PM"))


def _first_day(value: Native) -> Any:
    name = value.state["name"]
    if name not in _CURRENCIES:
        raise UnsupportedError(f"the first day of the week in the culture {name}")
    return make_enum("System.DayOfWeek", 0 if name in {"", "en-US"} else 1)


prop(_DATES, "System.DayOfWeek FirstDayOfWeek", _first_day)


def _names(value: Native, part: str) -> list[str]:
    if value.state["name"] in _ENGLISH:
        full = list(DAYS if part.endswith("days") else MONTHS)
        return [name[:3] for name in full] if part.startswith("short") else full
    return list(getattr(_of(value), part))


def _list(part: str, value: Native) -> Array:
    names = _names(value, part)
    return Array(names if part.endswith("days") else [*names, ""], "System.String")


def _one(part: str) -> Callable[[Native, int], str]:
    def find(value: Native, month: int) -> str:
        if not 1 <= month <= 13:
            raise argument_range("month", "Valid values are between 1 and 13, inclusive.")
        return [*_names(value, part), ""][month - 1]

    return find


def _one_day(part: str) -> Callable[[Native, Any], str]:
    return lambda value, day: _names(value, part)[int(getattr(day, "value", day))]


prop(_DATES, "string[] DayNames", partial(_list, "days"))
prop(_DATES, "string[] AbbreviatedDayNames", partial(_list, "short_days"))
prop(_DATES, "string[] MonthNames", partial(_list, "months"))
prop(_DATES, "string[] AbbreviatedMonthNames", partial(_list, "short_months"))
method(_DATES, "string GetMonthName(int month)")(_one("months"))
method(_DATES, "string GetAbbreviatedMonthName(int month)")(_one("short_months"))
method(_DATES, "string GetDayName(System.DayOfWeek dayofweek)")(_one_day("days"))
method(_DATES, "string GetAbbreviatedDayName(System.DayOfWeek dayofweek)")(_one_day("short_days"))
