"""WSMan envelopes: reading requests, writing answers.

Prefixes differ between clients, so requests are matched by namespace; answers are templates, which costs a
tenth of building trees.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from psnet.lab.wire.wsman_faults import WSManFault, schema_fault

if TYPE_CHECKING:
    from collections.abc import Iterable

S = "http://www.w3.org/2003/05/soap-envelope"
A = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
W = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
P = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
X = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
N = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
RSP = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
PWSH = "http://schemas.microsoft.com/powershell"
CFG = "http://schemas.microsoft.com/wbem/wsman/1/config"
WSMID = "http://schemas.dmtf.org/wbem/wsman/identify/1/wsmanidentity.xsd"
ANONYMOUS = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
FAULT_ACTION = "http://schemas.dmtf.org/wbem/wsman/1/wsman/fault"

SHELL_URI = RSP
CMD_URI = RSP + "/cmd"
COMMAND_URI = RSP + "/Command"

_DURATION = re.compile(
    r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
_UNSAFE_XML = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


@dataclass(slots=True)
class Request:
    """One WSMan request. ``timeout`` (seconds) is None when the client gave none."""

    action: str
    resource: str
    message_id: str
    body: ET.Element
    selectors: dict[str, str] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    timeout: float | None = None
    max_envelope: int | None = None
    session_id: str = ""

    @property
    def verb(self) -> str:
        """The last part of the action, such as Receive."""
        return self.action.rsplit("/", 1)[-1]


def duration_seconds(text: str) -> float:
    """Return the seconds of an xs:duration; raises a schema fault for anything else."""
    found = _DURATION.fullmatch(text.strip())
    if not found or not any(found.groups()):
        raise schema_fault(f"The value {text!r} is not a valid xs:duration.")
    parts = {name: float(value) if value else 0.0 for name, value in found.groupdict().items()}
    return parts["days"] * 86400 + parts["hours"] * 3600 + parts["minutes"] * 60 + parts["seconds"]


def duration(seconds: float) -> str:
    """Return an xs:duration as Windows writes them."""
    return f"PT{seconds:.3f}S"


def _text(element: ET.Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _named(parent: ET.Element | None, tag: str) -> dict[str, str]:
    return {} if parent is None else {e.get("Name", ""): e.text or "" for e in parent.iter(f"{{{W}}}{tag}")}


def parse(data: bytes) -> ET.Element:
    """Parse an envelope; document types and entities are refused, as WSMan does."""
    if _UNSAFE_XML.search(data):
        raise schema_fault("The SOAP XML in the message must not contain a document type.")
    try:
        root = ET.fromstring(data)  # noqa: S314 - document types and entities were refused above
    except ET.ParseError as error:
        raise schema_fault(
            f"The SOAP XML in the message does not match the corresponding XML schema definition: {error}"
        ) from error
    if root.tag != f"{{{S}}}Envelope":
        raise schema_fault("The message is not a SOAP 1.2 envelope.")
    return root


def is_identify(root: ET.Element) -> bool:
    """Return whether an envelope is a wsmid:Identify."""
    body = root.find(f"{{{S}}}Body")
    return body is not None and body.find(f"{{{WSMID}}}Identify") is not None


def read_request(root: ET.Element) -> Request:
    """Return the request that an envelope holds; raises a WSManFault when headers are missing."""
    header, body = root.find(f"{{{S}}}Header"), root.find(f"{{{S}}}Body")
    if header is None or body is None:
        raise schema_fault("The SOAP envelope has no header or no body.")
    action = _text(header.find(f"{{{A}}}Action"))
    message_id = _text(header.find(f"{{{A}}}MessageID"))
    if not action or not message_id:
        raise WSManFault(
            2150858769,
            "The WS-Management message is missing a required header.",
            "a:MessageInformationHeaderRequired",
        )
    timeout = _text(header.find(f"{{{W}}}OperationTimeout"))
    envelope = _text(header.find(f"{{{W}}}MaxEnvelopeSize"))
    return Request(
        action=action,
        resource=_text(header.find(f"{{{W}}}ResourceURI")),
        message_id=message_id,
        body=body,
        selectors=_named(header.find(f"{{{W}}}SelectorSet"), "Selector"),
        options=_named(header.find(f"{{{W}}}OptionSet"), "Option"),
        timeout=duration_seconds(timeout) if timeout else None,
        max_envelope=int(envelope) if envelope.isdigit() else None,
        session_id=_text(header.find(f"{{{P}}}SessionId")),
    )


_ENVELOPE = (
    f'<s:Envelope xml:lang="en-US" xmlns:s="{S}" xmlns:a="{A}" xmlns:x="{X}" xmlns:w="{W}" xmlns:rsp="{RSP}"'
    f' xmlns:p="{P}" xmlns:n="{N}"><s:Header><a:Action>%s</a:Action>'
    f"<a:MessageID>uuid:%s</a:MessageID><a:To>{ANONYMOUS}</a:To><a:RelatesTo>%s</a:RelatesTo></s:Header>"
    "<s:Body>%s</s:Body></s:Envelope>"
)


def response(request: Request, body: str, action: str | None = None) -> bytes:
    """Return the answer to a request; ``body`` is XML whose prefixes are those of the envelope."""
    action = action or request.action + "Response"
    message_id = str(uuid.uuid4()).upper()
    return (_ENVELOPE % (action, message_id, escape(request.message_id), body)).encode()


def fault_response(fault: WSManFault, message_id: str, machine: str) -> bytes:
    """Return a fault; ``message_id`` is the MessageID of the request, or empty when it had none."""
    text = escape(fault.message)
    body = (
        f"<s:Fault><s:Code><s:Value>s:{fault.party}</s:Value><s:Subcode><s:Value>{fault.subcode}</s:Value>"
        f'</s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">{text} </s:Text></s:Reason><s:Detail>'
        '<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"'
        f' Code="{fault.code}" Machine={quoteattr(machine)}><f:Message>{text} </f:Message></f:WSManFault>'
        "</s:Detail></s:Fault>"
    )
    return (_ENVELOPE % (FAULT_ACTION, str(uuid.uuid4()).upper(), escape(message_id), body)).encode()


def identify_response(product_version: str) -> bytes:
    """Return the answer to Identify."""
    return (
        f'<s:Envelope xml:lang="en-US" xmlns:s="{S}"><s:Header/><s:Body><wsmid:IdentifyResponse'
        f' xmlns:wsmid="{WSMID}"><wsmid:ProtocolVersion>{W}</wsmid:ProtocolVersion>'
        "<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>"
        f"<wsmid:ProductVersion>{escape(product_version)}</wsmid:ProductVersion>"
        "</wsmid:IdentifyResponse></s:Body></s:Envelope>"
    ).encode()


def element(tag: str, text: str, **attributes: str) -> str:
    """Return one element as XML text."""
    attrs = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f"<{tag}{attrs}>{escape(text)}</{tag}>"


def join(parts: Iterable[str]) -> str:
    """Join XML fragments."""
    return "".join(parts)
