# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""psnet's own hosts.yaml as an inventory of Ansible's; secrets stay with psnet, which reads them when it connects."""

from __future__ import annotations

DOCUMENTATION = r"""
name: hosts
short_description: The hosts of a psnet inventory
description:
  - It reads psnet's own C(hosts.yaml) through psnet.
  - Connection settings become Ansible's variables, save for secrets, which psnet reads itself when it connects.
author: The psnet developers (@psnet)
requirements:
  - psnet
options:
  plugin:
    description: It is not needed; the file is known by its form.
    type: str
"""

import json
import subprocess
from typing import Any

import yaml
from ansible.errors import AnsibleParserError
from ansible.template import trust_as_template
from ansible_collections.psnet.windows_containers.plugins.plugin_utils.daemon import begin, python

from ansible.plugins.inventory import BaseInventoryPlugin

_OWN = frozenset({"vars", "connection", "hosts", "groups"})


class InventoryModule(BaseInventoryPlugin):
    """Hosts, groups and variables."""

    NAME = "psnet.windows_containers.hosts"

    def verify_file(self, path: str) -> bool:
        """Say whether a file is psnet's: a dictionary with hosts and nothing that psnet does not know."""
        if not path.endswith((".yaml", ".yml")) or not super().verify_file(path):
            return False
        try:
            with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as Ansible's own plug-ins do
                keys = [event.value for event in _top(file.read())]
        except (OSError, UnicodeDecodeError, yaml.YAMLError):
            return False
        return "hosts" in keys and set(keys) <= _OWN

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:  # noqa: FBT001, FBT002
        """Ask psnet for what the file says."""
        super().parse(inventory, loader, path, cache)
        begin()
        done = subprocess.run(
            [python(), "-m", "psnet.playbook.ansible_inventory", path], capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise AnsibleParserError(done.stderr.strip() or f"psnet could not read {path}")
        said = json.loads(done.stdout)
        for name, value in said["vars"].items():
            inventory.set_variable("all", name, _value(value))
        for name, variables in said["hosts"].items():
            inventory.add_host(name, group="all")
            for key, value in variables.items():
                inventory.set_variable(name, key, _value(value))
        for name in said["groups"]:
            inventory.add_group(name)
        for name, group in said["groups"].items():
            for child in group["children"]:
                inventory.add_child(name, child)
            for host in group["hosts"]:
                inventory.add_child(name, host)
            for key, value in group["vars"].items():
                inventory.set_variable(name, key, _value(value))


def _top(text: str) -> list[Any]:
    """Return the keys at the top of a YAML document, without reading its values."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []


def _value(value: Any) -> Any:
    """Return a variable: templates that the file's author wrote may be filled, what is marked as unsafe may not."""
    if isinstance(value, dict):
        if set(value) == {"$unsafe"}:
            return value["$unsafe"]
        if set(value) == {"$vault"}:
            from ansible.parsing.vault import EncryptedString  # noqa: PLC0415 - seldom used

            return EncryptedString(ciphertext=value["$vault"])
        return {key: _value(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_value(item) for item in value]
    return trust_as_template(value) if isinstance(value, str) else value
