"""What HNS writes to its event log, Microsoft-Windows-Host-Network-Service-Admin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from psnet.lab.host.hns.networks import Hns

LOG: Final = "Microsoft-Windows-Host-Network-Service-Admin"
_SINCE: Final = 17763
_OPERATIONS: Final = {"GET": "Query", "POST": "Create", "DELETE": "Delete"}
_ENTITIES: Final = {"networks": "Network", "endpoints": "Endpoint", "policylists": "PolicyList"}


@dataclass(frozen=True, slots=True)
class Event:
    """An event: its id, the word of its level, its text, and the host's time as a FILETIME."""

    id: int
    level: str
    message: str
    time: int


def asked(hns: Hns, method: str, path: str, body: str) -> None:
    """Log a request with the whole of its document."""
    kind, _, identifier = path.strip("/").partition("/")
    operation, entity = _OPERATIONS.get(method, method), _ENTITIES.get(kind, kind)
    text = (
        f"RPC request received. Type: '{operation}', Entity: '{entity}', Id: '{identifier}', "
        f"Access Level: 'Administrator', Data: '{body}'"
    )
    _log(hns, 1055, "Information", text)


def refused(hns: Hns, method: str, path: str, code: int) -> None:
    """Log that an operation failed, with its result."""
    kind = _ENTITIES.get(path.strip("/").partition("/")[0], "Unknown")
    operation = _OPERATIONS.get(method, method)
    _log(hns, 1013, "Error", f"HNS-{kind}-{operation} failed. Result code: '0x{code:08X}'")


def _log(hns: Hns, number: int, level: str, text: str) -> None:
    if hns.build.build >= _SINCE:
        hns.events.append(Event(number, level, text, hns.filetime()))  # rule: hns-events
