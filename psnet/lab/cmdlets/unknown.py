"""Cmdlets that a build has and the lab does not know how to run: they are found and bound, then refused loudly.

Without them a script would see a Windows that lacks them, which is a wrong answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.cmdlet import CmdletSpec
from psnet.powershell.facts.cmdlets import entries
from psnet.powershell.facts.spec import metadata_from_reference

if TYPE_CHECKING:
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


def refused(entry: dict[str, Any], module: str) -> CmdletSpec:
    """Return a cmdlet that is found and bound, and then refused."""

    def refuse(ctx: CmdletContext, p: Parameters) -> None:
        _ = p
        raise UnsupportedError(f"{ctx.processor.command_name} in the lab")

    compiled = module in _COMPILED
    spec = CmdletSpec(entry["name"], refuse, None, None, module, not compiled)
    spec.is_function = not compiled
    spec.metadata = metadata_from_reference(entry)
    return spec
