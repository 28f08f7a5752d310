"""What commands there are, on which builds, and what they accept."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from psnet.powershell.facts import general
from psnet.powershell.facts.aliases import aliases_of
from psnet.powershell.facts.builds import BUILDS, WindowsBuild
from psnet.powershell.facts.cmdlets import entries
from psnet.powershell.facts.parameters import ALL_SETS, CommandMetadata, ParameterInfo, SetEntry
from psnet.powershell.facts.spec import metadata_from_reference

from . import names

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEWEST: Final = "2025"
_REFERENCE: Final = (
    *("Containers", "DnsClient", "HostNetworkingService", "Hyper-V", "NetAdapter", "NetConnection", "NetNat"),
    *("NetQos", "NetSecurity", "NetTCPIP", "NetworkController", "PSDesiredStateConfiguration"),
)
# Cmdlets of which the facts have less than Windows does: known by name alone.
_NARROWER: Final = frozenset({"get-ciminstance", "invoke-command", "export-modulemember", "format-custom"})


@dataclass(frozen=True)
class CommandFacts:
    """One command; ``metadata`` is None when only the name is known."""

    name: str
    metadata: CommandMetadata | None = None
    module: str = ""
    builds: tuple[str, ...] = tuple(BUILDS)
    late: Mapping[str, tuple[str, ...]] | None = None

    def parameter_builds(self, parameter: str) -> tuple[str, ...]:
        """Return the builds that have a parameter."""
        return (self.late or {}).get(parameter.lower(), self.builds)


@cache
def commands() -> Mapping[str, CommandFacts]:
    """Return every known command by its name in lower case."""
    found = {name.lower(): CommandFacts(name) for name in (*names.BY_NAME, *names.SEVEN_ONLY)}
    for key, known in general.commands().items():
        metadata = None if key in _NARROWER else _whole(key, known.metadata())
        found[key] = CommandFacts(known.name, metadata, known.module)
    for module in _REFERENCE:
        later = {docset: {item["name"]: item for item in entries(module, docset)} for docset in _docsets()}
        for item in entries(module, _NEWEST):
            found[item["name"].lower()] = _from_reference(module, item, later)
    return found


@cache
def aliases(language: str) -> Mapping[str, str]:
    """Return the aliases that a session begins with, alias in lower case -> command."""
    return {alias.lower(): command for alias, command in aliases_of(language).items()}


def nearest_command(name: str) -> str | None:
    """Return the known command that a name most likely means."""
    known = commands()
    close = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.85)
    return known[close[0]].name if close else None


def may_be_elsewhere(name: str) -> bool:
    """Say whether a Verb-Noun name may be of a module of which only a part is known here."""
    verb, _, noun = name.partition("-")
    return verb.lower() in names.APPROVED_VERBS and noun.lower().startswith(tuple(n.lower() for n in names.OPEN_NOUNS))


def extra_parameters(command: str) -> tuple[str, ...]:
    """Return the parameters of a general cmdlet of which only the name is known."""
    key = command.lower()
    return (*names.MORE.get(key, ()), *names.SEVEN_PARAMETERS.get(key, ()))


def _docsets() -> tuple[str, ...]:
    return tuple(dict.fromkeys(build.docset for build in BUILDS.values()))


def _whole(key: str, metadata: CommandMetadata) -> CommandMetadata:
    """Return a general cmdlet's metadata with what Windows has and the lab leaves out."""
    missing = [name for name in extra_parameters(key) if name.lower() not in metadata.parameters]
    if not missing:
        return metadata
    made = replace(metadata, parameters=dict(metadata.parameters))
    for name in missing:
        kind = "switch" if name in _SWITCHES else "object"
        made.add(ParameterInfo(name, kind, {ALL_SETS: SetEntry()}))
    return made


_SWITCHES: Final = frozenset(
    {"UseTransaction", "WhatIf", "Confirm", "NoHeader", "AsJob", "UseNewRunspace", "FollowSymlink"}
) | {
    *(
        "UseFuzzyMatching",
        "UseAbbreviationExpansion",
        "SkipEditionCheck",
        "UseWindowsPowerShell",
        "NoEmphasis",
        "Force",
    ),
    *("CaseInsensitive", "AsOSC52", "ShowCommandInfo"),
}


def _from_reference(module: str, item: dict[str, Any], by_docset: dict[str, dict[str, Any]]) -> CommandFacts:
    name = item["name"]
    builds = tuple(key for key, build in BUILDS.items() if _has(module, name, build, by_docset))
    late = {}
    for parameter in item["parameters"]:
        having = tuple(
            key for key in builds if parameter in by_docset[BUILDS[key].docset].get(name, item)["parameters"]
        )
        if having != builds:
            late[parameter.lower()] = having
    return CommandFacts(name, metadata_from_reference(item), module, builds, late)


def _has(module: str, name: str, build: WindowsBuild, by_docset: dict[str, dict[str, Any]]) -> bool:
    if module == "Containers":
        return build.has_container_network_cmdlets
    if module == "HostNetworkingService" and name.startswith(("Get-Hns", "Remove-Hns")):
        return build.has_hns_cmdlets
    return name in by_docset[build.docset]
