"""Nodes of an XmlDocument, with the properties that PowerShell's adapter gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from psnet.lab.dotnet.context import modern
from psnet.lab.dotnet.convert import to_string
from psnet.lab.dotnet.errors import runtime_error
from psnet.lab.values import Array

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE: Final = "System.Xml"
XMLNS: Final = "http://www.w3.org/2000/xmlns/"
XML: Final = "http://www.w3.org/XML/1998/namespace"
_TEXTS: Final = frozenset({"Text", "CDataSection", "SignificantWhitespace", "Whitespace"})
#: XmlNodeType by the name of the class.
NODE_TYPES: Final = {"CDataSection": "CDATA", "Declaration": "XmlDeclaration"}


class XmlNode:
    """One node. ``kind`` is its class's name without Xml; ``name`` is qualified; ``value`` is text where it has any.

    ``empty`` says that an element without children is written as one tag.
    """

    __slots__ = ("attributes", "children", "document", "empty", "kind", "name", "namespace", "parent", "value")

    def __init__(
        self, kind: str, name: str, value: str | None = None, *, namespace: str = "", document: XmlNode | None = None
    ) -> None:
        self.kind, self.name, self.value, self.namespace = kind, name, value, namespace
        self.children: list[XmlNode] = []
        self.attributes: list[XmlNode] = []
        self.parent: XmlNode | None = None
        self.document: XmlNode | None = document
        self.empty = True

    @property
    def type_name(self) -> str:
        """The node's type."""
        return f"{_SPACE}.Xml{self.kind}"

    @property
    def local_name(self) -> str:
        """The name without its prefix."""
        return self.name.rpartition(":")[2]

    @property
    def prefix(self) -> str:
        """The prefix, empty where there is none."""
        return self.name.rpartition(":")[0]

    @property
    def text_form(self) -> str:
        """What PowerShell's text of a node is: its local name."""
        return self.local_name

    @property
    def node_type(self) -> str:
        """The name of its XmlNodeType."""
        return NODE_TYPES.get(self.kind, self.kind)

    def append(self, child: XmlNode, at: int | None = None) -> XmlNode:
        """Put a node among the children, at their end unless a place is given."""
        if child.kind == "DocumentFragment":
            for each in list(child.children):
                self.append(each, at)
                at = None if at is None else at + 1
            return child
        if child.parent is not None:
            child.parent.children.remove(child)
        child.parent = self
        self.children.insert(len(self.children) if at is None else at, child)
        self.empty = False
        return child

    def attribute(self, name: str) -> XmlNode | None:
        """Return the attribute of a qualified name."""
        return next((each for each in self.attributes if each.name == name), None)

    def set_attribute(self, name: str, value: str, namespace: str = "") -> XmlNode:
        """Set an attribute's value, made where it is missing."""
        found = self.attribute(name)
        if found is None:
            found = XmlNode("Attribute", name, value, namespace=namespace, document=self.document)
            found.parent = self
            self.attributes.append(found)
        found.value = value
        return found

    def elements(self) -> list[XmlNode]:
        """Return the elements directly within this node."""
        return [child for child in self.children if child.kind == "Element"]

    def descendants(self) -> Iterator[XmlNode]:
        """Enumerate all nodes below this one in document order."""
        for child in self.children:
            yield child
            yield from child.descendants()

    def inner_text(self) -> str:
        """Return the text of this node and all within it; comments and instructions are no text."""
        if self.value is not None:
            return self.value
        parts = (child.inner_text() for child in self.children if child.kind in _TEXTS or child.kind == "Element")
        return "".join(parts)

    def set_text(self, text: str) -> None:
        """Replace what is within by a text."""
        if self.value is not None or self.kind == "Attribute":
            self.value = text
            return
        for child in self.children:
            child.parent = None
        self.children = []
        self.append(XmlNode("Text", "#text", text, document=self.document))

    # -- what PowerShell's adapter shows ------------------------------------------------------------

    def matching(self, name: str) -> list[XmlNode]:
        """Return the attributes and children of a local name, in any case."""
        wanted = name.lower()
        nodes = [*self.attributes, *(child for child in self.children if child.kind != "Whitespace")]
        return [node for node in nodes if node.local_name.lower() == wanted]

    def simple(self) -> Any:
        """Return the node as the adapter gives it: its text when it has nothing else."""
        if self.kind == "Text":
            return self.value
        if self.attributes:
            return self
        if not self.children:
            return self.inner_text()
        if len(self.children) == 1 and self.children[0].kind == "Text":
            return self.inner_text()
        return self.value if self.kind == "Attribute" else self

    def adapted(self, name: str) -> tuple[bool, Any]:
        """Return what the XML adapter finds under a name: attributes and child nodes."""
        found = [node.simple() for node in self.matching(name)]
        if not found:
            return False, None
        return True, found[0] if len(found) == 1 else Array(found)

    def adapted_names(self) -> list[str]:
        """Return the names that the adapter shows."""
        nodes = [*self.attributes, *(child for child in self.children if child.kind != "Whitespace")]
        return list(dict.fromkeys(node.local_name for node in nodes))

    def set_adapted(self, name: str, new: Any) -> bool:
        """Set an attribute or the text of the only child of that name; refused as PowerShell refuses it."""
        found = self.matching(name)
        if not found:
            return False
        if not modern() and not isinstance(new, str):
            raise _refused(
                "XmlNodeSetShouldBeAString",
                f'Cannot set "{name}" because only strings can be used as values to set XmlNode properties.',
            )
        if len(found) > 1:
            raise _refused("XmlNodeSetRestrictionsMoreThanOneNode", f'"{name}" is ambiguous: several nodes have it.')
        node = found[0]
        if node.attributes:
            raise _refused("XmlNodeSetRestrictionsNodeWithAttributes", f'"{name}" has attributes and cannot be set.')
        if node.children and not (len(node.children) == 1 and node.children[0].kind == "Text"):
            raise _refused("XmlNodeSetRestrictionsUnknownNodeType", f'"{name}" holds more than text.')
        node.set_text(to_string(new))
        return True

    def get_item(self, name: Any) -> Any:
        """Return the first child element of a qualified name (the indexer), null when there is none."""
        wanted = to_string(name)
        return next((child for child in self.elements() if child.name == wanted), None)


def _refused(error_id: str, message: str) -> Exception:
    return runtime_error(error_id, message, category="NotSpecified")


class NodeList:
    """A list of nodes; ``kind`` is the name of its class."""

    enumerates = True
    __slots__ = ("items", "kind", "owner")

    def __init__(self, items: list[XmlNode], kind: str = "XPathNodeList", owner: XmlNode | None = None) -> None:
        self.items, self.kind, self.owner = items, kind, owner

    @property
    def type_name(self) -> str:
        """The list's type."""
        return f"{_SPACE}.{self.kind}"

    def __iter__(self) -> Iterator[XmlNode]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def get_item(self, index: Any) -> Any:
        """Return the node at a place, or the attribute of a name; null when there is none."""
        if isinstance(index, str):
            return next((node for node in self.items if node.name == index), None)
        return self.items[index] if 0 <= index < len(self.items) else None


class NamespaceManager:
    """System.Xml.XmlNamespaceManager: prefixes and what they stand for."""

    type_name = f"{_SPACE}.XmlNamespaceManager"
    __slots__ = ("spaces",)

    def __init__(self) -> None:
        self.spaces: dict[str, str] = {}
