"""What changes an XmlDocument: nodes that are made, put in, taken out, and files that are written."""

from __future__ import annotations

from typing import Any, Final

from psnet.lab.dotnet.errors import UnsupportedError, argument_null, thrown
from psnet.lab.dotnet.registry import method
from psnet.lab.dotnet.types.xmltypes import ATTRIBUTES, DOCUMENT, ELEMENT, NODE, adopt, document_of
from psnet.lab.dotnet.xml.nodes import XMLNS, NodeList, XmlNode
from psnet.lab.dotnet.xml.writer import outer, saved
from psnet.lab.values import AUTOMATION_NULL

_NAME_ERROR: Final = "The name cannot begin with the '{0}' character, hexadecimal value 0x{1:02X}."


def _checked(name: str | None) -> str:
    if not name:
        raise thrown(
            "System.ArgumentException", "The local name for elements or attributes cannot be null or an empty string."
        )
    if not (name[0].isalpha() or name[0] == "_"):
        raise thrown("System.Xml.XmlException", _NAME_ERROR.format(name[0], ord(name[0])))
    wrong = next((mark for mark in name if not (mark.isalnum() or mark in "_-.:")), None)
    if wrong is not None:
        raise thrown(
            "System.Xml.XmlException",
            f"The '{wrong}' character, hexadecimal value 0x{ord(wrong):02X}, cannot be included in a name.",
        )
    return name


def _made(document: XmlNode, kind: str, name: str, value: str | None = None, namespace: str = "") -> XmlNode:
    return XmlNode(kind, name, value, namespace=namespace, document=document)


@method(
    DOCUMENT,
    "System.Xml.XmlElement CreateElement(string name)",
    "System.Xml.XmlElement CreateElement(string qualifiedName, string namespaceURI)",
    "System.Xml.XmlElement CreateElement(string prefix, string localName, string namespaceURI)",
)
def _element(document: XmlNode, *parts: str) -> XmlNode:
    name, namespace = _names(parts)
    return _made(document, "Element", name, None, namespace)


@method(
    DOCUMENT,
    "System.Xml.XmlAttribute CreateAttribute(string name)",
    "System.Xml.XmlAttribute CreateAttribute(string qualifiedName, string namespaceURI)",
    "System.Xml.XmlAttribute CreateAttribute(string prefix, string localName, string namespaceURI)",
)
def _attribute(document: XmlNode, *parts: str) -> XmlNode:
    name, namespace = _names(parts)
    return _made(document, "Attribute", name, "", namespace)


def _names(parts: tuple[str, ...]) -> tuple[str, str]:
    if len(parts) == 3:
        prefix, local, namespace = parts
        return _checked(f"{prefix}:{local}" if prefix else local), namespace or ""
    return _checked(parts[0]), (parts[1] or "") if len(parts) == 2 else ""


@method(DOCUMENT, "System.Xml.XmlText CreateTextNode(string text)")
def _text(document: XmlNode, text: str) -> XmlNode:
    return _made(document, "Text", "#text", text)


@method(DOCUMENT, "System.Xml.XmlComment CreateComment(string data)")
def _comment(document: XmlNode, text: str) -> XmlNode:
    return _made(document, "Comment", "#comment", text)


@method(DOCUMENT, "System.Xml.XmlCDataSection CreateCDataSection(string data)")
def _cdata(document: XmlNode, text: str) -> XmlNode:
    return _made(document, "CDataSection", "#cdata-section", text)


@method(DOCUMENT, "System.Xml.XmlProcessingInstruction CreateProcessingInstruction(string target, string data)")
def _instruction(document: XmlNode, target: str, data: str) -> XmlNode:
    return _made(document, "ProcessingInstruction", _checked(target), data)


@method(DOCUMENT, "System.Xml.XmlDeclaration CreateXmlDeclaration(string version, string encoding, string standalone)")
def _declaration(document: XmlNode, version: str, encoding: str | None, standalone: str | None) -> XmlNode:
    parts = [f'version="{version}"', *([f'encoding="{encoding}"'] if encoding else [])]
    parts += [f'standalone="{standalone}"'] if standalone else []
    return _made(document, "Declaration", "xml", " ".join(parts))


@method(DOCUMENT, "System.Xml.XmlDocumentFragment CreateDocumentFragment()")
def _fragment(document: XmlNode) -> XmlNode:
    return _made(document, "DocumentFragment", "#document-fragment")


