"""Instances -> a MOF document, through the one compiler of psnet.mof."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from psnet.dsc.compile.credentials import node_data, run_as_of
from psnet.dsc.compile.options import SiteDocument
from psnet.dsc.resources import module_folder
from psnet.mof import SchemaSet, compile_configuration, load_schemas

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.dsc.compile.options import SiteOptions
    from psnet.dsc.resources import DscInstance
    from psnet.inventories import InventoryHost


@cache
def _schemas() -> SchemaSet:
    return load_schemas(module_folder())


def mof_document(
    name: str, instances: Sequence[DscInstance], host: InventoryHost, options: SiteOptions, *, node: str | None = None
) -> tuple[SiteDocument | None, tuple[str, ...]]:
    """Return ``<node>.mof`` and warnings; None when there is nothing to configure.

    Raises MofRefusal for what the real compiler would refuse, InputError for credentials that are not there.
    """
    target = node or host.name
    run_as = run_as_of(host, options.run_as)
    resources = [_resource(item, run_as) for item in instances]
    config = {
        "name": name,
        "configuration_data": {"AllNodes": [node_data(host, target, options)]},
        "nodes": [{"node": target, "resources": resources}],
    }
    result = compile_configuration(config, _schemas(), replace(options.header, certificates=options.certificates))
    if not result.documents:
        return None, result.warnings
    (made,) = result.documents
    return SiteDocument(host.name, made.file, made.encode(options.encoding), len(instances)), result.warnings


def _resource(item: DscInstance, run_as: dict[str, Any] | None) -> dict[str, Any]:
    made: dict[str, Any] = {"type": item.cls.friendly, "name": item.name, "properties": item.properties}
    if item.depends_on:
        made["depends_on"] = [need.id for need in item.depends_on]
    if run_as is not None:
        made["run_as"] = run_as
    return made
