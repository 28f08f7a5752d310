"""What commands there are, on which builds, and what they accept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from psnet.powershell.facts import general, inbox, world
from psnet.powershell.facts.aliases import aliases_of
from psnet.powershell.facts.builds import BUILDS, WindowsBuild
from psnet.powershell.facts.cmdlets import entries
from psnet.powershell.facts.parameters import ALL_SETS, CommandMetadata, ParameterInfo, SetEntry
from psnet.powershell.facts.spec import metadata_from_reference

from . import names

if TYPE_CHECKING:
    from collections.abc import Mapping

_NEWEST: Final = "2025"
#: Modules whose parameter sets are known for each build.
REFERENCE: Final = (
    *("Containers", "DnsClient", "HostNetworkingService", "Hyper-V", "NetAdapter", "NetConnection", "NetNat"),
    *("NetQos", "NetSecurity", "NetTCPIP", "NetworkController", "PSDesiredStateConfiguration"),
)
# Cmdlets of which the facts have less than Windows does: known by name and by the names of their parameters alone.
_NARROWER: Final = frozenset({"get-ciminstance", "invoke-command", "export-modulemember", "format-custom"})


# Modules that PowerShell 7 brings and that Windows PowerShell 5.1 may have too (PSGallery: both support 5.1).
_GALLERY: Final = frozenset({"PSResourceGet", "ThreadJob"})


@dataclass(frozen=True)
class CommandFacts:
    """One command; ``metadata`` is None when only its name is known, and with it ``parameters`` by their names.

    ``parameters`` maps a name to its type and lacks aliases and common parameters; None when they are not known.
    """

    name: str
    metadata: CommandMetadata | None = None
    module: str = ""
    builds: tuple[str, ...] = tuple(BUILDS)
    late: Mapping[str, tuple[str, ...]] | None = None
    parameters: Mapping[str, str] | None = None

    def parameter_builds(self, parameter: str) -> tuple[str, ...]:
        """Return the builds that have a parameter."""
        return (self.late or {}).get(parameter.lower(), self.builds)


@cache
def commands() -> Mapping[str, CommandFacts]:
    """Return every known command by its name in lower case."""
    found = {name.lower(): CommandFacts(name) for name in (*names.BY_NAME, *seven_only())}
    for name, module in world.server_commands().items():
        found[name.lower()] = CommandFacts(name, None, module)
    for key, command in inbox.commands().items():
        found[key] = CommandFacts(command.name, None, command.module, parameters=command.parameters)
    for key, known in general.commands().items():
        listed = inbox.command(key)
        if key in _NARROWER:
            found[key] = CommandFacts(
                known.name, None, known.module, parameters=listed.parameters if listed is not None else None
            )
        else:
            found[key] = CommandFacts(known.name, _whole(key, known.metadata()), known.module)
    for module in REFERENCE:
        later = {docset: {item["name"]: item for item in entries(module, docset)} for docset in _docsets()}
        for item in entries(module, _NEWEST):
            found[item["name"].lower()] = _from_reference(module, item, later)
    return found


@cache
def seven_only() -> frozenset[str]:
    """Return the commands that Windows PowerShell 5.1 neither brings nor gets with a module from the gallery."""
    modern = frozenset(name for name, module in world.modern_commands().items() if module not in _GALLERY)
    return (names.SEVEN_ONLY | modern) - names.BY_NAME - {command.name for command in inbox.commands().values()}


@cache
def known_modules() -> frozenset[str]:
    """Return the modules, in lower case, whose commands are known here by their names."""
    return frozenset({*names.MODULES, *inbox.modules(), *(one.lower() for one in world.server_commands().values())})


@cache
def aliases(language: str) -> Mapping[str, str]:
    """Return the aliases that a session begins with, alias in lower case -> command."""
    return {alias.lower(): command for alias, command in aliases_of(language).items()}


def seven_parameters(command: str) -> tuple[str, ...]:
    """Return the parameters of a command that came after Windows PowerShell 5.1."""
    return names.SEVEN_PARAMETERS.get(command.lower(), ())


def uncertain_parameters(command: str) -> frozenset[str]:
    """Return the parameters of a general cmdlet, in lower case, of which the parameter sets are not known."""
    return _uncertain(command.lower())


@cache
def _uncertain(key: str) -> frozenset[str]:
    known, listed = general.command(key), inbox.command(key)
    if known is None:
        return frozenset()
    own = {name.lower() for name in known.metadata().parameters}
    every = (*(listed.parameters if listed is not None else ()), *seven_parameters(key))
    return frozenset(name.lower() for name in every) - own


def _docsets() -> tuple[str, ...]:
    return tuple(dict.fromkeys(build.docset for build in BUILDS.values()))


def _whole(key: str, metadata: CommandMetadata) -> CommandMetadata:
    """Return a general cmdlet's metadata with the parameters that its own facts leave out."""
    listed = inbox.command(key)
    every = {**(listed.parameters if listed is not None else {}), **dict.fromkeys(seven_parameters(key), "object")}
    missing = {name: kind for name, kind in every.items() if name.lower() not in metadata.parameters}
    if not missing:
        return metadata
    made = replace(metadata, parameters=dict(metadata.parameters))
    for name, kind in missing.items():
        made.add(ParameterInfo(name, "switch" if name in names.SEVEN_SWITCHES else kind, {ALL_SETS: SetEntry()}))
    return made


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
