"""Text of paths."""

from __future__ import annotations


def is_drive_qualified(path: str) -> bool:
    """Say whether a path begins with a drive's letter."""
    return len(path) > 1 and path[1] == ":" and path[0].isalpha()


def drive_of(path: str) -> str | None:
    """Return the drive or provider that a path begins with, in lower case, None without one."""
    head, colon, _ = path.partition(":")
    return head.lower() if colon and head and not any(mark in head for mark in "\\/") else None


def leaf(path: str) -> str:
    """Return the last part of a path."""
    return path.replace("/", "\\").rstrip("\\").rsplit("\\", 1)[-1]


def parent(path: str) -> str:
    """Return the part before the last one, "" where there is none."""
    text = path.replace("/", "\\")
    stripped = text.rstrip("\\")
    head, cut, _ = stripped.rpartition("\\")
    if not cut:
        return ""
    if len(head) == 2 and head[1] == ":":
        return f"{head}\\"
    return head or "\\"


def join(base: str, child: str) -> str:
    """Join two parts with one backslash."""
    return f"{base.rstrip(chr(92) + '/')}\\{child.lstrip(chr(92) + '/')}".replace("/", "\\")
