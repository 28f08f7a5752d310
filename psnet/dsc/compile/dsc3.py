"""Instances -> a configuration document of Microsoft DSC v3, as YAML and as JSON.

Facts: reference/dsc.md, Microsoft DSC v3. The resources are PSNetDsc's, which Windows PowerShell runs through an
adapter: from 3.2 on they are listed directly and pinned with ``directives.requireAdapter``; before, they stand
nested in one instance of ``Microsoft.Windows/WindowsPowerShell``.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from psnet.dsc.compile.options import SiteDocument
from psnet.dsc.resources import MODULE
from psnet.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from psnet.dsc.compile.options import Adapter, SiteOptions
    from psnet.dsc.resources import DscInstance

SCHEMA: Final = "https://aka.ms/dsc/schemas/v3/config/document.json"
DIRECT: Final = "Microsoft.Adapter/WindowsPowerShell"
NESTED: Final = "Microsoft.Windows/WindowsPowerShell"
#: What stands in JSON as it is, but is not printable to YAML.
_UNPRINTABLE: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_UNFIT: Final = re.compile(r"[^A-Za-z0-9 ]+")


def document_of(instances: Sequence[DscInstance], adapter: Adapter) -> dict[str, Any]:
    """Return the document as data."""
    names = unique_names(instances)
    listed = [_instance(item, names, pinned=adapter == "direct") for item in instances]
    if adapter == "nested" and listed:
        listed = [{"name": "PSNetDsc resources", "type": NESTED, "properties": {"resources": listed}}]
    return {"$schema": SCHEMA, "resources": listed}


def unique_names(instances: Iterable[DscInstance]) -> dict[str, str]:
    """Return each instance's name in letters, digits and spaces, by its id; a number tells those that collide."""
    found: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    for item in instances:
        base = " ".join(_UNFIT.sub(" ", item.name).split()) or "resource"
        name, number = base, 1
        while (item.cls.name, name.lower()) in taken:
            number += 1
            name = f"{base} {number}"
        taken.add((item.cls.name, name.lower()))
        found[item.id] = name
    return found


def _type(item: DscInstance) -> str:
    return f"{MODULE}/{item.cls.friendly}"


def _instance(item: DscInstance, names: dict[str, str], *, pinned: bool) -> dict[str, Any]:
    made: dict[str, Any] = {"name": names[item.id], "type": _type(item), "properties": _literal(item.properties)}
    if item.depends_on:
        made["dependsOn"] = [f"[resourceId('{_type(need)}','{names[need.id]}')]" for need in item.depends_on]
    return made | ({"directives": {"requireAdapter": DIRECT}} if pinned else {})


def _literal(value: Any) -> Any:
    """Return a value that DSC reads as it is: a text that begins with ``[`` is an expression, with ``[[`` it is none.

    Source: PowerShell/DSC, grammars/tree-sitter-dscexpression/grammar.js (escapedStringLiteral).
    """
    if isinstance(value, str):
        return f"[{value}" if value.startswith("[") else value
    if isinstance(value, dict):
        return {key: _literal(item) for key, item in value.items()}
    return [_literal(item) for item in value] if isinstance(value, list) else value


def dsc3_documents(host: str, instances: Sequence[DscInstance], options: SiteOptions) -> list[SiteDocument]:
    """Return ``<host>.dsc.yaml`` and ``<host>.dsc.json``; raise InputError for what v3 has no place for."""
    if options.run_as is not None:
        raise InputError(
            "a DSC v3 document has no PsDscRunAsCredential",
            remedy="leave --run-as out and start dsc under that account, or compile with --format mof",
        )
    if not instances:
        return []
    data = document_of(instances, options.adapter)
    head = f"# psnet: resources of {host}\n"
    text = head + "".join(yaml_lines(data))
    as_json = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
    return [
        SiteDocument(host, f"{host}.dsc.yaml", text.encode(), len(instances), has_checksum=False),
        SiteDocument(host, f"{host}.dsc.json", as_json.encode(), len(instances), has_checksum=False),
    ]


def yaml_lines(data: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """Yield a mapping as YAML in blocks, every text in double quotes.

    The document is psnet's own shape, and a general emitter takes most of the time of a whole compilation.
    """
    for key, value in data.items():
        if isinstance(value, dict) and value:
            yield f"{indent}{key}:\n"
            yield from yaml_lines(value, indent + "  ")
        elif isinstance(value, list) and value:
            yield f"{indent}{key}:\n"
            for item in value:
                yield from _item(item, indent)
        else:
            yield f"{indent}{key}: {_scalar(value)}\n"


def _item(item: Any, indent: str) -> Iterator[str]:
    if not isinstance(item, dict):
        yield f"{indent}- {_scalar(item)}\n"
        return
    first = True
    for line in yaml_lines(item, indent + "  "):
        yield f"{indent}- {line[len(indent) + 2 :]}" if first else line
        first = False


def _scalar(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
