"""Message encryption over HTTP: multipart/encrypted ([MS-WSMV] 2.2.9.1), for SPNEGO and Kerberos."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from psnet.errors import LabError

if TYPE_CHECKING:
    import spnego

_PARTS = re.compile(
    rb"\s*--\s*Encrypted Boundary\r\n"
    rb"\s*Content-Type:\s*(?P<protocol>[^\r\n]+)\r\n"
    rb"\s*OriginalContent:[^\r\n]*?Length=(?P<length>\d+)\r\n"
    rb"--\s*Encrypted Boundary\r\n"
    rb"\s*Content-Type:\s*application/octet-stream\r\n",
    re.IGNORECASE,
)
_END = re.compile(rb"--\s*Encrypted Boundary(?:--)?\r\n\Z")
_PROTOCOL = re.compile(r'protocol="?([^";]+)')


class DecryptionError(LabError):
    """A message could not be decrypted; the answer is HTTP 400."""


def is_encrypted(content_type: str) -> bool:
    """Return whether a content type is an encrypted message."""
    return content_type.lower().startswith("multipart/encrypted")


def protocol_of(content_type: str) -> str:
    """Return the protocol parameter, which an answer repeats."""
    found = _PROTOCOL.search(content_type)
    return found[1] if found else "application/HTTP-SPNEGO-session-encrypted"


def decrypt(context: spnego.ContextProxy, body: bytes) -> bytes:
    """Return the plain envelope; raises DecryptionError."""
    head, tail = _PARTS.match(body), _END.search(body)
    if not head or not tail or tail.start() < head.end() + 4:
        raise DecryptionError("the body is not an encrypted message")
    data = body[head.end() : tail.start()]
    (signature_length,) = struct.unpack_from("<i", data)
    if not 0 < signature_length <= len(data) - 4:
        raise DecryptionError("the signature's length is wrong")
    signature, sealed = data[4 : 4 + signature_length], data[4 + signature_length :]
    try:
        plain: bytes = context.unwrap_winrm(signature, sealed)
    except Exception as error:
        raise DecryptionError(f"the message could not be decrypted: {error}") from error
    return plain


def encrypt(context: spnego.ContextProxy, plain: bytes, protocol: str) -> tuple[str, bytes]:
    """Return content type and body of an encrypted answer."""
    sealed = context.wrap_winrm(plain)
    body = b"".join(
        (
            b"--Encrypted Boundary\r\n\tContent-Type: ",
            protocol.encode(),
            b"\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=",
            str(len(plain) + sealed.padding_length).encode(),
            b"\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n",
            struct.pack("<i", len(sealed.header)),
            sealed.header,
            sealed.data,
            b"--Encrypted Boundary--\r\n",
        )
    )
    return f'multipart/encrypted;protocol="{protocol}";boundary="Encrypted Boundary"', body
