"""Python values as PowerShell literals: the only way in which a value enters a script."""

from __future__ import annotations

import re
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING, Any

from pydantic import SecretBytes, SecretStr

from psnet.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_INT32 = 2**31
_INT64 = 2**63

# U+2018 to U+201B end a single-quoted string as ' does; U+201C to U+201E end a double-quoted one as " does.
_SINGLE = re.compile("['\u2018\u2019\u201a\u201b]")
_DOUBLE = re.compile('[`$"\u201c\u201d\u201e]')
_ESCAPES = {"\0": "`0", "\a": "`a", "\b": "`b", "\t": "`t", "\n": "`n", "\v": "`v", "\f": "`f", "\r": "`r"}


class Raw(str):
    """Text that is PowerShell already. Only psnet's own constants and rendered parts may become one."""

    __slots__ = ()


def literal(value: Any) -> str:
    """Return PowerShell text that evaluates to the value; raise RenderError for what has no literal.

    Strings become one string constant, lists ``@(...)``, mappings ``[ordered]@{...}``. Secrets are refused:
    they travel as PSRP parameters, never in a script.
    """
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, SecretStr | SecretBytes):
        raise RenderError("a secret was about to be written into a script", remedy="pass it as a parameter")
    if isinstance(value, Enum):
        return literal(value.value)
    if value is None:
        return "$null"
    if isinstance(value, bool):
        return "$true" if value else "$false"
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, IPv4Address | IPv6Address | IPv4Network | IPv6Network):
        return _string(str(value))
    if isinstance(value, list | tuple):
        return f"@({', '.join(literal(item) for item in value)})"
    if isinstance(value, dict):
        return _mapping(value)
    raise RenderError(f"a {type(value).__name__} has no PowerShell literal")


def _integer(value: int) -> str:
    if not -_INT64 <= value < _INT64:
        raise RenderError(f"{value} does not fit into 64 bits")
    text = f"{value}L" if not -_INT32 <= value < _INT32 else str(value)
    return f"({text})" if value < 0 else text


def _string(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise RenderError("half a surrogate pair cannot be written into a script")
    if any(character in _ESCAPES for character in value):
        escaped = _DOUBLE.sub(lambda match: f"`{match[0]}", value)
        return '"' + "".join(_ESCAPES.get(character, character) for character in escaped) + '"'
    return "'" + _SINGLE.sub(lambda match: match[0] * 2, value) + "'"


def _mapping(value: Mapping[Any, Any]) -> str:
    pairs = []
    for key, item in value.items():
        if not isinstance(key, str):
            raise RenderError(f"a key of a hashtable is text, not {type(key).__name__}")
        pairs.append(f"{_string(key)} = {literal(item)}")
    return f"[ordered]@{{ {'; '.join(pairs)} }}" if pairs else "[ordered]@{}"


def arguments(parameters: Mapping[str, Any]) -> Raw:
    """Return ``-Name value`` pairs for a cmdlet call; the names are psnet's own and checked."""
    parts = []
    for name, value in parameters.items():
        if not _NAME.fullmatch(name):
            raise RenderError(f"{name!r} is no parameter name")
        parts.append(f"-{name}:{literal(value)}" if isinstance(value, bool) else f"-{name} {literal(value)}")
    return Raw(" ".join(parts))
