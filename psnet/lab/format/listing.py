"""Lists (``Name : value``), wide rows, and Format-Custom's class-like text."""

from __future__ import annotations

from typing import Any, Final

from psnet.lab.dotnet.tostring import is_enumerable
from psnet.lab.dotnet.typenames import short_name, type_name_of, unwrap
from psnet.lab.dotnet.types.dictionaries import entries
from psnet.lab.format.cells import cell_text, is_line, line_text, width_of, wrap
from psnet.lab.format.columns import Column, default_columns
from psnet.lab.format.table import LEFT, Layout, fit, row
from psnet.lab.values import DateTime, Hashtable, TimeSpan

_CUSTOM_DEPTH: Final = 5


def entry(columns: list[Column], item: Any, screen: int) -> list[str]:
    """Return the lines of one object; values that are too long go on under themselves."""
    if not columns:
        return []
    size = max(width_of(column.label) for column in columns)
    size = min(size, max(screen - 4, 1))
    out: list[str] = []
    for column in columns:
        label = column.label + " " * (size - width_of(column.label))
        lines = wrap(cell_text(column.value(item), column.template), screen - size - 3)
        out.append(f"{label} : {lines[0]}")
        out += [f"{' ' * (size + 3)}{line}" for line in lines[1:]]
    return out


def wide(texts: list[str], count: int, screen: int) -> list[str]:
    """Return texts in so many columns."""
    out = []
    for start in range(0, len(texts), count):
        chunk = texts[start : start + count]
        chunk += [""] * (count - len(chunk))
        layout = Layout([Column("", "")] * count, fit([0] * count, screen), [LEFT] * count)
        out.append(row(layout, chunk).rstrip() if "" in chunk else row(layout, chunk))
    return out


def best_columns(texts: list[str], screen: int) -> int:
    """Return how many columns fit when each is as wide as the longest text."""
    size = max((width_of(text) for text in texts), default=0)
    if size <= 0 or size >= screen:
        return 1
    count = 1
    while size * (count + 1) + count < screen:
        count += 1
    return count


def custom(item: Any, columns: list[Column] | None = None, level: int = 0) -> list[str]:
    """Return an object as Format-Custom shows it."""
    pad = "  " * level
    name = short_name(type_name_of(unwrap(item)))
    out = [f"{pad}class {name}", f"{pad}{{"]
    for column in columns if columns is not None else default_columns(item):
        out += _custom_member(column.label, column.value(item), level + 1)
    return [*out, f"{pad}}}"]


def _custom_member(label: str, value: Any, level: int) -> list[str]:
    pad = "  " * level
    base = unwrap(value)
    if base is None or is_line(value) or isinstance(base, DateTime | TimeSpan) or level >= _CUSTOM_DEPTH:
        return [f"{pad}{label} = {'' if base is None else cell_text(value)}"]
    if isinstance(base, Hashtable) or is_enumerable(base):
        out = [f"{pad}{label} = ", f"{pad}  ["]
        for item in entries(base) if isinstance(base, Hashtable) else base:
            if item is None or is_line(item):
                out.append(f"{pad}    {line_text(item)}")
            else:
                out += custom(item, None, level + 2)
        return [*out, f"{pad}  ]", f"{pad}  "]
    return [f"{pad}{label} = ", *custom(item=value, columns=None, level=level + 1)]
