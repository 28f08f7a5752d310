"""Partial configurations: documents kept by name and merged into one that is applied.

Rules: Microsoft's page about partial configurations. Each document is named as its PartialConfiguration; one whose
DependsOn is not there yet is left out; a resource that one of them claims (ExclusiveResources) stands in no other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from psnet.lab.lcm.document import instances_of, parse_document
from psnet.lab.lcm.refusals import refused
from psnet.mof import Instance, Value, document_text

if TYPE_CHECKING:
    from psnet.lab.lcm.settings import Manager, Settings
    from psnet.lab.lcm.store import Files

_FOLDER: Final = "PartialConfigurations"


def save_document(files: Files, settings: Settings, data: bytes) -> str:
    """Keep a document under its name, which one of the partial configurations must have; return the name."""
    name = parse_document(data).name
    partial = next(
        (item for item in settings.listed("PartialConfigurations") if item.name.lower() == name.lower()), None
    )
    if partial is None:
        raise refused(
            "PartialConfigurationUndefined", f"The settings define no partial configuration {name or '(no name)'}."
        )
    files.write(f"{_FOLDER}\\{partial.name}.mof", data)
    return partial.name


def merged(files: Files, settings: Settings) -> bytes:
    """Return all documents that are there as one; raises HostRefusal."""
    parts: dict[str, list[Instance]] = {}
    header: Instance | None = None
    for partial in _ordered(settings.listed("PartialConfigurations")):
        data = files.read(f"{_FOLDER}\\{partial.name}.mof")
        needed = [name.lower() for name in partial.values.get("DependsOn") or ()]
        if data is None or any(name not in parts for name in needed):
            continue
        instances, found = instances_of(data)
        header = header or found
        parts[partial.resource_id.lower()] = [_renamed(item, len(parts)) for item in instances]
    if header is None:
        raise refused("NoPartialConfiguration", "None of the partial configurations is there yet.", "ObjectNotFound")
    _check_claims(settings, parts)
    together = [instance for instances in parts.values() for instance in instances]
    return document_text([*together, header]).encode()


def _ordered(partials: tuple[Manager, ...]) -> list[Manager]:
    """Return partial configurations so that dependencies come first."""
    waiting, done = list(partials), set[str]()
    order: list[Manager] = []
    while waiting:
        ready = [item for item in waiting if all(name.lower() in done for name in item.values.get("DependsOn") or ())]
        if not ready:
            raise refused("DependencyCycle", f"{waiting[0].resource_id} depends on itself over others.")
        order += ready
        done |= {item.resource_id.lower() for item in ready}
        waiting = [item for item in waiting if item not in ready]
    return order


def _renamed(instance: Instance, number: int) -> Instance:
    """Return an instance whose aliases are those of this document alone."""
    properties = {name: _value(value, number) for name, value in instance.properties.items()}
    alias = f"$P{number}_{instance.alias[1:]}" if instance.alias else None
    return replace(instance, alias=alias, properties=properties)


def _value(value: Value, number: int) -> Value:
    if value.kind == "array":
        return Value("array", tuple(_value(item, number) for item in value.value))
    return Value("reference", f"$P{number}_{value.value[1:]}") if value.kind == "reference" else value


def _check_claims(settings: Settings, parts: dict[str, list[Instance]]) -> None:
    for partial in settings.listed("PartialConfigurations"):
        for claim in partial.values.get("ExclusiveResources") or ():
            for other, instances in parts.items():
                if other != partial.resource_id.lower() and any(_claimed(str(claim), item) for item in instances):
                    message = f"{partial.resource_id} claims {claim} for itself, but {other} holds one."
                    raise refused("ExclusiveResource", message)


def _claimed(claim: str, instance: Instance) -> bool:
    identity, module = instance.get("ResourceId"), instance.get("ModuleName")
    if identity is None:
        return False
    kind = str(identity.value)[1:].partition("]")[0].lower()
    wanted_module, slash, wanted = claim.lower().rpartition("\\")
    return wanted in ("*", kind) and (not slash or (module is not None and str(module.value).lower() == wanted_module))
