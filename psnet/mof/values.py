"""The values of a declaration, as PowerShell would hold them while it compiles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from psnet.mof.dates import DateTime, parse_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.mof.keyword import Keyword

MARKS = ("$datetime", "$credential", "$instance", "$hashtable", "$powershell")


@dataclass(frozen=True, slots=True, eq=False)
class Credential:
    """A PSCredential; two are never equal, as in .NET."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Hashtable:
    """``@{...}``; two are never equal."""

    entries: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class ScriptBlock:
    """``{...}``, without its braces."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """An embedded instance that is written already; the engine holds its alias as a string."""

    alias: str
    keyword: Keyword


def plain_value(raw: Any, zone: dt.tzinfo) -> Any:
    """Return a scalar or a marked mapping as its value; lists and ``$instance`` are the caller's.

    The shape was checked before (psnet.mof.check); ``zone`` is what a time without one is local to.
    """
    if isinstance(raw, dict):
        if "$datetime" in raw:
            return _date(raw["$datetime"], zone)
        if "$credential" in raw:
            parts = raw["$credential"]
            return Credential(str(parts["username"]), str(parts["password"]))
        if "$hashtable" in raw:
            return Hashtable(raw["$hashtable"])
        return ScriptBlock(str(raw["$powershell"]).strip()[1:-1])
    if isinstance(raw, dt.date):
        return _date(raw, zone)
    return raw


def _date(raw: Any, zone: dt.tzinfo) -> DateTime:
    if isinstance(raw, dt.datetime):
        if raw.tzinfo is None:
            return DateTime.local(raw, zone)
        if not raw.utcoffset():
            return DateTime(raw.replace(tzinfo=None), 0)
        return DateTime.local(raw.astimezone(zone).replace(tzinfo=None), zone)
    if isinstance(raw, dt.date):
        return DateTime.local(dt.datetime(raw.year, raw.month, raw.day), zone)  # noqa: DTZ001 - local by meaning
    return parse_date(str(raw), zone, keep_utc=True)
