"""Reading Ansible's INI and YAML inventories, group_vars and host_vars, unchanged."""

from __future__ import annotations

import ast
import re
import shlex
from typing import TYPE_CHECKING, Any, Final

import yaml

from psnet._internal.yaml import Unsafe
from psnet.errors import InventoryError, Problem
from psnet.inventory.ansible_model import Tree
from psnet.inventory.patterns import expand_range
from psnet.inventory.vault import Vaulted, decrypt, is_vaulted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import SecretStr

_SECTION: Final = re.compile(r"^\[([^\]:]+)(?::(\w+))?\]\s*(?:[#;].*)?$")
_SKIPPED: Final = frozenset({"group_vars", "host_vars"})
_IGNORED: Final = (".pyc", ".orig", ".cfg", ".retry", ".bak", ".md", "~")
_KINDS: Final = frozenset({"vars", "children", "hosts", None})


def read_inventory(path: Path, password: SecretStr | None) -> Tree:
    """Read a file or a folder of files; raise InventoryError naming file, line and remedy."""
    if not path.exists():
        raise InventoryError(f"there is no inventory {path}", remedy="check the path")
    tree = Tree()
    files = sorted(path.iterdir()) if path.is_dir() else [path]
    for file in files:
        if file.is_dir() or file.name.startswith(".") or file.name.endswith(_IGNORED):
            continue
        tree.merge(_read_file(file, password))
    folder = path if path.is_dir() else path.parent
    _add_variables(tree, folder, password)
    return tree


def _read_file(path: Path, password: SecretStr | None) -> Tree:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InventoryError(f"{path} cannot be read: {error}") from None
    if is_vaulted(text):
        text = decrypt(text, password, str(path))
    if path.suffix in (".yml", ".yaml", ".json"):
        return _from_yaml(load_yaml(text, str(path)), str(path))
    return _from_ini(text, str(path))


# -- INI ------------------------------------------------------------------------------------------


def _from_ini(text: str, path: str) -> Tree:
    tree, problems = Tree(), list[Problem]()
    group, kind = "ungrouped", None
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        section = _SECTION.match(stripped)
        if section:
            group, kind = section[1].strip(), section[2]
            if kind not in _KINDS:
                problems.append(
                    Problem(
                        f"unknown section :{kind}",
                        path,
                        number,
                        remedy="write [name], [name:vars] or [name:children]",
                    )
                )
            tree.group(group)
            continue
        try:
            _ini_line(tree, stripped, group, kind)
        except ValueError as error:
            problems.append(Problem(str(error), path, number))
    if problems:
        raise InventoryError(f"{path} has errors", problems)
    return tree


def _ini_line(tree: Tree, line: str, group: str, kind: str | None) -> None:
    if kind == "vars":
        key, equals, value = line.partition("=")
        if not equals:
            raise ValueError(f"{line!r} is no variable: write name=value")
        tree.group(group).variables[key.strip()] = _value(value.strip())
    elif kind == "children":
        child = line.split("#", maxsplit=1)[0].strip()
        tree.group(group).children[child] = None
        tree.group(child)
    else:
        words = shlex.split(line, comments=True)
        for name in expand_range(words[0]):
            host, colon, port = name.rpartition(":")
            variables = tree.add_host(host if colon and port.isdigit() else name, group)
            if colon and port.isdigit():
                variables["ansible_port"] = int(port)
            for word in words[1:]:
                key, equals, value = word.partition("=")
                if not equals:
                    raise ValueError(f"{word!r} is no variable: write name=value after the host")
                variables[key] = _value(value)


