"""A host that answers as a recording says, word for word; everything else it answers as a host of its build does.

It answers questions only: a command that would change what was recorded ends with ``unsupported``.
"""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv4Network
from typing import TYPE_CHECKING, Any, cast

from psnet.lab.labhost import LabHost
from psnet.lab.recording.answers import Answers
from psnet.lab.recording.builds import build_of
from psnet.lab.recording.cmdlets import recorded_registry
from psnet.lab.recording.docker import recorded_docker
from psnet.lab.recording.hns import PlayedHns
from psnet.recording import questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.lab.host.hns.networks import Hns
    from psnet.recording import Record


def played_host(records: Sequence[Record], name: str = "recorded") -> LabHost:
    """Return a host that answers as these records say; ``answers.unplayed`` of its recording are those it cannot."""
    answers = Answers.of(records)
    build = build_of(records)
    answers.complete(build)
    host = LabHost(name, str(build), docker=_has_docker(answers))
    host.recording = answers
    system = answers.objects(questions.SYSTEM)
    if system and system[0].get("CSName"):
        host.environment["COMPUTERNAME"] = str(system[0]["CSName"])
    host.hns = cast("Hns", PlayedHns(host.hns, answers))
    _services(host, answers)
    move_host_addresses(host, answers)
    if answers.has_any(questions.DOCKER_INSPECT, questions.DOCKER_LIST, questions.DOCKER_VERSION):
        host.programs["docker"] = recorded_docker(host, answers)
    host.registry = recorded_registry(host, answers)
    return host


def move_host_addresses(host: LabHost, answers: Answers) -> None:
    """Move the host's own addresses out of the way of recorded networks, where its addresses were not recorded."""
    subnets = [one for item in answers.objects(questions.NETWORKS) or [] for one in item.get("Subnets") or []]
    prefixes = [
        IPv4Network(one["AddressPrefix"], strict=False) for one in subnets if "." in one.get("AddressPrefix", "")
    ]
    for place, adapter in enumerate(host.links.adapters):
        if not adapter.virtual and any(
            own.network.overlaps(prefix) for own in adapter.addresses for prefix in prefixes
        ):
            adapter.addresses[:] = [IPv4Interface(f"198.18.{place}.11/24")]


def _services(host: LabHost, answers: Answers) -> None:
    """Give the host's services the states that were recorded."""
    for row in answers.objects("Get-Service") or []:
        found = host.services.find(str(row["Name"]))
        if found is None:
            found = {"Name": row["Name"], "DisplayName": row["Name"], "StartType": "Manual", "DependsOn": []}
            host.services.append(found)
        found.update({key: row[key] for key in ("Status", "StartType", "DisplayName") if row.get(key)})
        found.setdefault("Status", "Running")
        found.setdefault("IsDriver", False)


def _has_docker(answers: Answers) -> bool:
    services: Any = answers.objects("Get-Service")
    if services is not None:
        return any(str(item.get("Name")).lower() == "docker" for item in services)
    return answers.has_any(questions.DOCKER_INSPECT, questions.DOCKER_LIST, questions.DOCKER_VERSION)
