"""YAML with Ansible's tags, and the files of group_vars and host_vars beside psnet's own inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from psnet._internal.text_files import read_text
from psnet._internal.yaml import Unsafe, load_plain
from psnet.errors import InputError, InventoryError
from psnet.inventories.vault import Vaulted, decrypt, is_vaulted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pydantic import SecretStr

_IGNORED: Final = (".pyc", ".orig", ".cfg", ".retry", ".bak", ".md", "~")


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
    try:
        return load_plain(text, path, loader_for(path))
    except InputError as error:
        raise InventoryError(error.message, error.problems, remedy=error.remedy) from None


def variables_in(folder: Path, password: Callable[[], SecretStr | None]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (group or host, variables) of each file or folder in group_vars or host_vars; a folder's come merged."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_dir():
            merged: dict[str, Any] = {}
            for file in sorted(item for item in path.rglob("*") if item.is_file()):
                merged |= _variable_file(file, password)
            yield path.name, merged
        elif path.suffix in ("", ".yml", ".yaml", ".json") and not path.name.endswith(_IGNORED):
            yield path.stem if path.suffix else path.name, _variable_file(path, password)


def _variable_file(path: Path, password: Callable[[], SecretStr | None]) -> dict[str, Any]:
    if path.name.startswith(".") or path.name.endswith(_IGNORED):
        return {}
    try:
        text = read_text(path)
    except InputError as error:
        raise InventoryError(error.message, remedy=error.remedy) from None
    secret = is_vaulted(text)
    if secret:
        text = decrypt(text, password(), str(path))
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
