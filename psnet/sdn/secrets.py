"""Secrets of the controller's resources: in plans and scripts only their names, the values when they are sent.

In properties a secret is ``{"secret": KEY}``, the key being the path of the field that it is for. Where the value is
read the declaration says; the cmdlets' script gets it as lines of its input, the REST API in the request's body.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from psnet.errors import HostError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psnet._internal.secret import SecretSource
    from psnet.planning import Plan

_KEY: Final = "secret"
#: What people see in place of a secret.
HIDDEN: Final = "(secret)"


def secret(key: str) -> dict[str, str]:
    """Return what stands for a secret in properties."""
    return {_KEY: key}


def secret_key(value: Any) -> str | None:
    """Return the key of what stands for a secret; None for any other value."""
    return str(value[_KEY]) if isinstance(value, dict) and value.keys() == {_KEY} else None


def secret_keys(value: Any) -> Iterator[str]:
    """Yield the keys of the secrets in properties or edits, in their order."""
    key = secret_key(value)
    if key is not None:
        yield key
        return
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from secret_keys(item)


def insert_secrets(value: Any, values: Mapping[str, str]) -> Any:
    """Return properties or edits with the secrets in them; HostError for one that the declaration does not have."""
    key = secret_key(value)
    if key is not None:
        if key not in values:
            raise HostError(
                f"the plan needs the secret of {key}, which the site does not declare",
                step="changing the Network Controller",
                remedy="plan again",
            )
        return values[key]
    if isinstance(value, dict):
        return {name: insert_secrets(item, values) for name, item in value.items()}
    return [insert_secrets(item, values) for item in value] if isinstance(value, list | tuple) else value


def read_secrets(plan: Plan, sources: Mapping[str, SecretSource]) -> dict[str, str]:
    """Return the secrets that a plan's changes need, by key; InventoryError says what cannot be read."""
    needed = [key for change in plan.changes for key in secret_keys(change.create or {})]
    return {key: sources[key].read().get_secret_value() for key in dict.fromkeys(needed) if key in sources}


def mask_secrets(text: Any, values: Mapping[str, str]) -> Any:
    """Return a text that a controller said without any secret in it; other values as they are."""
    if isinstance(text, str):
        for value in sorted(filter(None, values.values()), key=len, reverse=True):
            text = text.replace(value, HIDDEN).replace(json.dumps(value)[1:-1], HIDDEN)
    return text
