"""CLIXML -> values: objects come back as property bags with ``Deserialized.`` type names."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final
from xml.etree import ElementTree as ET

from psnet.lab.clixml.escape import decode
from psnet.lab.dotnet.addresses import make_uri, parse_ip, parse_mail, parse_version
from psnet.lab.dotnet.dateparse import parse_datetime
from psnet.lab.dotnet.datetimes import DAY, HOUR, MINUTE, SECOND
from psnet.lab.dotnet.errors import UnsupportedError, thrown
from psnet.lab.dotnet.numbers import to_single
from psnet.lab.dotnet.objects import Guid, SecureString, Sequence
from psnet.lab.dotnet.types.xmltypes import parse_document
from psnet.lab.values import (
    Array,
    ArrayList,
    Byte,
    Char,
    DateTime,
    Hashtable,
    Int16,
    Int64,
    Member,
    PSObject,
    SByte,
    SwitchParameter,
    TimeSpan,
    UInt16,
    UInt32,
    UInt64,
)

_DURATION = re.compile(r"(-)?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,7})\d*)?S)?)?")
_SMA: Final = "System.Management.Automation"
Secret = Callable[[str], str]


def deserialize(text: str) -> list[Any]:
    """Return the values of a document; raises XmlException for what is no CLIXML."""
    text = text.removeprefix("#< CLIXML").lstrip("\r\n\ufeff ")
    try:
        root = ET.fromstring(text)  # noqa: S314 - expat expands no external entities
    except ET.ParseError as error:
        raise thrown("System.Xml.XmlException", str(error)) from None
    if _tag(root) != "Objs":
        raise thrown("System.Xml.XmlException", f"Element 'Objs' was expected, not '{_tag(root)}'.")
    reader = Reader()
    return [reader.value(child) for child in root]


def read_element(text: str, *, secret: Secret | None = None) -> Any:
    """Return the value of one element, as a PSRP message carries it; ``secret`` decrypts a SecureString."""
    try:
        root = ET.fromstring(text)  # noqa: S314 - expat expands no external entities
    except ET.ParseError as error:
        raise thrown("System.Xml.XmlException", str(error)) from None
    return Reader(secret).value(root)


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _duration(text: str) -> TimeSpan:
    found = _DURATION.fullmatch(text)
    if not found:
        raise thrown("FormatException", f"The string '{text}' is not a valid TimeSpan value.")
    days, hours, minutes, seconds = (int(found[place] or 0) for place in (2, 3, 4, 5))
    ticks = days * DAY + hours * HOUR + minutes * MINUTE + seconds * SECOND + int((found[6] or "").ljust(7, "0"))
    return TimeSpan(-ticks if found[1] else ticks)


def _moment(text: str) -> DateTime:
    found = parse_datetime(text, 128)
    if found is None:
        raise thrown("FormatException", f"The string '{text}' is not a valid DateTime value.")
    return found


def _real(text: str) -> float:
    return float({"INF": "inf", "-INF": "-inf"}.get(text, text))


_READERS: Final[dict[str, Callable[[str], Any]]] = {
    "S": decode,
    "ToString": decode,
    "C": lambda text: Char(chr(int(text))),
    "B": lambda text: text.strip().lower() in {"true", "1"},
    "I32": int,
    "By": lambda text: Byte(int(text)),
    "SB": lambda text: SByte(int(text)),
    "I16": lambda text: Int16(int(text)),
    "U16": lambda text: UInt16(int(text)),
    "U32": lambda text: UInt32(int(text)),
    "I64": lambda text: Int64(int(text)),
    "U64": lambda text: UInt64(int(text)),
    "Db": _real,
    "Sg": lambda text: to_single(_real(text)),
    "D": Decimal,
    "DT": _moment,
    "TS": _duration,
    "G": lambda text: Guid(text.lower()),
    "Version": parse_version,
    "URI": lambda text: make_uri(decode(text)),
    "SBK": lambda text: _script(decode(text)),
    "XD": lambda text: parse_document(decode(text)),
    "BA": lambda text: Array([Byte(each) for each in base64.b64decode(text)], "System.Byte"),
}


def _script(text: str) -> PSObject:
    """Return a script block's text: remoting rebuilds no block from it."""
    return PSObject((), (f"{_SMA}.ScriptBlock", "System.Object"), to_string=text, native=text)


