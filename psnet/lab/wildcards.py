"""PowerShell wildcards without case, for the lab's cmdlets."""

from __future__ import annotations

from psnet.lab.dotnet.wildcard import is_match


def like(text: str, pattern: str) -> bool:
    """Say whether a pattern of ``*``, ``?`` and ``[a-z]`` takes a text."""
    return is_match(pattern, text)
