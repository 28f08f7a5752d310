"""psrpcore's values (arguments and input of a pipeline) -> the lab's values."""

from __future__ import annotations

import datetime as dt
import decimal
import queue
import uuid
from typing import TYPE_CHECKING, Any, Final

from psrpcore import types as ps

from psnet.lab import values as lab
from psnet.lab.dotnet import objects
from psnet.lab.wire import wsman_faults

if TYPE_CHECKING:
    from collections.abc import Callable

_EPOCH: Final = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
_TICK: Final = dt.timedelta(microseconds=1)
_LIST_TYPES: Final = {
    "System.Collections.ArrayList": lab.ArrayList,
    "System.Collections.Generic.List`1[[System.Object": lab.GenericList,
}


def _ticks(delta: dt.timedelta, nanoseconds: int) -> int:
    return (delta // _TICK) * 10 + nanoseconds // 100


def _date(value: ps.PSDateTime) -> lab.DateTime:
    kind = 0
    if value.tzinfo is not None:
        kind = 1 if value.utcoffset() == dt.timedelta(0) else 2
    naive = value.replace(tzinfo=dt.UTC)
    plain = dt.datetime.combine(naive.date(), naive.time(), tzinfo=dt.UTC)
    return lab.DateTime(_ticks(plain - _EPOCH, value.nanosecond), kind)


def _span(value: ps.PSDuration) -> lab.TimeSpan:
    plain = dt.timedelta(days=value.days, seconds=value.seconds, microseconds=value.microseconds)
    return lab.TimeSpan(_ticks(plain, value.nanoseconds))


def _credential(value: ps.PSCredential) -> objects.PSCredential:
    return objects.PSCredential(str(value.UserName), to_lab(value.Password))


def _version(value: ps.PSVersion) -> objects.Version:
    return objects.Version(*(int(part) for part in str(value).split(".")))


_SCALARS: Final[tuple[tuple[type, Callable[[Any], Any]], ...]] = (
    (ps.PSSecureString, lambda value: objects.SecureString(value.decrypt())),
    (ps.PSChar, lambda value: lab.Char(str(value))),
    (ps.PSByte, lab.Byte),
    (ps.PSSByte, lab.SByte),
    (ps.PSInt16, lab.Int16),
    (ps.PSUInt16, lab.UInt16),
    (ps.PSUInt, lab.UInt32),
    (ps.PSInt64, lab.Int64),
    (ps.PSUInt64, lab.UInt64),
    (ps.PSInt, int),
    (ps.PSSingle, lab.Single),
    (ps.PSDouble, float),
    (ps.PSDecimal, decimal.Decimal),
    (ps.PSDateTime, _date),
    (ps.PSCredential, _credential),
    (ps.PSDuration, _span),
    (ps.PSGuid, lambda value: objects.Guid(str(uuid.UUID(int=value.int)))),
    (ps.PSVersion, _version),
    (ps.PSUri, lambda value: objects.Uri(str(value), "://" in str(value))),
)


def _list(value: Any) -> Any:
    items = [to_lab(item) for item in value]
    names = value.PSObject.type_names
    first = names[0] if names else ""
    for prefix, kind in _LIST_TYPES.items():
        if first.startswith(prefix):
            return kind(items)
    element = first[:-2] if first.endswith("[]") else "System.Object"
    return lab.Array(items, element)


def _object(value: ps.PSObject) -> lab.PSObject:
    meta = value.PSObject
    members: dict[str, lab.Member] = {}
    for kind, properties in (
        ("Property", meta.adapted_properties),
        ("NoteProperty", meta.extended_properties),
    ):
        for prop in properties:
            members[prop.name.lower()] = lab.Member(prop.name, kind, to_lab(prop.get_value(value)))
    text = meta.to_string
    if not meta.type_names and not text:
        return lab.PSObject(members.values())
    return lab.PSObject(members.values(), tuple(meta.type_names) or ("System.Object",), to_string=text)


def to_lab(value: Any) -> Any:
    """Return the lab's form of a value that came over the wire."""
    if value is None or isinstance(value, bool):
        return value
    for kind, convert in _SCALARS:
        if isinstance(value, kind):
            return convert(value)
    if isinstance(value, bytes):
        return lab.Array([lab.Byte(byte) for byte in value], "System.Byte")
    if isinstance(value, ps.PSXml):
        raise wsman_faults.unsupported("an XML document as input of a pipeline")
    if isinstance(value, str):
        return str(value)  # a script block arrives as its text, as PowerShell's own deserialiser has it
    if isinstance(value, int):
        return int(value)
    if isinstance(value, dict):
        return lab.Hashtable((to_lab(key), to_lab(item)) for key, item in value.items())
    if isinstance(value, queue.Queue):
        return lab.Array([to_lab(item) for item in value.queue])
    if isinstance(value, list | tuple):
        return _list(value)
    return _object(value)
