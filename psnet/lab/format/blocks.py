"""Format-Table, Format-List, Format-Wide and Format-Custom: what they take, and the lines they give."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.context import current, modern, using
from psnet.lab.dotnet.objects import Dictionary
from psnet.lab.dotnet.tostring import to_string
from psnet.lab.dotnet.typenames import unwrap
from psnet.lab.dotnet.types.dictionaries import entries
from psnet.lab.format import listing
from psnet.lab.format.cells import cell_text, is_line, line_text
from psnet.lab.format.columns import Column, complete, default_columns, default_set, expand, names_of
from psnet.lab.format.table import body, header, lay_out, texts_of
from psnet.lab.format.views import date_line, rows_of, view_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from psnet.lab.format.view import View

_TABLE_LIMIT: Final = 10


@dataclass(slots=True)
class Formatted:
    """What a Format- cmdlet puts out: objects and how to show them; Out- cmdlets make lines of it."""

    kind: str
    items: list[Any]
    properties: list[Any] = field(default_factory=list)
    autosize: bool = False
    hide_headers: bool = False
    wrap: bool = False
    group_by: Any = None
    columns: int = 0
    limit: Callable[[], int] | None = None
    prepared: dict[int, list[str]] = field(default_factory=dict)
    type_name = "Microsoft.PowerShell.Commands.Internal.Format.FormatStartData"

    def lines(self, width: int = 80, language: str | None = None) -> list[str]:
        """Return the lines for a screen of so many columns."""
        if width in self.prepared and language is None:
            return list(self.prepared[width])
        changes: dict[str, Any] = {"language": language} if language else {}
        if self.limit is not None:
            changes["enumeration_limit"] = self.limit
        with using(**changes):
            return self._lines(width)

    def _view_groups(self, view: View, items: list[Any], width: int) -> list[str]:
        """Return runs of objects under the line that their view puts above each."""
        group = view.group or to_string
        out: list[str] = [] if modern() else [""]
        shown = ""
        run: list[Any] = []
        for item in [*items, None]:
            label = shown if item is not None and is_line(item) else "" if item is None else group(item)
            if run and label != shown:
                gap = [""] * (1 if modern() else view.group_gap)
                out += ["", shown, *gap, *_RENDER[self.kind](self, run, width), ""]
                run = []
            shown = label
            run.append(item)
        return out if modern() else [*out, ""]

    def prepare(self, width: int) -> Formatted:
        """Work out the lines for a screen now: what calculated columns do is done, and what changes later is not seen."""
        self.prepared[width] = self.lines(width)
        return self

    def __post_init__(self) -> None:
        """Keep the limit of collections that holds now: what is shown later is shown as it was made."""
        asked = current().enumeration_limit
        if asked is not None:
            now = asked()
            self.limit = lambda: now

    def _lines(self, width: int) -> list[str]:
        out: list[str] = []
        items = [each for item in self.items if item is not None for each in _opened(item)]
        while items and is_line(items[0]):
            out += inline(items.pop(0))
        if items:
            out += self._groups(items, width)
        return out

    def _groups(self, items: list[Any], width: int) -> list[str]:
        render = _RENDER[self.kind]
        view = None if self.properties else view_of(items[0])
        if self.group_by is None and view is not None and view.group is not None and view.kind == self.kind:
            return self._view_groups(view, items, width)
        if self.group_by is None:
            return [*_lead(self.kind), *render(self, items, width), *_end(self.kind)]
        out: list[str] = [] if modern() else [""]
        for label, value, members in _grouped(items, self.group_by):
            inner = [] if modern() else _lead(self.kind)[1:]
            out += ["", f"   {label}: {value}", "", *inner, *render(self, members, width)]
            out += [] if modern() and self.kind == "list" else [""]
        return out if modern() else [*out, ""]


def _opened(item: Any) -> list[Any]:
    """Return the pairs of a generic dictionary, which is shown as they are; any other object alone."""
    base = unwrap(item)
    return list(entries(base)) if isinstance(base, Dictionary) else [item]


def inline(item: Any) -> list[str]:
    """Return the lines of a text that stands between objects; it ends no table."""
    return line_text(item).replace("\r\n", "\n").split("\n")


def _lead(kind: str) -> list[str]:
    """Return the blank lines before objects: one; in 5.1 two before lists and wide rows."""
    return [""] if modern() or kind not in {"list", "wide"} else ["", ""]


def _end(kind: str) -> list[str]:
    """Return the blank lines after objects (in lists each object has one already): in 7 one in all."""
    if modern():
        return [] if kind == "list" else [""]
    return ["", ""]


def _grouped(items: list[Any], specification: Any) -> list[tuple[str, str, list[Any]]]:
    """Return runs of objects with the same value of the grouping property."""
    out: list[tuple[str, str, list[Any]]] = []
    for item in items:
        if is_line(item) and out:
            out[-1][2].append(item)
            continue
        columns = expand([specification], item)
        column = columns[0] if columns else Column("", "")
        text = cell_text(column.value(item), column.template)
        if not out or out[-1][1] != text:
            out.append((column.label, text, []))
        out[-1][2].append(item)
    return out


def _table(block: Formatted, items: list[Any], width: int) -> list[str]:
    first = items[0]
    view = None if block.properties else view_of(first)
    if view is not None and view.kind == "table":
        rows = [row for item in items for row in ([item] if is_line(item) else rows_of(view, item))]
        return _table_lines(list(view.columns), rows, width, block, autosize=view.autosize or block.autosize, view=True)
    columns = expand(block.properties, first) if block.properties else default_columns(first)[:_TABLE_LIMIT]
    if not columns:
        return []
    return _table_lines(columns, items, width, block, autosize=True)


def _table_lines(
    columns: list[Column], rows: list[Any], width: int, block: Formatted, *, autosize: bool, view: bool = False
) -> list[str]:
    objects = [item for item in rows if not is_line(item)]
    if not objects:
        return [line for item in rows for line in inline(item)]
    texts = texts_of(columns, rows)
    layout = lay_out(columns, objects[0], texts, width, autosize=autosize, fixed=not (view and block.autosize))
    if view:
        complete([layout.columns[place] for place in layout.shown()], objects[0])
    top = [] if block.hide_headers else header(layout)
    return [*top, *body(layout, rows, texts, wrapping=block.wrap)]


def _list(block: Formatted, items: list[Any], width: int) -> list[str]:
    out: list[str] = []
    for item in items:
        out += inline(item) if is_line(item) else list_entry(item, block.properties, width)
    return out


def list_entry(item: Any, properties: list[Any], width: int) -> list[str]:
    """Return the lines of one object in a list and the blank line after it."""
    view = None if properties else view_of(item)
    if view is not None:
        out: list[str] = []
        for row in rows_of(view, item):
            out += [*listing.entry(_list_columns(view, row), row, width), ""]
        return out
    columns = expand(properties, item) if properties else default_columns(item)
    return [*listing.entry(columns, item, width), ""]


def _list_columns(view: Any, row: Any) -> list[Column]:
    if view.kind == "list" or view.enumerates:
        return complete(view.columns, row)
    return complete(view.details, row) or default_columns(row)


def _wide(block: Formatted, items: list[Any], width: int) -> list[str]:
    texts = []
    for item in items:
        columns = expand(block.properties, item) if block.properties else _wide_default(item)
        texts.append(cell_text(columns[0].value(item), columns[0].template) if columns else "")
    count = block.columns or (listing.best_columns(texts, width) if block.autosize else 2)
    return listing.wide(texts, count, width)


def _wide_default(item: Any) -> list[Column]:
    chosen = default_set(item) or names_of(item)
    named = [name for name in chosen if name.lower() in {"name", "id", "key"}] or chosen[:1]
    return [Column(name, name) for name in named[:1]]


def _custom(block: Formatted, items: list[Any], width: int) -> list[str]:
    del width
    out: list[str] = []
    for item in items:
        if is_line(item):
            out += inline(item)
            continue
        own = date_line(item) if not block.properties else None
        columns = expand(block.properties, item) if block.properties else None
        out += [own] if own is not None else [*listing.custom(unwrap(item) if not columns else item, columns), ""]
    return out


_RENDER: Final = {"table": _table, "list": _list, "wide": _wide, "custom": _custom}
