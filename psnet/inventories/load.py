"""From hosts.yaml to hosts with variables and connection settings.

::

    connection: {user: admin, password: {env: PSNET_PASSWORD}}     # for every host
    vars: {site: berlin}
    hosts:
      web01: {address: 10.0.0.11, vars: {port: 8080}}
      "db[01:03]":                                                 # db01, db02, db03
    groups:
      web: {hosts: [web01], vars: {tier: front}, connection: {port: 5986}}

A host's own settings win over its groups', those over the file's; of two groups the later one wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from psnet._internal.text_files import read_text
from psnet._internal.validate import validate
from psnet._internal.validation_messages import explain_error
from psnet._internal.yaml import Document, nearest, parse_yaml
from psnet.errors import InputError, InventoryError, Problem
from psnet.inventories.ansible import read_ansible
from psnet.inventories.files import load_yaml, loader_for, variables_in
from psnet.inventories.model import GroupEntry, HostEntry, InventoryFile
from psnet.inventories.patterns import choose, expand_range
from psnet.inventories.vault import decrypt, is_vaulted, vault_password
from psnet.transport.settings import ConnectionSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class InventoryHost:
    """One host: its name, groups, variables, and how to connect to it (secrets are read when it connects).

    ``own`` are those of its variables that are said of the host itself, not of its groups; ``wrong`` says why it cannot
    be connected to.
    """

    name: str
    groups: tuple[str, ...]
    variables: Mapping[str, Any]
    connection: Mapping[str, Any] = field(repr=False)
    folder: Path = field(repr=False)
    path: str = field(repr=False)
    own: Mapping[str, Any] = field(default_factory=dict, repr=False)
    wrong: str | None = None

    def settings(self) -> ConnectionSettings:
        """Return the connection settings, with the password read from where the inventory says."""
        if self.wrong is not None:
            raise InventoryError(f"{self.path}: host {self.name}: {self.wrong}")
        given = dict(self.connection)
        for name in ("password", "certificate_key_password"):
            if given.get(name) is not None:
                given[name] = given[name].read(self.folder)
        for name in ("ca_file", "certificate_file", "certificate_key_file", "keytab"):
            if given.get(name):
                given[name] = str(self.folder / Path(given[name]).expanduser())
        try:
            return ConnectionSettings.model_validate({"address": self.name, **given})
        except ValidationError as error:
            found = [(".".join(str(part) for part in item["loc"]), explain_error(item)[0]) for item in error.errors()]
            reasons = "; ".join(f"{key}: {said}" if key else said for key, said in found)
            raise InventoryError(f"{self.path}: host {self.name}: {reasons}") from None


@dataclass(frozen=True, slots=True)
class OtherHost:
    """A host that is no Windows host: left out, and refused when it is chosen. ``kind`` is its connection."""

    name: str
    groups: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """The hosts of a file, in its order; ``others`` are left out of every run."""

    path: str
    hosts: tuple[InventoryHost, ...]
    others: tuple[OtherHost, ...] = ()

    def __iter__(self) -> Iterator[InventoryHost]:
        return iter(self.hosts)

    def __len__(self) -> int:
        return len(self.hosts)

    def __getitem__(self, name: str) -> InventoryHost:
        """Return one host; raise InventoryError naming the nearest."""
        found = next((host for host in self.hosts if host.name == name), None)
        if found is None:
            near = nearest(name, [host.name for host in self.hosts])
            raise InventoryError(f"{self.path} has no host {name}", remedy=f"did you mean {near}?" if near else None)
        return found

    def select(self, pattern: str | None) -> tuple[InventoryHost, ...]:
        """Return the hosts that ``web:&prod:!canary`` names; choosing none is an error."""
        if pattern is None:
            return self.hosts
        try:
            chosen = tuple(choose(pattern, self.hosts))
            others = choose(pattern, self.others)
        except ValueError as error:
            raise InventoryError(str(error)) from None
        named = [item for item in others if item.name in re.split(r"[:,]", pattern)]
        if named or (others and not chosen):
            first = (named or others)[0]
            raise InventoryError(
                f"{first.name} is no Windows host: its ansible_connection is {first.kind}",
                remedy="set ansible_connection: psrp or winrm, or choose others",
            )
        if not chosen:
            names = [*(host.name for host in self.hosts), *(group for host in self.hosts for group in host.groups)]
            near = nearest(pattern, dict.fromkeys(names))
            listed = f"the hosts are {', '.join(host.name for host in self.hosts[:10])}"
            raise InventoryError(
                f"no host of {self.path} matches {pattern}", remedy=f"did you mean {near}?" if near else listed
            )
        return chosen


def load_inventory(path: Path | str | Sequence[Path | str]) -> Inventory:
    """Read an inventory: psnet's own YAML, what ansible-core reads (files, folders, plug-ins, ``h1,h2,``), or several.

    A plug-in is an entry point of the group ``psnet.inventory``: a callable that takes the path and returns an
    ``Inventory``, or None when the path is not its own. Raises InventoryError with every problem found.
    """
    sources = [Path(path)] if isinstance(path, Path | str) else [Path(item) for item in path]
    if len(sources) != 1:
        own = all(item.is_file() and not _is_ansible(item) for item in sources)
        return _joined(sources) if own else _from_ansible(sources)
    path = sources[0]
    for point in entry_points(group="psnet.inventory"):
        given = point.load()(path)
        if isinstance(given, Inventory):
            return given
    if _is_ansible(path):
        return _from_ansible(sources)
    entry, document = read_file(path)
    problems: list[Problem] = []
    hosts = _hosts(entry, document, problems)
    if not hosts and not problems:
        problems.append(document.problem((), "no hosts", remedy="list them under hosts:"))
    if problems:
        raise InventoryError(f"{path} has errors", problems)
    return Inventory(str(path), tuple(hosts))


def _joined(sources: list[Path]) -> Inventory:
    """Return the hosts of several of psnet's own files, each with what its file says of it."""
    read = [(path, host) for path in sources for host in load_inventory(path).hosts]
    first: dict[str, Path] = {}
    for path, host in read:
        if first.setdefault(host.name, path) != path:
            raise InventoryError(f"the host {host.name} is in {first[host.name]} and in {path}", remedy="keep one")
    return Inventory(":".join(map(str, sources)), tuple(host for _, host in read))


