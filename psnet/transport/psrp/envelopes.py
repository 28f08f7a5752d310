"""Requests of WSMan (MS-WSMV) as bytes: templates that take ids and content, no trees."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    import uuid

_S: Final = "http://www.w3.org/2003/05/soap-envelope"
_A: Final = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
_W: Final = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
_P: Final = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
_RSP: Final = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
_TRANSFER: Final = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
_POWERSHELL: Final = "http://schemas.microsoft.com/powershell"
_ANONYMOUS: Final = f"{_A}/role/anonymous"

CTRL_C: Final = "powershell/signal/ctrl_c"
TERMINATE: Final = f"{_RSP}/signal/terminate"
#: What every host takes (MaxEnvelopeSizekb of 2008 R2), and what it takes from protocol 2.2 on (MS-PSRP 2.2.2.1).
SMALL_ENVELOPE: Final = 153_600
LARGE_ENVELOPE: Final = 512_000
_HERE: Final = "\0"  # where a request's content goes; XML has no such sign
_VARIANT: Final = {digit: "89AB"[int(digit, 16) % 4] for digit in "0123456789ABCDEF"}
_AROUND: Final = 4096  # bytes of a request around its content: more than any has


def payload_size(envelope: int) -> int:
    """Return the bytes of content that fit into an envelope in Base64."""
    return (envelope - _AROUND) // 4 * 3


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its MessageID, which its answer names, and its bytes."""

    message_id: str
    data: bytes


class Envelopes:
    """Makes the requests of one shell."""

    def __init__(self, url: str, configuration: str, timeout: int, shell: uuid.UUID) -> None:
        self.shell = str(shell).upper()
        self.selector: dict[str, str] = {"ShellId": self.shell}
        self.max_envelope = SMALL_ENVELOPE
        self.resource = f"{_POWERSHELL}/{configuration}"
        self.session_id = new_id()
        self._to = escape(url)
        self._timeout = timeout

    def create(self, content: bytes) -> Request:
        """Ask for the shell; ``content`` are the fragments that open its pool."""
        options = '<w:Option Name="protocolversion" MustComply="true">2.3</w:Option>'
        body = (
            f'<rsp:Shell ShellId="{self.shell}"><rsp:InputStreams>stdin pr</rsp:InputStreams>'
            f'<rsp:OutputStreams>stdout</rsp:OutputStreams><creationXml xmlns="{_POWERSHELL}">'
            f"{_HERE}</creationXml></rsp:Shell>"
        )
        return self._request(f"{_TRANSFER}/Create", body, options, selected=False, content=content)

    def command(self, name: uuid.UUID, content: bytes) -> Request:
        """Start a pipeline with its first fragment."""
        options = '<w:Option Name="WINRS_SKIP_CMD_SHELL">False</w:Option>'
        body = (
            f'<rsp:CommandLine CommandId="{_id(name)}"><rsp:Command/><rsp:Arguments>'
            f"{_HERE}</rsp:Arguments></rsp:CommandLine>"
        )
        return self._request(f"{_RSP}/Command", body, options, content=content)

    def send(self, name: uuid.UUID, content: bytes) -> Request:
        """Send a pipeline another fragment."""
        stream = f'<rsp:Stream Name="stdin" CommandId="{_id(name)}">{_HERE}</rsp:Stream>'
        return self._request(f"{_RSP}/Send", f"<rsp:Send>{stream}</rsp:Send>", content=content)

    def receive(self, name: uuid.UUID | None = None) -> Request:
        """Ask for output, of a pipeline or of the pool itself."""
        options = '<w:Option Name="WSMAN_CMDSHELL_OPTION_KEEPALIVE">True</w:Option>'
        which = f' CommandId="{_id(name)}"' if name else ""
        body = f"<rsp:Receive><rsp:DesiredStream{which}>stdout</rsp:DesiredStream></rsp:Receive>"
        return self._request(f"{_RSP}/Receive", body, options)

    def signal(self, name: uuid.UUID, code: str = CTRL_C) -> Request:
        """Build the request that signals a pipeline."""
        body = f'<rsp:Signal CommandId="{_id(name)}"><rsp:Code>{code}</rsp:Code></rsp:Signal>'
        return self._request(f"{_RSP}/Signal", body)

    def disconnect(self) -> Request:
        """Leave the shell to itself."""
        return self._request(f"{_RSP}/Disconnect", "<rsp:Disconnect/>")

    def reconnect(self) -> Request:
        """Take the shell up again."""
        return self._request(f"{_RSP}/Reconnect", "<rsp:Reconnect/>")

    def get(self) -> Request:
        """Ask for the shell's state."""
        return self._request(f"{_TRANSFER}/Get", "", resource=_RSP)

    def delete(self) -> Request:
        """Build the request that deletes the shell."""
        return self._request(f"{_TRANSFER}/Delete", "")

    def _request(
        self,
        action: str,
        body: str,
        options: str = "",
        *,
        selected: bool = True,
        resource: str | None = None,
        content: bytes = b"",
    ) -> Request:
        """Return a request; ``content`` goes into the body in Base64, as bytes: it is most of a large one."""
        name = f"uuid:{new_id()}"
        option_set = f'<w:OptionSet s:mustUnderstand="true">{options}</w:OptionSet>' if options else ""
        selectors = ""
        if selected:
            pairs = "".join(
                f"<w:Selector Name={quoteattr(key)}>{escape(value)}</w:Selector>"
                for key, value in self.selector.items()
            )
            selectors = f"<w:SelectorSet>{pairs}</w:SelectorSet>"
        text = (
            f'<s:Envelope xmlns:s="{_S}" xmlns:a="{_A}" xmlns:w="{_W}" xmlns:p="{_P}" xmlns:rsp="{_RSP}"><s:Header>'
            f'<a:Action s:mustUnderstand="true">{action}</a:Action>'
            '<p:DataLocale s:mustUnderstand="false" xml:lang="en-US"/>'
            '<w:Locale s:mustUnderstand="false" xml:lang="en-US"/>'
            f'<w:MaxEnvelopeSize s:mustUnderstand="true">{self.max_envelope}</w:MaxEnvelopeSize>'
            f"<a:MessageID>{name}</a:MessageID><w:OperationTimeout>PT{self._timeout}S</w:OperationTimeout>"
            f'<a:ReplyTo><a:Address s:mustUnderstand="true">{_ANONYMOUS}</a:Address></a:ReplyTo>'
            f'<w:ResourceURI s:mustUnderstand="true">{escape(resource or self.resource)}</w:ResourceURI>'
            f'<p:SessionId s:mustUnderstand="false">uuid:{self.session_id}</p:SessionId>'
            f"<a:To>{self._to}</a:To>{option_set}{selectors}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
        )
        before, _, after = text.partition(_HERE)
        return Request(name, b"".join((before.encode(), base64.b64encode(content), after.encode())))


def _id(name: uuid.UUID) -> str:
    return str(name).upper()


def new_id() -> str:
    """Return a random UUID (RFC 9562, version 4) as WSMan writes one; uuid.uuid4 takes five times as long."""
    text = os.urandom(16).hex().upper()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{_VARIANT[text[16]]}{text[17:20]}-{text[20:]}"
