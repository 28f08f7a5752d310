"""Every command that Windows PowerShell 5.1 has of its own, with its parameters.

Source: one real engine (5.1.14393.206 on Windows Server 2016) that listed each command of each module; made by
``tools/convert_inbox.py``. Names are found without regard to case. Not in it: common parameters, aliases of
parameters, parameters that a provider adds for its drive, parameter sets, and modules of roles and features
(NetworkController, DnsServer, DhcpServer, ServerManager, ...).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = Path(__file__).resolve().parent / "data" / "inbox-5.1.json"


@dataclass(frozen=True, slots=True)
class InboxCommand:
    """One command: ``kind`` is cmdlet, function, alias or workflow.

    ``parameters`` maps a name to its type as PowerShell's syntax line writes it ("string[]", "switch", "CimSession[]"),
    in the order of that line.
    """

    name: str
    module: str
    kind: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InboxModule:
    """One module: the names of its commands as PowerShell spells them, and the aliases that it exports."""

    name: str
    version: str
    commands: tuple[str, ...]
    aliases: tuple[str, ...]


@cache
def _facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return found


@cache
def modules() -> Mapping[str, InboxModule]:
    """Return the modules by their names in lower case."""
    return {
        name.lower(): InboxModule(name, fact["version"], tuple(fact["commands"]), tuple(fact["aliases"]))
        for name, fact in _facts().items()
    }


@cache
def commands() -> Mapping[str, InboxCommand]:
    """Return the commands by their names in lower case."""
    return {
        name.lower(): InboxCommand(name, module, kind, parameters)
        for module, fact in _facts().items()
        for name, (kind, parameters) in fact["commands"].items()
    }


#: Parameters that the engine's list lacks because a provider adds them: the registry's -Type.
_OF_PROVIDERS: Final = frozenset({("set-itemproperty", "type"), ("new-itemproperty", "type")})


def lacks(name: str, parameter: str) -> bool:
    """Say whether a command of Windows PowerShell's own modules has no parameter of this name in 5.1."""
    found = command(name)
    if found is None or not found.module.startswith("Microsoft.PowerShell.") or not found.parameters:
        return False
    key = parameter.lower()
    return (name.lower(), key) not in _OF_PROVIDERS and key not in {each.lower() for each in found.parameters}


def command(name: str) -> InboxCommand | None:
    """Return a command by its name in any case, None when Windows PowerShell 5.1 brings none of that name."""
    return commands().get(name.lower())
