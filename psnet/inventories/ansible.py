"""Ansible's inventories, read by ansible-core itself in a process: JSON over a pipe, secrets marked."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.ansible_core import program, python_of
from psnet._internal.collection import collection
from psnet._internal.yaml import Unsafe
from psnet.errors import InputError, InventoryError
from psnet.inventories.connection import connection_of
from psnet.inventories.files import Hidden
from psnet.inventories.vault import Vaulted, vault_password

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

log = logging.getLogger("psnet.inventories")
_WINDOWS: Final = frozenset({"psrp", "winrm"})
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_PATIENCE: Final = 120  # seconds: a plug-in may ask a cloud


@dataclass(frozen=True, slots=True)
class AnsibleHost:
    """One host as ansible-core has it; ``wrong`` says why it cannot be reached, ``other`` that it is no Windows."""

    name: str
    groups: tuple[str, ...]
    variables: dict[str, Any]
    connection: dict[str, Any]
    own: dict[str, Any]
    wrong: str | None = None
    other: str | None = None


def read_ansible(sources: Sequence[str]) -> list[AnsibleHost]:
    """Return the hosts of some inventories, in Ansible's order; raise InventoryError when they cannot be read."""
    (answer,) = ask_ansible([{"sources": list(sources)}], "; ".join(sources))
    if "error" in answer:
        raise InventoryError(f"{'; '.join(sources)}: {answer['error']}")
    said = answer["hosts"]
    windows = any(_kind(item) in _WINDOWS for item in said)
    return [_host(item, windows=windows) for item in said]


def ask_ansible(requests: Sequence[Mapping[str, Any]], what: str) -> list[dict[str, Any]]:
    """Return ansible-core's answers to requests (ansible/read_inventory.py). Raises InventoryError."""
    try:
        python = python_of(program())
    except InputError as error:
        raise InventoryError(
            f"{what} is an inventory of Ansible's, which needs ansible-core: {error.message}",
            remedy=f"{error.remedy}, or write a hosts.yaml",
        ) from None
    with tempfile.TemporaryDirectory(prefix="psnet-inventory-") as folder:
        home = Path(folder) / "ansible_collections" / "psnet"
        home.mkdir(parents=True)
        (home / "windows_containers").symlink_to(collection())
        done = subprocess.run(  # noqa: S603 - the program is part of psnet, the requests are data on its input
            [python, str(collection() / "read_inventory.py")],
            input="".join(json.dumps(item) + "\n" for item in requests),
            env=_environment(Path(folder)),
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise InventoryError(f"{what}: ansible-core could not be asked: {said[-1]}")
    for line in done.stderr.splitlines():
        if "parse" in line:
            log.warning("%s", line)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _environment(folder: Path) -> dict[str, str]:
    given = dict(os.environ)
    paths = given.get("ANSIBLE_COLLECTIONS_PATH") or "~/.ansible/collections:/usr/share/ansible/collections"
    own = {
        "ANSIBLE_COLLECTIONS_PATH": f"{folder}:{paths}",
        "ANSIBLE_INVENTORY_UNPARSED_FAILED": "true",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
    }
    if "ANSIBLE_INVENTORY_ENABLED" not in given and "ANSIBLE_CONFIG" not in given:
        own["ANSIBLE_INVENTORY_ENABLED"] = "psnet.windows_containers.hosts,host_list,script,auto,yaml,ini,toml"
    password = vault_password()
    if password is not None and not given.get("ANSIBLE_VAULT_PASSWORD_FILE"):
        script = folder / "vault-password"  # it holds no password: it prints the variable that does
        script.write_text("#!/bin/sh\nprintf '%s\\n' \"$PSNET_VAULT_PASSWORD\"\n", encoding="utf-8")
        script.chmod(0o700)
        own |= {"ANSIBLE_VAULT_PASSWORD_FILE": str(script), "PSNET_VAULT_PASSWORD": password.get_secret_value()}
    return {"LC_ALL": "C.UTF-8", **given, **own}


def _kind(said: Mapping[str, Any]) -> str:
    """Return a host's connection; settings of a WinRM connection stand for one."""
    connection = said.get("connection") or {}
    named = str(connection.get("ansible_connection") or "").rpartition(".")[2]
    if named and named != "smart":
        return named
    return next((kind for kind in _WINDOWS if any(key.startswith(f"ansible_{kind}_") for key in connection)), "")


def _host(said: Mapping[str, Any], *, windows: bool) -> AnsibleHost:
    variables = {key: _value(value, key) for key, value in said["variables"].items()}
    variables["group_names"] = [name for name in said["groups"] if name != "ungrouped"]
    own = {key: variables[key] for key in said["own"] if key in variables}
    name, groups = str(said["name"]), tuple(said["groups"])
    if said.get("error"):
        return AnsibleHost(name, groups, variables, {}, own, wrong=str(said["error"]))
    kind = _kind(said)
    if (kind and kind not in _WINDOWS) or (not kind and (windows or name in _LOCAL)):
        word = kind or ("local" if name in _LOCAL else "ssh")
        return AnsibleHost(name, groups, variables, {}, own, other=word)
    filled = {key: _value(value, key) for key, value in said["connection"].items()}
    filled.setdefault("ansible_connection", kind or "psrp")
    filled.pop("psnet_inventory", None)
    try:
        return AnsibleHost(name, groups, variables, connection_of(name, filled), own)
    except InventoryError as error:
        return AnsibleHost(name, groups, variables, {}, own, wrong=str(error).removeprefix(f"{name}: "))


def _value(value: Any, where: str) -> Any:
    if isinstance(value, dict):
        if set(value) == {"$secret"}:
            return Hidden(value["$secret"], where)
        if set(value) == {"$vault"}:
            return Vaulted(value["$vault"], where)
        if set(value) == {"$unsafe"}:
            return Unsafe(value["$unsafe"])
        return {key: _value(item, where) for key, item in value.items()}
    if isinstance(value, list):
        return [_value(item, where) for item in value]
    return value
