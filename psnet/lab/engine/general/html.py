"""ConvertTo-Html, as Windows PowerShell 5.1 writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.general.keys import Column, column_of, expand_names, property_names

if TYPE_CHECKING:
    from psnet.lab.engine.cmdlet_context import CmdletContext

_FIRST: Final = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"  "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">',
    '<html xmlns="http://www.w3.org/1999/xhtml">',
    "<head>",
)
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}


@cmdlet(
    "ConvertTo-Html",
    """
    InputObject psobject value
    Property Object[] 0
    Body string[] 3 @Page
    Head string[] 1 @Page
    Title string 2 @Page
    As string
    CssUri string @Page alias=cu,uri
    Fragment switch @Fragment
    PostContent string[]
    PreContent string[]
    """,
    class_name="ConvertToHtmlCommand",
    default_set="Page",
)
class ConvertToHtml(Cmdlet):
    """Write a page, or a table alone."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.columns: list[Column] | None = None
        self.count = 0

    def begin(self) -> None:
        """Write what stands above the objects."""
        p, write = self.p, self.ctx.write
        if self.ctx.runspace.language != "5.1":
            raise net.unsupported("ConvertTo-Html of PowerShell 7", self.ctx.processor.line)
        self.listed = str(p.get("As", "Table")).lower() == "list"
        if not p.switch("Fragment"):
            for line in _FIRST:
                write(line)
            for line in p.list("Head") or [f"<title>{p.get('Title', 'HTML TABLE')}</title>"]:
                write(line)
            if "CssUri" in p:
                write(f'<link rel="stylesheet" type="text/css" href="{p["CssUri"]}" />')
            write("</head><body>")
            self._texts("Body")
        self._texts("PreContent")
        write("<table>")

    def _texts(self, name: str) -> None:
        for text in self.p.list(name) or []:
            self.ctx.write(text)

    def process(self) -> None:
        """Write one object."""
        value = self.p.get("InputObject")
        if value is None:
            return
        self.count += 1
        if self.columns is None:
            self.columns = self._chosen(value)
            if not self.listed and self.columns:
                self.ctx.write(f"<colgroup>{'<col/>' * len(self.columns)}</colgroup>")
                heads = "".join(f"<th>{_encoded(_label(column))}</th>" for column in self.columns)
                self.ctx.write(f"<tr>{heads}</tr>")
        cells = [_encoded(self._text(column, value)) for column in self.columns]
        if self.listed:
            if self.count > 1:
                self.ctx.write("<tr><td><hr></td></tr>")
            for column, cell in zip(self.columns, cells, strict=True):
                self.ctx.write(f"<tr><td>{_encoded(_label(column))}:</td><td>{cell}</td></tr>")
        elif cells:
            self.ctx.write(f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>")

    def _chosen(self, value: Any) -> list[Column]:
        given = [column_of(self.ctx, item) for item in self.p.list("Property") or []]
        if any(column.options for column in given):
            raise net.unsupported("ConvertTo-Html with widths and alignments", self.ctx.processor.line)
        base = net.unwrap(value)
        if not given and (isinstance(base, str | int | float) or not property_names(value)):
            raise net.unsupported("ConvertTo-Html of texts and numbers", self.ctx.processor.line)
        if not given:
            return [Column(name, None) for name in property_names(value)]
        found: list[Column] = []
        for column in given:
            names = expand_names(value, column.name) if column.block is None and column.wild else []
            found += [Column(name, None) for name in names] if names else [column]
        return found

    def _text(self, column: Column, value: Any) -> str:
        held = column.value(self.ctx, value)
        if held is None:
            return ""
        return net.type_name_of(held) if net.is_enumerable(held) else net.own_text(held)

    def end(self) -> None:
        """Write what stands below."""
        self.ctx.write("</table>")
        self._texts("PostContent")
        if not self.p.switch("Fragment"):
            self.ctx.write("</body></html>")


def _label(column: Column) -> str:
    return column.label or column.name


def _encoded(text: str) -> str:
    return "".join(_ENTITIES.get(char) or (f"&#{ord(char)};" if 160 <= ord(char) < 256 else char) for char in text)
