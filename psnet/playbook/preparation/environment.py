"""The environment of ansible-playbook: the user's, with psnet's settings added."""

from __future__ import annotations

import configparser
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psnet._internal.collection import collection

if TYPE_CHECKING:
    from collections.abc import Mapping

CALLBACK: Final = "psnet.windows_containers.psnet"
EVENTS: Final = "psnet.windows_containers.events"
HOSTS: Final = "psnet.windows_containers.hosts"
_PATHS: Final = "~/.ansible/collections:/usr/share/ansible/collections"
_PLUGINS: Final = "host_list,script,auto,yaml,ini,toml"
_ACTIONS: Final = "~/.ansible/plugins/action:/usr/share/ansible/plugins/action"


def environment(folder: Path, given: Mapping[str, str], *, json: bool = False) -> dict[str, str]:
    """Return the environment for a run; ``folder`` is private and holds what the run needs."""
    configured = _configuration(given)

    def already(name: str, key: str, usual: str) -> str:
        return given.get(name) or configured.get(key) or usual

    _link(folder)
    found = {
        **given,
        "PSNET_PYTHON": given.get("PSNET_PYTHON", sys.executable),
        "ANSIBLE_COLLECTIONS_PATH": f"{folder}:{already('ANSIBLE_COLLECTIONS_PATH', 'collections_path', _PATHS)}",
        "ANSIBLE_ACTION_PLUGINS": f"{collection() / 'short_names'}:"
        + already("ANSIBLE_ACTION_PLUGINS", "action_plugins", _ACTIONS),
        "ANSIBLE_INVENTORY_ENABLED": f"{HOSTS},{already('ANSIBLE_INVENTORY_ENABLED', 'enable_plugins', _PLUGINS)}",
        "ANSIBLE_STDOUT_CALLBACK": EVENTS if json else already("ANSIBLE_STDOUT_CALLBACK", "stdout_callback", CALLBACK),
    }
    found.setdefault("ANSIBLE_INVENTORY_UNPARSED_FAILED", "true")  # a run over no hosts at all is no success
    found.setdefault("LC_ALL", "C.UTF-8")  # ansible-core wants a UTF-8 locale
    return found | _vault(folder, given, configured)


def _link(folder: Path) -> None:
    """Put the collection where ansible-core looks for one."""
    home = folder / "ansible_collections" / "psnet"
    home.mkdir(parents=True, exist_ok=True)
    place = home / "windows_containers"
    if not place.is_symlink():
        place.symlink_to(collection())


def _vault(folder: Path, given: Mapping[str, str], configured: Mapping[str, str]) -> dict[str, str]:
    """Return where the password of vaults comes from: Ansible's own settings, else psnet's."""
    if given.get("ANSIBLE_VAULT_PASSWORD_FILE") or configured.get("vault_password_file"):
        return {}
    if given.get("PSNET_VAULT_PASSWORD_FILE"):
        return {"ANSIBLE_VAULT_PASSWORD_FILE": given["PSNET_VAULT_PASSWORD_FILE"]}
    if not given.get("PSNET_VAULT_PASSWORD"):
        return {}
    script = folder / "vault-password"  # it holds no password: it prints the variable that does
    script.write_text("#!/bin/sh\nprintf '%s\\n' \"$PSNET_VAULT_PASSWORD\"\n", encoding="utf-8")
    script.chmod(stat.S_IRWXU)
    return {"ANSIBLE_VAULT_PASSWORD_FILE": str(script)}


def _configuration(given: Mapping[str, str]) -> dict[str, str]:
    """Return what ansible.cfg says, from where ansible-core would read it; paths are made absolute."""
    candidates = [Path("ansible.cfg"), Path("~/.ansible.cfg").expanduser(), Path("/etc/ansible/ansible.cfg")]
    if given.get("ANSIBLE_CONFIG"):
        named = Path(given["ANSIBLE_CONFIG"]).expanduser()
        candidates.insert(0, named / "ansible.cfg" if named.is_dir() else named)
    if Path.cwd().stat().st_mode & stat.S_IWOTH:
        candidates = [item for item in candidates if item != Path("ansible.cfg")]
    path = next((item for item in candidates if item.is_file() and os.access(item, os.R_OK)), None)
    if path is None:
        return {}
    parser = configparser.ConfigParser(inline_comment_prefixes=(";",), interpolation=None, strict=False)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError):
        return {}  # ansible-core says what is wrong with it
    found = {}
    for key, section in (
        ("collections_path", "defaults"),
        ("action_plugins", "defaults"),
        ("stdout_callback", "defaults"),
        ("vault_password_file", "defaults"),
        ("enable_plugins", "inventory"),
    ):
        value = parser.get(section, key, fallback="").strip()
        if value:
            found[key] = _absolute(value, path.resolve().parent) if key.endswith(("path", "plugins")) else value
    if "enable_plugins" in found:
        found["enable_plugins"] = parser.get("inventory", "enable_plugins").strip()
    return found


def _absolute(value: str, folder: Path) -> str:
    return ":".join(str(folder / Path(part.strip()).expanduser()) for part in value.split(":") if part.strip())
