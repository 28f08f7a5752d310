"""Message encryption over HTTP: multipart/encrypted ([MS-WSMV] 2.2.9.1), for SPNEGO, Kerberos and CredSSP.

CredSSP seals with its own TLS, 16 kB at a time: a longer message has several parts (multipart/x-multi-encrypted).
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final

from psnet.errors import LabError

if TYPE_CHECKING:
    import spnego

_HEAD: Final = re.compile(
    rb"\s*--\s*Encrypted Boundary\r\n"
    rb"\s*Content-Type:\s*(?P<protocol>[^\r\n]+)\r\n"
    rb"\s*OriginalContent:[^\r\n]*?Length=(?P<length>\d+)\r\n"
    rb"--\s*Encrypted Boundary\r\n"
    rb"\s*Content-Type:\s*application/octet-stream\r\n",
    re.IGNORECASE,
)
_END: Final = re.compile(rb"--\s*Encrypted Boundary(?:--)?\r\n\Z")
_NEXT: Final = re.compile(rb"--\s*Encrypted Boundary\r\n\s*Content-Type:\s*application/HTTP-", re.IGNORECASE)
_PROTOCOL: Final = re.compile(r'protocol="?([^";]+)')
_CREDSSP: Final = "application/HTTP-CredSSP-session-encrypted"
_MOST_CREDSSP: Final = 16384


class DecryptionError(LabError):
    """A message could not be decrypted; the answer is HTTP 400."""


def is_encrypted(content_type: str) -> bool:
    """Return whether a content type is an encrypted message."""
    return content_type.lower().startswith(("multipart/encrypted", "multipart/x-multi-encrypted"))


def protocol_of(content_type: str) -> str:
    """Return the protocol parameter, which an answer repeats."""
    found = _PROTOCOL.search(content_type)
    return found[1] if found else "application/HTTP-SPNEGO-session-encrypted"


def decrypt(context: spnego.ContextProxy, body: bytes) -> bytes:
    """Return the plain envelope; raises DecryptionError."""
    tail = _END.search(body)
    if not tail:
        raise DecryptionError("the body is not an encrypted message")
    plain, at = b"", 0
    while at < tail.start():
        head = _HEAD.match(body, at)
        if not head:
            raise DecryptionError("the body is not an encrypted message")
        following = _NEXT.search(body, head.end())
        at = following.start() if following else tail.start()
        plain += _unsealed(context, body[head.end() : at])
    return plain


def _unsealed(context: spnego.ContextProxy, data: bytes) -> bytes:
    if len(data) < 4:
        raise DecryptionError("the body is not an encrypted message")
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
    kind, parts = "multipart/encrypted", [plain]
    if protocol == _CREDSSP and len(plain) > _MOST_CREDSSP:
        kind = "multipart/x-multi-encrypted"
        parts = [plain[at : at + _MOST_CREDSSP] for at in range(0, len(plain), _MOST_CREDSSP)]
    body = b"".join(_sealed(context, part, protocol) for part in parts) + b"--Encrypted Boundary--\r\n"
    return f'{kind};protocol="{protocol}";boundary="Encrypted Boundary"', body


def _sealed(context: spnego.ContextProxy, plain: bytes, protocol: str) -> bytes:
    sealed = context.wrap_winrm(plain)
    return b"".join(
        (
            b"--Encrypted Boundary\r\n\tContent-Type: ",
            protocol.encode(),
            b"\r\n\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=",
            str(len(plain) + sealed.padding_length).encode(),
            b"\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n",
            struct.pack("<i", len(sealed.header)),
            sealed.header,
            sealed.data,
        )
    )
