"""Select-Xml, and ConvertTo-Xml of plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psnet.lab.contract.files import decode
from psnet.lab.dotnet.types.psobjects import properties_of
from psnet.lab.dotnet.types.xmltypes import parse_document
from psnet.lab.dotnet.xml.nodes import XmlNode
from psnet.lab.dotnet.xml.xpath import select
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import Cmdlet, Parameters, cmdlet
from psnet.lab.engine.general.items import existing
from psnet.lab.values import EnumValue, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.lab.engine.cmdlet_context import CmdletContext

_INFO = "Microsoft.PowerShell.Commands.SelectXmlInfo"


@cmdlet(
    "Select-Xml",
    """
    XPath string 0 mandatory notempty
    Xml object[] 1 @Xml:1:mandatory:value:byname alias=Node notempty
    Path string[] @Path:1:mandatory:byname
    LiteralPath string[] @LiteralPath:mandatory:byname alias=PSPath
    Content string[] @Content:mandatory:value notempty
    Namespace hashtable
    """,
    default_set="Xml",
)
def select_xml(ctx: CmdletContext, p: Parameters) -> Iterable[Any]:
    """Return what an XPath finds in documents, texts or files."""
    spaces = {net.to_string(key): net.to_string(value) for key, value in (p.get("Namespace") or _none()).items()}
    xpath = net.to_string(p["XPath"])
    for path, node in _documents(ctx, p):
        for found in select(node, xpath, spaces):
            made = PSObject.of({"Node": found, "Path": path, "Pattern": xpath}, _INFO, "System.Object", kind="Property")
            made.to_string = found.inner_text()
            yield made


def _none() -> Any:
    from psnet.lab.values import Hashtable  # noqa: PLC0415 - one use

    return Hashtable()


def _documents(ctx: CmdletContext, p: Parameters) -> Iterable[tuple[str, XmlNode]]:
    if "Xml" in p:
        for given in p.list("Xml") or []:
            base = net.unwrap(given)
            yield "InputStream", base if isinstance(base, XmlNode) else net.convert(given, "System.Xml.XmlDocument")
    elif "Content" in p:
        for text in p.list("Content") or []:
            yield "InputStream", parse_document(net.to_string(text))
    else:
        for full, entry in existing(ctx, p):
            yield full, parse_document(decode(entry.data))


@cmdlet(
    "ConvertTo-Xml",
    """
    InputObject psobject 0 mandatory value null
    Depth int range=1..2147483647
    NoTypeInformation switch
    As string values=String,Stream,Document
    """,
)
class ConvertToXml(Cmdlet):
    """Return a document of objects; those whose properties are plain values."""

    def __init__(self, ctx: CmdletContext, p: Parameters) -> None:
        super().__init__(ctx, p)
        self.document = parse_document('<?xml version="1.0" encoding="utf-8"?><Objects></Objects>')

    def process(self) -> None:
        """Add one object."""
        if not self.p.switch("NoTypeInformation") or "Depth" in self.p:
            raise net.unsupported("ConvertTo-Xml with types or a depth", self.ctx.processor.line)
        root = self.document.elements()[0]
        root.append(self._element("Object", self.p["InputObject"], None, deep=True))

    def _element(self, tag: str, value: Any, name: str | None, *, deep: bool) -> XmlNode:
        made = XmlNode("Element", tag, document=self.document)
        if name is not None:
            made.set_attribute("Name", name)
        base = net.unwrap(value)
        if base is None:
            return made
        if isinstance(base, str | int | float | EnumValue):
            made.set_text(net.to_string(value))
            return made
        if not deep or not isinstance(base, PSObject):
            raise net.unsupported("ConvertTo-Xml of an object within an object", self.ctx.processor.line)
        for info in properties_of(value):
            made.append(self._element("Property", info.value(), info.member.name, deep=False))
        return made

    def end(self) -> Iterable[Any]:
        """Return the document."""
        if net.to_string(self.p.get("As")).lower() not in {"", "document"}:
            raise net.unsupported("ConvertTo-Xml -As", self.ctx.processor.line)
        yield self.document
