"""What a view is: which columns a type's objects have, how wide, in which groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.format.columns import Column

if TYPE_CHECKING:
    from collections.abc import Callable

_SIDES: Final = {"": 1, "r": 3}


@dataclass(frozen=True, slots=True)
class View:
    """A view of a type: ``kind`` is table or list.

    ``group`` gives the line above a run of objects that belong together, with ``group_gap`` blank lines after it;
    ``details`` are the columns of a table's type in lists.
    """

    kind: str
    columns: tuple[Column, ...]
    autosize: bool = False
    enumerates: bool = False
    group: Callable[[Any], str] | None = None
    group_gap: int = 1
    details: tuple[Column, ...] = ()


def table(columns: str, listed: str = "", *, autosize: bool = False) -> View:
    """Return a table of columns written ``label=property:width:r``; all but the label may be missing."""
    return View("table", tuple(_column(text) for text in columns.split()), autosize, details=details(listed))


def details(names: str) -> tuple[Column, ...]:
    """Return the columns of a list."""
    return tuple(Column(name, name) for name in names.split())


def _column(text: str) -> Column:
    named, _, layout = text.partition(":")
    label, _, source = named.partition("=")
    width, _, side = layout.partition(":")
    return Column(label, source or label, None, int(width or 0), _SIDES[side])