class Reader:
    """Reads the values of one document: it knows the objects and type names seen before."""

    def __init__(self, secret: Secret | None = None) -> None:
        self._secret = secret
        self._objects: dict[str, Any] = {}
        self._names: dict[str, list[str]] = {}

    def value(self, element: ET.Element) -> Any:
        """Return an element's value."""
        tag = _tag(element)
        if tag == "Nil":
            return None
        if tag == "Obj":
            return self._object(element)
        if tag == "Ref":
            return self._objects[element.get("RefId", "")]
        if tag == "SS":
            if self._secret is None:
                raise UnsupportedError("a SecureString in CLIXML without a session key")
            return SecureString(self._secret(element.text or ""), read_only=True)
        if tag == "PR":
            return _progress(element)
        reader = _READERS.get(tag)
        if reader is None:
            raise thrown("System.Xml.XmlException", f"'Element' with name '{tag}' was not expected.")
        return reader(element.text or "")

    def _object(self, element: ET.Element) -> Any:
        parts = {_tag(child): child for child in element}
        names = self._type_names(parts)
        number = element.get("RefId", "")
        inner = next((child for child in element if _tag(child) not in _PARTS), None)
        made = PSObject((), names or (f"{_SMA}.PSCustomObject", "System.Object"))
        self._objects[number] = made
        if inner is not None:
            made.base = self._inner(inner, made)
        if "ToString" in parts:
            made.to_string = decode(parts["ToString"].text or "")
        self._fill(made, parts)
        result = _rehydrated(made, names)
        self._objects[number] = result
        return result

    def _type_names(self, parts: dict[str, ET.Element]) -> list[str]:
        if "TN" in parts:
            names = [decode(each.text or "") for each in parts["TN"]]
            self._names[parts["TN"].get("RefId", "")] = names
        elif "TNRef" in parts:
            names = self._names[parts["TNRef"].get("RefId", "")]
        else:
            return []
        return [name if name.startswith("Deserialized.") else f"Deserialized.{name}" for name in names]

    def _inner(self, element: ET.Element, owner: PSObject) -> Any:
        tag = _tag(element)
        if tag == "DCT":
            table = Hashtable()
            owner.base = table
            for entry in element:
                pair = {each.get("N", ""): each for each in entry}
                table[self.value(pair["Key"])] = self.value(pair["Value"])
            return table
        if tag in {"LST", "IE"}:
            made = ArrayList()
            owner.base = made
            made.items.extend(self.value(each) for each in element)
            return made
        if tag in {"STK", "QUE"}:
            kind = "Stack" if tag == "STK" else "Queue"
            return Sequence([self.value(each) for each in element], f"System.Collections.{kind}")
        return self.value(element)

    def _fill(self, made: PSObject, parts: dict[str, ET.Element]) -> None:
        for tag, kind in (("Props", "Property"), ("MS", "NoteProperty")):
            for child in parts.get(tag, ()):
                name = decode(child.get("N", ""))
                made.members.setdefault(name.lower(), Member(name, kind, self.value(child)))


_PARTS: Final = {"TN", "TNRef", "ToString", "Props", "MS"}


def _rehydrated(made: PSObject, names: list[str]) -> Any:
    """Return the real value of the few types that PowerShell makes again from their properties."""
    kind = names[0].removeprefix("Deserialized.") if names else ""
    text = made.to_string or ""
    if kind == "System.Net.IPAddress":
        return parse_ip(text) or made
    if kind == "System.Net.Mail.MailAddress" and "address" in made.members:
        return parse_mail(text)
    if kind == f"{_SMA}.SwitchParameter" and "ispresent" in made.members:
        return SwitchParameter(bool(made.members["ispresent"].value))
    if made.base is not None and not names and not made.members:
        return made.base
    return made


def _progress(element: ET.Element) -> PSObject:
    parts = {_tag(child): decode(child.text or "") for child in element}
    shown = {
        "Activity": parts.get("AV", ""),
        "ActivityId": int(parts.get("AI", "0")),
        "CurrentOperation": parts.get("S"),
        "ParentActivityId": int(parts.get("PI", "-1")),
        "PercentComplete": int(parts.get("PC", "-1")),
        "RecordType": parts.get("T", ""),
        "SecondsRemaining": int(parts.get("SR", "-1")),
        "StatusDescription": parts.get("SD", ""),
    }
    return PSObject.of(shown, f"{_SMA}.ProgressRecord", "System.Object", kind="Property")
