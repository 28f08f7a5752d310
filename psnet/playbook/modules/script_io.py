"""Input and output of the scripts that modules run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from psnet.errors import InputError
from psnet.powershell import Raw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psnet.playbook.secrets import Secrets


def without_secrets(value: Any, secrets: Secrets, fed: list[str]) -> Any:
    """Return a value whose secret texts are taken from the script's input, and gather those.

    A host's logs hold a script's text, never its input.
    """
    if isinstance(value, str):
        if not secrets.contains(value):
            return value
        if not value:
            raise InputError("an empty secret cannot be a parameter")
        fed.append(value)
        return Raw(f"$fed[{len(fed) - 1}]")
    if isinstance(value, dict):
        return {key: without_secrets(item, secrets, fed) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_secrets(item, secrets, fed) for item in value]
    return value


def answer_in(lines: Sequence[str]) -> dict[str, Any] | None:
    """Return the object that a module's script printed, the last line that is one."""
    for line in reversed(lines):
        try:
            said = json.loads(line)
        except ValueError:
            continue
        if isinstance(said, dict) and said.get("psnet_task") is True:
            return said
    return None
