"""docker.exe of a host that plays a recording."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.contract.programs import Program, ProgramResult
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.recording import questions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.labhost import LabHost
    from psnet.lab.recording.answers import Answers

_SHORT: Final = 12


def recorded_docker(host: LabHost, answers: Answers) -> Program:
    """Return docker that answers network ls, network inspect and version as recorded."""
    _ = host
    inspected: list[dict[str, Any]] = answers.answered.get(questions.DOCKER_INSPECT) or []
    listed = answers.answered.get(questions.DOCKER_LIST)
    # What was not inspected is known by name alone.
    inspected = inspected or [
        {"Name": row["NAME"], "Id": row["NETWORK ID"], "Driver": row.get("DRIVER", ""), "Options": {}}
        for row in listed or []
        if row.get("NETWORK ID")
    ]
    rows = listed or [{"NETWORK ID": item["Id"], "NAME": item["Name"], "DRIVER": item["Driver"]} for item in inspected]

    def run(_: Any, words: list[str], lines: list[str]) -> ProgramResult:
        flags, names = [word for word in words if word.startswith("-")], [word for word in words if word[:1] != "-"]
        if names[:2] == ["network", "ls"] and not lines:
            return ProgramResult(0, list(_list(rows, flags, names[2:])))
        if names[:2] == ["network", "inspect"] and not flags:
            return _inspect(inspected, names[2:])
        if names[:1] == ["ps"] and not lines:
            return ProgramResult(0, list(_running(inspected)))
        version = answers.answered.get(questions.DOCKER_VERSION)
        if names[:1] == ["version"] and version is not None:
            return ProgramResult(0, version if isinstance(version, list) else [str(version)])
        raise UnsupportedError(f"docker {' '.join(names[:2])} on a host that plays a recording")

    return Program("C:\\Program Files\\Docker\\docker.exe", run)


def _running(inspected: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the containers that docker network inspect showed, as docker ps --format json has them."""
    for network in inspected:
        for identifier, item in (network.get("Containers") or {}).items():
            yield json.dumps({"ID": identifier, "Names": item.get("Name", ""), "Networks": network["Name"]})


def _list(rows: list[dict[str, Any]], flags: list[str], names: list[str]) -> list[str]:
    long = "--no-trunc" in flags
    ids = [str(row.get("NETWORK ID", "")) if long else str(row.get("NETWORK ID", ""))[:_SHORT] for row in rows]
    if "--quiet" in flags or "-q" in flags:
        return ids
    if "--format" in flags and names == ["{{json .}}"]:
        return [json.dumps({"ID": one, **_titled(row)}) for one, row in zip(ids, rows, strict=True)]
    raise UnsupportedError("docker network ls in this form on a host that plays a recording")


def _titled(row: dict[str, Any]) -> dict[str, Any]:
    return {key.title(): value for key, value in row.items() if key not in ("NETWORK ID", "ID")}


def _inspect(inspected: list[dict[str, Any]], names: list[str]) -> ProgramResult:
    found = [item for name in names for item in inspected if str(item["Id"]).startswith(name) or item["Name"] == name]
    known = [name for name in names if any(str(item["Id"]).startswith(name) or item["Name"] == name for item in found)]
    missing = [f"Error response from daemon: network {name} not found" for name in names if name not in known]
    return ProgramResult(1 if missing else 0, json.dumps(found, indent=4).split("\n"), missing)
