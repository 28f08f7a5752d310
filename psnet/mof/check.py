"""What the engine refuses before anything runs: unknown resources and members, missing mandatory values.

Also the shape of the declaration itself, which has no counterpart there: id ``InvalidDeclaration``.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from psnet._internal.yaml import nearest
from psnet.mof.dates import parse_date
from psnet.mof.values import MARKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet._internal.yaml import Path_
    from psnet.mof.diagnostics import Diagnostics
    from psnet.mof.keyword import Keyword
    from psnet.mof.schema import SchemaSet

SHAPE = "InvalidDeclaration"
_BLOCK = ("node", "resources")
_RESOURCE = ("type", "name", "properties", "depends_on", "run_as", "expands_to")
# A resource with one of these is not evaluated any further; with others it is, to find all there is.
_HOPELESS = {
    SHAPE,
    "ResourceNotDefined",
    "MissingEqualsInPropertyAssignmentBlock",
    "ParameterRequiresArgument",
}
_CREDENTIAL = ("username", "password")
_SCALARS = (str, int, float, bool, dt.date)  # dt.datetime is a date
_FIELDS = {"dependson": "depends_on", "psdscrunascredential": "run_as"}


class Checker:
    """Walks the blocks of a declaration; ``bad`` gets the paths of resources that cannot be evaluated."""

    def __init__(self, schemas: SchemaSet, keywords: Mapping[str, Keyword], report: Diagnostics) -> None:
        self.schemas = schemas
        self.keywords = keywords
        self.report = report
        self.bad: set[Path_] = set()
        self.ambiguous: Mapping[str, list[str]] = {}  # lower-case names of resources -> the modules that have one

    def blocks(self, blocks: Any, where: Path_) -> None:
        """Check the list of Node blocks."""
        if not isinstance(blocks, list):
            self._shape("a list of blocks {node, resources} is expected", where)
            return
        for index, block in enumerate(blocks):
            place: Path_ = (*where, index)
            if not self._keys(block, _BLOCK, place):
                continue
            node = block.get("node")
            names = node if isinstance(node, list) else [node]
            if not all(item is None or isinstance(item, str | int | float) for item in names):
                self._shape("a node is a name, a list of names, or null", (*place, "node"))
            self.resources(block.get("resources"), (*place, "resources"))

    def resources(self, resources: Any, where: Path_) -> None:
        """Check a list of resources."""
        if resources is None:
            return
        if not isinstance(resources, list):
            self._shape("a list of resources is expected", where)
            return
        for index, resource in enumerate(resources):
            before = len(self.report.refusals)
            self._resource(resource, (*where, index))
            if any(refusal.id in _HOPELESS for refusal in self.report.refusals[before:]):
                self.bad.add((*where, index))

    def _resource(self, resource: Any, where: Path_) -> None:  # noqa: C901 - one field after the other
        if not self._keys(resource, _RESOURCE, where):
            return
        type_name = resource.get("type")
        if not isinstance(type_name, str) or not type_name:
            self._shape("a resource needs a type", (*where, "type"))
            return
        name, depends = resource.get("name"), resource.get("depends_on")
        if not (name is None or isinstance(name, str | int | float)):
            self._shape("a resource's name is a text", (*where, "name"))
        if not (depends is None or isinstance(depends, str)) and not (
            isinstance(depends, list) and all(item is None or isinstance(item, str) for item in depends)
        ):
            self._shape("depends_on is [Type]Name or a list of such", (*where, "depends_on"))
        if resource.get("run_as") is not None:
            self.value(resource["run_as"], (*where, "run_as"))
        properties = resource.get("properties")
        if properties is not None and not isinstance(properties, dict):
            self._shape("properties is a mapping", (*where, "properties"))
            return
        if "expands_to" in resource:
            self._composite(resource, name, where)
            return
        keyword = self.keywords.get(type_name.lower())
        if keyword is None:
            close = nearest(type_name, [item.name for item in self.keywords.values() if item.needs_name])
            self.report.refuse(
                "ResourceNotDefined",
                f"undefined DSC resource '{type_name}'",
                (*where, "type"),
                remedy=f"did you mean {close}?" if close else "give --schemas a folder that holds its .schema.mof",
            )
            return
        modules = self.ambiguous.get(type_name.lower())
        if modules:
            self._shape(
                f"{keyword.name} is a resource of {' and of '.join(modules)}",
                (*where, "type"),
                f"write imports: [{modules[0]}] for the one that is meant",
            )
        if keyword.is_reserved:
            self.report.refuse(
                "UnsupportedReservedKeyword", f"the keyword {keyword.name} is reserved", (*where, "type")
            )
        if keyword.needs_name and name is None:
            self.report.refuse("ParameterRequiresArgument", f"{keyword.name} needs a name", where)
        elif not keyword.needs_name and name is not None:
            self.report.refuse("UnexpectedToken", f"{keyword.name} takes no name", (*where, "name"))
        self._members(keyword, properties or {}, (*where, "properties"), resource)

    def _composite(self, resource: Mapping[str, Any], name: Any, where: Path_) -> None:
        if name is None:
            self.report.refuse("ParameterRequiresArgument", "a nested configuration needs a name", where)
        self.resources(resource["expands_to"], (*where, "expands_to"))

    def _members(  # noqa: C901 - one kind of mistake after the other
        self,
        keyword: Keyword,
        given: Mapping[Any, Any],
        where: Path_,
        resource: Mapping[str, Any] | None = None,
    ) -> None:
        beside = {
            lower: field for lower, field in _FIELDS.items() if resource is not None and resource.get(field) is not None
        }
        names = set(beside)
        twice: list[Any] = []
        for key in given:
            lower = str(key).lower()
            if lower in names:
                twice.append(key)
            names.add(lower)
        for lower, prop in keyword.properties.items():
            if prop.is_mandatory and lower not in names:
                message = f"{keyword.name} requires a value of type {prop.type_name} for {prop.name}"
                self.report.refuse("MissingValueForMandatoryProperty", message, where)
        for lower, field in beside.items():
            if lower not in keyword.properties:
                self._unknown(keyword, field, (*where[:-1], field))
        for key in given:
            if str(key).lower() not in keyword.properties:
                self._unknown(keyword, key, (*where, key))
        for key in twice:
            message = f"{key} is given twice, letter case aside"
            self.report.refuse("DuplicatePropertyInInstanceDefinition", message, (*where, key))
        for key, value in given.items():
            if isinstance(value, dict | list) or not (value is None or isinstance(value, _SCALARS)):
                self.value(value, (*where, key))

    def _unknown(self, keyword: Keyword, key: Any, where: Path_) -> None:
        valid = sorted((prop.name for prop in keyword.properties.values()), key=str.lower)
        close = nearest(str(key), valid)
        self.report.refuse(
            "InvalidInstanceProperty",
            f"the member '{key}' of {keyword.name} is not valid; valid members are {', '.join(valid)}",
            where,
            remedy=f"did you mean {close}?" if close else None,
        )

    def value(self, value: Any, where: Path_) -> None:
        """Check one value and what it holds."""
        if isinstance(value, list):
            for index, item in enumerate(value):
                self.value(item, (*where, index))
        elif isinstance(value, dict):
            self._marked(value, where)
        elif not (value is None or isinstance(value, _SCALARS)):
            self._shape(f"a {type(value).__name__} is no value", where)

    def _marked(self, value: Mapping[Any, Any], where: Path_) -> None:
        mark = next((item for item in MARKS if item in value), None)
        if mark is None or set(value) - {mark, "properties"} or ("properties" in value and mark != "$instance"):
            wrong = next((str(key) for key in value if key not in {mark, "properties"}), "")
            close = nearest(wrong, MARKS) if wrong.startswith("$") else None
            hint = f"did you mean {close}?" if close else "a plain mapping is written {$hashtable: {...}}"
            self._shape(f"a mapping is one of {', '.join(MARKS)}", where, hint)
            return
        held = value[mark]
        if mark == "$instance":
            self._embedded(value, where)
        elif mark == "$hashtable":
            self._hashtable(held, (*where, mark))
        elif mark == "$credential":
            if self._keys(held, _CREDENTIAL, (*where, mark)):
                for key in _CREDENTIAL:
                    if not isinstance(held.get(key), str | int):
                        self._shape(f"a credential needs a {key}", (*where, mark))
        elif mark == "$datetime":
            self._date(held, (*where, mark))
        elif not (isinstance(held, str) and held.strip().startswith("{") and held.strip().endswith("}")):
            self._shape("only script blocks {...} can be taken over; other expressions are not run", (*where, mark))

    def _hashtable(self, held: Any, where: Path_) -> None:
        if not isinstance(held, dict):
            self._shape("$hashtable holds a mapping", where, "write {$hashtable: {key: value}}")
            return
        seen: set[str] = set()
        for key, item in held.items():
            if str(key).lower() in seen:
                self.report.refuse("DuplicateKeyInHashLiteral", f"the key {key} stands here twice", (*where, key))
            seen.add(str(key).lower())
            self.value(item, (*where, key))

    def _date(self, held: Any, where: Path_) -> None:
        if isinstance(held, dt.date):
            return
        try:
            parse_date(str(held), dt.UTC)
        except ValueError as error:
            self._shape(str(error), where, "write 2024-02-29T12:34:56Z, or without Z for local time")

    def _embedded(self, value: Mapping[Any, Any], where: Path_) -> None:
        name, given = str(value["$instance"]), value.get("properties")
        if given is not None and not isinstance(given, dict):
            self._shape("properties is a mapping", (*where, "properties"))
            return
        keyword = self.keywords.get(name.lower())
        if keyword is None:
            close = nearest(name, [item.name for item in self.keywords.values() if not item.needs_name])
            # PowerShell takes the unknown class for a command and stumbles over the block that follows.
            self.report.refuse(
                "MissingEqualsInPropertyAssignmentBlock",
                f"there is no class '{name}'",
                (*where, "$instance"),
                remedy=f"did you mean {close}?" if close else "declare it in a .schema.mof of the schemas folder",
            )
            return
        if keyword.needs_name:
            self.report.refuse(
                "ParameterRequiresArgument",
                f"{keyword.name} is a resource, which nothing can hold",
                (*where, "$instance"),
            )
            return
        self._members(keyword, given or {}, (*where, "properties"))

    def _keys(self, value: Any, allowed: tuple[str, ...], where: Path_) -> bool:
        if not isinstance(value, dict):
            self._shape(f"a mapping with {', '.join(allowed)} is expected", where)
            return False
        for key in value:
            if key not in allowed:
                close = nearest(str(key), allowed)
                hint = f"did you mean {close}?" if close else f"valid keys are {', '.join(allowed)}"
                self._shape(f"unknown key {key!r}", (*where, key), hint)
        return True

    def _shape(self, message: str, where: Path_, remedy: str | None = None) -> None:
        self.report.refuse(SHAPE, message, where, remedy=remedy)