def read_file(path: Path) -> tuple[InventoryFile, Document]:
    """Return psnet's own inventory as it is written. Raises InventoryError with every problem found."""
    try:
        text = read_text(path)
        if is_vaulted(text):
            text = decrypt(text, vault_password(), str(path))
        document = parse_yaml(text, str(path), loader_for(str(path)))
    except InputError as error:
        raise InventoryError(error.message, error.problems, remedy=error.remedy) from None
    problems: list[Problem] = []
    if isinstance(document.data, dict) and not set(document.data) & set(InventoryFile.model_fields):
        sections = {"container_networks", "nat_static_mappings", "firewall_rules", "endpoints"} & set(document.data)
        if sections:
            wrong = document.problem((), "this is a site", remedy="name the inventory: -i INVENTORY")
            raise InventoryError(f"{path} is no inventory", [wrong])
    entry = validate(InventoryFile, document.data or {}, document, (), problems)
    if entry is None or problems:
        raise InventoryError(f"{path} has errors", problems)
    return entry, document


def expanded_hosts(text: str) -> list[str]:
    """Return the names that a key under ``hosts`` stands for; none for one that is wrong."""
    try:
        return expand_range(text)
    except ValueError:
        return []


def _is_ansible(path: Path) -> bool:
    """Say whether a path looks like an inventory of Ansible's."""
    if path.is_dir() or "," in path.name:
        return True
    if not path.is_file():
        return False
    if path.suffix not in (".yml", ".yaml", ".json"):
        return True
    try:
        data = load_yaml(read_text(path), str(path))
    except InputError:
        return False  # psnet's own reader says what is wrong with it
    if not isinstance(data, dict) or set(data) & set(InventoryFile.model_fields):
        return False
    shapes = [set(value) <= {"hosts", "children", "vars"} for value in data.values() if isinstance(value, dict)]
    return bool(shapes) and all(shapes)


def _from_ansible(sources: list[Path]) -> Inventory:
    missing = next((item for item in sources if "," not in item.name and not item.exists()), None)
    if missing is not None:
        raise InventoryError(f"there is no inventory {missing}", remedy="check the path")
    name = ":".join(str(item) for item in sources)
    first = sources[0].resolve()
    folder = first if first.is_dir() else first.parent
    read = read_ansible([str(item) for item in sources])
    hosts = tuple(
        InventoryHost(item.name, item.groups, item.variables, item.connection, folder, name, item.own, item.wrong)
        for item in read
        if item.other is None
    )
    others = tuple(OtherHost(item.name, item.groups, item.other) for item in read if item.other is not None)
    if not hosts:
        only = f": {others[0].name} has ansible_connection {others[0].kind}" if others else ""
        raise InventoryError(f"{name} has no Windows hosts{only}", remedy="set ansible_connection: psrp or winrm")
    return Inventory(name, hosts, others)


