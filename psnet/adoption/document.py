"""Site files and inventories as commented text, one item a line where it fits."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psnet._internal.text import printable
from psnet._internal.yaml_flow import flow, scalar
from psnet.inventories.model import ConnectionEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from psnet.adoption.fold import Fold
    from psnet.adoption.model import Declaration, Entry
    from psnet.inventories import InventoryHost

_WIDTH: Final = 116
_SECRETS: Final = ("password", "certificate_key_password")
_FILES: Final = ("ca_file", "certificate_file", "certificate_key_file", "keytab")
_ENVIRONMENT: Final = "PSNET_PASSWORD"
#: What stands above each section of a site.
SECTION_COMMENTS: Final = {
    "nats": "NATs of their own, beside those that container networks of mode nat have.",
    "container_networks": "What containers attach to.",
    "overlay_peers": "Other hosts of overlay networks, with the subnets of their containers.",
    "ip_sets": "Sets of addresses that rules name.",
    "network_acls": "Access control lists of whole networks.",
    "cni": "CNI configuration lists: what containerd, nerdctl or a kubelet reads.",
    "endpoints": "Endpoints that stand for themselves; those of containers are made with the containers.",
    "nat_static_mappings": "Ports of the host that lead to an address.",
    "firewall_rules": "Rules of the Windows firewall; only the fields that stand here are compared.",
    "acls": "Access control lists of endpoints, in the order in which they are looked at.",
    "tier_acls": "Tiers of rules of endpoints; those of a lower order are looked at first.",
    "qos": "What endpoints may send, in bytes per second.",
    "outbound_nats": "What endpoints send under the host's address.",
    "routes": "Routes of endpoints.",
    "proxies": "Proxies that take what endpoints send.",
    "load_balancers": "Addresses and ports in front of endpoints.",
    "reapply": "Start-up tasks that make nat networks again.",
}


def site_text(fold: Fold, declarations: Sequence[Declaration], *, version: str) -> str:
    """Return the site file of alike hosts; what each of them has beyond it stands in comments at its end."""
    hosts = fold.hosts
    lines = [
        f"# What {_listed(hosts)} {'has' if len(hosts) == 1 else 'have'}, as psnet {version} found it (psnet adopt).",
        "# A plan of it is empty on every one of them. Values that differ are variables of the inventory beside it.",
        f"name: {scalar(fold.name)}",
    ]
    if fold.declaration.backend is not None:
        lines.append(f"backend: {fold.declaration.backend} # docker makes all of the networks")
    lines.append("manage: adopt # takes over what exists; declared: warns before it changes what psnet did not make")
    by_section: dict[str, list[Entry]] = {}
    for entry in fold.declaration.entries:
        by_section.setdefault(entry.section, []).append(entry)
    for section, entries in by_section.items():
        lines += ["", f"# {SECTION_COMMENTS[section]}", f"{section}:"]
        for entry in entries:
            lines += [f"  # {_comment(entry.note)}"] if entry.note else []
            lines += item_lines(entry.fields, "  ")
    if not by_section:
        lines += ["", "# There is nothing to declare."]
    lines += _left_lines(fold, declarations)
    return "\n".join(lines) + "\n"


def _left_lines(fold: Fold, declarations: Sequence[Declaration]) -> list[str]:
    where: dict[tuple[str, str], list[str]] = {}
    for item in declarations:
        for left in item.undeclared:
            where.setdefault((left.what, left.reason), []).append(item.host)
    lines = ["", "# Not declared, and why:"] if where else []
    for (what, reason), hosts in where.items():
        on = "" if len(hosts) == len(fold.hosts) else f" (on {_listed(hosts)})"
        lines.append(f"# - {_comment(what)}{on}: {_comment(reason)}")
    return lines


def _comment(text: str) -> str:
    return printable(text).replace("\n", " ")


def _listed(hosts: Sequence[str], most: int = 8) -> str:
    return ", ".join(hosts[:most]) + (f" and {len(hosts) - most} more" if len(hosts) > most else "")


def item_lines(fields: Mapping[str, Any], indent: str) -> list[str]:
    """Return an item of a list: in one line where it fits, else a key a line."""
    flat = flow(fields)
    if len(indent) + 2 + len(flat) <= _WIDTH:
        return [f"{indent}- {flat}"]
    lines = []
    for place, (key, value) in enumerate(fields.items()):
        begin = f"{indent}{'- ' if place == 0 else '  '}{key}:"
        if isinstance(value, list | tuple) and len(begin) + len(flow(value)) + 1 > _WIDTH:
            lines.append(begin)
            for item in value:
                lines += (
                    item_lines(item, f"{indent}    ") if isinstance(item, dict) else [f"{indent}    - {flow(item)}"]
                )
        else:
            lines.append(f"{begin} {flow(value)}")
    return lines


def inventory_text(
    folds: Sequence[Fold], hosts: Sequence[InventoryHost], folder: Path, *, version: str, source: str
) -> str:
    """Return a hosts.yaml: how each host is reached, without secrets, its variables, and the groups of alike ones."""
    connections = {host.name: _connection(host, folder) for host in hosts}
    common = _common(connections.values())
    lines = [
        f"# The hosts of {_comment(source)} that psnet {version} adopted, with what differs between them.",
    ]
    if any(_unwritten(host) for host in hosts):
        lines.append(f"# Passwords are never written here: export {_ENVIRONMENT}, or say where else they come from.")
    if common:
        lines.append(f"connection: {flow(common)}")
    lines.append("hosts:")
    variables = {name: given for each in folds for name, given in each.variables.items()}
    for host in hosts:
        own = {key: value for key, value in connections[host.name].items() if key not in common}
        address = own.pop("address", None)
        entry: dict[str, Any] = {}
        entry |= {"address": address} if address else {}
        entry |= {"connection": own} if own else {}
        entry |= {"vars": variables[host.name]} if variables.get(host.name) else {}
        lines += _host_lines(host.name, entry)
    alike = [each for each in folds if len(each.hosts) > 1 or len(folds) == 1]
    given = _groups(hosts)
    lines += ["groups:"] if alike or given else []
    lines += [f"  {scalar(each.name)}: {{hosts: {flow(list(each.hosts))}}} # {each.file}" for each in alike]
    lines += [f"  {scalar(name)}: {{hosts: {flow(members)}}}" for name, members in given.items()]
    return "\n".join(lines) + "\n"


def _host_lines(name: str, entry: dict[str, Any]) -> list[str]:
    flat = f"  {scalar(name)}: {flow(entry) if entry else '{}'}"
    if len(flat) <= _WIDTH:
        return [flat]
    lines = [f"  {scalar(name)}:"]
    for key, value in entry.items():
        if isinstance(value, dict) and len(flow(value)) > _WIDTH - 10:
            lines.append(f"    {key}:")
            lines += [f"      {scalar(inner)}: {flow(item)}" for inner, item in value.items()]
        else:
            lines.append(f"    {key}: {flow(value)}")
    return lines


def _groups(hosts: Sequence[InventoryHost]) -> dict[str, list[str]]:
    """Return the inventory's own groups."""
    found: dict[str, list[str]] = {}
    for host in hosts:
        for group in host.groups:
            if group not in ("all", "ungrouped"):
                found.setdefault(group, []).append(host.name)
    return found


