"""Configuration documents: strict reading of what stands in them, whatever the host has.

Order and versions: PSDesiredStateConfiguration's Write-NodeMOFFile and BaseResource.schema.mof. What the checks here
refuse, the Local Configuration Manager refuses too (duplicate ids, unknown and circular dependencies, a document
instance that is missing); their ids on Windows are not known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from psnet.lab.lcm.model import Document, Item
from psnet.lab.lcm.refusals import refused
from psnet.mof import MofSyntaxError, parse_mof

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psnet.mof.model import Instance, Value

HEADER: Final = "omi_configurationdocument"
_ID: Final = re.compile(r"\[[^\[\]]+\].+", re.DOTALL)
_VERSION: Final = re.compile(r"\d+\.\d+(?:\.\d+){0,2}")
_NEWEST: Final = 2  # LCMCompatibleVersions 1.0 and 2.0


def instances_of(data: bytes) -> tuple[list[Instance], Instance]:
    """Return the instances of a document and its OMI_ConfigurationDocument, which must be the last one."""
    try:
        instances = parse_mof(data, "document")
    except MofSyntaxError as error:
        raise refused("InvalidMof", f"Line {error.line}, column {error.column}: {error.reason}") from error
    headers = [item for item in instances if item.class_name.lower() == HEADER]
    if len(headers) != 1 or instances[-1] is not headers[0]:
        raise refused("NoDocumentInstance", "One instance of OMI_ConfigurationDocument must end the document.")
    header = instances.pop()
    for name, needed in (("Version", True), ("MinimumCompatibleVersion", False)):
        value = header.get(name)
        if value is None and not needed:
            continue
        text = _text(value)
        if text is None or not _VERSION.fullmatch(text) or int(text.split(".")[0]) > _NEWEST:
            raise refused("InvalidVersion", f"The document's {name} is {text or 'missing'}; 1.0 and 2.0 are known.")
    return instances, header


def parse_document(data: bytes) -> Document:
    """Read a configuration; raises HostRefusal for what no Local Configuration Manager takes."""
    instances, header = instances_of(data)
    items = tuple(_item(instance) for instance in instances if instance.get("ResourceId") is not None)
    if any(instance.class_name.lower() == "msft_dscmetaconfiguration" for instance in instances):
        raise refused("MetaConfigurationMixed", "A configuration holds no instance of MSFT_DSCMetaConfiguration.")
    if not items:
        raise refused("NoResources", "The document holds no resource.")
    referred = set(_references(instances))
    for instance in instances:
        if instance.get("ResourceId") is None and (instance.alias or "").lower() not in referred:
            raise refused("ResourceIdMissing", f"An instance of {instance.class_name} has no ResourceId.")
    seen: set[str] = set()
    for item in items:
        if item.resource_id.lower() in seen:
            raise refused("DuplicateResourceId", f"The ResourceId {item.resource_id} stands in the document twice.")
        seen.add(item.resource_id.lower())
    embedded = {instance.alias.lower(): instance for instance in instances if instance.alias}
    return Document(data, header, items, embedded, tuple(_ordered(items)))


def _item(instance: Instance) -> Item:
    def needed(name: str) -> str:
        text = _text(instance.get(name))
        if not text:
            raise refused("RequiredPropertyMissing", f"An instance of {instance.class_name} has no {name}.")
        return text

    resource_id = needed("ResourceId")
    if not _ID.fullmatch(resource_id):
        raise refused("InvalidResourceId", f"The ResourceId {resource_id} is not [Resource]Name.")
    version = needed("ModuleVersion")
    if not _VERSION.fullmatch(version):
        raise refused("InvalidModuleVersion", f"{resource_id} has the ModuleVersion {version}, which is none.")
    depends = instance.get("DependsOn")
    names: tuple[str, ...] = ()
    if depends is not None and depends.kind != "null":
        if depends.kind != "array" or any(entry.kind != "string" for entry in depends.value):
            raise refused("InvalidDependsOn", f"DependsOn of {resource_id} is no list of strings.")
        names = tuple(str(entry.value) for entry in depends.value)
    return Item(
        resource_id,
        instance.class_name,
        needed("ModuleName"),
        version,
        names,
        _text(instance.get("SourceInfo")),
        _text(instance.get("ConfigurationName")),
        instance,
    )


def _text(value: Value | None) -> str | None:
    return str(value.value) if value is not None and value.kind == "string" else None


def _references(instances: Sequence[Instance]) -> Iterator[str]:
    for instance in instances:
        for value in instance.properties.values():
            for entry in value.value if value.kind == "array" else (value,):
                if entry.kind == "reference":
                    yield str(entry.value).lower()


def _ordered(items: Sequence[Item]) -> list[int]:
    """Return indices so that dependencies come first, otherwise in the document's order."""
    places = {item.resource_id.lower(): index for index, item in enumerate(items)}
    done: dict[int, bool] = {}
    order: list[int] = []

    for start in range(len(items)):
        stack = [(start, iter(items[start].depends_on))] if start not in done else []
        while stack:
            index, rest = stack[-1]
            done.setdefault(index, False)
            name = next(rest, None)
            if name is None:
                done[index] = True
                order.append(index)
                stack.pop()
                continue
            needed = places.get(name.lower())
            if needed is None:
                raise refused(
                    "DependencyNotFound",
                    f"{items[index].resource_id} depends on {name}, which is not in the document.",
                )
            if done.get(needed) is False:
                raise refused("DependencyCycle", f"{items[index].resource_id} and {name} depend on each other.")
            if needed not in done:
                stack.append((needed, iter(items[needed].depends_on)))
    return order
