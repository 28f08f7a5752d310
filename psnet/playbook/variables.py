"""What variables a task sees, in the order that Ansible documents; the later layer wins.

role defaults, inventory, facts, play vars, vars_prompt, vars_files, role vars, block vars, task vars, include_vars,
set_fact and registered results, role and include parameters, extra vars. What psnet itself knows comes on top.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psnet._internal.yaml import parse_yaml
from psnet.errors import InputError
from psnet.inventory.ansible_files import variables_in
from psnet.inventory.vault import vault_password
from psnet.playbook.arguments import key_values
from psnet.playbook.source import found, read_variables
from psnet.playbook.template import Scope, TemplateFault, lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.inventory import InventoryHost
    from psnet.playbook.model import Play, Role, Task
    from psnet.playbook.template import Templar


@dataclass(slots=True)
class HostStore:
    """What a run has learnt of one host. ``facts`` are Ansible's, ``own`` what psnet.facts read."""

    facts: dict[str, Any] = field(default_factory=dict)
    own: dict[str, Any] | None = None
    set: dict[str, Any] = field(default_factory=dict)
    included: dict[str, Any] = field(default_factory=dict)

    def layer(self) -> dict[str, Any]:
        """Return the facts as variables."""
        found = {f"ansible_{name}": value for name, value in self.facts.items()}
        found["ansible_facts"] = dict(self.facts)
        return found | ({"psnet_facts": self.own} if self.own is not None else {})


class Store:
    """Variables of every host of a run, whatever play."""

    def __init__(self, templar: Templar, hosts: Mapping[str, InventoryHost], extra: Mapping[str, Any]) -> None:
        self.templar = templar
        self.hosts = hosts
        self.extra = lazily(extra)
        self.magic: dict[str, Any] = {}
        self.play: Play | None = None
        self._beside: dict[Path, _Beside] = {}
        self._known: dict[str, HostStore] = {}
        self._files: dict[tuple[int, str], list[dict[str, Any]]] = {}
        self._prompted: dict[str, Any] = {}

    def __getitem__(self, host: str) -> HostStore:
        return self._known.setdefault(host, HostStore())

    def begin(self, play: Play, prompted: Mapping[str, Any], magic: Mapping[str, Any]) -> None:
        """Take a play's variables into view."""
        self.play, self._prompted, self.magic = play, dict(prompted), dict(magic)
        self._files.clear()

    def scope(self, host: str, task: Task | None = None) -> Scope:
        """Return the variables of a host, in a play, for a task."""
        known = self[host]
        role = task.inherited.role if task else None
        play = self.play
        low = [*(_defaults(play)), *self._from_inventory(host, play), known.layer()]
        if play is not None:
            low += [lazily(play.vars), self._prompted, *self._from_files(play, host, low)]
            low += [lazily(each.variables) for each in play.roles]
        if role is not None:
            low = [*low[: len(_defaults(play))], lazily(role.defaults), *low[len(_defaults(play)) :]]
            low.append(lazily(role.variables))
        if task is not None:
            low += [lazily(layer) for layer in task.inherited.vars]
            low.append(lazily(task.vars))
        low += [known.included, known.set]
        if role is not None:
            low.append(lazily(role.params))
        if task is not None:
            low.append(lazily(task.params))
        return Scope(self.templar, *low, self.extra, self.magic, self._of_host(host), _of_role(role))

    def _from_inventory(self, name: str, play: Play | None) -> list[dict[str, Any]]:
        """Return the inventory's variables, and those of group_vars and host_vars beside the playbook."""
        host = self.hosts.get(name)
        if host is None:
            return []
        of_groups = {key: value for key, value in host.variables.items() if key not in host.own}
        if play is None:
            return [lazily(of_groups), lazily(host.own)]
        if play.folder not in self._beside:
            self._beside[play.folder] = _Beside.read(play.folder)
        beside = self._beside[play.folder]
        groups = [beside.groups.get(group, {}) for group in ("all", *host.groups)]
        return [lazily(layer) for layer in (of_groups, *groups, host.own, beside.hosts.get(name, {}))]

    def _of_host(self, host: str) -> dict[str, Any]:
        known = self.hosts.get(host)
        return {
            "inventory_hostname": host,
            "inventory_hostname_short": host.split(".", maxsplit=1)[0],
            "group_names": sorted(known.groups) if known else [],
            "ansible_host": str(known.connection.get("address", host)) if known else host,
            "hostvars": HostVars(self),
        }

    def _from_files(self, play: Play, host: str, low: list[dict[str, Any]]) -> list[dict[str, Any]]:
        if not play.vars_files:
            return []
        key = (id(play), host)
        if key not in self._files:
            scope = Scope(self.templar, *low, lazily(play.vars), self._prompted, self.extra, self._of_host(host))
            self._files[key] = [self._file(entry, play, scope) for entry in play.vars_files]
        return self._files[key]

    def _file(self, entry: Any, play: Play, scope: Scope) -> dict[str, Any]:
        names = entry if isinstance(entry, list) else [entry]
        try:
            filled = [str(self.templar.fill(name, scope)) for name in names]
        except TemplateFault as fault:
            raise InputError(f"{play.where.of('vars_files')}: vars_files: {fault.message}") from None
        path = found(filled, [play.folder, play.folder / "vars"])
        if path is None:
            raise InputError(f"{play.where.of('vars_files')}: there is no file {' or '.join(filled)}")
        return lazily(read_variables(path, self.templar.secrets))


def _defaults(play: Play | None) -> list[dict[str, Any]]:
    return [lazily(role.defaults) for role in play.roles] if play else []


def _of_role(role: Role | None) -> dict[str, Any]:
    return {"role_name": role.name, "role_path": str(role.folder)} if role else {}


@dataclass(frozen=True, slots=True)
class _Beside:
    """group_vars and host_vars beside a playbook."""

    groups: Mapping[str, dict[str, Any]]
    hosts: Mapping[str, dict[str, Any]]

    @staticmethod
    def read(folder: Path) -> _Beside:
        """Read both; raise InputError naming file and line."""
        password = vault_password()
        parts = (dict(variables_in(folder / name, password)) for name in ("group_vars", "host_vars"))
        return _Beside(*parts)


class HostVars(Mapping[str, Any]):
    """The variables of every host of the inventory, by its name."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getitem__(self, host: str) -> Scope:
        if host not in self._store.hosts:
            raise KeyError(host)
        return self._store.scope(host)

    def __iter__(self) -> Iterator[str]:
        return iter(self._store.hosts)

    def __len__(self) -> int:
        return len(self._store.hosts)

    def __repr__(self) -> str:
        return f"hostvars of {len(self)} hosts"


def read_extra(words: list[str], templar: Templar) -> dict[str, Any]:
    """Return the variables of ``-e``: ``name=value``, JSON or YAML in braces, or ``@file``; raise InputError."""
    found_all: dict[str, Any] = {}
    for word in words:
        text = word.strip()
        if text.startswith("@"):
            found_all |= read_variables(Path(text[1:]).expanduser(), templar.secrets)
        elif text.startswith(("{", "[")):
            found_all |= _inline(text)
        else:
            pairs = key_values(text)
            if pairs is None:
                raise InputError(f"-e {word} is no variable", remedy="write name=value, JSON, or @file.yaml")
            found_all |= pairs
    return found_all


def _inline(text: str) -> dict[str, Any]:

    data = parse_yaml(text, "-e").data
    if not isinstance(data, dict):
        raise InputError(f"-e {text} is no mapping", remedy='write {"name": value}')
    return data