def _value(text: str) -> Any:
    """Return a value as Ansible's INI plug-in reads it: a Python literal, else the text."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


# -- YAML -----------------------------------------------------------------------------------------


class _Loader(yaml.SafeLoader):
    """YAML with Ansible's tags; ``source`` is the file's name."""

    source = ""


def _vault(loader: _Loader, node: yaml.ScalarNode) -> Vaulted:
    return Vaulted(str(loader.construct_scalar(node)), f"{loader.source}:{node.start_mark.line + 1}")


def _unsafe(loader: _Loader, node: yaml.Node) -> Any:
    if not isinstance(node, yaml.ScalarNode):
        raise yaml.constructor.ConstructorError(None, None, "!unsafe stands before text", node.start_mark)
    return Unsafe(loader.construct_scalar(node))


_Loader.add_constructor("!vault", _vault)
_Loader.add_constructor("!unsafe", _unsafe)


def loader_for(path: str) -> type[yaml.SafeLoader]:
    """Return a loader that knows Ansible's tags; a vaulted value says that it stands in ``path``."""
    return type("Loader", (_Loader,), {"source": path})


def load_yaml(text: str, path: str) -> Any:
    """Return YAML data; raise InventoryError with its line."""
    loader = loader_for(path)(text)
    try:
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else None
        raise InventoryError(f"{path} is not valid YAML", [Problem(str(error.problem), path, line)]) from None
    finally:
        loader.dispose()


def _from_yaml(data: Any, path: str) -> Tree:
    tree = Tree()
    if not isinstance(data, dict):
        raise InventoryError(f"{path} is no inventory", remedy="start it with all: and hosts: or children: under it")
    for name, entry in data.items():
        _yaml_group(tree, str(name), entry, path)
    return tree


def _yaml_group(tree: Tree, name: str, entry: Any, path: str) -> None:
    group = tree.group(name)
    if entry is None:
        return
    if not isinstance(entry, dict) or set(entry) - {"hosts", "children", "vars"}:
        raise InventoryError(
            f"{path}: the group {name} has other keys than hosts, children and vars",
            remedy="a psnet inventory has hosts: and groups: at its top",
        )
    group.variables |= entry.get("vars") or {}
    hosts = entry.get("hosts") or {}
    for pattern, variables in (hosts if isinstance(hosts, dict) else dict.fromkeys([hosts])).items():
        for host in expand_range(str(pattern)):
            tree.add_host(host, name).update(variables or {})
    for child, below in (entry.get("children") or {}).items():
        group.children[str(child)] = None
        _yaml_group(tree, str(child), below, path)


# -- group_vars and host_vars ---------------------------------------------------------------------


def _add_variables(tree: Tree, folder: Path, password: SecretStr | None) -> None:
    for name, values in variables_in(folder / "group_vars", password):
        if name in tree.groups:
            # group_vars win over what inventory files say of any group: kept apart, applied after those
            tree.groups[name].variables["\0files"] = {**tree.groups[name].variables.get("\0files", {}), **values}
    for name, values in variables_in(folder / "host_vars", password):
        if name in tree.hosts:
            tree.hosts[name].update(values)


def variables_in(folder: Path, password: SecretStr | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (group or host, variables) of each file or folder in group_vars or host_vars; a folder's come merged."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_dir():
            merged: dict[str, Any] = {}
            for file in sorted(item for item in path.rglob("*") if item.is_file()):
                merged |= _variable_file(file, password)
            yield path.name, merged
        elif path.suffix in ("", ".yml", ".yaml", ".json") and not path.name.endswith(_IGNORED):
            yield path.stem if path.suffix else path.name, _variable_file(path, password)


def _variable_file(path: Path, password: SecretStr | None) -> dict[str, Any]:
    if path.name.startswith(".") or path.name.endswith(_IGNORED):
        return {}
    text = path.read_text(encoding="utf-8")
    secret = is_vaulted(text)
    if secret:
        text = decrypt(text, password, str(path))
    data = load_yaml(text, str(path))
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise InventoryError(f"{path} holds no variables", remedy="write name: value lines")
    if not secret:
        return data
    return {key: Hidden(value, f"{path}: {key}") if isinstance(value, str) else value for key, value in data.items()}


class Hidden(Vaulted):
    """A value of a wholly encrypted file, decrypted already."""

    def reveal(self, password: SecretStr | None) -> SecretStr:
        """Return the value."""
        from pydantic import SecretStr as Secret  # noqa: PLC0415 - one use

        _ = password
        return Secret(self._text)
