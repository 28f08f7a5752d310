"""Evaluates resources as the engine's keyword function does: ids, references, allowed values, keys."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psnet.mof.compare import differ
from psnet.mof.convert import as_int32, as_list, to_text
from psnet.mof.emit import Emitter
from psnet.mof.errors import NodeAborted
from psnet.mof.metaconfiguration import check_partial, note_version
from psnet.mof.node import Entry
from psnet.mof.values import Hashtable, Reference, plain_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet._internal.yaml import Path_
    from psnet.mof.diagnostics import Diagnostics
    from psnet.mof.keyword import Keyword, KeywordProperty
    from psnet.mof.model import Instance
    from psnet.mof.node import NodeState

_BLANKS = "\u0020\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"  # Unicode's category Zs
_RESOURCE_ID = re.compile(rf"^\[[a-z]\w*\][a-z_0-9][a-z_0-9{_BLANKS}\.\\-]*$", re.IGNORECASE)
_MAY_DIFFER = {"partialconfiguration", "waitforany", "waitforsome", "waitforall"}
_NOT_COMPARED = {"dependson", "resourceid", "sourceinfo", "moduleversion"}


@dataclass(frozen=True, slots=True)
class EnclosingConfigurations:
    """The nested configurations around a resource: their qualifier, dependencies and account."""

    qualifier: str = ""  # [Inner]X::[EnclosingConfigurations]Y, the nearest first
    depends_on: tuple[str, ...] = ()
    run_as: Any = None


@dataclass(slots=True)
class Context:
    """What holds for the whole configuration."""

    keywords: Mapping[str, Keyword]
    report: Diagnostics
    zone: dt.tzinfo
    variables: Mapping[str, Any]
    bad: set[Path_]
    source_file: str | None
    is_meta: bool
    newer_settings: bool = False  # a setting or manager that version 1 of the LCM does not know
    settings_seen: bool = False


class Evaluator:
    """Evaluates the resources of one Node block for one node."""

    def __init__(self, node: NodeState, context: Context) -> None:
        self.node = node
        self.context = context
        self.report = context.report
        self.emitter = Emitter(node, context)

    def block(self, resources: list[Any] | None, where: Path_) -> None:
        """Evaluate a Node block; after what ends a script the rest is left out, as the engine does."""
        try:
            self._resources(resources or [], where, EnclosingConfigurations())
        except NodeAborted:
            return

    def _resources(self, resources: list[Any], where: Path_, outer: EnclosingConfigurations) -> None:
        for index, resource in enumerate(resources):
            place = (*where, index)
            if isinstance(resource, dict) and isinstance(resource.get("expands_to"), list):
                self._composite(resource, place, outer)
            elif place in self.context.bad:
                self._register_only(resource, place, outer)
            else:
                self._resource(resource, place, outer)

    def _composite(self, resource: Mapping[str, Any], where: Path_, outer: EnclosingConfigurations) -> None:
        own = f"[{resource.get('type')}]{to_text(resource.get('name'))}"
        depends = tuple(f"{item}::{outer.qualifier}" if outer.qualifier else item for item in _listed(resource))
        run_as = outer.run_as
        if resource.get("run_as") is not None and where not in self.context.bad:
            run_as = self._value(resource["run_as"], (*where, "run_as"))
        inner = EnclosingConfigurations(
            f"{own}::{outer.qualifier}" if outer.qualifier else own, (*outer.depends_on, *depends), run_as
        )
        self._resources(resource["expands_to"] or [], (*where, "expands_to"), inner)

    def _register_only(self, resource: Any, where: Path_, outer: EnclosingConfigurations) -> None:
        """Keep a refused resource's id, so that what depends on it is not refused as well."""
        if not isinstance(resource, dict) or resource.get("name") is None:
            return
        keyword = self.context.keywords.get(str(resource.get("type")).lower())
        name = keyword.name if keyword else resource.get("type")
        resource_id = _qualified(f"[{name}]{to_text(resource['name'])}", outer.qualifier)
        self.node.entries.setdefault(resource_id.lower(), Entry(resource_id, [], where))

    def _resource(self, resource: Mapping[str, Any], where: Path_, outer: EnclosingConfigurations) -> None:
        keyword = self.context.keywords[resource["type"].lower()]
        values: dict[str, Any] = {}
        for key, raw in (resource.get("properties") or {}).items():
            if isinstance(raw, dict | list | dt.date):
                raw = self._value(raw, (*where, "properties", key))  # noqa: PLW2901 - the value the key stands for
            values[key.lower()] = raw
        depends = [to_text(item) for item in as_list(values.pop("dependson", None))] or _listed(resource)
        if resource.get("run_as") is not None:
            values["psdscrunascredential"] = self._value(resource["run_as"], (*where, "run_as"))
        entry: Entry | None = None
        system: dict[str, Any] = {}
        if keyword.has_resource_id:
            entry = self._identify(keyword, resource, values, depends, where, outer, system)
        instance = self._instantiate(keyword, values, system, where)
        if entry is not None:
            entry.instance = instance

    def _identify(
        self,
        keyword: Keyword,
        resource: Mapping[str, Any],
        values: dict[str, Any],
        depends: list[str],
        where: Path_,
        outer: EnclosingConfigurations,
        system: dict[str, Any],
    ) -> Entry | None:
        """Give a resource its id and its references; None when the id is taken."""
        context, node = self.context, self.node
        resource_id = _qualified(f"[{keyword.name}]{to_text(resource.get('name'))}", outer.qualifier)
        system["ResourceID"] = resource_id
        line, column = self.report.position(where) if context.source_file else (None, None)
        if line is not None:
            system["SourceInfo"] = f"{context.source_file}::{line}::{column}::{keyword.name}"
        if not context.is_meta:
            system["ModuleName"], system["ModuleVersion"] = keyword.module, keyword.module_version
        if resource_id.lower() in node.entries:
            first = node.entries[resource_id.lower()]
            line, _ = self.report.position(first.where)
            self.report.refuse(
                "DuplicateResourceIdInNodeStatement",
                f"{resource_id} stands in node {node.label} already" + (f", first in line {line}" if line else ""),
                where,
                node=node.label,
            )
            return None
        if resource.get("name") == "":
            self._abort("ParameterArgumentValidationErrorEmptyStringNotAllowed", "a resource's name is empty", where)
        entry = Entry(resource_id, self._references(depends, resource_id, where, outer), where)
        entry.is_resource = not context.is_meta
        node.entries[resource_id.lower()] = entry
        if outer.run_as is not None:
            if values.get("psdscrunascredential") is not None:
                self.report.refuse(
                    "PsDscRunAsCredentialMergeErrorForCompositeResources",
                    f"{resource_id} and the nested configuration around it both name an account",
                    where,
                    node=node.label,
                )
            else:
                values["psdscrunascredential"] = outer.run_as
        if context.is_meta:
            check_partial(self, keyword, resource_id, values, where)
        return entry

    def _references(
        self, depends: list[str], resource_id: str, where: Path_, outer: EnclosingConfigurations
    ) -> list[str]:
        found = []
        empty = False
        for item in depends:
            if not _RESOURCE_ID.search(item):
                self.report.refuse(
                    "GetBadlyFormedRequiredResourceId",
                    f"'{item}', which {resource_id} depends on, is not written as [Type]Name",
                    (*where, "depends_on"),
                    node=self.node.label,
                )
            empty = empty or not item
            found.append(_qualified(item, outer.qualifier))
        if empty and not outer.qualifier:
            raise NodeAborted("a reference is empty")
        return [*found, *outer.depends_on]

    # -- values ---------------------------------------------------------------------------------

    def _value(self, raw: Any, where: Path_) -> Any:
        if isinstance(raw, list):
            return [self._value(item, (*where, index)) for index, item in enumerate(raw)]
        if isinstance(raw, dict) and "$instance" in raw:
            return self._embedded(raw, where)
        value = plain_value(raw, self.context.zone)
        if isinstance(value, Hashtable):
            place = (*where, "$hashtable")
            return Hashtable({key: self._value(item, (*place, key)) for key, item in value.entries.items()})
        return value

    def _embedded(self, raw: Mapping[str, Any], where: Path_) -> Reference:
        keyword = self.context.keywords[str(raw["$instance"]).lower()]
        values = {
            key.lower(): self._value(item, (*where, "properties", key))
            for key, item in (raw.get("properties") or {}).items()
        }
        instance = self._instantiate(keyword, values, {}, where)
        return Reference(instance.alias or "", keyword)

    def _instantiate(self, keyword: Keyword, values: dict[str, Any], system: dict[str, Any], where: Path_) -> Instance:
        """Check the values against the keyword, compare the keys, write the instance."""
        canonical: dict[str, Any] = dict(system)
        keys: list[str | None] = []
        for lower, value in values.items():
            prop = keyword.properties.get(lower)
            if prop is None:
                continue
            if prop.values:
                value = self._allowed(keyword, prop, value, where)  # noqa: PLW2901 - mapped to what is stored
            if prop.range is not None:
                self._ranged(keyword, prop, value, where)
            canonical[prop.name] = value
        for lower, prop in keyword.properties.items():
            if prop.is_key and lower in values:
                keys.append(None if values[lower] is None else to_text(values[lower]))
        if keys:
            if keys == [""]:
                self._abort(
                    "ParameterArgumentValidationErrorEmptyStringNotAllowed",
                    f"the key of {keyword.name} is empty",
                    where,
                )
            self._compare(keyword, canonical, keys, where)
        if self.context.is_meta:
            note_version(self, keyword, canonical, where)
        return self.emitter.instance(keyword, canonical, where)

    def _allowed(self, keyword: Keyword, prop: KeywordProperty, value: Any, where: Path_) -> Any:
        place = (*where, "properties", prop.name)
        shown = ", ".join(prop.values)
        allowed = {item.lower() for item in prop.values}
        if value is None:
            self.refuse("InvalidValueForProperty", f"null is no value of {prop.name}; it takes {shown}", place)
            return value
        wrong = []
        for item in as_list(value):
            if item is None:
                self._abort("InvokeMethodOnNull", f"null stands in {prop.name}, which takes {shown}", place)
            if to_text(item).lower() not in allowed:
                wrong.append(to_text(item))
        if wrong:
            self.refuse(
                "UnsupportedValueForProperty",
                f"{', '.join(map(repr, wrong))} is not supported for {prop.name} of {keyword.name}",
                place,
                remedy=f"choose from {shown}",
            )
        return prop.value_map.get(to_text(value).lower(), value)

    def _ranged(self, keyword: Keyword, prop: KeywordProperty, value: Any, where: Path_) -> None:
        place = (*where, "properties", prop.name)
        lowest, highest = prop.range or (0, 0)
        number = as_int32(value)
        if number is None:
            self._abort(
                "MethodArgumentConversionInvalidCastArgument",
                f"{prop.name} of {keyword.name} is no number",
                place,
            )
        elif not lowest <= number <= highest:
            self.refuse("ValueNotInRange", f"{prop.name} is {number}; it goes from {lowest} to {highest}", place)

    def _compare(self, keyword: Keyword, canonical: dict[str, Any], keys: list[str | None], where: Path_) -> None:
        """Refuse two of a kind with equal keys and other differences."""
        lower = keyword.name.lower()
        if lower in _MAY_DIFFER:
            return
        index = (lower, *(None if key is None else key.lower() for key in keys))
        others = self.node.by_keys.setdefault(index, [])
        for other in others:
            unlike = [
                name
                for name, value in other.items()
                if name.lower() not in _NOT_COMPARED and (name not in canonical or differ(value, canonical[name]))
            ]
            unlike = [name for name in unlike if not _is_key(keyword, name)]
            unlike += [name for name in canonical if name not in other]
            if unlike:
                self.refuse(
                    "ConflictingDuplicateResource",
                    f"{_named(keyword, other, keys)} and {_named(keyword, canonical, keys)} "
                    f"have the same keys, but differ in {', '.join(unlike)}",
                    where,
                )
        others.append(canonical)

    def refuse(self, error_id: str, message: str, where: Path_, remedy: str | None = None) -> None:
        """Note a reason to refuse on this node."""
        self.report.refuse(error_id, message, where, node=self.node.label, remedy=remedy)

    def _abort(self, error_id: str, message: str, where: Path_) -> None:
        self.refuse(error_id, message, where)
        raise NodeAborted(message)


def _is_key(keyword: Keyword, name: str) -> bool:
    prop = keyword.properties.get(name.lower())
    return prop is not None and prop.is_key


def _named(keyword: Keyword, canonical: Mapping[str, Any], keys: list[str | None]) -> str:
    return str(canonical.get("ResourceID") or f"{keyword.name} {'/'.join(key or '' for key in keys)}")


def _qualified(resource_id: str, qualifier: str) -> str:
    return f"{resource_id}::{qualifier}" if qualifier else resource_id


def _listed(resource: Mapping[str, Any]) -> list[str]:
    return [to_text(item) for item in as_list(resource.get("depends_on"))]
