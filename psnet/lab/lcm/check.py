"""Bind a document to a host: modules, schemas, keys, types, certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.lcm.certificates import decryptor
from psnet.lab.lcm.modules import find_module, resource_class
from psnet.lab.lcm.refusals import refused, resource_missing
from psnet.lab.lcm.values import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.contract.files import MemoryFiles
    from psnet.lab.dotnet.objects import PSCredential
    from psnet.lab.lcm.certificates import Store
    from psnet.lab.lcm.model import Document, Item
    from psnet.lab.lcm.modules import ResourceClass

BASE: Final = frozenset(
    {
        "resourceid",
        "sourceinfo",
        "dependson",
        "modulename",
        "moduleversion",
        "configurationname",
        "psdscrunascredential",
    }
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A resource of a document with the class that carries it out, and its values as PowerShell gets them.

    ``run_as`` is whom it runs as, None for SYSTEM.
    """

    item: Item
    resource: ResourceClass
    values: dict[str, Any]
    run_as: PSCredential | None = None


def bind(document: Document, files: MemoryFiles, store: Store, certificate_id: str | None) -> tuple[Bound, ...]:
    """Return the resources in the order in which they are applied; raises HostRefusal before anything runs."""
    decrypt = decryptor(store, certificate_id) if document.encrypted else _as_it_is
    bound = [_bound(document, document.items[index], files, decrypt) for index in document.order]
    _refuse_same_keys(bound)
    return tuple(bound)


def _as_it_is(text: str) -> str:
    return text


def _bound(document: Document, item: Item, files: MemoryFiles, decrypt: Any) -> Bound:
    module = find_module(files, item.module, item.version)
    found = resource_class(files, module, item.class_name) if module is not None else None
    if found is None:
        raise resource_missing(item.class_name, item.module, item.version)
    for prop in item.instance.properties:
        if prop.lower() in found.read_only:
            raise refused("ReadOnlyProperty", f"{item.resource_id}: {prop} can only be read.")
    reader = Reader(item.resource_id, found.schemas.keywords, document.embedded, decrypt)
    run_as = reader.run_as(item.instance.get("PsDscRunAsCredential"))
    return Bound(item, found, reader.properties(found.keyword, item.instance, BASE), run_as)


def _refuse_same_keys(bound: list[Bound]) -> None:
    seen: dict[tuple[Any, ...], str] = {}
    for each in bound:
        keys = tuple(_key_values(each))
        first = seen.setdefault(keys, each.item.resource_id)
        if first != each.item.resource_id:
            raise refused(
                "DuplicateKeys", f"{first} and {each.item.resource_id} have the same values of their key properties."
            )


def _key_values(bound: Bound) -> Iterator[Any]:
    yield bound.resource.class_name.lower()
    for prop in bound.resource.keyword.properties.values():
        if prop.is_key:
            value = bound.values.get(prop.name)
            yield value.lower() if isinstance(value, str) else value
