"""XmlDocument and its nodes, with the properties that PowerShell's adapter gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from psnet.lab.dotnet.convert import to_string
from psnet.lab.dotnet.errors import UnsupportedError, make_exception, thrown
from psnet.lab.dotnet.registry import constructor, method, prop
from psnet.lab.values import AUTOMATION_NULL, Array

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE = "System.Xml"


class XmlNode:
    """One node: an element, the document (its element's parent), an attribute or a text."""

    __slots__ = ("element", "kind", "name", "parent", "text")

    def __init__(
        self, kind: str, name: str, element: ET.Element | None = None, text: str = "", parent: Any = None
    ) -> None:
        self.kind, self.name, self.element, self.text, self.parent = kind, name, element, text, parent

    @property
    def type_name(self) -> str:
        """The node's type."""
        return f"{_SPACE}.Xml{self.kind}"

    @property
    def text_form(self) -> str:
        """What ``ToString()`` gives."""
        return self.name if self.kind == "Element" else self.type_name

    def children(self) -> list[XmlNode]:
        """Return the elements directly within this node."""
        if self.kind == "Document":
            return [XmlNode("Element", self.element.tag, self.element, parent=self)] if self.element is not None else []
        return [
            XmlNode("Element", each.tag, each, parent=self)
            for each in (self.element if self.element is not None else [])
        ]

    def inner_text(self) -> str:
        """Return the text of this node and all within it."""
        return "".join(self.element.itertext()) if self.element is not None else self.text

    def adapted(self, name: str) -> tuple[bool, Any]:
        """Return what the XML adapter finds under a name: an attribute or child elements."""
        element = self.element
        found: list[Any] = []
        if element is not None and self.kind == "Element":
            found += [value for key, value in element.attrib.items() if key.lower() == name.lower()]
        found += [_simple(child) for child in self.children() if child.name.lower() == name.lower()]
        if name == "#text" and self.kind == "Element":
            return True, self.inner_text()
        if not found:
            return False, None
        return True, found[0] if len(found) == 1 else Array(found)

    def adapted_names(self) -> list[str]:
        """Return the names that the adapter shows."""
        names = [*(self.element.attrib if self.element is not None and self.kind == "Element" else ())]
        names += [child.name for child in self.children()]
        if self.kind == "Element" and self.element is not None and (self.element.text or "").strip():
            names.append("#text")
        return list(dict.fromkeys(names))

    def set_adapted(self, name: str, new: Any) -> bool:
        """Set an attribute or the text of the only child of that name."""
        if self.element is not None and self.kind == "Element":
            for key in self.element.attrib:
                if key.lower() == name.lower():
                    self.element.attrib[key] = to_string(new)
                    return True
        children = [child for child in self.children() if child.name.lower() == name.lower()]
        if len(children) == 1 and children[0].element is not None:
            children[0].element.text = to_string(new)
            return True
        return False


class NodeList:
    """System.Xml.XmlNodeList."""

    type_name = f"{_SPACE}.XmlNodeList"
    enumerates = True
    __slots__ = ("items",)

    def __init__(self, items: list[XmlNode]) -> None:
        self.items = items

    def __iter__(self) -> Iterator[XmlNode]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def _simple(node: XmlNode) -> Any:
    """Return an element as the adapter shows it: its text when it has nothing else."""
    element = node.element
    if element is not None and not element.attrib and not len(element):
        return element.text or ""
    return node


def parse_document(text: str) -> XmlNode:
    """Return a text as XmlDocument; raises the error of the cast."""
    from psnet.lab.dotnet.casts import with_inner  # noqa: PLC0415 - only for the error

    try:
        return XmlNode("Document", "#document", ET.fromstring(text))  # noqa: S314 - expat expands no external entities
    except ET.ParseError as error:
        inner = make_exception("System.Xml.XmlException", str(error))
        raise with_inner("InvalidCastToXmlDocument", text, "System.Xml.XmlDocument", inner) from None


def _outer(node: XmlNode) -> str:
    if node.element is None:
        return escape(node.text)
    return _write(node.element)


def _write(element: ET.Element) -> str:
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in element.attrib.items())
    inner = _inner(element)
    return f"<{element.tag}{attributes}>{inner}</{element.tag}>" if inner else f"<{element.tag}{attributes} />"


