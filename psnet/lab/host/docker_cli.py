"""docker.exe: networks, version, ps, run, start, stop and rm, as far as the lab knows them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.contract.programs import ProgramResult
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.host import docker_run
from psnet.lab.host.docker import Docker, DockerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psnet.lab.host.model import Host

_FIELD: Final = re.compile(r"\{\{\s*\.(\w+)\s*\}\}")
_USAGE: Final = 125
_NOT_RUNNING: Final = (
    "error during connect: this error may indicate that the docker daemon is not running: open "
    "//./pipe/docker_engine: The system cannot find the file specified."
)
#: Flags that take a value, by command; a flag with "" is a switch. The first name is the one that is kept.
_FLAGS: Final[dict[str, dict[str, str]]] = {
    "network create": {
        "-d": "driver",
        "--driver": "driver",
        "--subnet": "subnet",
        "--gateway": "gateway",
        "-o": "opt",
        "--opt": "opt",
        "--label": "label",
    },
    "network ls": {
        "-q": "",
        "--quiet": "",
        "--no-trunc": "",
        "--format": "format",
        "-f": "filter",
        "--filter": "filter",
    },
    "network inspect": {"-f": "format", "--format": "format"},
    "network rm": {"-f": "", "--force": ""},
    "version": {"-f": "format", "--format": "format"},
    "ps": {"-a": "", "--all": "", "-q": "", "--quiet": "", "--no-trunc": "", "--format": "format"},
    "start": {},
    "stop": {},
    "rm": {"-f": "", "--force": ""},
}
_ALIASES: Final = {"list": "ls", "remove": "rm"}


def run_docker(host: Host, words: list[str], lines: list[str]) -> ProgramResult:
    """Run docker with these arguments."""
    _ = lines
    engine = host.docker
    if engine is None or not words:
        raise UnsupportedError(f"docker {' '.join(words)}")
    if words[0] == "run" and host.services.running("docker"):
        return docker_run.run_container(host, engine, words[1:])
    head = words[:2] if words[0] == "network" else words[:1]
    command = " ".join(_ALIASES.get(word, word) for word in head)
    if command not in (*_FLAGS, "run"):
        raise UnsupportedError(f"docker {' '.join(head)}")
    if not host.services.running("docker"):
        return ProgramResult(1, error=[_NOT_RUNNING])
    try:
        flags, names = _read(command, words[len(head) :])
    except _UsageError as error:
        return ProgramResult(_USAGE, error=[str(error), f"See 'docker {command} --help'."])
    result: ProgramResult = _COMMANDS[command](host, engine, flags, names)
    return result


class _UsageError(Exception):
    """A command line that docker does not take."""


def _read(command: str, words: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    known, flags, names = _FLAGS[command], dict[str, list[str]](), list[str]()
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if not word.startswith("-"):
            names.append(word)
            continue
        flag, equals, value = word.partition("=")
        if flag not in known:
            kind = f"unknown shorthand flag: '{flag[1:2]}' in {flag}" if flag[:2] != "--" else f"unknown flag: {flag}"
            raise _UsageError(kind)
        if not known[flag]:
            flags.setdefault(flag.lstrip("-")[0], []).append(value)
            continue
        if not equals:
            if place >= len(words):
                raise _UsageError(f"flag needs an argument: {flag}")
            value = words[place]
            place += 1
        flags.setdefault(known[flag], []).append(value)
    return flags, names


def _pairs(values: list[str]) -> dict[str, str]:
    return {key: value for key, _, value in (item.partition("=") for item in values)}


def _one(flags: Mapping[str, list[str]], name: str) -> str | None:
    values = flags.get(name) or []
    if len(values) > 1:
        raise UnsupportedError(f"docker with several {name}")
    return values[0] if values else None


def _create(host: Host, engine: Docker, flags: dict[str, list[str]], names: list[str]) -> ProgramResult:
    _ = host
    if len(names) != 1:
        return ProgramResult(1, error=['"docker network create" requires exactly 1 argument.'])
    try:
        made = engine.create(
            names[0],
            _one(flags, "driver") or "nat",
            _one(flags, "subnet"),
            _one(flags, "gateway"),
            _pairs(flags.get("opt", [])),
            _pairs(flags.get("label", [])),
        )
    except DockerError as error:
        return ProgramResult(1, error=[f"Error response from daemon: {error}"])
    return ProgramResult(0, [made.id])


def _list(host: Host, engine: Docker, flags: dict[str, list[str]], names: list[str]) -> ProgramResult:
    _ = host
    if names:
        return ProgramResult(1, error=['"docker network ls" accepts no arguments.'])
    rows = [
        {
            "ID": item.id if "n" in flags else item.id[:12],
            "Name": item.name,
            "Driver": item.driver,
            "Scope": "local",
            "Internal": "false",
            "IPv6": "false",
            "Labels": ",".join(f"{key}={value}" for key, value in item.labels.items()),
            "CreatedAt": item.created,
        }
        for item in engine.networks
    ]
    none = {"ID": "0" * 12, "Name": "none", "Driver": "null", "Scope": "local", "Internal": "false"}
    rows.append({**none, "IPv6": "false", "Labels": "", "CreatedAt": ""})
    for wanted in flags.get("filter", []):
        key, _, value = wanted.partition("=")
        field = {"name": "Name", "driver": "Driver", "id": "ID"}.get(key)
        if field is None:
            raise UnsupportedError(f"docker network ls --filter {key}")
        rows = [row for row in rows if (row[field] == value if key == "driver" else value in row[field])]
    return _shown(rows, flags, ("ID", "Name", "Driver", "Scope"), ("NETWORK ID", "NAME", "DRIVER", "SCOPE"))


def _shown(
    rows: list[dict[str, str]], flags: dict[str, list[str]], fields: tuple[str, ...], titles: tuple[str, ...]
) -> ProgramResult:
    if "q" in flags:
        return ProgramResult(0, [row["ID"] for row in rows])
    template = _one(flags, "format")
    if template is None:
        widths = [max(len(row[field]) for row in [*rows, dict(zip(fields, titles, strict=True))]) for field in fields]
        table = [titles, *([row[field] for field in fields] for row in rows)]
        return ProgramResult(
            0,
            [
                "   ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                for line in table
            ],
        )
    return ProgramResult(0, [_formatted(row, template) for row in rows])


def _formatted(row: Mapping[str, Any], template: str) -> str:
    if template.replace(" ", "") in ("{{json.}}", "json"):
        return json.dumps(row, separators=(",", ":"))
    if _FIELD.sub("", template).count("{{") or any(name not in row for name in _FIELD.findall(template)):
        raise UnsupportedError(f"docker --format {template}")
    return _FIELD.sub(lambda found: str(row[found[1]]), template)


def _inspect(host: Host, engine: Docker, flags: dict[str, list[str]], names: list[str]) -> ProgramResult:
    _ = host
    if not names:
        return ProgramResult(1, error=['"docker network inspect" requires at least 1 argument.'])
    found, missing = [], []
    for name in names:
        try:
            record = engine.find(name)
        except DockerError as error:
            missing.append(f"Error response from daemon: {error}")
            continue
        if record is None:
            missing.append(f"Error response from daemon: network {name} not found")
        else:
            found.append(engine.document(record))
    code = 1 if missing else 0
    template = _one(flags, "format")
    if template is not None:
        return ProgramResult(code, [_formatted(item, template) for item in found], missing)
    return ProgramResult(code, json.dumps(found, indent=4).split("\n"), missing)


def _remove(host: Host, engine: Docker, flags: dict[str, list[str]], names: list[str]) -> ProgramResult:
    _ = host
    if not names:
        return ProgramResult(1, error=['"docker network rm" requires at least 1 argument.'])
    gone, errors = [], []
    for name in names:
        try:
            record = engine.find(name)
        except DockerError as error:
            errors.append(f"Error response from daemon: {error}")
            continue
        if record is None:
            if "f" not in flags:
                errors.append(f"Error response from daemon: network {name} not found")
            continue
        try:
            engine.remove(record)
            gone.append(name)
        except DockerError as error:
            errors.append(f"Error response from daemon: {error}")
    return ProgramResult(1 if errors else 0, gone, errors)


def _version(host: Host, engine: Docker, flags: dict[str, list[str]], names: list[str]) -> ProgramResult:
    template = _one(flags, "format")
    if names or template is None or template.replace(" ", "") not in ("{{.Server.Version}}", "{{json.}}"):
        raise UnsupportedError("docker version in this form (use --format '{{.Server.Version}}')")
    if "json" in template:
        server = {"Version": engine.version, "Os": "windows", "Arch": "amd64", "KernelVersion": host.os.version}
        return ProgramResult(0, [json.dumps({"Client": {"Version": engine.version}, "Server": server})])
    return ProgramResult(0, [engine.version])


def _ps(host: Host, engine: Docker, flags: dict[str, list[str]], names: list[str]) -> ProgramResult:
    if names:
        return ProgramResult(1, error=['"docker ps" accepts no arguments.'])
    networks = {item.id: item.name for item in host.hns.networks}
    # rule: docker-ps-fields
    rows = [
        {
            "ID": item.id,
            "Names": item.name,
            "Networks": networks.get(item.network, ""),
            "Image": item.image,
            "Ports": ", ".join(f"0.0.0.0:{outer}->{inner}/{word}" for outer, inner, word in item.ports),
            "Labels": "",
            "State": "running",
        }
        for item in host.containers.values()
        if item.name.lower() in engine.containers
    ]
    if "a" in flags:
        running = {row["ID"] for row in rows}
        stopped = (item for item in engine.containers.values() if item.id not in running)
        none = {"Image": "", "Ports": "", "Labels": "", "State": "exited"}
        rows += [{"ID": item.id, "Names": item.name, "Networks": item.network_name, **none} for item in stopped]
    for row in rows:
        row["ID"] = row["ID"] if "n" in flags else row["ID"][:12]
    return _shown(rows, flags, ("ID", "Names", "Networks"), ("CONTAINER ID", "NAMES", "NETWORKS"))


def _start(host: Host, engine: Docker, flags: dict[str, list[str]], names: list[str]) -> ProgramResult:
    _ = host, flags
    if not names:
        return ProgramResult(1, error=['"docker start" requires at least 1 argument.'])
    done, errors = [], []
    for name in names:
        try:
            engine.start(name)
            done.append(name)
        except DockerError as error:
            errors.append(f"Error response from daemon: {error}")
    if errors:
        errors.append(f"Error: failed to start containers: {', '.join(name for name in names if name not in done)}")
    return ProgramResult(1 if errors else 0, done, errors)


def _stop(host: Host, engine: Docker, flags: dict[str, list[str]], names: list[str]) -> ProgramResult:
    _ = flags
    return docker_run.stop_containers(host, engine, names, remove=False, force=False)


def _rm(host: Host, engine: Docker, flags: dict[str, list[str]], names: list[str]) -> ProgramResult:
    return docker_run.stop_containers(host, engine, names, remove=True, force="f" in flags)


_COMMANDS: Final[dict[str, Any]] = {
    "network create": _create,
    "network ls": _list,
    "network inspect": _inspect,
    "network rm": _remove,
    "version": _version,
    "ps": _ps,
    "start": _start,
    "stop": _stop,
    "rm": _rm,
}
