"""XmlDocument and its nodes: reading them. ``xmlediting`` has what changes a document."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.casts import with_inner
from psnet.lab.dotnet.enums import ENUMS, make_enum
from psnet.lab.dotnet.object_model import provides
from psnet.lab.dotnet.objects import Native
from psnet.lab.dotnet.registry import constructor, method, prop
from psnet.lab.dotnet.xml.nodes import NamespaceManager, NodeList, XmlNode
from psnet.lab.dotnet.xml.reader import read_into
from psnet.lab.dotnet.xml.writer import inner, outer
from psnet.lab.dotnet.xml.xpath import select
from psnet.lab.values import AUTOMATION_NULL, DotNetError

if TYPE_CHECKING:
    from collections.abc import Callable

SPACE: Final = "System.Xml"
NODE: Final = f"{SPACE}.XmlNode"
DOCUMENT: Final = f"{SPACE}.XmlDocument"
ELEMENT: Final = f"{SPACE}.XmlElement"
ATTRIBUTES: Final = f"{SPACE}.XmlAttributeCollection"
_TYPE: Final = f"{SPACE}.XmlNodeType"
_NAMES: Final = f"{SPACE}.NameTable"
_MANAGER: Final = f"{SPACE}.XmlNamespaceManager"


@provides("parse_xml")
def parse_document(text: str) -> XmlNode:
    """Return a text as XmlDocument; raises the error of the cast."""
    document = XmlNode("Document", "#document")
    try:
        read_into(document, text)
    except DotNetError as error:
        raise with_inner("InvalidCastToXmlDocument", text, DOCUMENT, error.exception) from None
    return document


def document_of(node: XmlNode) -> XmlNode:
    """Return the document that a node belongs to."""
    return node if node.kind == "Document" else node.document or node


def _sibling(node: XmlNode, step: int) -> XmlNode | None:
    if node.parent is None or node.kind == "Attribute":
        return None
    siblings = node.parent.children
    at = siblings.index(node) + step
    return siblings[at] if 0 <= at < len(siblings) else None


def _read_value(node: XmlNode) -> str | None:
    return node.value


def _set_value(node: XmlNode, new: str) -> None:
    node.value = new


def _name(node: XmlNode) -> str:
    return node.name


prop(NODE, "string Name", _name)
prop(NODE, "string LocalName", lambda node: node.local_name)
prop(NODE, "string Prefix", lambda node: node.prefix)
prop(NODE, "string NamespaceURI", lambda node: node.namespace)
prop(NODE, "string BaseURI", lambda _: "")
prop(NODE, "bool IsReadOnly", lambda _: False)
prop(NODE, f"{_TYPE} NodeType", lambda node: make_enum(_TYPE, ENUMS[_TYPE][node.node_type]))
prop(NODE, "string Value", _read_value, _set_value)
prop(NODE, "string InnerText", XmlNode.inner_text, XmlNode.set_text)
prop(NODE, "string OuterXml", outer)
prop(NODE, "System.Xml.XmlNodeList ChildNodes", lambda node: NodeList(node.children, "XmlChildNodes"))
prop(NODE, "System.Xml.XmlNode ParentNode", lambda node: None if node.kind == "Attribute" else node.parent)
prop(NODE, "bool HasChildNodes", lambda node: bool(node.children or (node.kind == "Attribute" and node.value)))
prop(NODE, "System.Xml.XmlNode FirstChild", lambda node: next(iter(node.children), None))
prop(NODE, "System.Xml.XmlNode LastChild", lambda node: node.children[-1] if node.children else None)
prop(NODE, "System.Xml.XmlNode NextSibling", lambda node: _sibling(node, 1))
prop(NODE, "System.Xml.XmlNode PreviousSibling", lambda node: _sibling(node, -1))
prop(NODE, "System.Xml.XmlDocument OwnerDocument", lambda node: None if node.kind == "Document" else node.document)
prop(
    NODE,
    "System.Xml.XmlAttributeCollection Attributes",
    lambda node: NodeList(node.attributes, "XmlAttributeCollection", node) if node.kind == "Element" else None,
)
prop(DOCUMENT, "System.Xml.XmlElement DocumentElement", lambda node: next(iter(node.elements()), None))
prop(DOCUMENT, "System.Xml.XmlNameTable NameTable", lambda _: Native(_NAMES))
prop(ELEMENT, "bool HasAttributes", lambda node: bool(node.attributes))
prop(ELEMENT, "bool IsEmpty", lambda node: node.empty and not node.children)
prop(f"{SPACE}.XmlAttribute", "System.Xml.XmlElement OwnerElement", lambda node: node.parent)
prop(f"{SPACE}.XmlAttribute", "bool Specified", lambda _: True)
for _owner in (f"{SPACE}.XmlNodeList", ATTRIBUTES):
    prop(_owner, "int Count", len)
prop(f"{SPACE}.XmlCharacterData", "string Data", _read_value, _set_value)
prop(f"{SPACE}.XmlCharacterData", "int Length", lambda node: len(node.value or ""))


def _part(name: str) -> Callable[[XmlNode], str]:
    def read(node: XmlNode) -> str:
        found = re.search(rf'{name}="([^"]*)"', node.value or "")
        return found[1] if found else ""

    return read


for _part_name in ("Version", "Encoding", "Standalone"):
    prop(f"{SPACE}.XmlDeclaration", f"string {_part_name}", _part(_part_name.lower()))


def set_inner(node: XmlNode, text: str) -> None:
    """Replace what is within a node by what a text holds."""
    if node.kind == "Document":
        read_into(node, text)
        return
    spaces = "".join(f' {key}="{value}"' for key, value in spaces_around(node).items())
    holder = XmlNode("Document", "#document")
    read_into(holder, f"<holder{spaces}>{text}</holder>")
    for child in node.children:
        child.parent = None
    node.children = []
    for child in list(holder.elements()[0].children):
        adopt(child, document_of(node))
        node.append(child)


def spaces_around(node: XmlNode | None) -> dict[str, str]:
    """Return the namespace declarations that hold within a node."""
    found: dict[str, str] = {}
    while node is not None and node.kind == "Element":
        for each in node.attributes:
            if each.name == "xmlns" or each.name.startswith("xmlns:"):
                found.setdefault(each.name, each.value or "")
        node = node.parent
    return found


def adopt(node: XmlNode, document: XmlNode) -> None:
    """Make a node and all below it belong to a document."""
    for each in (node, *node.attributes, *node.descendants()):
        each.document = document


prop(NODE, "string InnerXml", inner, set_inner)


# -- searching --------------------------------------------------------------------------------------


@method(
    NODE,
    "System.Xml.XmlNodeList SelectNodes(string xpath)",
    "System.Xml.XmlNodeList SelectNodes(string xpath, System.Xml.XmlNamespaceManager nsmgr)",
)
def _select_nodes(node: XmlNode, path: str, manager: NamespaceManager | None = None) -> NodeList:
    return NodeList(select(node, path, manager.spaces if manager else None))


@method(
    NODE,
    "System.Xml.XmlNode SelectSingleNode(string xpath)",
    "System.Xml.XmlNode SelectSingleNode(string xpath, System.Xml.XmlNamespaceManager nsmgr)",
)
def _select_one(node: XmlNode, path: str, manager: NamespaceManager | None = None) -> XmlNode | None:
    return next(iter(select(node, path, manager.spaces if manager else None)), None)


for _owner in (DOCUMENT, ELEMENT):

    @method(
        _owner,
        "System.Xml.XmlNodeList GetElementsByTagName(string name)",
        "System.Xml.XmlNodeList GetElementsByTagName(string localName, string namespaceURI)",
    )
    def _by_tag(node: XmlNode, name: str, namespace: str | None = None) -> NodeList:
        def wanted(each: XmlNode) -> bool:
            if namespace is None:
                return name in {"*", each.name}
            return name in {"*", each.local_name} and namespace in {"*", each.namespace}

        return NodeList(
            [each for each in node.descendants() if each.kind == "Element" and wanted(each)], "XmlElementList"
        )


@method(f"{SPACE}.XmlNodeList", "System.Xml.XmlNode Item(int index)")
@method(ATTRIBUTES, "System.Xml.XmlNode Item(int index)")
def _item(nodes: NodeList, index: int) -> Any:
    return nodes.get_item(index)


@method(ATTRIBUTES, "System.Xml.XmlNode GetNamedItem(string name)")
def _named_item(nodes: NodeList, name: str) -> Any:
    return nodes.get_item(name)


@method(ELEMENT, "string GetAttribute(string name)", "string GetAttribute(string localName, string namespaceURI)")
def _attribute(node: XmlNode, name: str, namespace: str | None = None) -> str:
    found = _find_attribute(node, name, namespace)
    return "" if found is None else found.value or ""


@method(
    ELEMENT,
    "System.Xml.XmlAttribute GetAttributeNode(string name)",
    "System.Xml.XmlAttribute GetAttributeNode(string localName, string namespaceURI)",
)
def _attribute_node(node: XmlNode, name: str, namespace: str | None = None) -> XmlNode | None:
    return _find_attribute(node, name, namespace)


@method(ELEMENT, "bool HasAttribute(string name)", "bool HasAttribute(string localName, string namespaceURI)")
def _has_attribute(node: XmlNode, name: str, namespace: str | None = None) -> bool:
    return _find_attribute(node, name, namespace) is not None


def _find_attribute(node: XmlNode, name: str, namespace: str | None) -> XmlNode | None:
    if namespace is None:
        return node.attribute(name)
    return next((each for each in node.attributes if (each.local_name, each.namespace) == (name, namespace)), None)


@method(NODE, "string GetNamespaceOfPrefix(string prefix)")
def _space_of(node: XmlNode, prefix: str) -> str:
    return spaces_around(node).get(f"xmlns:{prefix}" if prefix else "xmlns", "")


@method(NODE, "string ToString()")
def _text(node: XmlNode) -> str:
    return node.type_name


# -- documents --------------------------------------------------------------------------------------


@constructor(DOCUMENT, "()")
def _new_document() -> XmlNode:
    return XmlNode("Document", "#document")


_KEEPING: Final = "#keeps-white-space"
prop(
    DOCUMENT,
    "bool PreserveWhitespace",
    lambda node: any(each.name == _KEEPING for each in node.attributes),
    lambda node, new: _preserve(node, keep=new),
)


def _preserve(node: XmlNode, *, keep: bool) -> None:
    node.attributes = [XmlNode("Attribute", _KEEPING)] if keep else []


@method(DOCUMENT, "void LoadXml(string xml)")
def _load_xml(node: XmlNode, text: str) -> Any:
    read_into(node, text, keep_space=bool(node.attributes))
    return AUTOMATION_NULL


@method(DOCUMENT, "void Load(string filename)")
def _load(node: XmlNode, path: str) -> Any:
    from psnet.lab.dotnet.types.files import read_bytes  # noqa: PLC0415 - files need a host

    data = read_bytes(path)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _load_xml(node, data.decode(name))
    return _load_xml(node, data.decode("utf-8", "replace"))


# -- namespaces -------------------------------------------------------------------------------------


@constructor(_NAMES, "()")
def _names() -> Native:
    return Native(_NAMES)


@constructor(_MANAGER, "(System.Xml.XmlNameTable nameTable)")
def _manager(_: Any) -> NamespaceManager:
    return NamespaceManager()


@method(_MANAGER, "void AddNamespace(string prefix, string uri)")
def _add_space(manager: NamespaceManager, prefix: str, uri: str) -> Any:
    manager.spaces[prefix] = uri
    return AUTOMATION_NULL


@method(_MANAGER, "string LookupNamespace(string prefix)")
def _lookup_space(manager: NamespaceManager, prefix: str) -> str | None:
    return manager.spaces.get(prefix)


@method(_MANAGER, "string LookupPrefix(string uri)")
def _lookup_prefix(manager: NamespaceManager, uri: str) -> str | None:
    return next((prefix for prefix, space in manager.spaces.items() if space == uri), None)


@method(_MANAGER, "bool HasNamespace(string prefix)")
def _has_space(manager: NamespaceManager, prefix: str) -> bool:
    return prefix in manager.spaces


prop(_MANAGER, "string DefaultNamespace", lambda manager: manager.spaces.get("", ""))
