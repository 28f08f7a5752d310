"""psnet inventory list, graph and show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from psnet._internal.terminal import echo_document
from psnet._internal.text import without_logon
from psnet.cli import completion
from psnet.cli.common import InventoryOption, JsonOption, LimitOption, show, show_json

if TYPE_CHECKING:
    from psnet.inventories import InventoryHost

app = typer.Typer(help="What an inventory says: psnet's own, or Ansible's INI, YAML or folder.", no_args_is_help=True)

_SECRET = re.compile(r"pass|secret|token|key$|credential", re.IGNORECASE)


#: Keys under a secret's name that say where it is, or whose it is.
_NAMED = frozenset({"env", "file", "keyring", "vault", "prompt", "service", "user", "username"})


def _shown(name: str, value: Any) -> Any:
    """Return a value as it may be shown: nothing that is a secret or sounds like one, and no logon of a URL."""
    from pydantic import BaseModel

    from psnet.inventories.vault import Vaulted

    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json", exclude_unset=True)
    secret = bool(_SECRET.search(name))
    if isinstance(value, dict):
        names = {key: f"{name}.{key}" if secret and str(key) not in _NAMED else str(key) for key in value}
        return {key: _shown(names[key], item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(name, item) for item in value]
    if isinstance(value, Vaulted) or (secret and value is not None and not isinstance(value, bool)):
        return "***"
    if value is None or isinstance(value, bool | int | float):
        return value
    return without_logon(str(value))  # a date, a path: as text in every form


def _data(host: InventoryHost) -> dict[str, Any]:
    connection = {key: _shown(key, value) for key, value in host.connection.items() if key != "password"}
    if "password" in host.connection:
        connection["password"] = "***"  # noqa: S105 - what stands for it
    return {
        "name": host.name,
        "groups": list(host.groups),
        "connection": connection,
        "variables": {key: _shown(key, value) for key, value in host.variables.items()},
    }


@app.command("list")
def list_(inventory: InventoryOption, limit: LimitOption = None, json_: JsonOption = False) -> None:
    """Name the hosts with their groups and addresses."""
    from psnet.inventories import load_inventory

    hosts = load_inventory(inventory).select(limit)
    if json_:
        show_json([_data(host) for host in hosts])
        return
    width = max(len(host.name) for host in hosts)
    addresses = {host.name: str(host.connection.get("address", host.name)) for host in hosts}
    wide = max(map(len, addresses.values()))
    for host in hosts:
        line = Text(host.name.ljust(width + 2), style="bold")
        line.append(addresses[host.name].ljust(wide + 2))
        line.append(", ".join(host.groups), style="dim")
        show([line])


@app.command("graph")
def graph(inventory: InventoryOption, limit: LimitOption = None) -> None:
    """Show groups with their hosts."""
    from psnet.inventories import load_inventory

    hosts = load_inventory(inventory).select(limit)
    groups = dict.fromkeys(group for host in hosts for group in host.groups)
    show([Text("@all", style="bold")])
    for group in groups:
        show([Text(f"  @{group}", style="cyan")])
        show(Text(f"    {host.name}") for host in hosts if group in host.groups)
    alone = [host.name for host in hosts if not host.groups]
    if alone:
        show([Text("  @ungrouped", style="cyan"), *(Text(f"    {name}") for name in alone)])


@app.command("show")
def show_host(
    host: Annotated[str, typer.Argument(help="The host's name.", show_default=False, autocompletion=completion.hosts)],
    inventory: InventoryOption,
    json_: JsonOption = False,
) -> None:
    """Show all that an inventory says of a host; secrets are left out."""
    import yaml

    from psnet.inventories import load_inventory

    data = _data(load_inventory(inventory)[host])
    if json_:
        show_json(data)
    else:
        echo_document(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
