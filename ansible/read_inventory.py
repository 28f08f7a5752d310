# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading inventories with ansible-core: a program of its own, which psnet runs with the Python that has ansible-core.

Each line of standard input is a request, ``{"sources": [...]}``; each line of standard output its answer: hosts in
Ansible's order with groups, variables and filled connection variables. ``{"$secret": text}`` is a secret,
``{"$vault": text}`` a value that is still encrypted, ``{"$unsafe": text}`` text that is no template.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import Any

from ansible.cli import CLI
from ansible.errors import AnsibleError
from ansible.inventory.helpers import sort_groups
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.vault import EncryptedString
from ansible.plugins.loader import init_plugin_loader
from ansible.template import Templar, is_trusted_as_template
from ansible.vars.manager import VariableManager

from ansible import constants as C

try:
    from ansible._internal._datatag._tags import Origin, VaultedValue
except ImportError:
    Origin = VaultedValue = None

_HEADER = b"$ANSIBLE_VAULT;"
_CONNECTS = ("ansible_psrp_", "ansible_winrm_")
_NAMES = frozenset(
    {
        *("ansible_connection", "ansible_host", "ansible_ssh_host", "ansible_port", "ansible_user"),
        *("ansible_password", "ansible_pass", "psnet_inventory"),
    }
)
_MAGIC = frozenset(
    {
        *("environment", "group_names", "groups", "hostvars", "inventory_dir", "inventory_file", "inventory_hostname"),
        *("inventory_hostname_short", "omit", "playbook_dir", "play_hosts", "role_names", "vars"),
    }
)


def main() -> None:
    """Answer every request."""
    init_plugin_loader()
    loader = DataLoader()
    loader.set_vault_secrets(CLI.setup_vault_secrets(loader, C.DEFAULT_VAULT_IDENTITY_LIST, auto_prompt=False))
    for line in sys.stdin:
        try:
            answer = read(json.loads(line), loader)
        except AnsibleError as error:
            answer = {"error": str(error)}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, default=str) + "\n")
        sys.stdout.flush()


def read(request: dict[str, Any], loader: DataLoader) -> dict[str, Any]:
    """Return the hosts of some sources."""
    inventory = InventoryManager(loader=loader, sources=request["sources"])
    manager = VariableManager(loader=loader, inventory=inventory)
    return {"hosts": [_host(item, manager, loader) for item in inventory.get_hosts()]}


def _host(host: Any, manager: VariableManager, loader: DataLoader) -> dict[str, Any]:
    variables = manager.get_vars(host=host)
    groups = [group.name for group in sort_groups(host.get_groups()) if group.name != "all"]
    found = {"name": host.name, "groups": groups, "own": sorted(map(str, host.vars))}
    shown = {key: value for key, value in variables.items() if key not in _MAGIC and not key.startswith("ansible_")}
    found["variables"] = {key: _plain(value) for key, value in shown.items()}
    try:
        found["connection"] = _connection(variables, loader)
    except AnsibleError as error:
        found["error"] = str(error)
    return found


def _connection(variables: dict[str, Any], loader: DataLoader) -> dict[str, Any]:
    templar = None
    found = {}
    for key, value in variables.items():
        if key not in _NAMES and not key.startswith(_CONNECTS):
            continue
        filled = value
        if isinstance(value, str) and ("{{" in value or "{%" in value):
            templar = templar or Templar(loader=loader, variables=variables)
            try:
                filled = templar.template(value)
            except AnsibleError as error:
                raise AnsibleError(f"{key} cannot be filled: {error}") from None
        elif isinstance(value, EncryptedString):
            try:
                filled = {"$secret": str(value)}
            except AnsibleError as error:
                raise AnsibleError(f"{key}: {error}") from None
        found[key] = filled if isinstance(filled, dict) else _marked(filled)
    return found


def _marked(value: Any) -> Any:
    if isinstance(value, str):
        return {"$secret": str(value)} if _hidden(value) else str(value)
    return _plain(value)


def _hidden(value: str) -> bool:
    """Say whether a text came out of a vault, or stands in a file that is one."""
    if VaultedValue is None:
        return False
    origin = Origin.get_tag(value)
    return VaultedValue.is_tagged_on(value) or bool(origin is not None and origin.path and _is_vault(origin.path))


@cache
def _is_vault(path: str) -> bool:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as ansible-core does
            return file.read(len(_HEADER)) == _HEADER
    except OSError:
        return False


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(item) for item in value]
    if isinstance(value, EncryptedString):
        return {"$vault": value._ciphertext}
    if isinstance(value, str):
        if _hidden(value):
            return {"$secret": str(value)}
        return {"$unsafe": str(value)} if "{" in value and not is_trusted_as_template(value) else str(value)
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    return value if value is None else str(value)


if __name__ == "__main__":
    main()
