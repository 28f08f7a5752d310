"""Cmdlets that a build has and the lab does not know how to run: they are found and bound, then refused loudly.

Without them a script would see a Windows that lacks them, which is a wrong answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.cmdlet import CmdletSpec
from psnet.powershell.facts import inbox, world
from psnet.powershell.facts.cmdlets import entries
from psnet.powershell.facts.parameters import CommandMetadata, ParameterInfo
from psnet.powershell.facts.spec import metadata_from_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.lab.engine.cmdlet import Parameters, Registry
    from psnet.lab.engine.cmdlet_context import CmdletContext

_MODULES: Final = (
    "DnsClient",
    "Hyper-V",
    "NetAdapter",
    "NetConnection",
    "NetNat",
    "NetQos",
    "NetSecurity",
    "NetTCPIP",
    "PSDesiredStateConfiguration",
)
#: Modules of .NET cmdlets; the others are CDXML functions.
_COMPILED: Final = frozenset({"Hyper-V", "Containers", "NetworkController"})


def add_unknown(registry: Registry, docset: str, *, old: bool, hns: bool) -> None:
    """Add every cmdlet of a build's modules that has no implementation.

    ``old`` builds have the Containers module, those with ``hns`` HostNetworkingService.
    """
    modules = [(name, docset) for name in _MODULES]
    modules += [("Containers", docset)] if old else []
    modules += [("HostNetworkingService", "2025")] if hns else []
    for module, edition in modules:
        for entry in entries(module, edition):
            if registry.find(entry["name"]) is None:
                registry.add_spec(refused(entry, module))


def closed(registry: Registry) -> Registry:
    """Return a registry to which every other command that a Windows has was added: found, and refused when it is called.

    Of these no parameter sets and positions are known, so they are not bound first.
    """
    for command in inbox.commands().values():
        if registry.find(command.name) is None and command.kind != "alias":
            registry.add_spec(_named(command.name, command.module, command.kind != "cmdlet", command.parameters))
    for only, names in (("", world.server_commands()), ("7", world.modern_commands())):
        for name, module in names.items():
            if registry.find(name) is None:
                spec = _named(name, module, module != "Microsoft.PowerShell.Utility", {})
                spec.only = only
                registry.add_spec(spec)
    return registry


def _named(name: str, module: str, is_function: bool, parameters: Mapping[str, str]) -> CmdletSpec:
    spec = CmdletSpec(name, _refuse, None, None, module, cim=is_function, is_function=is_function, refused=True)
    spec.maker = lambda: _metadata(parameters)
    return spec


def _metadata(parameters: Mapping[str, str]) -> CommandMetadata:
    meta = CommandMetadata()
    for parameter, kind in parameters.items():
        if parameter not in {"WhatIf", "Confirm"}:
            meta.add(ParameterInfo(parameter, kind))
    meta.should_process = "WhatIf" in parameters
    return meta.finish()


def _refuse(ctx: CmdletContext, p: Parameters) -> None:
    _ = p
    raise UnsupportedError(ctx.processor.command_name)


def refused(entry: dict[str, Any], module: str) -> CmdletSpec:
    """Return a cmdlet that is found and bound, and then refused."""
    compiled = module in _COMPILED
    spec = CmdletSpec(entry["name"], _refuse, None, None, module, not compiled)
    spec.is_function = not compiled
    spec.maker = lambda: metadata_from_reference(entry)
    return spec
