"""Objects as PowerShell prints them: default formatting, the Format- cmdlets, Out-String.

``format_table`` and its kin give lines; a Format- cmdlet puts out a ``Formatted``, which ``format_objects``
turns into lines once the width is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.format.blocks import Formatted
from psnet.lab.format.stream import format_objects, out_string

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "Formatted",
    "format_custom",
    "format_list",
    "format_objects",
    "format_table",
    "format_wide",
    "out_string",
]


def format_table(
    values: Sequence[Any],
    properties: Sequence[Any] = (),
    *,
    autosize: bool = False,
    hide_headers: bool = False,
    wrap: bool = False,
    group_by: Any = None,
    width: int = 80,
    language: str | None = None,
) -> list[str]:
    """Return Format-Table's lines; properties are names, wildcards, script blocks or calculated ones."""
    block = Formatted("table", list(values), list(properties), autosize, hide_headers, wrap=wrap, group_by=group_by)
    return block.lines(width, language)


def format_list(
    values: Sequence[Any],
    properties: Sequence[Any] = (),
    *,
    group_by: Any = None,
    width: int = 80,
    language: str | None = None,
) -> list[str]:
    """Return Format-List's lines."""
    return Formatted("list", list(values), list(properties), group_by=group_by).lines(width, language)


def format_wide(
    values: Sequence[Any],
    properties: Sequence[Any] = (),
    *,
    columns: int = 0,
    autosize: bool = False,
    group_by: Any = None,
    width: int = 80,
    language: str | None = None,
) -> list[str]:
    """Return Format-Wide's lines."""
    block = Formatted("wide", list(values), list(properties), autosize, group_by=group_by, columns=columns)
    return block.lines(width, language)


def format_custom(
    values: Sequence[Any], properties: Sequence[Any] = (), *, width: int = 80, language: str | None = None
) -> list[str]:
    """Return Format-Custom's lines."""
    return Formatted("custom", list(values), list(properties)).lines(width, language)
