"""Values -> CLIXML, by the rules of PowerShell's internal serializer.

Properties that a type declares are written one level shallower than their object (Props), members added to
an instance at its own depth (MS); containers and property bags use no depth up. What is too deep is its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from psnet.lab.clixml import records
from psnet.lab.clixml.element import Element
from psnet.lab.clixml.escape import xml_text
from psnet.lab.clixml.primitives import primitive
from psnet.lab.dotnet.bases import base_chain, derives
from psnet.lab.dotnet.context import using
from psnet.lab.dotnet.enums import underlying_type
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.numbers import make
from psnet.lab.dotnet.objects import DateTimeOffset, KeyValue, MultiArray, PSCredential, SecureString, Sequence
from psnet.lab.dotnet.tostring import is_enumerable, to_string
from psnet.lab.dotnet.typenames import PS_CUSTOM, full_name, type_name_of, unwrap
from psnet.lab.dotnet.types.psobjects import properties_of
from psnet.lab.values import (
    AUTOMATION_NULL,
    Array,
    ArrayList,
    BigInteger,
    DotNetError,
    EnumValue,
    ExceptionObject,
    GenericList,
    Hashtable,
    PSObject,
    SwitchParameter,
)

NAMESPACE: Final = "http://schemas.microsoft.com/powershell/2004/04"
_BY_VALUE = EnumValue | KeyValue | DateTimeOffset | SwitchParameter | BigInteger
#: Types whose objects are serialized to a depth of their own, whatever was asked for.
_DEPTHS: Final = {"System.Exception": 1, "System.Net.IPAddress": 1}
_MAX_LEVELS: Final = 50

Secret = Callable[[str], str]


def serialize(value: Any, depth: int = 2, *, language: str | None = None, newline: str = "\r\n") -> str:
    """Return ``PSSerializer.Serialize(value, depth)``."""
    with using(**({"language": language} if language else {})):
        root = Element("Objs", {"Version": "1.1.0.1", "xmlns": NAMESPACE})
        root.children.append(Serializer().element(value, depth))
        return root.indented(newline)


def serialize_element(
    value: Any, depth: int = 2, *, name: str | None = None, secret: Secret | None = None, language: str | None = None
) -> str:
    """Return the XML of one value without the Objs element and without white space, as PSRP carries it.

    ``secret`` encrypts a SecureString's text; without it a SecureString is refused.
    """
    with using(**({"language": language} if language else {})):
        return Serializer(secret).element(value, depth, name).compact()


class Serializer:
    """Writes values of one document: it numbers objects and lists of type names."""

    def __init__(self, secret: Secret | None = None) -> None:
        self._secret = secret
        self._objects: dict[int, int] = {}
        self._names: dict[tuple[str, ...], int] = {}
        self._kept: list[Any] = []
        self._count = 0
        self._level = 0

    def element(self, value: Any, depth: int, name: str | None = None) -> Element:
        """Return a value's element; ``name`` is the property that holds it."""
        attributes = {} if name is None else {"N": name}
        if value is None or value is AUTOMATION_NULL:
            return Element("Nil", attributes)
        base = unwrap(value)
        found = primitive(base)
        if found is not None:
            if isinstance(base, str) or not isinstance(value, PSObject) or value is base:
                return Element(found[0], attributes, found[1])
            return self._decorated(value, found, attributes, depth)
        if isinstance(base, SecureString):
            return self._protected(base, attributes)
        if isinstance(base, PSObject) and base.type_names[:1] == ["System.Management.Automation.ProgressRecord"]:
            return records.progress(base, attributes)
        self._level += 1
        try:
            return self._object(value, base, attributes, depth)
        finally:
            self._level -= 1

    def _protected(self, value: SecureString, attributes: dict[str, str]) -> Element:
        if self._secret is None:
            raise UnsupportedError("a SecureString in CLIXML without a session key")
        return Element("SS", attributes, self._secret(value.secret))

    def _reference(self, value: Any, attributes: dict[str, str]) -> Element | None:
        base = unwrap(value)
        if isinstance(base, _BY_VALUE):
            return None
        number = self._objects.get(id(base))
        return None if number is None else Element("Ref", {**attributes, "RefId": str(number)})

    def _start(self, value: Any, attributes: dict[str, str]) -> Element:
        base = unwrap(value)
        if not isinstance(base, _BY_VALUE):
            self._objects[id(base)] = self._count
            self._kept.append(base)
        made = Element("Obj", {**attributes, "RefId": str(self._count)})
        self._count += 1
        return made

    def _decorated(
        self, value: PSObject, found: tuple[str, str | None], attributes: dict[str, str], depth: int
    ) -> Element:
        """Return a primitive: bare, or inside an Obj with the members that were added to it."""
        extended = [info for info in properties_of(value) if info.member.kind != "Property"]
        if not any(info.owner is value for info in extended):
            return Element(found[0], attributes, found[1])
        made = self._start(value, attributes)
        made.children.append(Element(found[0], {}, found[1]))
        self._members(made, value, extended, depth)
        return made

    def _object(self, value: Any, base: Any, attributes: dict[str, str], depth: int) -> Element:
        seen = self._reference(value, attributes)
        if seen is not None:
            return seen
        if isinstance(base, Hashtable):
            return self._container(value, base, attributes, depth, self._dictionary(base, depth))
        kind = _list_tag(base)
        if kind is not None and kind != "IE":
            return self._container(value, base, attributes, depth, lambda made: self._list(made, kind, base, depth))
        bag = isinstance(base, PSObject) and base.base is None and PS_CUSTOM in base.type_names
        depth = self._depth_of(base, depth)
        if not bag and (depth < 1 or self._level > _MAX_LEVELS):
            return Element("S", attributes, xml_text(to_string(value)))
        made = self._start(value, attributes)
        self._type_names(made, value)
        if isinstance(base, EnumValue):
            made.children.append(Element("ToString", {}, xml_text(base.name)))
            number = make(underlying_type(base.type_name), base.value)
            made.children.append(self.element(number, depth))
            return made
        if kind == "IE":
            self._list(made, "IE", base, depth)
        elif not bag:
            made.children.append(Element("ToString", {}, xml_text(_text(value))))
        special = records.remote_members(base)
        if special is not None:
            self._named(made, "MS", special, depth)
            return made
        self._all_members(made, value, base, depth)
        return made

    @staticmethod
    def _depth_of(base: Any, depth: int) -> int:
        if isinstance(base, ExceptionObject):
            return _DEPTHS["System.Exception"]
        return _DEPTHS.get(type_name_of(base), depth)

    # -- parts of an object ----------------------------------------------------------------------------------

    def _type_names(self, made: Element, value: Any) -> None:
        names = tuple(_names_of(value))
        if not names:
            return
        number = self._names.get(names)
        if number is not None:
            made.children.append(Element("TNRef", {"RefId": str(number)}))
            return
        self._names[names] = len(self._names)
        listed = [Element("T", {}, xml_text(each)) for each in names]
        made.children.append(Element("TN", {"RefId": str(self._names[names])}, None, listed))

    def _container(
        self, value: Any, base: Any, attributes: dict[str, str], depth: int, fill: Callable[[Element], None]
    ) -> Element:
        made = self._start(value, attributes)
        self._type_names(made, value)
        fill(made)
        if isinstance(value, PSObject) and value is not base:
            extended = [info for info in properties_of(value) if info.owner is value and info.member.kind != "Property"]
            self._members(made, value, extended, depth)
        return made

    def _dictionary(self, table: Hashtable, depth: int) -> Callable[[Element], None]:
        def fill(made: Element) -> None:
            entries = Element("DCT")
            for key, item in table.items():
                entry = Element("En")
                entry.children.append(self.element(key, depth, "Key"))
                entry.children.append(self.element(item, depth, "Value"))
                entries.children.append(entry)
            made.children.append(entries)

        return fill

    def _list(self, made: Element, tag: str, items: Iterable[Any], depth: int) -> None:
        made.children.append(Element(tag, {}, None, [self.element(item, depth) for item in items]))

    def _all_members(self, made: Element, value: Any, base: Any, depth: int) -> None:
        if isinstance(base, ExceptionObject):
            self._named(made, "Props", records.exception_members(base), depth - 1)
            return
        found = properties_of(value)
        declared = [info for info in found if info.member.kind == "Property"]
        extended = [info for info in found if info.member.kind != "Property"]
        self._named(made, "Props", _values(declared), depth - 1)
        self._members(made, value, extended, depth)

    def _members(self, made: Element, value: Any, extended: list[Any], depth: int) -> None:
        del value
        section = Element("MS")
        for info in extended:
            try:
                held = info.value()
            except DotNetError:
                continue
            instance = isinstance(info.owner, PSObject) and info.member.name.lower() in info.owner.members
            section.children.append(self.element(held, depth if instance else depth - 1, info.member.name))
        if section.children:
            made.children.append(section)

    def _named(self, made: Element, tag: str, pairs: Iterable[tuple[str, Any]], depth: int) -> None:
        section = Element(tag)
        for name, held in pairs:
            section.children.append(self.element(held, depth, name))
        if section.children:
            made.children.append(section)


def _values(found: list[Any]) -> Iterable[tuple[str, Any]]:
    for info in found:
        try:
            yield info.member.name, info.value()
        except DotNetError:
            continue


def _list_tag(base: Any) -> str | None:
    """Return the tag of a collection's items, None for what is no collection."""
    if isinstance(base, Array | ArrayList | GenericList | MultiArray):
        return "LST"
    if isinstance(base, Sequence):
        if ".Stack" in base.type_name:
            return "STK"
        if ".Queue" in base.type_name:
            return "QUE"
        return "LST" if derives(base.type_name, "System.Collections.IList") else "IE"
    return "IE" if is_enumerable(base) else None


def _names_of(value: Any) -> list[str]:
    if isinstance(value, PSObject):
        if value.base is None or value.type_names[:1] != [PS_CUSTOM]:
            return value.type_names
        value = value.base
    return [full_name(link) for link in base_chain(type_name_of(value))]


def _text(value: Any) -> str:
    base = unwrap(value)
    if isinstance(base, ExceptionObject):
        return records.exception_text(base)
    if isinstance(base, PSCredential):
        return type_name_of(base)
    return to_string(value)
