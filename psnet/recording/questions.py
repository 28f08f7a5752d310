"""Normalise records: the free words of ``command`` to one key, the output to one form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from psnet.recording.compare import CUT

if TYPE_CHECKING:
    from psnet.recording.model import Record

NETWORKS: Final = "GET /networks/"
ENDPOINTS: Final = "GET /endpoints/"
LISTS: Final = "GET /policylists/"
VERSION: Final = "GET /globals/version"
NAMESPACES: Final = "GET /namespaces/"
DOCKER_LIST: Final = "docker network ls"
DOCKER_INSPECT: Final = "docker network inspect"
DOCKER_VERSION: Final = "docker version"
SYSTEM: Final = "Get-CimInstance -ClassName Win32_OperatingSystem"
COMPUTER: Final = "Get-CimInstance -ClassName Win32_ComputerSystem"

#: Cmdlets whose objects a recording can hold, with the fields by which they are told apart.
CMDLETS: Final = {
    "Get-NetNat": "Name",
    "Get-NetNatStaticMapping": "StaticMappingID",
    "Get-NetNatExternalAddress": "ExternalAddressID",
    "Get-NetAdapter": "Name",
    "Get-NetIPAddress": "IPAddress",
    "Get-NetIPInterface": "InterfaceAlias",
    "Get-NetRoute": "DestinationPrefix",
    "Get-VMSwitch": "Name",
    "Get-VMNetworkAdapter": "Name",
    "Get-NetFirewallRule": "Name",
    "Get-NetAdapterBinding": "ComponentID",
    "Get-Service": "Name",
    "Get-ScheduledTaskInfo": "TaskName",
}
_HNS: Final = tuple(
    (re.compile(rf"\b({words})", re.IGNORECASE), key)
    for words, key in (
        (r"GET /?networks|POST /?networks|Get-HnsNetwork|hnsdiag list networks .*-d", NETWORKS),
        (r"GET /?endpoints|POST /?endpoints|(Get|New)-HnsEndpoint|document of an? .*endpoint", ENDPOINTS),
        (r"GET /?policylists|Get-HnsPolicyList", LISTS),
        (r"GET /?namespaces|Get-HnsNamespace|hnsdiag list namespaces .*-d", NAMESPACES),
    )
)
_DOCUMENT: Final = frozenset({"ActivityId", "ID", "Id", "Name", "Type", "Version", "Resources", "Subnets", "MacPools"})
_EXCLUDED: Final = re.compile(r"netsh interface ipv4 show excludedportrange protocol=(tcp|udp)")


def question(record: Record) -> tuple[str, Any] | None:
    """Return the key of the question and the answer as data, None where the record is nothing that can be played.

    Documents and objects come as a list of mappings, what was cut still in them (``whole`` drops it); console
    programs' text as a list of lines.
    """
    if record.error is not None:
        return record.command, None
    given = record.output
    for expression, key in _HNS:
        if expression.search(record.command) and "Version 2" not in record.command:
            if isinstance(given, dict) and isinstance(given.get("response"), dict):
                given = given["response"]
            items = [item for item in _items(given) if _DOCUMENT & set(item)]
            return (key, items) if items or given == [] else None
    if record.command == VERSION:
        return (VERSION, given) if isinstance(given, dict) else None
    if record.command in (SYSTEM, COMPUTER):
        return (record.command, _items(given)) if _items(given) else None
    if _EXCLUDED.fullmatch(record.command) and isinstance(given, list):
        return record.command, [str(line) for line in given]
    return _docker(record.command, given) or _cmdlet(record.command, given)


def _docker(command: str, given: Any) -> tuple[str, Any] | None:
    if command == DOCKER_VERSION:
        return DOCKER_VERSION, given
    if "docker network inspect" in command or command.endswith("docker inspect mynat"):
        items = [item for item in _items(given) if "Name" in item and "Id" in item]
        return (DOCKER_INSPECT, items) if items or given == [] else None
    if command.startswith(DOCKER_LIST):
        items = [{key.upper(): value for key, value in item.items()} for item in _items(given)]
        return (DOCKER_LIST, items) if items and all("NAME" in item for item in items) else None
    return None


def _cmdlet(command: str, given: Any) -> tuple[str, Any] | None:
    words = command.split()
    name = next((known for known in CMDLETS if words and words[0].lower() == known.lower()), None)
    if name is None or not (given == [] or _items(given)):
        return None
    if isinstance(given, dict) and "FullyQualifiedErrorId" in given:
        return name, None
    items = [item for item in _items(given) if CMDLETS[name] in item]
    return (name, items) if items or given == [] else None


def failure(record: Record) -> tuple[str, str, str] | None:
    """Return the id, text and category of the error that a record says its command ended with, None for an answer."""
    if record.error is not None:
        return record.error.get("id", ""), record.error.get("text", ""), record.error.get("category", "NotSpecified")
    given = record.output
    if isinstance(given, dict) and "FullyQualifiedErrorId" in given and record.command.split()[0] in CMDLETS:
        text = str(given.get("text", "")).partition(" : ")[2] or str(given.get("text", ""))
        return (
            str(given["FullyQualifiedErrorId"]),
            text,
            str(given.get("CategoryInfo", "NotSpecified")).partition(":")[0],
        )
    return None


def _items(given: Any) -> list[dict[str, Any]]:
    if isinstance(given, dict):
        return [given]
    return [item for item in given if isinstance(item, dict)] if isinstance(given, list) else []


def whole(value: Any) -> Any:
    """Return a value without the placeholder of omitted parts."""
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items() if item != CUT}
    if isinstance(value, list):
        return [whole(item) for item in value if item != CUT]
    return value