def _hosts(entry: InventoryFile, document: Document, problems: list[Problem]) -> list[InventoryHost]:
    own: dict[str, HostEntry] = {}
    for text, host in entry.hosts.items():
        for name in _expanded(text, ("hosts", text), document, problems):
            if name in own:
                problems.append(document.problem(("hosts", text), f"the host {name} is listed twice"))
            own[name] = host or HostEntry()
    members: dict[str, list[str]] = {}
    for group, listed in entry.groups.items():
        for index, text in enumerate(listed.hosts):
            for name in _expanded(text, ("groups", group, "hosts", index), document, problems):
                if name not in own:
                    near = nearest(name, own)
                    problems.append(
                        document.problem(
                            ("groups", group, "hosts", index),
                            f"{name} is not listed under hosts",
                            remedy=f"did you mean {near}?" if near else "add it there",
                        )
                    )
                members.setdefault(name, []).append(group)
    above = _ancestors(entry, document, problems)
    for name, groups in members.items():
        members[name] = list(dict.fromkeys(each for group in groups for each in (*above.get(group, ()), group)))
    folder = Path(document.path).resolve().parent
    files = _Files(*(dict(variables_in(folder / name, vault_password)) for name in ("group_vars", "host_vars")))
    return [
        _host(
            name,
            host,
            [(group, entry.groups[group]) for group in members.get(name, [])],
            entry,
            folder,
            document,
            files,
        )
        for name, host in own.items()
    ]


def _ancestors(entry: InventoryFile, document: Document, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    """Return the groups that each group stands in, the outermost first."""
    parents: dict[str, list[str]] = {}
    for group, listed in entry.groups.items():
        for child in listed.children:
            if child not in entry.groups:
                near = nearest(child, entry.groups)
                problems.append(
                    document.problem(
                        ("groups", group, "children"),
                        f"{child} is no group",
                        remedy=f"did you mean {near}?" if near else "add it under groups:",
                    )
                )
            parents.setdefault(child, []).append(group)

    circles: set[frozenset[str]] = set()

    def climb(name: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if name in path:
            circle = (*path[path.index(name) :], name)
            if frozenset(circle) not in circles:
                circles.add(frozenset(circle))
                said = f"the group stands in itself: {' > '.join(circle)}"
                problems.append(document.problem(("groups", name), said, remedy="take it out of one of children"))
            return ()
        above = [item for parent in parents.get(name, ()) for item in (*climb(parent, (*path, name)), parent)]
        return tuple(dict.fromkeys(above))

    return {name: climb(name, ()) for name in entry.groups}


@dataclass(frozen=True, slots=True)
class _Files:
    """Variables of group_vars and host_vars beside the inventory, by group and by host."""

    groups: dict[str, dict[str, Any]]
    hosts: dict[str, dict[str, Any]]


def _host(
    name: str,
    own: HostEntry,
    groups: list[tuple[str, GroupEntry]],
    entry: InventoryFile,
    folder: Path,
    document: Document,
    files: _Files,
) -> InventoryHost:
    layers: list[InventoryFile | GroupEntry | HostEntry] = [entry, *(group for _, group in groups), own]
    variables: dict[str, Any] = {}
    connection: dict[str, Any] = {}
    for layer in layers:
        if layer is own:  # as in Ansible: files of groups win over the inventory's groups, a host's over all of them
            for group in ("all", *(group for group, _ in groups)):
                variables |= files.groups.get(group, {})
        variables |= layer.vars
        connection |= {key: getattr(layer.connection, key) for key in layer.connection.model_fields_set}
    variables |= files.hosts.get(name, {})
    if own.address:
        connection["address"] = own.address
    return InventoryHost(
        name=name,
        groups=tuple(group for group, _ in groups),
        variables={**variables, "group_names": [group for group, _ in groups]},
        connection=connection,
        folder=folder,
        path=document.path,
        own={**own.vars, **files.hosts.get(name, {})},
    )


def _expanded(text: str, where: tuple[str | int, ...], document: Document, problems: list[Problem]) -> list[str]:
    try:
        return expand_range(text)
    except ValueError as error:
        problems.append(document.problem(where, str(error)))
        return []
