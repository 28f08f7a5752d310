"""Configuration data: AllNodes, defaults from the node ``*``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psnet._internal.yaml import Path_
    from psnet.mof.diagnostics import Diagnostics

NodeData = dict[str, Any]  # by lower-case key, as hashtables look keys up


def node_data(data: Any, where: Path_, report: Diagnostics) -> dict[str, NodeData] | None:
    """Return each node's data by lower-case name, the values of ``*`` filled in; None when refused."""
    if data is None:
        return {}
    if not isinstance(data, dict):
        message, remedy = "configuration_data is a mapping", "write AllNodes: [{NodeName: web01}]"
        report.refuse("ParameterArgumentTransformationError", message, where, remedy=remedy)
        return None
    folded = {str(key).lower(): key for key in data}
    if "allnodes" not in folded:
        report.refuse("ConfiguratonDataNeedAllNodes", "configuration_data needs AllNodes", where)
        return None
    key = folded["allnodes"]
    nodes, place = data[key], (*where, key)
    if not isinstance(nodes, list):
        report.refuse("ConfiguratonDataAllNodesNeedHashtable", "AllNodes is a list of mappings", place)
        return None
    found: dict[str, NodeData] = {}
    for index, node in enumerate(nodes):
        entry = {str(name).lower(): value for name, value in node.items()} if isinstance(node, dict) else {}
        name = entry.get("nodename")
        if not name:
            report.refuse(
                "ConfiguratonDataAllNodesNeedHashtable",
                "every item of AllNodes is a mapping with NodeName",
                (*place, index),
            )
            return None
        if str(name).lower() in found:
            report.refuse("DuplicatedNodeInConfigurationData", f"the node {name} stands here twice", (*place, index))
            return None
        found[str(name).lower()] = entry
    defaults = found.pop("*", {})
    return {name: {**defaults, **entry} for name, entry in found.items()}
