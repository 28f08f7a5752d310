"""Cultures: how dates and numbers are written in the invariant culture, in en-US, and in others as far as it is certain.

The forms of en-US and of the cultures in ``_DATES`` are those of Windows; number marks of other cultures are CLDR's
(babel). What is not certain is refused, never written as another culture would.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from babel import Locale, UnknownLocaleError

from psnet.lab.dotnet.errors import UnsupportedError, thrown

if TYPE_CHECKING:
    from collections.abc import Mapping

_INVARIANT: Final = {
    "d": "MM/dd/yyyy",
    "D": "dddd, dd MMMM yyyy",
    "t": "HH:mm",
    "T": "HH:mm:ss",
    "M": "MMMM dd",
    "Y": "yyyy MMMM",
}
#: Short and long date, short and long time, month and day, year and month, as Windows has them.
_DATES: Final = {
    "en-US": ("M/d/yyyy", "dddd, MMMM d, yyyy", "h:mm tt", "h:mm:ss tt", "MMMM d", "MMMM yyyy"),
    "en-GB": ("dd/MM/yyyy", "dd MMMM yyyy", "HH:mm", "HH:mm:ss", "d MMMM", "MMMM yyyy"),
    "de-DE": ("dd.MM.yyyy", "dddd, d. MMMM yyyy", "HH:mm", "HH:mm:ss", "d. MMMM", "MMMM yyyy"),
    "fr-FR": ("dd/MM/yyyy", "dddd d MMMM yyyy", "HH:mm", "HH:mm:ss", "d MMMM", "MMMM yyyy"),
}


@dataclass(frozen=True, slots=True)
class Culture:
    """One culture; ``patterns`` are its date forms by letter, None where they are not certain."""

    name: str
    patterns: Mapping[str, str] | None
    decimal: str = "."
    group: str = ","
    days: tuple[str, ...] = ()
    short_days: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    short_months: tuple[str, ...] = ()
    marks: Mapping[str, str] = field(default_factory=lambda: {"/": "/", ":": ":"})

    def pattern(self, letter: str) -> str | None:
        """Return the form of a standard letter that depends on the culture, None for the others."""
        if letter not in "dDfFgGmMtTyY":
            return None
        if self.patterns is None:
            raise UnsupportedError(f"dates in the culture {self.name}")
        p = self.patterns
        return {
            "f": f"{p['D']} {p['t']}",
            "F": f"{p['D']} {p['T']}",
            "g": f"{p['d']} {p['t']}",
            "G": f"{p['d']} {p['T']}",
            "m": p["M"],
            "y": p["Y"],
        }.get(letter) or p[letter]


@cache
def culture_of(name: str) -> Culture:
    """Return a culture by its name; raises UnsupportedError for one that Unicode's data do not know."""
    if not name:
        return Culture("", _INVARIANT)
    forms = _DATES.get(name)
    patterns = dict(zip("dDtTMY", forms, strict=True)) if forms else None
    if name.startswith("en-") and forms:
        return Culture(name, patterns)
    try:
        locale = Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        raise UnsupportedError(f"the culture {name}") from None
    symbols = locale.number_symbols.get("latn", {})
    days = tuple(locale.days["format"]["wide"][(place - 1) % 7] for place in range(7))
    short_days = tuple(locale.days["format"]["abbreviated"][(place - 1) % 7].rstrip(".") for place in range(7))
    months = tuple(locale.months["format"]["wide"][place] for place in range(1, 13))
    short_months = tuple(locale.months["format"]["abbreviated"][place] for place in range(1, 13))
    dot = "." if name == "de-DE" else "/"
    return Culture(
        name,
        patterns,
        str(symbols.get("decimal", ".")),
        str(symbols.get("group", ",")),
        days,
        short_days,
        months,
        short_months,
        {"/": dot, ":": ":"},
    )


def named(provider: Any) -> str | None:
    """Return the name of the culture that a format provider is, None for null; raises UnsupportedError for others."""
    if provider is None:
        return None
    state = getattr(provider, "state", None)
    if state is None or "name" not in state:
        raise UnsupportedError("a format provider that is no culture")
    return str(state["name"])


def number(text: str, culture: Culture) -> str:
    """Return a number's invariant text with a culture's marks."""
    if (culture.decimal, culture.group) == (".", ","):
        return text
    return text.translate({ord("."): culture.decimal, ord(","): culture.group})


def currency(magnitude: str, *, negative: bool, culture: Culture, modern: bool) -> str:
    """Return an amount, given as grouped digits, in a culture's currency."""
    if not culture.name:
        return f"(¤{magnitude})" if negative else f"¤{magnitude}"
    if culture.name != "en-US":
        raise UnsupportedError(f"currency in the culture {culture.name}")
    if negative:
        return f"-${magnitude}" if modern else f"(${magnitude})"
    return f"${magnitude}"


def percent(magnitude: str, *, negative: bool, culture: Culture, modern: bool) -> str:
    """Return a percentage, given as grouped digits, as a culture writes it."""
    sign = "-" if negative else ""
    if culture.name not in {"", "en-US"}:
        raise UnsupportedError(f"percentages in the culture {culture.name}")
    return f"{sign}{magnitude}%" if culture.name and modern else f"{sign}{magnitude} %"


def checked(name: str) -> str:
    """Return a culture's name as Windows spells it; raises CultureNotFoundException for what is none."""
    if not name:
        return ""
    language, _, region = name.partition("-")
    spelled = f"{language.lower()}-{region.upper()}" if len(region) == 2 else language.lower() if not region else name
    try:
        Locale.parse(spelled.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        raise thrown(
            "System.Globalization.CultureNotFoundException",
            f"Culture is not supported.\r\nParameter name: name\r\n{name} is an invalid culture identifier.",
        ) from None
    return spelled