@method(
    DOCUMENT,
    "System.Xml.XmlNode CreateNode(string nodeTypeString, string name, string namespaceURI)",
    "System.Xml.XmlNode CreateNode(System.Xml.XmlNodeType type, string name, string namespaceURI)",
)
def _node(document: XmlNode, kind: Any, name: str, namespace: str | None) -> XmlNode:
    word = str(getattr(kind, "name", kind)).lower()
    kinds = {
        "element": ("Element", None),
        "attribute": ("Attribute", ""),
        "text": ("Text", ""),
        "comment": ("Comment", ""),
    }
    if word not in kinds:
        raise UnsupportedError(f"XmlDocument.CreateNode of {word}")
    found, value = kinds[word]
    special = {"Text": "#text", "Comment": "#comment"}.get(found)
    return _made(document, found, special or _checked(name), value, namespace or "")


# -- putting in and taking out ----------------------------------------------------------------------


def _fits(node: XmlNode, child: XmlNode | None) -> XmlNode:
    if child is None:
        raise argument_null("newChild")
    if child.kind in {"Attribute", "Document"} or (node.value is not None):
        raise thrown(
            "System.InvalidOperationException",
            "The specified node cannot be inserted as the valid child of this node, "
            "because the specified node is the wrong type.",
        )
    if node.kind == "Document" and child.kind == "Element" and any(each is not child for each in node.elements()):
        raise thrown("System.InvalidOperationException", "This document already has a 'DocumentElement' node.")
    if document_of(child) is not document_of(node):
        raise thrown("System.ArgumentException", "The node to be inserted is from a different document context.")
    above: XmlNode | None = node
    while above is not None:
        if above is child:
            raise thrown(
                "System.ArgumentException", "Cannot insert a node or any ancestor of that node as a child of itself."
            )
        above = above.parent
    return child


@method(NODE, "System.Xml.XmlNode AppendChild(System.Xml.XmlNode newChild)")
def _append(node: XmlNode, child: XmlNode | None) -> XmlNode:
    return node.append(_fits(node, child))


@method(NODE, "System.Xml.XmlNode PrependChild(System.Xml.XmlNode newChild)")
def _prepend(node: XmlNode, child: XmlNode | None) -> XmlNode:
    return node.append(_fits(node, child), 0)


def _place(node: XmlNode, reference: XmlNode) -> int:
    if reference.parent is not node:
        raise thrown("System.ArgumentException", "The reference node is not a child of this node.")
    return node.children.index(reference)


def _insert(node: XmlNode, child: XmlNode | None, reference: XmlNode | None, after: int) -> XmlNode:
    fitting = _fits(node, child)
    if reference is None:
        return node.append(fitting, 0 if after else None)
    if fitting is reference:
        return fitting
    if fitting.parent is not None:
        fitting.parent.children.remove(fitting)
        fitting.parent = None
    return node.append(fitting, _place(node, reference) + after)


@method(NODE, "System.Xml.XmlNode InsertBefore(System.Xml.XmlNode newChild, System.Xml.XmlNode refChild)")
def _before(node: XmlNode, child: XmlNode | None, reference: XmlNode | None) -> XmlNode:
    return _insert(node, child, reference, 0)


@method(NODE, "System.Xml.XmlNode InsertAfter(System.Xml.XmlNode newChild, System.Xml.XmlNode refChild)")
def _after(node: XmlNode, child: XmlNode | None, reference: XmlNode | None) -> XmlNode:
    return _insert(node, child, reference, 1)


@method(NODE, "System.Xml.XmlNode RemoveChild(System.Xml.XmlNode oldChild)")
def _remove(node: XmlNode, child: XmlNode | None) -> XmlNode:
    if child is None or child.parent is not node:
        raise thrown("System.ArgumentException", "The node to be removed is not a child of this node.")
    node.children.remove(child)
    child.parent = None
    return child


@method(NODE, "System.Xml.XmlNode ReplaceChild(System.Xml.XmlNode newChild, System.Xml.XmlNode oldChild)")
def _replace(node: XmlNode, child: XmlNode | None, old: XmlNode) -> XmlNode:
    at = _place(node, old)
    _remove(node, old)
    node.append(_fits(node, child), at)
    return old


@method(NODE, "void RemoveAll()")
def _remove_all(node: XmlNode) -> Any:
    for child in node.children:
        child.parent = None
    node.children = []
    if node.kind == "Element":
        node.attributes = []
    return AUTOMATION_NULL


