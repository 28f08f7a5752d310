"""Reading the YAML of playbooks: Ansible's tags, vaulted files, and the places of keys."""

from __future__ import annotations

import keyword
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psnet._internal.yaml import Document, Path_, parse_yaml, read_text
from psnet.errors import InputError, InventoryError
from psnet.inventory.ansible_files import loader_for
from psnet.inventory.vault import decrypt, is_vaulted, vault_password
from psnet.playbook.model import Where

if TYPE_CHECKING:
    from psnet.playbook.template import Secrets


def read_document(path: Path, secrets: Secrets | None = None) -> Document:
    """Read a YAML file, opening it when it is a vault as a whole; raise InputError naming file and line.

    All text of a vaulted file is secret: ``secrets`` remembers it.
    """
    text = read_text(path)
    vaulted = is_vaulted(text)
    if vaulted:
        try:
            text = decrypt(text, vault_password(), str(path))
        except InventoryError as error:
            raise InputError(error.message, remedy=error.remedy) from None
    document = parse_yaml(text, str(path), loader_for(str(path)))
    if vaulted and secrets is not None:
        secrets.add_all(document.data)
    return document


def read_variables(path: Path, secrets: Secrets | None = None) -> dict[str, Any]:
    """Return a file of variables; raise InputError when it is none."""
    data = read_document(path, secrets).data
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise InputError(f"{path} holds no variables", remedy="write name: value lines")
    return data


def where_of(document: Document, place: Path_) -> Where:
    """Return where something stands, and its keys."""
    line = document.positions.get(place, (1, 1))[0]
    depth = len(place)
    keys: dict[Path_, int] = {}
    for path, (number, _) in document.positions.items():
        if len(path) > depth and path[:depth] == place:
            keys[path[depth:]] = number
    return Where(document.path, line, keys)


def found(names: list[str], folders: list[Path]) -> Path | None:
    """Return the first file of some names in some folders."""
    for folder in folders:
        for name in names:
            path = folder / Path(name).expanduser()
            if path.is_file():
                return path
    return None


def is_name(text: Any) -> bool:
    """Say whether a text can name a variable: no word of Python's or Jinja2's."""
    return str(text).isidentifier() and not keyword.iskeyword(str(text)) and text not in ("none", "true", "false")
