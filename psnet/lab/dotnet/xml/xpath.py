"""XPath over nodes: libxml2 evaluates it on a copy of the document, whose nodes are led back to ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.errors import UnsupportedError, thrown

from .nodes import XMLNS, XmlNode

if TYPE_CHECKING:
    from collections.abc import Mapping

_EXCEPTION: Final = "System.Xml.XPath.XPathException"


class _Mirror:
    """A document as libxml2's tree; ``back`` leads from its elements to our nodes."""

    def __init__(self, document: XmlNode) -> None:
        from lxml import etree  # noqa: PLC0415 - 50 ms that few scripts need

        self._library = etree
        self.back: dict[Any, XmlNode] = {}
        self.forth: dict[int, Any] = {}
        self.document = document
        roots = document.elements()
        self.root = self._element(roots[0]) if roots else None

    def _element(self, node: XmlNode) -> Any:
        made = self._library.Element(_name(node), nsmap=_spaces(node))
        for each in node.attributes:
            if each.namespace != XMLNS and each.name != "xmlns":
                made.set(_name(each), each.value or "")
        self._keep(made, node)
        last: Any = None
        for child in node.children:
            if child.kind == "Element":
                last = self._element(child)
                made.append(last)
            elif child.kind == "Comment":
                last = self._library.Comment(child.value or "")
                made.append(last)
                self._keep(last, child)
            elif child.kind == "ProcessingInstruction":
                last = self._library.ProcessingInstruction(child.name, child.value or "")
                made.append(last)
                self._keep(last, child)
            elif last is None:
                made.text = (made.text or "") + (child.value or "")
            else:
                last.tail = (last.tail or "") + (child.value or "")
        return made

    def _keep(self, made: Any, node: XmlNode) -> None:
        self.back[made] = node
        self.forth[id(node)] = made

    def ours(self, found: Any) -> XmlNode | None:
        """Return our node of one of libxml2's results."""
        if isinstance(found, str):
            return self._text(found)
        return self.back.get(found)

    def _text(self, found: Any) -> XmlNode | None:
        parent = found.getparent()
        if parent is None:
            return None
        node = self.back[parent]
        if found.is_attribute:
            return next((each for each in node.attributes if _name(each) == found.attrname), None)
        siblings = node.children
        if found.is_tail:
            above = node.parent
            assert above is not None  # noqa: S101 - what has a tail stands in something
            siblings = above.children[above.children.index(node) + 1 :]
        return next((each for each in siblings if each.value is not None and each.kind != "Comment"), None)


def _name(node: XmlNode) -> str:
    return f"{{{node.namespace}}}{node.local_name}" if node.namespace else node.local_name


def _spaces(node: XmlNode) -> dict[str | None, str]:
    found: dict[str | None, str] = {}
    if node.namespace:
        found[node.prefix or None] = node.namespace
    for each in node.attributes:
        if each.name.startswith("xmlns:") and each.value:
            found[each.local_name] = each.value
    return found


def _root_of(node: XmlNode) -> XmlNode:
    while node.parent is not None:
        node = node.parent
    if node.kind == "Element":
        alone = XmlNode("Document", "#document")
        alone.children = [node]
        return alone
    return node


def select(node: XmlNode, path: str, spaces: Mapping[str, str] | None = None) -> list[XmlNode]:
    """Return the nodes that an XPath finds from a node, in document order; raises XPathException."""
    from lxml import etree  # noqa: PLC0415 - as above

    mirror = _Mirror(_root_of(node))
    if mirror.root is None:
        return []
    start = mirror.root.getroottree() if node.kind in {"Document", "DocumentFragment"} else mirror.forth.get(id(node))
    if start is None:
        raise UnsupportedError(f"an XPath from a node of kind {node.kind}")
    given = {prefix: space for prefix, space in (spaces or {}).items() if prefix and space}
    try:
        found = start.xpath(path, namespaces=given or None)
    except etree.XPathError as error:
        if "prefix" in str(error):
            raise thrown(
                _EXCEPTION,
                "Namespace Manager or XsltContext needed. This query has a prefix, variable, or user-defined function.",
            ) from None
        raise thrown(_EXCEPTION, f"'{path}' has an invalid token.") from None
    if not isinstance(found, list):
        raise thrown(_EXCEPTION, "Expression must evaluate to a node-set.")
    if any(each is mirror.root.getroottree() for each in found):
        raise UnsupportedError(f"the XPath {path}")
    ours = [mirror.ours(each) for each in found]
    return [each for each in ours if each is not None]
