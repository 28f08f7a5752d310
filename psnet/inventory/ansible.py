"""Ansible inventories as psnet's: connection variables mapped, the rest for sites."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from jinja2 import TemplateError
from pydantic import SecretStr

from psnet.errors import InventoryError
from psnet.inventory.ansible_files import read_inventory
from psnet.inventory.vault import Vaulted, vault_password
from psnet.site.template import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from psnet.inventory.ansible_model import Tree


@dataclass(frozen=True, slots=True)
class GivenSecret:
    """A password that an inventory's variables give, read when it is needed."""

    value: Vaulted | SecretStr = field(repr=False)

    def read(self, folder: Path | None = None) -> SecretStr:
        """Return it."""
        _ = folder
        return self.value.reveal(vault_password()) if isinstance(self.value, Vaulted) else self.value


def _seconds(value: Any) -> int:
    return int(float(str(value)))


def _same(value: Any) -> Any:
    return value


def _verify(value: Any) -> bool:
    return str(value).lower() not in ("ignore", "false", "no")


def _scheme(value: Any) -> str:
    return str(value).lower()


def _auth(value: Any) -> str:
    word = str(value[0] if isinstance(value, list) else value).lower()
    return {"plaintext": "basic", "ssl": "basic"}.get(word, word)


_Map = dict[str, tuple[str, "Callable[[Any], Any]"]]
_PSRP: Final[_Map] = {
    "host": ("address", str),
    "port": ("port", int),
    "user": ("user", str),
    "password": ("password", _same),
    "protocol": ("scheme", _scheme),
    "path": ("path", lambda value: str(value).strip("/")),
    "auth": ("auth", _auth),
    "cert_validation": ("verify", _verify),
    "ca_cert": ("ca_file", str),
    "cert_trust_path": ("ca_file", str),
    "connection_timeout": ("connect_timeout", _seconds),
    "read_timeout": ("read_timeout", _seconds),
    "operation_timeout": ("operation_timeout", _seconds),
    "configuration_name": ("configuration_name", str),
    "certificate_pem": ("certificate_file", str),
    "certificate_key_pem": ("certificate_key_file", str),
    "proxy": ("proxy", str),
}
_WINRM: Final[_Map] = {
    "host": ("address", str),
    "port": ("port", int),
    "user": ("user", str),
    "password": ("password", _same),
    "pass": ("password", _same),
    "scheme": ("scheme", _scheme),
    "path": ("path", lambda value: str(value).strip("/")),
    "transport": ("auth", _auth),
    "server_cert_validation": ("verify", _verify),
    "ca_trust_path": ("ca_file", str),
    "connection_timeout": ("connect_timeout", _seconds),
    "read_timeout_sec": ("read_timeout", _seconds),
    "operation_timeout_sec": ("operation_timeout", _seconds),
    "cert_pem": ("certificate_file", str),
    "cert_key_pem": ("certificate_key_file", str),
    "proxy": ("proxy", str),
}
_COMMON: Final[_Map] = {
    "ansible_host": ("address", str),
    "ansible_ssh_host": ("address", str),
    "ansible_port": ("port", int),
    "ansible_user": ("user", str),
    "ansible_password": ("password", _same),
    "ansible_pass": ("password", _same),
}


def read_hosts(path: Path) -> list[tuple[str, tuple[str, ...], dict[str, Any], dict[str, Any]]]:
    """Return (name, groups, variables, connection) of each host, in the inventory's order."""
    tree = read_inventory(path, vault_password())
    found = []
    for name in tree.hosts:
        variables = layered(tree, name)
        groups = tuple(tree.groups_of(name))
        shown = {key: value for key, value in variables.items() if not key.startswith("ansible_")}
        shown |= {"group_names": [group for group in groups if group != "ungrouped"]}
        found.append((name, groups, shown, connection_of(name, variables)))
    return found


def layered(tree: Tree, host: str) -> dict[str, Any]:
    """Return a host's variables: inventory files' groups, then group_vars, then the host's own."""
    order = ["all", *tree.groups_of(host)]
    merged: dict[str, Any] = {}
    for name in order:
        merged |= {key: value for key, value in tree.groups[name].variables.items() if key != "\0files"}
    for name in order:
        merged |= tree.groups[name].variables.get("\0files", {})
    return merged | tree.hosts[host]


def connection_of(host: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """Return psnet's connection settings for Ansible's variables (psrp and winrm connections)."""
    kind = str(variables.get("ansible_connection", "psrp")).rsplit(".", 1)[-1]
    if kind not in ("psrp", "winrm"):
        raise InventoryError(
            f"{host}: ansible_connection {kind} is no connection to Windows",
            remedy="set ansible_connection: psrp or winrm",
        )
    found: dict[str, Any] = {"transport": kind}
    special = {f"ansible_{kind}_{key}": value for key, value in (_PSRP if kind == "psrp" else _WINRM).items()}
    for name, (setting, read) in (_COMMON | special).items():
        if name not in variables:
            continue
        value = _rendered(variables[name], variables, host, name)
        if setting == "password":
            found[setting] = GivenSecret(value if isinstance(value, Vaulted) else SecretStr(str(value)))
            continue
        try:
            found[setting] = read(value)
        except (ValueError, TypeError):
            raise InventoryError(f"{host}: {name} cannot be {value!r}") from None
    if "scheme" not in found and found.get("port") == 5985:  # noqa: PLR2004 - WinRM's plain port
        found["scheme"] = "http"
    return found


def _rendered(value: Any, variables: Mapping[str, Any], host: str, name: str) -> Any:
    if not isinstance(value, str) or "{{" not in value:
        return value
    text = value.strip()
    inner = text[2:-2].strip() if text.startswith("{{") and text.endswith("}}") else ""
    if isinstance(variables.get(inner), Vaulted):
        return variables[inner]
    try:
        template = environment().from_string(value)
        return "".join(str(part) for part in template.root_render_func(template.new_context(dict(variables))))
    except (TemplateError, ValueError, TypeError) as error:
        raise InventoryError(f"{host}: {name} cannot be filled: {error}") from None
