"""From text to an XmlDocument: as XmlDocument.LoadXml reads it, without the white space between elements."""

from __future__ import annotations

import re
from typing import Any, Final
from xml.parsers import expat

from psnet.lab.dotnet.errors import thrown

from .nodes import XML, XMLNS, XmlNode

_DECLARATION: Final = re.compile(r"\s*<\?xml\b.*?\?>", re.DOTALL)


class _Builder:
    """Makes the tree while expat reads."""

    def __init__(self, document: XmlNode, *, keep_space: bool) -> None:
        self.document = document
        self.keep_space = keep_space
        self.at = document
        self.text: list[str] = []
        self.cdata = False
        self.spaces: list[dict[str, str]] = [{"xml": XML, "xmlns": XMLNS}]
        self.preserving: list[bool] = [False]
        self.opened: list[tuple[str, int, int]] = []
        self.data = b""
        self.parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text.append
        parser.CommentHandler = lambda text: self.add("Comment", "#comment", text)
        parser.ProcessingInstructionHandler = lambda name, text: self.add("ProcessingInstruction", name, text)
        parser.StartCdataSectionHandler = self.start_cdata
        parser.EndCdataSectionHandler = self.end_cdata
        parser.XmlDeclHandler = self.declaration

    def add(self, kind: str, name: str, value: str | None) -> XmlNode:
        """Add a node after the text before it."""
        self.flush()
        return self.at.append(XmlNode(kind, name, value, document=self.document))

    def flush(self) -> None:
        """Make a node of the text so far; white space alone is left out unless it is kept."""
        whole = "".join(self.text)
        self.text.clear()
        if not whole or self.at is self.document:
            return
        kind, name = "Text", "#text"
        if not whole.strip(" \t\r\n"):
            if self.preserving[-1]:
                kind, name = "SignificantWhitespace", "#significant-whitespace"
            elif self.keep_space:
                kind, name = "Whitespace", "#whitespace"
            else:
                return
        self.at.append(XmlNode(kind, name, whole, document=self.document))

    def start_cdata(self) -> None:
        """Begin a CDATA section."""
        self.flush()

    def end_cdata(self) -> None:
        """End a CDATA section."""
        whole = "".join(self.text)
        self.text.clear()
        self.at.append(XmlNode("CDataSection", "#cdata-section", whole, document=self.document))

    def declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        """Keep the XML declaration."""
        parts = [f'version="{version}"', *([f'encoding="{encoding}"'] if encoding else [])]
        if standalone >= 0:
            parts.append(f'standalone="{"yes" if standalone else "no"}"')
        self.add("Declaration", "xml", " ".join(parts))

    def start(self, name: str, pairs: list[str]) -> None:
        """Begin an element."""
        self.flush()
        parser = self.parser
        self.opened.append((name, parser.CurrentLineNumber, parser.CurrentColumnNumber + 2))
        attributes = list(zip(pairs[::2], pairs[1::2], strict=True))
        spaces = dict(self.spaces[-1])
        for key, value in attributes:
            if key == "xmlns":
                spaces[""] = value
            elif key.startswith("xmlns:"):
                spaces[key[6:]] = value
        self.spaces.append(spaces)
        element = XmlNode("Element", name, document=self.document)
        element.namespace = self._space(name, default=True)
        for key, value in attributes:
            space = XMLNS if key == "xmlns" else self._space(key, default=False)
            element.set_attribute(key, value, space)
        kept = dict(attributes).get("xml:space")
        self.preserving.append(self.preserving[-1] if kept is None else kept == "preserve")
        self.at.append(element)
        self.at = element

    def _space(self, name: str, *, default: bool) -> str:
        prefix, colon, _ = name.rpartition(":")
        if not colon:
            return self.spaces[-1].get("", "") if default else ""
        found = self.spaces[-1].get(prefix)
        if found is None:
            line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 2
            raise _error(f"'{prefix}' is an undeclared prefix. Line {line}, position {column}.", line, column)
        return found

    def end(self, _: str) -> None:
        """End an element; one tag alone ends where it began."""
        self.flush()
        self.opened.pop()
        at = self.parser.CurrentByteIndex
        self.at.empty = not self.at.children and self.data[at - 2 : at] == b"/>"
        self.spaces.pop()
        self.preserving.pop()
        assert self.at.parent is not None  # noqa: S101 - elements stand in the document
        self.at = self.at.parent


