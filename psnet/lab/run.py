"""Start simulated hosts and write the inventory that reaches them."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from typing import TYPE_CHECKING, Any

import yaml

from psnet._internal.output import make_folder, write_whole
from psnet.errors import LabError
from psnet.lab.labhost import LabHost
from psnet.lab.wire.server import LabServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from psnet.lab.wire.faults import FaultPlan

ADMINISTRATOR = "Administrator"


def make_hosts(
    systems: Sequence[str],
    count: int = 1,
    password: str | None = None,
    *,
    culture: str = "en-US",
    docker: bool = False,
    containerd: bool = False,
    controller: bool = False,
) -> list[LabHost]:
    """Return fresh hosts named after their Windows (``ws2016``, or ``ws2016-01`` when there are several).

    With ``controller`` one more, nc01, manages a Network Controller.
    """
    if count < 1:
        raise LabError("--count is at least 1")
    secret = password or secrets.token_urlsafe(18)
    digits = max(2, len(str(count)))
    names: list[tuple[str, str]] = []
    for system in systems:
        base = f"ws{system}"
        names += (
            [(f"{base}-{number:0{digits}d}", system) for number in range(1, count + 1)]
            if count > 1
            else [(base, system)]
        )
    if len({name for name, _ in names}) != len(names):
        raise LabError("the same --os is named twice", remedy="use --count for several hosts of one Windows")
    hosts = [
        LabHost(name, os=system, seed=index, culture=culture, docker=docker, containerd=containerd)
        for index, (name, system) in enumerate(names)
    ]
    for host in hosts:
        host.password = secret
    if controller:
        from psnet.lab.management import management_host  # noqa: PLC0415 - most labs have no controller

        hosts.append(management_host(hosts, secret))
    for host in hosts:
        host.peers = hosts
    return hosts


@contextlib.contextmanager
def running_lab(
    hosts: Sequence[LabHost],
    folder: Path,
    variables: Mapping[str, Any] | None = None,
    *,
    faults: FaultPlan | None = None,
) -> Iterator[Path]:
    """Serve hosts on loopback; yield the path of their inventory in ``folder``.

    The password stands in a file beside it that only its owner may read.
    """
    with LabServer(hosts, faults=faults) as server:
        yield write_inventory(server, hosts, folder / "hosts.yaml", variables)


def write_inventory(
    server: LabServer, hosts: Sequence[LabHost], path: Path, variables: Mapping[str, Any] | None = None
) -> Path:
    """Write hosts.yaml, the CA certificate and the password file; return the inventory's path."""
    make_folder(path.parent)
    authority = path.with_name(f"{path.stem}.ca.pem")
    password = path.with_name(f"{path.stem}.password")
    endpoints = [server.endpoints[host.name] for host in hosts]
    shutil.copyfile(endpoints[0].ca_path, authority)
    write_secret(password, f"{hosts[0].password}\n")
    data: dict[str, Any] = {
        "connection": {
            "user": ADMINISTRATOR,
            "password": {"file": password.name},
            "ca_file": authority.name,
            "auth": "negotiate",
        },
        "vars": dict(variables or {}),
        "hosts": {
            item.host: {
                "address": item.address,
                "connection": {"port": item.https_port, "path": item.path},
                **_controller(server, item.host, path, authority),
            }
            for item in endpoints
        },
        "groups": {
            name: {"hosts": [host.name for host in hosts if _group(host) == name]}
            for name in dict.fromkeys(_group(host) for host in hosts)
        },
    }
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    write_whole(path, "# Simulated hosts of psnet lab.\n" + text)
    return path


def _group(host: LabHost) -> str:
    """Return a host's group: that of its Windows, or the management hosts' (they run no containers)."""
    return f"os{host.os.key}" if host.sdn is None else "sdn_controllers"


def _controller(server: LabServer, name: str, path: Path, authority: Path) -> dict[str, Any]:
    """Return the variables of a host that manages a Network Controller, and write the client certificate beside."""
    controller = server.controllers.get(name)
    if controller is None:
        return {}
    from psnet.lab.management import variables  # noqa: PLC0415 - most labs have no controller

    certificate, key = path.with_name(f"{path.stem}.sdn.pem"), path.with_name(f"{path.stem}.sdn.key")
    shutil.copyfile(controller.client.certificate, certificate)
    write_secret(key, controller.client.key.read_text(encoding="ascii"))
    return {"vars": variables(controller, *(str(each.resolve()) for each in (certificate, key, authority)))}


def write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner may read."""
    with contextlib.suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
