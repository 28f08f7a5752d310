"""A lab's state on disk: one JSON file a host, written beside the old one and moved into place.

The files hold the lab's passwords and are readable by their owner only.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import fields, is_dataclass
from datetime import datetime
from ipaddress import IPv4Interface, IPv4Network
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.output import make_folder
from psnet.errors import LabError
from psnet.lab.contract.files import Entry
from psnet.lab.host.adapters import Adapter, PortVlan, Route, Switch
from psnet.lab.host.clock import Clock
from psnet.lab.host.containerd import Task
from psnet.lab.host.docker import DockerContainer, DockerNetwork
from psnet.lab.host.firewall import Firewall
from psnet.lab.host.hns.objects import Endpoint, Namespace, Network, PolicyList, Subnet
from psnet.lab.host.listeners import Listener, PortProxy
from psnet.lab.host.model import Container
from psnet.lab.host.nat import External, Mapping, Nat
from psnet.lab.host.ports import PortAdapter
from psnet.lab.labhost import LabHost
from psnet.lab.sdn import state as sdn
from psnet.lab.sdn import vfpctrl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_VERSION: Final = 2
_CLASSES: Final[dict[str, Any]] = {
    each.__name__: each
    for each in (
        *(
            Adapter,
            PortVlan,
            Route,
            Switch,
            External,
            Nat,
            Mapping,
            Network,
            Subnet,
            Endpoint,
            PolicyList,
            Namespace,
            DockerNetwork,
            DockerContainer,
            Listener,
            PortProxy,
            PortAdapter,
            Container,
            Task,
            Entry,
        ),
    )
}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {"$": type(value).__name__, **{each.name: _plain(getattr(value, each.name)) for each in fields(value)}}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, tuple):
        return {"$": "tuple", "items": [_plain(item) for item in value]}
    if isinstance(value, set):
        return {"$": "set", "items": sorted(value)}
    if isinstance(value, bytes):
        return {"$": "bytes", "base64": base64.b64encode(value).decode()}
    if isinstance(value, datetime):
        return {"$": "time", "iso": value.isoformat()}
    if isinstance(value, IPv4Network | IPv4Interface):
        return {"$": type(value).__name__, "text": str(value)}
    return value


def _value(data: Any) -> Any:
    if isinstance(data, list):
        return [_value(item) for item in data]
    if not isinstance(data, dict):
        return data
    kind = data.get("$")
    if kind is None:
        return {key: _value(item) for key, item in data.items()}
    if kind in ("tuple", "set"):
        items = [_value(item) for item in data["items"]]
        return tuple(items) if kind == "tuple" else set(items)
    if kind == "bytes":
        return base64.b64decode(data["base64"])
    if kind == "time":
        return datetime.fromisoformat(data["iso"])
    if kind in ("IPv4Network", "IPv4Interface"):
        return (IPv4Network if kind == "IPv4Network" else IPv4Interface)(data["text"])
    return _CLASSES[kind](**{key: _value(item) for key, item in data.items() if key != "$"})


def snapshot(host: LabHost) -> dict[str, Any]:
    """Return everything that makes a host what it is, as plain data."""
    return {
        "version": _VERSION,
        "name": host.name,
        "os": host.os.update,
        "seed": host.seed,
        "culture": host.culture,
        "platform": host.hns.platform,
        "password": host.password,
        "accounts": dict(host.accounts),
        "clock": host.clock.to_dict(),
        "ids": host.ids.to_dict(),
        "environment": dict(host.environment),
        "files": _plain(host.files.drives),
        "services": host.services.to_dict(),
        "adapters": _plain(host.links.adapters),
        "switches": _plain(host.links.switches),
        "next_index": host.links.next_index,
        "nats": _plain(host.nat.nats),
        "mappings": _plain(host.nat.mappings),
        "hidden_nats": _plain(host.nat.hidden),
        "published": _plain(host.nat.published),
        "winnat": host.nat.provider,
        "excluded": _plain(host.nat.excluded),
        "next_mapping": host.nat.next_id,
        "networks": _plain(host.hns.networks),
        "endpoints": _plain(host.hns.endpoints),
        "policy_lists": _plain(host.hns.lists),
        "namespaces": _plain(host.hns.namespaces),
        "hidden_names": sorted(host.hns.hidden_names),
        "firewall": host.firewall.to_dict(),
        "containers": _plain(host.containers),
        "keys": _plain(host.keys),
        "vm_adapters": _plain(host.vm_adapters),
        "own_ports": _plain(host.own_ports),
        "listening": _plain(host.listening),
        "listeners": _plain(host.nat.listeners),
        "proxies": _plain(host.nat.proxies),
        "lcm": host.lcm.to_dict(),
        "sdn": None if host.sdn is None else sdn.saved(host.sdn),
        "docker": None if host.docker is None else _plain(host.docker.networks),
        "docker_containers": None if host.docker is None else _plain(host.docker.containers),
        "containerd": None if host.containerd is None else _plain(host.containerd.tasks),
    }


def restored(data: dict[str, Any]) -> LabHost:
    """Return the host that ``snapshot`` described."""
    host = LabHost(
        data["name"],
        data["os"],
        seed=data["seed"],
        culture=data["culture"],
        platform=data["platform"],
        docker=data["docker"] is not None,
        containerd=data.get("containerd") is not None,
    )
    host.password = data["password"]
    host.accounts = dict(data.get("accounts", {}))
    host.clock = Clock.from_dict(data["clock"])
    host.files.now = host.clock.now
    host.environment = dict(data["environment"])
    host.files.drives = _value(data["files"])
    host.services[:] = data["services"]
    host.links.adapters[:] = _value(data["adapters"])
    host.links.switches[:] = _value(data["switches"])
    host.links.next_index = data["next_index"]
    host.nat.nats[:] = _value(data["nats"])
    host.nat.mappings[:] = _value(data["mappings"])
    host.nat.hidden[:] = _value(data["hidden_nats"])
    host.nat.published[:] = _value(data["published"])
    host.nat.provider = data["winnat"]
    host.nat.excluded[:] = _value(data["excluded"])
    host.nat.next_id = data["next_mapping"]
    host.hns.networks[:] = _value(data["networks"])
    host.hns.endpoints[:] = _value(data["endpoints"])
    host.hns.lists[:] = _value(data["policy_lists"])
    host.hns.namespaces[:] = _value(data["namespaces"])
    host.hns.hidden_names = set(data["hidden_names"])
    host.ids.key, host.ids.drawn = data["ids"]["key"], data["ids"]["drawn"]
    aliases = lambda: [item.name for item in host.links.adapters]  # noqa: E731 - as the host itself does
    host.firewall = Firewall.from_dict(data["firewall"], host.ids, host.culture, aliases=aliases)
    host.hns.firewall = host.firewall
    host.containers = _value(data["containers"])
    host.keys = _value(data.get("keys", {}))
    host.vm_adapters = _value(data.get("vm_adapters", []))
    host.own_ports = _value(data.get("own_ports", []))
    host.listening = _value(data.get("listening", {}))
    if "listeners" in data:
        host.nat.listeners, host.nat.proxies = _value(data["listeners"]), _value(data["proxies"])
    host.lcm.restored(data.get("lcm"))
    if host.docker is not None:
        host.docker.networks[:] = _value(data["docker"])
        host.docker.containers = _value(data.get("docker_containers", {}))
    if host.containerd is not None:
        host.containerd.tasks = _value(data["containerd"])
    if data.get("sdn") is not None:
        host.manage(sdn.restored(data["sdn"], host.clock))
    return host


def save(hosts: Iterable[LabHost], folder: Path) -> None:
    """Write hosts to a folder."""
    make_folder(folder)
    for host in hosts:
        with host.lock:
            text = json.dumps(snapshot(host))
        draft = folder / f".{host.name}.new"
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        draft.replace(folder / f"{host.name}.json")


def load(folder: Path) -> list[LabHost]:
    """Return the hosts that a folder holds, by name; none when it does not exist. Raises LabError."""
    found = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["version"] != _VERSION:
                raise LabError(f"{path}: a lab's state of another version", remedy="remove the folder to begin anew")
            found.append(restored(data))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise LabError(
                f"{path} holds no state of a lab: {error}", remedy="remove the file to begin that host anew"
            ) from error
    for host in found:
        host.peers = found
        if host.sdn is not None:
            host.sdn.hosts = [other for other in found if other.sdn is None]
            vfpctrl.install(host.sdn)
    return found
