"""From nodes to text: OuterXml, InnerXml, and what Save writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .nodes import XmlNode


def _text(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def _attribute(value: str) -> str:
    quoted = _text(value).replace('"', "&quot;")
    return quoted.replace("\n", "&#xA;")


def outer(node: XmlNode) -> str:
    """Return a node with all that is in it."""
    value = node.value or ""
    match node.kind:
        case "Document" | "DocumentFragment":
            return inner(node)
        case "Element":
            return f"<{opening(node)} />" if _closed(node) else f"<{opening(node)}>{inner(node)}</{node.name}>"
        case "Attribute":
            return f'{node.name}="{_attribute(value)}"'
        case "Comment":
            return f"<!--{value}-->"
        case "CDataSection":
            return f"<![CDATA[{value}]]>"
        case "Declaration" | "ProcessingInstruction":
            return f"<?{node.name} {value}?>" if value else f"<?{node.name}?>"
    return _text(value)


def _closed(node: XmlNode) -> bool:
    return node.empty and not node.children


def opening(node: XmlNode) -> str:
    """Return an element's name and attributes; a namespace that no attribute around it declares is declared."""
    parts = [node.name, *(outer(each) for each in node.attributes)]
    declared = "xmlns" if not node.prefix else f"xmlns:{node.prefix}"
    if node.attribute(declared) is None and _inherited(node) != node.namespace:
        parts.insert(1, f'{declared}="{_attribute(node.namespace)}"')
    return " ".join(parts)


def _inherited(node: XmlNode) -> str:
    above = node.parent
    declared = "xmlns" if not node.prefix else f"xmlns:{node.prefix}"
    while above is not None and above.kind == "Element":
        found = above.attribute(declared)
        if found is not None:
            return found.value or ""
        if above.prefix == node.prefix:
            return above.namespace
        above = above.parent
    return ""


def inner(node: XmlNode) -> str:
    """Return what is within a node."""
    if node.kind == "Attribute":
        return _text(node.value or "")
    return "".join(outer(child) for child in node.children)


def saved(document: XmlNode) -> str:
    """Return a document as Save writes it: indented by two spaces, text as it is."""
    return "\r\n".join(_indented(child, 0) for child in document.children)


def _indented(node: XmlNode, depth: int) -> str:
    pad = "  " * depth
    mixed = any(child.kind not in {"Element", "Comment", "ProcessingInstruction"} for child in node.children)
    if node.kind != "Element" or not node.children or mixed:
        return pad + outer(node)
    lines = [_indented(child, depth + 1) for child in node.children]
    return "\r\n".join([f"{pad}<{opening(node)}>", *lines, f"{pad}</{node.name}>"])
