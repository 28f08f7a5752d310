"""The files that a playbook refers to by plain names: imports and includes, roles, files of variables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FILES: Final = frozenset({"import_playbook", "include_tasks", "import_tasks", "include", "file", "_raw_params"})
_VARIABLES: Final = frozenset({"vars_files", "include_vars"})
_TASKS: Final = ("tasks", "handlers", "meta")
_ROLE_DATA: Final = ("vars", "defaults")
#: What names of files of variables end with; one may have none.
SUFFIXES: Final = (".yml", ".yaml", ".json")


def tasks_of(key: str, value: Any, path: Path, home: Path) -> list[Path]:
    """Return where tasks may stand that a key leads to; ``home`` is the playbook's folder."""
    name = key.rpartition(".")[2]
    if name in _FILES and isinstance(value, str) and "{{" not in value:
        return [folder / value.split(" ")[0] for folder in (path.parent, path.parent / "tasks", home)]
    return [
        folder / f"main{suffix}" for folder in _roles(name, value, path, home, _TASKS) for suffix in ("", *SUFFIXES)
    ]


def variables_of(key: str, value: Any, path: Path, home: Path) -> list[Path]:
    """Return where variables may stand that a key leads to."""
    name = key.rpartition(".")[2]
    if name in _VARIABLES:
        value = value.get("file") or value.get("dir") if isinstance(value, dict) else value
        listed = [word for item in (value if isinstance(value, list) else [value]) for word in _words(item)]
        folders = (path.parent, path.parent / "vars", path.parent.parent / "vars", home, home / "vars")
        return [folder / word for word in listed for folder in folders]
    return [
        folder / f"main{suffix}" for folder in _roles(name, value, path, home, _ROLE_DATA) for suffix in ("", *SUFFIXES)
    ]


def _words(value: Any) -> list[str]:
    """Return the plain names of files in a text or in a list of which the first that is there is taken."""
    listed = value if isinstance(value, list) else [value]
    return [item for item in listed if isinstance(item, str) and item and "{{" not in item]


def _roles(name: str, value: Any, path: Path, home: Path, parts: Iterable[str]) -> list[Path]:
    """Return parts of the roles that a key names."""
    if name in ("roles", "dependencies") and isinstance(value, list):
        roles = [item if isinstance(item, str) else _role(item) for item in value]
    elif name in ("include_role", "import_role") and isinstance(value, dict):
        roles = [value.get("name")]
    else:
        return []
    places = (path.parent / "roles", home / "roles")
    return [
        place / str(role) / part
        for place in places
        for role in roles
        if role and "{{" not in str(role)
        for part in parts
    ]


def _role(item: Any) -> Any:
    return item.get("role") or item.get("name") if isinstance(item, dict) else None


def variables_beside(words: Iterable[str], sources: Iterable[str]) -> Iterator[Path]:
    """Yield inventories, and the files and folders of variables beside them, beside playbooks and of -e @FILE.

    ``words`` are ansible-playbook's arguments, ``sources`` the inventories; a program that prints one is not read.
    """
    homes: dict[Path, None] = {}
    for source in sources:
        path = Path(source)
        if "," in source or not path.exists():
            continue
        if path.is_dir() or not os.access(path, os.X_OK):
            yield path
        homes[path if path.is_dir() else path.parent] = None
    for word in words:
        name = word.partition("@")[2] if word.startswith(("@", "-e@", "--extra-vars=@")) else ""
        if name:
            yield Path(name).expanduser()
        elif not word.startswith("-") and Path(word).is_file():
            homes[Path(word).parent] = None
    for home in homes:
        yield home / "group_vars"
        yield home / "host_vars"
