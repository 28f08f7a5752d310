"""``python -m psnet.playbook.ansible_inventory FILE``: psnet's inventory as JSON for Ansible, without secrets."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from psnet._internal.yaml import Unsafe
from psnet.errors import InputError
from psnet.inventories.load import expanded_hosts, load_inventory, read_file
from psnet.inventories.vault import Vaulted

_NAMES: Final = {
    "address": "ansible_host",
    "port": "ansible_port",
    "user": "ansible_user",
}
_PSRP: Final = {
    "scheme": "protocol",
    "path": "path",
    "auth": "auth",
    "ca_file": "ca_cert",
    "connect_timeout": "connection_timeout",
    "read_timeout": "read_timeout",
    "operation_timeout": "operation_timeout",
    "configuration_name": "configuration_name",
    "certificate_file": "certificate_pem",
    "certificate_key_file": "certificate_key_pem",
    "proxy": "proxy",
    "service": "negotiate_service",
    "service_host": "negotiate_hostname_override",
}
_WINRM: Final = {
    "scheme": "scheme",
    "path": "path",
    "auth": "transport",
    "ca_file": "ca_trust_path",
    "connect_timeout": "connection_timeout",
    "read_timeout": "read_timeout_sec",
    "operation_timeout": "operation_timeout_sec",
    "certificate_file": "cert_pem",
    "certificate_key_file": "cert_key_pem",
    "proxy": "proxy",
}
_FILES: Final = frozenset({"ca_file", "certificate_file", "certificate_key_file"})


def inventory_data(path: Path) -> dict[str, Any]:
    """Return hosts, groups and variables of an inventory. Raises InputError."""
    entry, _ = read_file(path)
    hosts = {}
    for host in load_inventory(path):
        connection = dict(host.connection)
        kind = str(connection.get("transport", "psrp"))
        said: dict[str, Any] = {"psnet_inventory": str(path.resolve()), "ansible_connection": kind}
        said |= {name: connection[key] for key, name in _NAMES.items() if connection.get(key) is not None}
        for key, name in (_PSRP if kind == "psrp" else _WINRM).items():
            value = connection.get(key)
            if value is not None:
                said[f"ansible_{kind}_{name}"] = str(host.folder / value) if key in _FILES else value
        if connection.get("verify") is False:
            said["ansible_psrp_cert_validation" if kind == "psrp" else "ansible_winrm_server_cert_validation"] = (
                "ignore"
            )
        hosts[host.name] = said | _plain(_own(entry, host.name))
    groups = {
        name: {
            "hosts": [each for text in group.hosts for each in expanded_hosts(text)],
            "children": list(group.children),
            "vars": _plain(group.vars),
        }
        for name, group in entry.groups.items()
    }
    return {"vars": _plain(entry.vars), "hosts": hosts, "groups": groups}


def _own(entry: Any, name: str) -> dict[str, Any]:
    for text, host in entry.hosts.items():
        if host is not None and name in expanded_hosts(text):
            return dict(host.vars)
    return {}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Vaulted):
        return {"$vault": value.ciphertext}
    if isinstance(value, Unsafe):
        return {"$unsafe": str(value)}
    return value


def main() -> int:
    """Print the inventory as JSON; return the exit code."""
    try:
        said = inventory_data(Path(sys.argv[1]))
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    json.dump(said, sys.stdout, ensure_ascii=False, default=str)
    return 0


if __name__ == "__main__":
    sys.exit(main())