def _inner(element: ET.Element) -> str:
    out = escape(element.text or "")
    for child in element:
        out += _write(child) + escape(child.tail or "")
    return out


_NODE = f"{_SPACE}.XmlNode"
prop(_NODE, "string Name", lambda node: node.name)
prop(_NODE, "string LocalName", lambda node: node.name.rpartition(":")[2])
prop(_NODE, "string InnerText", XmlNode.inner_text, lambda node, new: setattr(node.element, "text", new))
prop(_NODE, "string OuterXml", _outer)
prop(_NODE, "string InnerXml", lambda node: _outer(node) if node.kind == "Document" else _inner(node.element))
prop(_NODE, "System.Object ChildNodes", lambda node: NodeList(node.children()))
prop(_NODE, "System.Object ParentNode", lambda node: node.parent)
prop(_NODE, "bool HasChildNodes", lambda node: bool(node.children() or node.inner_text()))
prop(_NODE, "System.Object FirstChild", lambda node: next(iter(node.children()), None))
prop(_NODE, "string Value", lambda node: node.text if node.kind == "Attribute" else None)
prop(f"{_SPACE}.XmlDocument", "System.Object DocumentElement", lambda node: next(iter(node.children()), None))
prop(f"{_SPACE}.XmlElement", "bool HasAttributes", lambda node: bool(node.element.attrib))
prop(f"{_SPACE}.XmlNodeList", "int Count", len)


def _select(node: XmlNode, path: str) -> list[XmlNode]:
    root = ET.Element("#root")
    if node.kind == "Document":
        if node.element is not None:
            root.append(node.element)
        start, query = root, path.lstrip("/") if not path.startswith("//") else f".{path}"
    else:
        if node.element is None or path.startswith("/"):
            raise UnsupportedError(f"the XPath {path}")
        start, query = node.element, path
    target, _, attribute = query.partition("/@")
    try:
        found = start.findall(target or ".")
    except SyntaxError:
        raise UnsupportedError(f"the XPath {path}") from None
    if attribute:
        return [
            XmlNode("Attribute", attribute, text=each.attrib[attribute]) for each in found if attribute in each.attrib
        ]
    return [XmlNode("Element", each.tag, each) for each in found]


@method(_NODE, "System.Object SelectNodes(string xpath)")
def _select_nodes(node: XmlNode, path: str) -> NodeList:
    return NodeList(_select(node, path))


@method(_NODE, "System.Object SelectSingleNode(string xpath)")
def _select_one(node: XmlNode, path: str) -> XmlNode | None:
    return next(iter(_select(node, path)), None)


@method(f"{_SPACE}.XmlElement", "string GetAttribute(string name)")
def _attribute(node: XmlNode, name: str) -> str:
    return node.element.attrib.get(name, "") if node.element is not None else ""


@method(f"{_SPACE}.XmlElement", "void SetAttribute(string name, string value)")
def _set_attribute(node: XmlNode, name: str, value: str) -> Any:
    if node.element is not None:
        node.element.attrib[name] = value
    return AUTOMATION_NULL


@method(f"{_SPACE}.XmlElement", "bool HasAttribute(string name)")
def _has_attribute(node: XmlNode, name: str) -> bool:
    return node.element is not None and name in node.element.attrib


@method(_NODE, "System.Object GetElementsByTagName(string name)")
def _by_tag(node: XmlNode, name: str) -> NodeList:
    found = node.element.iter(name) if node.element is not None else iter(())
    return NodeList([XmlNode("Element", each.tag, each) for each in found])


@constructor(f"{_SPACE}.XmlDocument", "()")
def _new_document() -> XmlNode:
    return XmlNode("Document", "#document")


@method(f"{_SPACE}.XmlDocument", "void LoadXml(string xml)")
def _load(node: XmlNode, text: str) -> Any:
    try:
        node.element = ET.fromstring(text)  # noqa: S314 - expat expands no external entities
    except ET.ParseError as error:
        raise thrown("System.Xml.XmlException", str(error)) from None
    return AUTOMATION_NULL