def _unwritten(host: InventoryHost) -> bool:
    secrets = [host.connection.get(name) for name in _SECRETS]
    return any(secret is not None and not _source(secret, host, Path()) for secret in secrets)


def _connection(host: InventoryHost, folder: Path) -> dict[str, Any]:
    """Return a host's connection settings as they are written; paths as they lead from the new folder."""
    given = {key: value for key, value in host.connection.items() if value is not None}
    plain = {key: value for key, value in given.items() if key not in _SECRETS}
    made = ConnectionEntry.model_validate(plain).model_dump(mode="json", exclude_unset=True)
    for name in _FILES:
        if made.get(name):
            made[name] = _from(folder, host.folder / Path(made[name]).expanduser())
    for name in _SECRETS:
        if given.get(name) is not None:
            made[name] = _source(given[name], host, folder) or {"env": _ENVIRONMENT}
    return made


def _source(secret: Any, host: InventoryHost, folder: Path) -> dict[str, Any]:
    """Return where a secret comes from; nothing for one that an inventory holds itself."""
    dump = getattr(secret, "model_dump", None)
    if dump is None:
        return {}
    said: dict[str, Any] = dump(mode="json", exclude_none=True, include={"env", "file", "keyring", "vault", "prompt"})
    for name in ("file", "vault"):
        if name in said:
            said[name] = _from(folder, host.folder / Path(said[name]).expanduser())
    return said


def _from(folder: Path, path: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _common(connections: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the settings that every host has with the same value; an address is a host's own."""
    listed = list(connections)
    return {
        key: value
        for key, value in listed[0].items()
        if key != "address" and all(key in each and each[key] == value for each in listed)
    }
