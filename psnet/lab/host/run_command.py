"""What docker run and nerdctl run are told: a container's name, network, ports and image."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from psnet.lab.dotnet.errors import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_PUBLISH: Final = re.compile(r"(?:0\.0\.0\.0:)?(\d{1,5}):(\d{1,5})(?:/(tcp|udp))?")
_REPOSITORY: Final = re.compile(r"[a-z0-9._:/@-]+")
#: Flags with a value, by the name that is kept; switches by "".
_FLAGS: Final = {
    "-d": "",
    "--detach": "",
    "--name": "name",
    "--network": "network",
    "--net": "network",
    "-p": "publish",
    "--publish": "publish",
    "--ip": "ip",
    "--isolation": "isolation",
    "-l": "label",
    "--label": "label",
}


class RunRefusedError(Exception):
    """A run that the client refuses itself, in its words."""


@dataclass(slots=True)
class RunRequest:
    """What a run asks for; ``ports`` are (external, internal, protocol)."""

    image: str
    name: str | None = None
    network: str = "nat"
    address: str | None = None
    isolation: str = "process"
    ports: list[tuple[int, int, str]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)


def read_run(program: str, words: Sequence[str]) -> RunRequest:
    """Read the arguments of a run; raises RunRefusedError, and UnsupportedError for what the lab does not know.

    What follows the image is the container's command, which the lab does not run.
    """
    flags: dict[str, list[str]] = {}
    detached, rest = False, list(words)
    while rest and rest[0].startswith("-"):
        flag, equals, value = rest.pop(0).partition("=")
        if flag not in _FLAGS:
            raise UnsupportedError(f"{program} run {flag}")
        if not _FLAGS[flag]:
            detached = True
            continue
        if not equals and not rest:
            raise RunRefusedError(f"flag needs an argument: {flag}")
        flags.setdefault(_FLAGS[flag], []).append(value if equals else rest.pop(0))
    if not detached:
        raise UnsupportedError(f"{program} run without --detach")
    if not rest:
        raise RunRefusedError(f'"{program} run" requires at least 1 argument.')
    if not _REPOSITORY.fullmatch(rest[0]):
        # rule: run-image-name
        raise RunRefusedError(f"invalid reference format: repository name (library/{rest[0]}) must be lowercase")
    made = RunRequest(rest[0], ports=list(_ports(program, flags.pop("publish", []))))
    made.labels = {key: value for key, _, value in (item.partition("=") for item in flags.pop("label", []))}
    made.name, made.address = _last(flags, "name"), _last(flags, "ip")
    made.network = _last(flags, "network") or made.network
    made.isolation = _last(flags, "isolation") or made.isolation
    return made


def _last(flags: dict[str, list[str]], name: str) -> str | None:
    return flags[name][-1] if name in flags else None


def _ports(program: str, listed: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    for text in listed:
        found = _PUBLISH.fullmatch(text)
        if found is None:
            raise UnsupportedError(f"{program} run --publish {text}")
        yield int(found[1]), int(found[2]), found[3] or "tcp"