@method(NODE, "System.Xml.XmlNode CloneNode(bool deep)")
def _clone(node: XmlNode, deep: bool) -> XmlNode:
    made = XmlNode(node.kind, node.name, node.value, namespace=node.namespace, document=node.document)
    for each in node.attributes:
        made.set_attribute(each.name, each.value or "", each.namespace)
    if deep:
        for child in node.children:
            made.append(_clone(child, deep=True))
    made.empty = node.empty
    return made


@method(NODE, "System.Xml.XmlNode Clone()")
def _deep_clone(node: XmlNode) -> XmlNode:
    return _clone(node, deep=True)


@method(DOCUMENT, "System.Xml.XmlNode ImportNode(System.Xml.XmlNode node, bool deep)")
def _import(document: XmlNode, node: XmlNode, deep: bool) -> XmlNode:
    made = _clone(node, deep)
    adopt(made, document)
    return made


# -- attributes -------------------------------------------------------------------------------------


@method(
    ELEMENT,
    "void SetAttribute(string name, string value)",
    "string SetAttribute(string localName, string namespaceURI, string value)",
)
def _set_attribute(node: XmlNode, *parts: str | None) -> Any:
    name = _checked(parts[0])
    if len(parts) == 2:
        node.set_attribute(name, parts[1] or "", XMLNS if name.startswith("xmlns") else "")
        return AUTOMATION_NULL
    node.set_attribute(name, parts[2] or "", parts[1] or "")
    return parts[2]


@method(ELEMENT, "System.Xml.XmlAttribute SetAttributeNode(System.Xml.XmlAttribute newAttr)")
def _set_node(node: XmlNode, attribute: XmlNode) -> XmlNode | None:
    old = node.attribute(attribute.name)
    _put_attribute(node, attribute)
    return None if old is attribute else old


def _put_attribute(node: XmlNode, attribute: XmlNode) -> None:
    node.attributes[:] = [each for each in node.attributes if each.name != attribute.name]
    attribute.parent = node
    node.attributes.append(attribute)


@method(ELEMENT, "void RemoveAttribute(string name)")
def _remove_attribute(node: XmlNode, name: str) -> Any:
    node.attributes[:] = [each for each in node.attributes if each.name != name]
    return AUTOMATION_NULL


@method(ELEMENT, "void RemoveAllAttributes()")
def _remove_attributes(node: XmlNode) -> Any:
    node.attributes.clear()
    return AUTOMATION_NULL


@method(ATTRIBUTES, "System.Xml.XmlAttribute Append(System.Xml.XmlAttribute node)")
@method(ATTRIBUTES, "System.Xml.XmlNode SetNamedItem(System.Xml.XmlNode node)")
def _append_attribute(nodes: NodeList, attribute: XmlNode) -> XmlNode:
    owner = nodes.owner
    if owner is None:
        raise UnsupportedError("an XmlAttributeCollection without an element")
    _put_attribute(owner, attribute)
    return attribute


@method(ATTRIBUTES, "System.Xml.XmlAttribute Remove(System.Xml.XmlAttribute node)")
def _drop_attribute(nodes: NodeList, attribute: XmlNode) -> XmlNode | None:
    if attribute not in nodes.items:
        return None
    nodes.items.remove(attribute)
    return attribute


@method(ATTRIBUTES, "System.Xml.XmlNode RemoveNamedItem(string name)")
def _drop_named(nodes: NodeList, name: str) -> XmlNode | None:
    found = next((each for each in nodes.items if each.name == name), None)
    return None if found is None else _drop_attribute(nodes, found)


# -- files ------------------------------------------------------------------------------------------


@method(DOCUMENT, "void Save(string filename)")
def _save(document: XmlNode, path: str) -> Any:
    from psnet.lab.dotnet.types.files import write_bytes  # noqa: PLC0415 - files need a host

    text = outer(document) if document.attributes else saved(document)
    declared = next((each for each in document.children if each.kind == "Declaration"), None)
    encoding = (declared.value or "").partition('encoding="')[2].partition('"')[0].lower() if declared else ""
    if encoding in {"utf-16", "unicode"}:
        write_bytes(path, b"\xff\xfe" + text.encode("utf-16-le"))
    elif encoding in {"", "utf-8"}:
        write_bytes(path, (b"\xef\xbb\xbf" if encoding else b"") + text.encode("utf-8"))
    else:
        raise UnsupportedError(f"XmlDocument.Save in {encoding}")
    return AUTOMATION_NULL
