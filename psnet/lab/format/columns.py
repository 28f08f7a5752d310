"""Which properties are shown, and under which label: names, wildcards, calculated properties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import LabError
from psnet.lab.dotnet.closed import is_instance_of_class
from psnet.lab.dotnet.context import current
from psnet.lab.dotnet.convert import convert
from psnet.lab.dotnet.errors import UnsupportedError, runtime_error
from psnet.lab.dotnet.members import find_own
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.dotnet.types.psobjects import properties_of
from psnet.lab.dotnet.wildcard import has_wildcards, is_match
from psnet.lab.values import AUTOMATION_NULL, DotNetError, Hashtable, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

_SCRIPT_BLOCK: Final = "System.Management.Automation.ScriptBlock"
_KEYS: Final = {
    "name": "label",
    "n": "label",
    "label": "label",
    "l": "label",
    "expression": "expression",
    "e": "expression",
    "formatstring": "format",
    "f": "format",
    "width": "width",
    "w": "width",
    "alignment": "alignment",
    "a": "alignment",
    "align": "alignment",
    "depth": "depth",
}
ALIGNMENTS: Final = {"left": 1, "center": 2, "right": 3}


@dataclass(frozen=True, slots=True)
class Column:
    """One shown property: its label, where its value comes from, and how it is laid out.

    ``source`` is a property's name, several of which the first that exists is shown, a script block, or a function.
    """

    label: str
    source: Any
    template: str | None = None
    width: int = 0
    alignment: int = 0
    cell: int = 0

    def value(self, item: Any) -> Any:
        """Return the property of an object; null when it is missing or its reading fails."""
        try:
            if isinstance(self.source, str | tuple):
                for name in (self.source,) if isinstance(self.source, str) else self.source:
                    found, value = find_own(item, name)
                    if found:
                        return value
                return None
            return self.source(item) if callable(self.source) else run(self.source, item)
        except LabError as failed:
            if isinstance(failed, DotNetError) or hasattr(failed, "record"):
                return None
            raise


def run(block: Any, item: Any) -> Any:
    """Return what a calculated property's script block gives for an object."""
    invoke = current().invoke
    if invoke is None:
        raise UnsupportedError("a calculated property here")
    value = invoke(block, [], underscore=item, guarded=True)
    return None if value is AUTOMATION_NULL else value


def complete(columns: Iterable[Column], item: Any) -> list[Column]:
    """Return the columns of a view; a property of a CIM class that the lab's object has not is refused."""
    listed = list(columns)
    if isinstance(item, PSObject) and item.base is None and is_instance_of_class(item):
        for column in listed:
            if isinstance(column.source, str) and column.source.lower() not in item.members:
                raise UnsupportedError(f"the property {column.source} of {to_string(item)}")
    return listed


def names_of(item: Any) -> list[str]:
    """Return the names of an object's properties."""
    return [info.member.name for info in properties_of(item)]


def default_columns(item: Any) -> list[Column]:
    """Return all properties of an object, or those of its default display set."""
    chosen = default_set(item)
    return [Column(name, name) for name in (chosen or names_of(item))]


def default_set(item: Any) -> list[str] | None:
    """Return the default display properties that an object carries, None when it has none."""
    if not isinstance(item, PSObject):
        return None
    member = item.members.get("psstandardmembers")
    if member is None:
        return None
    found, names = find_own(member.value, "DefaultDisplayPropertySet")
    if not found:
        return None
    listed = find_own(names, "ReferencedPropertyNames")[1] if isinstance(names, PSObject) else names
    return [to_string(name) for name in unwrap(listed)]


def expand(specifications: list[Any], item: Any) -> list[Column]:
    """Return the columns of a -Property argument for an object."""
    out: list[Column] = []
    for specification in specifications:
        base = unwrap(specification)
        if isinstance(base, Hashtable):
            out += _calculated(base, item)
        elif type_name_of(base) == _SCRIPT_BLOCK:
            out.append(Column(to_string(base).strip(), specification))
        else:
            out += _named(to_string(base), item)
    return out


def _named(pattern: str, item: Any, **layout: Any) -> list[Column]:
    if has_wildcards(pattern):
        return [Column(name, name, **layout) for name in names_of(item) if is_match(pattern, name)]
    known = next((name for name in names_of(item) if name.lower() == pattern.lower()), pattern)
    return [Column(known, known, **layout)]


def _calculated(table: Hashtable, item: Any) -> list[Column]:
    given: dict[str, Any] = {}
    for key, value in table.items():
        name = to_string(key).lower()
        found = _KEYS.get(name) or next(
            (full for known, full in _KEYS.items() if name and known.startswith(name)), None
        )
        if found is None:
            message = f"The {to_string(key)} key is not valid."
            raise runtime_error("DictionaryKeyIllegal", message, category="InvalidArgument")
        given[found] = value
    source = given.get("expression")
    if source is None:
        raise runtime_error(
            "DictionaryKeyMandatoryEntry",
            "A mandatory entry is missing. Add the following entry: Expression.",
            category="InvalidArgument",
        )
    template = to_string(given["format"]) if "format" in given else None
    width = int(convert(given["width"], "System.Int32")) if "width" in given else 0
    alignment = ALIGNMENTS.get(to_string(given.get("alignment", "")).lower(), 0)
    if type_name_of(source) == _SCRIPT_BLOCK:
        label = to_string(given["label"]) if "label" in given else to_string(source).strip()
        return [Column(label, source, template, width, alignment)]
    columns = _named(to_string(source), item, template=template, width=width, alignment=alignment)
    if "label" not in given:
        return columns
    label = to_string(given["label"])
    return [Column(label, each.source, template, width, alignment) for each in columns]