def read_into(document: XmlNode, text: str, *, keep_space: bool = False) -> None:
    """Replace a document's content by what a text holds; raises XmlException."""
    builder = _Builder(document, keep_space=keep_space)
    document.children = []
    if not text.strip("\ufeff \t\r\n"):
        raise _error("Root element is missing.", 0, 0)
    found = _DECLARATION.match(text)
    if found and text[0] in " \t\r\n":
        raise _error(
            "Unexpected XML declaration. The XML declaration must be the first node in the document, and no white "
            "space characters are allowed to appear before it. Line 1, position 4.",
            1,
            4,
        )
    plain = re.sub(r"encoding\s*=\s*(\"[^\"]*\"|'[^']*')", _hidden, text, count=1) if found else text
    try:
        builder.data = plain.removeprefix("\ufeff").encode("utf-8", "surrogatepass")
        builder.parser.Parse(builder.data, True)
    except expat.ExpatError as error:
        document.children = []
        raise _told(error, builder) from None
    _restore(document, text)


def _hidden(found: re.Match[str]) -> str:
    """Return an encoding that the text, which is decoded already, is given to expat in."""
    return f'encoding="utf-8"{" " * (len(found[0]) - 16)}' if len(found[0]) >= 16 else 'encoding="utf-8"'


def _restore(document: XmlNode, text: str) -> None:
    first = document.children[0] if document.children else None
    written = re.match(r"\ufeff?<\?xml\b.*?encoding\s*=\s*[\"']([^\"']*)[\"'].*?\?>", text, re.DOTALL)
    if first is not None and first.kind == "Declaration" and written and first.value is not None:
        first.value = first.value.replace('encoding="utf-8"', f'encoding="{written[1]}"')


def _error(message: str, line: int, column: int) -> Any:
    return thrown("System.Xml.XmlException", message, LineNumber=line, LinePosition=column)


def _told(error: expat.ExpatError, builder: _Builder) -> Any:
    """Return an error of expat in the words of XmlReader, where they are known."""
    line, column = error.lineno, error.offset + 1
    place = f"Line {line}, position {column}."
    code = expat.errors.messages.get(error.code, "")
    if error.code == expat.errors.codes[expat.errors.XML_ERROR_TAG_MISMATCH] and builder.opened:
        name, start, at = builder.opened[-1]
        return _error(
            f"The '{name}' start tag on line {start} position {at} does not match the end tag of "
            f"'{_end_tag(builder, error)}'. Line {line}, position {column}.",
            line,
            column,
        )
    if code == expat.errors.XML_ERROR_NO_ELEMENTS and builder.opened:
        open_names = ", ".join(name for name, *_ in reversed(builder.opened))
        return _error(
            f"Unexpected end of file has occurred. The following elements are not closed: {open_names}. {place}",
            line,
            column,
        )
    if not builder.opened and not builder.document.elements():
        return _error(f"Data at the root level is invalid. {place}", line, column)
    return _error(f"{code[:1].upper()}{code[1:]}. {place}", line, column)


def _end_tag(builder: _Builder, error: expat.ExpatError) -> str:
    lines = builder.data.decode("utf-8", "replace").split("\n")
    found = (
        re.match(r"(?:</)?([^\s>]+)", lines[error.lineno - 1][error.offset :]) if error.lineno <= len(lines) else None
    )
    return found[1] if found else "?"
