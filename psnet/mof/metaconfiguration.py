"""What meta-configurations need besides: versions, managers, partial configurations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from psnet.mof.convert import as_list, to_text, truth
from psnet.mof.model import Instance, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet._internal.yaml import Path_
    from psnet.mof.diagnostics import Diagnostics
    from psnet.mof.evaluate import Evaluator
    from psnet.mof.keyword import Keyword
    from psnet.mof.node import NodeState

SETTINGS = "MSFT_DSCMetaConfigurationV2"
_EXCLUSIVE = re.compile(r"^[a-z][a-z_0-9]*(\\([a-z][a-z_0-9]*|\*))?$", re.IGNORECASE)
# What version 1 of the LCM knows; anything else raises MinimumCompatibleVersion.
_VERSION_1 = {
    name.lower()
    for name in (
        "ConfigurationModeFrequencyMins", "RebootNodeIfNeeded", "ConfigurationMode", "ActionAfterReboot",
        "RefreshMode", "CertificateID", "ConfigurationID", "DownloadManagerName", "DownloadManagerCustomData",
        "RefreshFrequencyMins", "AllowModuleOverwrite", "DebugMode", "Credential",
    )
}  # fmt: skip
_MANAGERS = {
    "ResourceModuleManagers": ("MSFT_WebResourceManager", "MSFT_FileResourceManager"),
    "ReportManagers": ("MSFT_WebReportManager",),
    "ConfigurationDownloadManagers": ("MSFT_WebDownloadManager", "MSFT_FileDownloadManager"),
    "PartialConfigurations": ("MSFT_PartialConfiguration",),
}


def check_partial(
    evaluator: Evaluator, keyword: Keyword, resource_id: str, values: Mapping[str, Any], where: Path_
) -> None:
    """Check and note what a partial configuration refers to and claims."""
    node, place = evaluator.node, (*where, "properties")
    if keyword.name == "PartialConfiguration":
        mode = to_text(values.get("refreshmode")).lower()
        if mode == "pull" and not truth(values.get("configurationsource")):
            evaluator.refuse(
                "GetPullModeNeedConfigurationSource",
                f"{resource_id} pulls, but has no ConfigurationSource",
                place,
            )
        if mode == "disabled":
            evaluator.refuse("DisabledRefreshModeNotValidForPartialConfig", f"{resource_id} cannot be disabled", place)
        for field in ("ConfigurationSource", "ResourceModuleSource"):
            for item in as_list(values.get(field.lower())):
                node.managers.setdefault(resource_id, []).append((field, to_text(item)))
    claims = [to_text(item) for item in as_list(values.get("exclusiveresources"))]
    for claim in claims:
        if not _EXCLUSIVE.search(claim):
            evaluator.refuse(
                "GetBadlyFormedExclusiveResourceId",
                f"'{claim}' in {resource_id} is none of Module\\Resource, Module\\* and Resource",
                (*place, "ExclusiveResources"),
            )
    if claims:
        node.exclusive[resource_id] = claims


def note_version(evaluator: Evaluator, keyword: Keyword, canonical: Mapping[str, Any], where: Path_) -> None:
    """Note whether an instance needs an LCM of version 2."""
    context = evaluator.context
    if not keyword.is_meta:
        return
    if keyword.class_name != SETTINGS:
        context.newer_settings = True
        return
    context.settings_seen = True
    if any(name.lower() not in _VERSION_1 for name in canonical):
        context.newer_settings = True
    if len(as_list(canonical.get("DebugMode"))) > 1:
        place = (*where, "properties", "DebugMode")
        evaluator.refuse("DebugModeShouldHaveOneValue", "DebugMode takes one value", place)


def complete_settings(node: NodeState, report: Diagnostics) -> Instance | None:
    """Return a node's settings with all its managers; None when there are two."""
    if len(node.settings) > 1:
        message = f"node {node.label} has more than one Settings"
        report.refuse("InvalidMOFDefinition", message, ("nodes",), node=node.label)
        return None
    alias = "$MSFT_DSCMetaConfiguration1ref"
    settings = node.settings[0] if node.settings else Instance("MSFT_DSCMetaConfiguration", alias, {})
    for name, classes in _MANAGERS.items():
        found = [item.alias or "" for item in node.instances if item.class_name in classes]
        if found:
            settings.properties[name] = Value("array", tuple(Value("reference", item) for item in found))
    if not settings.properties:
        report.refuse("InvalidMOFDefinition", "the settings are empty, which MOF cannot write", ("nodes",))
    return settings
