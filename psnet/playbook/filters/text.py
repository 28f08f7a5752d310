"""Filters over text: regular expressions, paths of the controller and of Windows, quoting, versions."""

from __future__ import annotations

import ntpath
import os.path
import re
from datetime import datetime
from typing import Any

from psnet.powershell import literal


def _flags(*, ignorecase: bool, multiline: bool) -> int:
    return (re.IGNORECASE if ignorecase else 0) | (re.MULTILINE if multiline else 0)


def regex_replace(
    value: Any = "",
    pattern: str = "",
    replacement: str = "",
    ignorecase: bool = False,  # noqa: FBT001, FBT002 - Ansible's order
    multiline: bool = False,  # noqa: FBT001, FBT002 - as above
    count: int = 0,
) -> str:
    """Return a text with what matches replaced."""
    compiled = re.compile(pattern, _flags(ignorecase=ignorecase, multiline=multiline))
    return compiled.sub(replacement, str(value), count=count)


def regex_findall(value: Any, pattern: str, multiline: bool = False, ignorecase: bool = False) -> list[Any]:  # noqa: FBT001, FBT002 - Ansible's order
    """Return everything that matches."""
    found = re.findall(pattern, str(value), _flags(ignorecase=ignorecase, multiline=multiline))
    return [list(item) if isinstance(item, tuple) else item for item in found]


def regex_search(value: Any, pattern: str, *groups: str, ignorecase: bool = False, multiline: bool = False) -> Any:
    r"""Return the first match, or a list of its groups (``'\\1'``, ``'\\g<name>'``); None when nothing matches."""
    match = re.search(pattern, str(value), _flags(ignorecase=ignorecase, multiline=multiline))
    if match is None:
        return None
    if not groups:
        return match.group()
    found = []
    for group in groups:
        named = re.fullmatch(r"\\g<(\w+)>", group) or re.fullmatch(r"\\(\d+)", group)
        if named is None:
            raise ValueError(f"{group!r} is no group: write '\\\\1' or '\\\\g<name>'")
        found.append(match.group(int(named[1]) if named[1].isdigit() else named[1]))
    return found


def regex_escape(value: Any) -> str:
    """Return a pattern that matches just this text."""
    return re.escape(str(value))


def comment(value: Any, decoration: str = "# ") -> str:
    """Return a text with each line made a comment; as ansible.builtin.comment's plain style."""
    lines = ["", *str(value).splitlines(), ""]
    return "\n".join((decoration + line).rstrip() for line in lines)


def to_datetime(value: str, format: str = "%Y-%m-%d %H:%M:%S") -> datetime:  # noqa: A002 - Ansible's name
    """Return a point in time."""
    return datetime.strptime(str(value), format)  # noqa: DTZ007 - as Ansible: a time without a zone


def split(value: str, separator: str | None = None, maxsplit: int = -1) -> list[str]:
    """Return the parts of a text."""
    return str(value).split(separator, maxsplit)


TEXT = {
    "regex_replace": regex_replace,
    "regex_findall": regex_findall,
    "regex_search": regex_search,
    "regex_escape": regex_escape,
    "comment": comment,
    "to_datetime": to_datetime,
    "split": split,
    "quote": literal,
    "basename": lambda value: os.path.basename(str(value)),  # noqa: PTH119 - text, not a path that must exist
    "dirname": lambda value: os.path.dirname(str(value)),  # noqa: PTH120 - as above
    "splitext": lambda value: list(os.path.splitext(str(value))),  # noqa: PTH122 - as above
    "path_join": lambda value: os.path.join(*value) if isinstance(value, list) else str(value),  # noqa: PTH118 - as above
    "expanduser": lambda value: os.path.expanduser(str(value)),  # noqa: PTH111 - as above
    "win_basename": lambda value: ntpath.basename(str(value)),
    "win_dirname": lambda value: ntpath.dirname(str(value)),
    "win_splitdrive": lambda value: list(ntpath.splitdrive(str(value))),
}
