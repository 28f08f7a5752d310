# Copyright: The psnet developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's values as plain data, and which of them are secrets."""

from __future__ import annotations

from functools import cache
from typing import Any

from ansible.parsing.vault import EncryptedString

try:
    from ansible._internal._datatag._tags import Origin, SourceWasEncrypted, VaultedValue
except ImportError:  # another ansible-core: only values that are still encrypted are known as secrets
    Origin = SourceWasEncrypted = VaultedValue = None

_HEADER = b"$ANSIBLE_VAULT;"


def plain(value: Any) -> Any:
    """Return a value as JSON has it, without tags."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    for kind in (bool, int, float):
        if isinstance(value, kind):
            return kind(value)
    return value if value is None else str(value)


def texts(value: Any) -> list[str]:
    """Return every text in a value."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in texts(item)]
    return [str(value)] if isinstance(value, str | EncryptedString) else []


def secrets(value: Any) -> list[str]:
    """Return the texts in a value that came out of a vault."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in secrets(item)]
    if isinstance(value, list | tuple):
        return [text for item in value for text in secrets(item)]
    return [str(value)] if isinstance(value, str | EncryptedString) and _vaulted(value) else []


def _vaulted(value: Any) -> bool:
    if isinstance(value, EncryptedString):
        return True
    if VaultedValue is None:
        return False
    if VaultedValue.is_tagged_on(value) or SourceWasEncrypted.is_tagged_on(value):
        return True
    origin = Origin.get_tag(value)
    return origin is not None and bool(origin.path) and _is_vault(origin.path)


@cache
def _is_vault(path: str) -> bool:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as ansible-core does
            return file.read(len(_HEADER)) == _HEADER
    except OSError:
        return False
