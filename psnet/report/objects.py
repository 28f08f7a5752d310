"""What hosts send back, as tables: for terminals (rich), for Python's prompt (text), for notebooks (HTML)."""

from __future__ import annotations

import shutil
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.table import Table
from rich.text import Text

from psnet._internal.terminal import console
from psnet._internal.text import markup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import RenderableType

#: What remoting and CIM add to every object; an engineer looks for none of it.
_NOISE: Final = frozenset(
    {
        "cimclass",
        "ciminstanceproperties",
        "cimsystemproperties",
        "pscomputername",
        "psshowcomputername",
        "runspaceid",
        "creationclassname",
        "systemcreationclassname",
        "systemname",
    }
)
_MOST_COLUMNS: Final = 7
_LONGEST: Final = 200
_DEEPEST: Final = 8


def properties_of(value: Any) -> dict[str, Any]:
    """Return what is worth showing of an object: its properties with a value, without what remoting adds."""
    found: Mapping[str, Any] | None = value if isinstance(value, dict) else getattr(value, "properties", None)
    return {str(name): item for name, item in (found or {}).items() if str(name).lower() not in _NOISE}


def cell(value: Any) -> str:
    """Return a value in one line."""
    text = " ".join(_nested(value, 0).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _nested(value: Any, depth: int) -> str:
    """Return the beginning of a value's text: as much as a cell shows, and never deeper than it can be read."""
    if value is None:
        return ""
    if not isinstance(value, list | tuple | dict):
        return str(value)
    if depth > _DEEPEST:
        return "{...}"
    text = ""
    pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for name, item in pairs:
        text += (", " if text else "") + ("" if name is None else f"{name}=") + _nested(item, depth + 1)
        if len(text) > _LONGEST:
            break
    return "{" + text + "}"


def _kinds(objects: Iterable[Any]) -> list[list[Any]]:
    """Return objects in runs of one shape, in their order."""
    runs: list[list[Any]] = []
    shape: object = None
    for item in objects:
        mine = tuple(properties_of(item)) or type(item).__name__
        if not runs or mine != shape:
            runs.append([])
            shape = mine
        runs[-1].append(item)
    return runs


def object_tables(objects: Sequence[Any], width: int | None = None) -> list[RenderableType]:
    """Return what to print for objects: a table a shape, plain values as lines.

    Objects with many properties, or whose table is wider than ``width`` characters, are lists of their properties.
    """
    made: list[RenderableType] = []
    for run in _kinds(objects):
        names = _filled(run)
        if not names:
            made += [cell(item) if not isinstance(item, str) else item for item in run]
        elif len(names) > _MOST_COLUMNS or (width is not None and _wide(run, names) > width):
            for at, item in enumerate(run):
                made += [*([""] if at else []), _list(item, names)]
        else:
            made.append(_table(run, names))
    return made


def _filled(objects: Sequence[Any]) -> list[str]:
    """Return the names of the properties that any of the objects has a value for; all when none has."""
    rows = [properties_of(item) for item in objects]
    names = [name for name in rows[0] if any(row[name] not in (None, "", []) for row in rows)]
    return names or list(rows[0])


def _wide(objects: Sequence[Any], names: Sequence[str]) -> int:
    """Return how wide a table is that breaks nothing."""
    rows = [properties_of(item) for item in objects]
    return sum(max(len(name), *(len(cell(row[name])) for row in rows)) + 3 for name in names) - 3


def _table(objects: Sequence[Any], names: Sequence[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in names:
        numbers = all(isinstance(properties_of(item)[name], int | float) for item in objects)
        table.add_column(Text(name), justify="right" if numbers else "left", overflow="fold")
    for item in objects:
        table.add_row(*(Text(cell(properties_of(item)[name])) for name in names))
    return table


def _list(item: Any, names: Sequence[str]) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    values = properties_of(item)
    for name in names:
        if values[name] not in (None, "", []):
            table.add_row(Text(name), Text(cell(values[name])))
    return table


def object_text(objects: Sequence[Any], width: int | None = None) -> str:
    """Return objects as Python's prompt shows them; ``width`` in characters, the terminal's by default."""
    stream = StringIO()
    page = console(
        file=stream,
        width=width or shutil.get_terminal_size().columns,
        color_system=None,
        force_jupyter=False,
    )
    for item in object_tables(objects, page.width):
        page.print(item, markup=False, soft_wrap=isinstance(item, str))
    text: str = stream.getvalue()
    return "\n".join(line.rstrip() for line in text.splitlines())


def object_html(objects: Sequence[Any]) -> str:
    """Return objects as tables for a notebook."""
    parts = []
    for run in _kinds(objects):
        names = list(properties_of(run[0]))
        if not names:
            parts.append("<pre>" + "\n".join(markup(cell(item)) for item in run) + "</pre>")
            continue
        head = "".join(f'<th style="text-align:left">{markup(name)}</th>' for name in names)
        rows = "".join(
            "<tr>"
            + "".join(
                f'<td style="text-align:left">{markup(cell(value))}</td>' for value in properties_of(item).values()
            )
            + "</tr>"
            for item in run
        )
        parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    return "".join(parts)
