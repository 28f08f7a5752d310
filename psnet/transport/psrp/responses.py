"""Responses of WSMan, parsed while their bytes arrive."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat

from psnet.transport.exceptions import TransportError, WsmanFault

_KEPT: Final = frozenset({"RelatesTo", "Stream", "Selector", "Text", "Message", "ProviderFault", "State"})
_DONE: Final = "/CommandState/Done"
_DEEPEST: Final = 64  # elements in one another; WSMan has some ten
_MOST_ELEMENTS: Final = 20_000
_LONGEST_CODE: Final = 10  # digits of 32 bits


@dataclass(slots=True)
class WsmanResponse:
    """What an answer says: the request it belongs to, output, the shell's selectors, whether the command has ended."""

    relates_to: str = ""
    output: list[bytes] = field(default_factory=list)
    selectors: dict[str, str] = field(default_factory=dict)
    state: str = ""
    done: bool = False


class ResponseReader:
    """Takes an answer in pieces. Raises TransportError for what is no SOAP; ``end`` raises a fault that it holds."""

    def __init__(self) -> None:
        self.answer = WsmanResponse()
        self._fault: dict[str, str] | None = None
        self._text: list[str] | None = None
        self._attributes: dict[str, str] = {}
        self._depth = 0
        self._elements = 0
        self._parser: Any = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.buffer_size = 16384
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, data: bytes) -> None:
        """Parse the next bytes."""
        self._parse(data, last=False)

    def end(self) -> WsmanResponse:
        """Return the answer; raise WsmanFault when it is one."""
        self._parse(b"", last=True)
        if self._fault is not None:
            code = self._fault.get("code", "")
            said = self._fault.get("ProviderFault") or self._fault.get("Message") or self._fault.get("Text") or ""
            raise WsmanFault(int(code) if code.isdecimal() and len(code) <= _LONGEST_CODE else 0, said)
        return self.answer

    def _parse(self, data: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            raise TransportError("protocol", f"what is no SOAP: {error}") from None
        except (binascii.Error, ValueError) as error:
            raise TransportError("protocol", f"output that is no Base64: {error}") from None

    def _doctype(self, *_: Any) -> None:
        raise TransportError("protocol", "a document type, which SOAP forbids")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self._depth += 1
        self._elements += 1
        if self._depth > _DEEPEST or self._elements > _MOST_ELEMENTS:
            raise TransportError("protocol", "XML that is too deep or has too many elements")
        if name in _KEPT:
            self._text, self._attributes = [], attributes
        elif name == "CommandState":
            self.answer.done = attributes.get("State", "").endswith(_DONE)
        elif name == "Fault":
            self._fault = {}
        elif name == "WSManFault" and self._fault is not None:
            self._fault["code"] = attributes.get("Code", "")

    def _characters(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if self._text is None:
            return
        name = tag.rpartition(" ")[2]
        if name not in _KEPT:
            return
        text, self._text = "".join(self._text).strip(), None
        if name == "Stream":
            if text:
                self.answer.output.append(base64.b64decode(text, validate=True))
        elif self._fault is not None:
            if text:
                self._fault[name] = text
        elif name == "Selector":
            self.answer.selectors[self._attributes.get("Name", "")] = text
        elif name == "RelatesTo":
            self.answer.relates_to = text
        elif name == "State":
            self.answer.state = text
