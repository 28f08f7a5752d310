"""Names of modules in a playbook that mean nothing, or something else now: said with file, line and the right word.

Only what stands in the files is looked at: the playbook, what it imports and includes by a plain name, and its roles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from psnet._internal.collection import collection
from psnet._internal.reading import read_text
from psnet._internal.yaml import compose_yaml, nearest
from psnet.errors import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PREFIX: Final = "psnet.windows_containers."
#: Names that psnet had for modules of ansible-core's own.
BUILTIN: Final = frozenset(
    {
        *("assert", "debug", "fail", "set_fact", "include_vars", "pause", "meta"),
        *("include_tasks", "import_tasks", "include_role", "import_role"),
    }
)
_FILES: Final = frozenset({"import_playbook", "include_tasks", "import_tasks", "include", "file", "_raw_params"})
_SUFFIXES: Final = ("", ".yml", ".yaml")


def problems_in(playbook: Path) -> list[Problem]:
    """Return what is wrong with the names of modules in a playbook and in what it leads to."""
    known = {path.stem for path in (collection() / "plugins" / "modules").glob("*.py")}  # loading them takes longer
    found: dict[str, Problem] = {}
    seen: set[Path] = set()
    waiting = [playbook]
    while waiting:
        path = waiting.pop()
        if path.resolve() in seen or not path.is_file():
            continue
        seen.add(path.resolve())
        for key, value, line, column in _keys(path):
            said = _said(key, known)
            if said is not None:
                problem = Problem(f"{key}: {said[0]}", str(path), line, column, remedy=said[1])
                found[str(problem)] = problem
            waiting += _leads_to(key, value, path)
    return list(found.values())


def _said(key: str, known: set[str]) -> tuple[str, str] | None:
    short = key.removeprefix(PREFIX).removeprefix("psnet.")
    if not key.startswith("psnet.") or short in known:
        return None
    if short in BUILTIN:
        return "psnet has no such module any more", f"write ansible.builtin.{short}"
    if "." in short:
        return None  # another collection of the namespace
    near = nearest(short, known)
    return "there is no such module", f"did you mean {PREFIX}{near}?" if near else "docs/playbooks.md names the modules"


def _keys(path: Path) -> Iterator[tuple[str, Any, int, int]]:
    """Yield the keys of a YAML file with their values, where those are plain, and their places."""
    try:
        node = compose_yaml(read_text(path), str(path))
    except InputError:
        return  # ansible-core says what is wrong with it
    waiting = [node]
    seen: set[int] = set()  # an alias stands for what was looked at
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, yaml.SequenceNode):
            waiting += item.value
        elif isinstance(item, yaml.MappingNode):
            for key, value in item.value:
                mark = key.start_mark
                yield str(key.value), _plain(value), mark.line + 1, mark.column + 1
                waiting.append(value)


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    return None


def _leads_to(key: str, value: Any, path: Path) -> list[Path]:
    name = key.rpartition(".")[2]
    if name in _FILES and isinstance(value, str) and "{{" not in value:
        return [path.parent / value.split(" ")[0], path.parent / "tasks" / value.split(" ")[0]]
    if name == "roles" and isinstance(value, list):
        roles = [item if isinstance(item, str) else item.get("role") or item.get("name") for item in value]
    elif name in ("include_role", "import_role") and isinstance(value, dict):
        roles = [value.get("name")]
    else:
        return []
    folders = [path.parent / "roles" / str(role) for role in roles if role and "{{" not in str(role)]
    return [
        folder / part / f"main{suffix}"
        for folder in folders
        for part in ("tasks", "handlers")
        for suffix in _SUFFIXES[1:]
    ]
