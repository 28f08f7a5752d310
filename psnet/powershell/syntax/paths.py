"""Variable paths: scopes and drives (``VariablePath`` of the engine)."""

from __future__ import annotations

from typing import Final, NamedTuple

_SCOPES: Final = frozenset({"global", "local", "private", "script"})


class VariablePath(NamedTuple):
    """A variable's path taken apart.

    ``scope`` is a lower-case scope name or empty; ``drive`` the drive of a drive-qualified path or empty;
    ``name`` what follows.
    """

    scope: str
    drive: str
    name: str


def variable_path(path: str) -> VariablePath:
    """Take a path apart: ``script:x``, ``variable:global:x``, ``env:PATH``, ``using:x``, ``x``."""
    head, colon, rest = path.partition(":")
    if not colon or not head:
        return VariablePath("", "", rest if colon and not head else path)
    word = head.lower()
    if word in _SCOPES:
        return VariablePath(word, "", rest)
    if word == "variable":
        inner, second, tail = rest.partition(":")
        if second and inner.lower() in _SCOPES:
            return VariablePath(inner.lower(), "", tail)
        return VariablePath("", "", rest)
    return VariablePath("", head, rest)
