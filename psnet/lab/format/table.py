"""Tables: the width of columns, their alignment, rows that are cut or wrapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.typenames import type_name_of, unwrap
from psnet.lab.format.cells import (
    NUMERIC,
    cell_text,
    ellipsis,
    head,
    is_line,
    line_text,
    single_line,
    tail,
    width_of,
    wrap,
)
from psnet.lab.values import EnumValue

if TYPE_CHECKING:
    from psnet.lab.format.columns import Column

LEFT, CENTER, RIGHT = 1, 2, 3
_MINIMUM: Final = 1


@dataclass(slots=True)
class Layout:
    """A table's columns as they stand on the screen; a width of -1 hides a column."""

    columns: list[Column]
    widths: list[int]
    alignments: list[int]

    def shown(self) -> list[int]:
        """Return the places of the columns that are not hidden."""
        return [place for place, width in enumerate(self.widths) if width > 0]


def default_alignment(column: Column, item: Any) -> int:
    """Return right for numbers, enumerations and Booleans of the first object, left for the rest."""
    if column.alignment:
        return column.alignment
    base = unwrap(column.value(item))
    return RIGHT if isinstance(base, EnumValue) or (base is not None and type_name_of(base) in NUMERIC) else LEFT


def table_width(widths: list[int]) -> int:
    """Return how many cells the visible columns take with what separates them."""
    visible = [width for width in widths if width > 0]
    return sum(visible) + len(visible) - 1


def fit(widths: list[int], screen: int) -> list[int]:
    """Return column widths that fit: unset ones share what is free, then the last ones shrink or go."""
    widths = list(widths)
    if any(width <= 0 for width in widths):
        fixed = [width > 0 for width in widths]
        widths = [width if width > 0 else _MINIMUM for width in widths]
        free = screen - table_width(widths)
        while free > 0 and not all(fixed):
            for place, is_fixed in enumerate(fixed):
                if not is_fixed and free > 0:
                    widths[place] += 1
                    free -= 1
    while table_width(widths) > screen:
        visible = [place for place, width in enumerate(widths) if width > 0]
        if not visible:
            break
        last = visible[-1]
        smaller = widths[last] - (table_width(widths) - screen)
        widths[last] = smaller if smaller >= _MINIMUM else -1
    return widths


def texts_of(columns: list[Column], items: list[Any]) -> list[list[str] | None]:
    """Return the cells of each object, worked out once; None for a text between objects."""
    return [
        None if is_line(item) else [cell_text(column.value(item), column.template) for column in columns]
        for item in items
    ]


def lay_out(
    columns: list[Column],
    first: Any,
    texts: list[list[str] | None],
    screen: int,
    *,
    autosize: bool = True,
    fixed: bool = True,
) -> Layout:
    """Return the layout of a table whose columns are as wide as what they hold (without autosize: set widths).

    ``fixed``: a column's own width counts; a view's gives way to -AutoSize.
    """
    alignments = [default_alignment(column, first) for column in columns]
    widths = []
    for place, column in enumerate(columns):
        if column.width and fixed:
            widths.append(column.width)
        elif not autosize:
            widths.append(0)
        else:
            cells = [width_of(single_line(row_texts[place])) for row_texts in texts if row_texts is not None]
            widths.append(max([*cells, width_of(column.label), 1]))
    return Layout(columns, fit(widths, screen), alignments)


def field_text(text: str, width: int, alignment: int, *, pad: bool) -> str:
    """Return a cell cut or padded to its column's width."""
    size = width_of(text)
    if size > width:
        mark = ellipsis()
        if width <= len(mark):
            return head(text, width) if alignment != RIGHT else tail(text, width)
        room = width - len(mark)
        return f"{mark}{tail(text, room)}" if alignment == RIGHT else f"{head(text, room)}{mark}"
    missing = width - size
    if alignment == RIGHT:
        return " " * missing + text
    if alignment == CENTER:
        left = missing // 2
        return " " * left + text + (" " * (missing - left) if pad else "")
    return text + (" " * missing if pad else "")


def row(layout: Layout, texts: list[str], *, cells_of: bool = False) -> str:
    """Return one line; the last column is padded in 5.1 only. Cells may stand otherwise than their column's label."""
    places = layout.shown()
    if not places:
        return ""
    cells = []
    for place in places:
        pad = place != places[-1] or not modern()
        side = (cells_of and layout.columns[place].cell) or layout.alignments[place]
        cells.append(field_text(single_line(texts[place]), layout.widths[place], side, pad=pad))
    return " ".join(cells)


def wrapped_row(layout: Layout, texts: list[str]) -> list[str]:
    """Return the lines of a row whose cells are broken rather than cut."""
    places = layout.shown()
    cells = {place: wrap(texts[place], layout.widths[place]) for place in places}
    height = max(len(lines) for lines in cells.values())
    out = []
    for line in range(height):
        parts = []
        for place in places:
            text = cells[place][line] if line < len(cells[place]) else ""
            pad = place != places[-1] or not modern()
            parts.append(field_text(text, layout.widths[place], layout.alignments[place], pad=pad))
        joined = " ".join(parts)
        out.append(joined.rstrip() if height > 1 and modern() else joined)
    return out


def header(layout: Layout) -> list[str]:
    """Return the labels and the dashes below them."""
    labels = [column.label for column in layout.columns]
    dashes = [
        "-" * min(max(width_of(label), 0) or width, max(width, 0))
        for label, width in zip(labels, layout.widths, strict=True)
    ]
    if any(width_of(labels[place]) > layout.widths[place] for place in layout.shown()):
        return [*wrapped_row(layout, labels), row(layout, dashes)]
    return [row(layout, labels), row(layout, dashes)]


def body(layout: Layout, items: list[Any], texts: list[list[str] | None], *, wrapping: bool = False) -> list[str]:
    """Return the rows of a table; texts between objects stand where they came."""
    out: list[str] = []
    for item, cells in zip(items, texts, strict=True):
        if cells is None:
            out += line_text(item).replace("\r\n", "\n").split("\n")
        else:
            out += wrapped_row(layout, cells) if wrapping else [row(layout, cells, cells_of=True)]
    return out
