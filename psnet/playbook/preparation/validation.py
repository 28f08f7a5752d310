"""Validate a playbook before it runs, with file, line and remedy.

Names of modules that mean nothing, or something else now; and files that are more than a reader can bear (too deep,
aliases that stand for millions of values), which ansible-core would end at with a traceback, or not at all. Only what
stands in the files is looked at: the playbook, what it imports and includes by a plain name, its roles and variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from psnet._internal.collection import collection
from psnet._internal.text_files import read_text
from psnet._internal.vault import is_vaulted
from psnet._internal.yaml import compose_yaml, nearest
from psnet._internal.yaml_excess import find_excess
from psnet.errors import InputError, Problem
from psnet.playbook.preparation.referenced_files import SUFFIXES, tasks_of, variables_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

PREFIX: Final = "psnet.windows_containers."
#: Names that psnet had for modules of ansible-core's own.
BUILTIN: Final = frozenset(
    {
        *("assert", "debug", "fail", "set_fact", "include_vars", "pause", "meta"),
        *("include_tasks", "import_tasks", "include_role", "import_role"),
    }
)


def problems_in(playbook: Path) -> list[Problem]:
    """Return what is wrong with a playbook and with what it leads to."""
    known = {path.stem for path in (collection() / "plugins" / "modules").glob("*.py")}  # loading them takes longer
    found: dict[str, Problem] = {}
    seen: set[Path] = set()
    waiting = [(playbook, True)]
    while waiting:
        path, is_tasks = waiting.pop()
        if not is_tasks and path.is_dir():
            waiting += [(file, False) for suffix in SUFFIXES for file in path.rglob(f"*{suffix}")]
        if path.resolve() in seen or not path.is_file():
            continue
        seen.add(path.resolve())
        text, problems = _read(path)
        for key, value, line, column in _keys(text, path) if is_tasks and not problems else ():
            said = _said(key, known)
            if said is not None:
                problems.append(Problem(f"{key}: {said[0]}", str(path), line, column, remedy=said[1]))
            waiting += [(file, True) for file in tasks_of(key, value, path, playbook.parent)]
            waiting += [(file, False) for file in variables_of(key, value, path, playbook.parent)]
        found |= {str(problem): problem for problem in problems}
    return list(found.values())


def excess_below(paths: Iterable[Path]) -> list[Problem]:
    """Return what is more than a reader can bear in files of variables and hosts, and in those of folders."""
    found = []
    for path in paths:
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [problem for file in files if file.is_file() for problem in _read(file)[1]]
    return found


def _read(path: Path) -> tuple[str, list[Problem]]:
    """Return a file's text, and why no reader should be given it; ansible-core says what is wrong with it otherwise."""
    try:
        text = read_text(path)
    except InputError:
        return "", []
    problem = None if is_vaulted(text) else find_excess(text, str(path))
    return text, [problem] if problem is not None else []


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


def _keys(text: str, path: Path) -> Iterator[tuple[str, Any, int, int]]:
    """Yield the keys of a YAML file with their values, where those are plain, and their places."""
    try:
        node = compose_yaml(text, str(path))
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
