"""Logging on, and the encryption of messages that comes with it (MS-WSMV 2.2.9): tokens in, tokens out, no sockets.

A logon belongs to one connection. Basic and certificates are said with every request; NTLM, Kerberos, Negotiate and
CredSSP exchange tokens first (pyspnego), and over plain HTTP encrypt what follows.
"""

from __future__ import annotations

import base64
import os
import re
import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from psnet.transport.exceptions import TransportError
from psnet.transport.kerberos import TicketClock

if TYPE_CHECKING:
    from psnet.transport.settings import ConnectionSettings

SOAP: Final = "application/soap+xml;charset=UTF-8"
_MUTUAL: Final = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
_TOKEN: Final = re.compile(r"(Negotiate|Kerberos|NTLM|CredSSP)(?:\s+([A-Za-z0-9+/=]+))?", re.IGNORECASE)
_BOUNDARY: Final = "Encrypted Boundary"
_MOST_CREDSSP: Final = 16384
#: What means a wrong user or password: STATUS_LOGON_FAILURE, _WRONG_PASSWORD and _NO_SUCH_USER, and SEC_E_LOGON_DENIED
#: ([MS-ERREF] 2.3.1 and 2.1.1).
_WRONG_PASSWORD: Final = frozenset({0xC000006D, 0xC000006A, 0xC0000064, 0x8009030C})
#: The first version of CredSSP that is not open to CVE-2018-0886: every host that was updated since May 2018 has it.
CREDSSP_VERSION: Final = 5
_LENGTH: Final = re.compile(rb"Length=(\d+)")


def fixed_header(settings: ConnectionSettings) -> str | None:
    """Return the Authorization that goes with every request, None where tokens are exchanged."""
    if settings.auth == "certificate":
        return _MUTUAL
    if settings.auth != "basic":
        return None
    secret = settings.password.get_secret_value() if settings.password else ""
    return "Basic " + base64.b64encode(f"{settings.user or ''}:{secret}".encode()).decode()


class Logon:
    """The tokens of one connection; ``certificate`` is the host's (DER), to which the logon is bound (RFC 5929)."""

    def __init__(self, settings: ConnectionSettings, certificate: bytes) -> None:
        import spnego  # noqa: PLC0415 - not for basic and certificates
        from spnego.channel_bindings import GssChannelBindings  # noqa: PLC0415 - as above

        self.scheme = "CredSSP" if settings.auth == "credssp" else "Negotiate"
        self.encrypts = settings.scheme == "http"
        wanted = spnego.ContextReq.default
        if settings.delegate:
            wanted |= spnego.ContextReq.delegate
        self._delegate = settings.delegate and settings.auth != "credssp"  # which always does
        binding = None
        if certificate and settings.auth != "credssp":
            binding = GssChannelBindings(application_data=endpoint_binding(certificate))
        self._clock = TicketClock(settings.operation_timeout + 10)
        versions: dict[str, Any] = {"credssp_min_protocol": CREDSSP_VERSION} if settings.auth == "credssp" else {}
        self._context: Any = spnego.client(
            *_quick_credentials(settings),
            hostname=settings.service_host or settings.address,
            service=settings.service or "host",
            channel_bindings=binding,
            context_req=wanted,
            protocol=settings.auth,
            options=spnego.NegotiateOptions.wrapping_winrm if self.encrypts else spnego.NegotiateOptions.none,
            **versions,
        )

    @property
    def complete(self) -> bool:
        """Whether this side needs no token any more."""
        return bool(self._context.complete)

    def ends(self) -> bool:
        """Say whether its ticket is at its end, while messages are encrypted with what it brought."""
        return self.encrypts and self._clock.ends(self._context)

    def step(self, token: bytes | None = None) -> bytes | None:
        """Take the host's token and return the next for it, None when there is none.

        Raises SpnegoError, or TransportError when the host's token says why it refuses (CredSSP).
        """
        from spnego.exceptions import SpnegoError  # noqa: PLC0415 - not for basic and certificates

        try:
            found: bytes | None = self._context.step(token)
        except SpnegoError as error:
            status = getattr(error.base_error, "winerror", None)
            if self.scheme == "CredSSP" and status is not None:
                raise TransportError(*status_cause(status)) from error
            raise
        return found

    def check_delegation(self) -> None:
        """Raise TransportError when the logon was to be forwarded and was not: libkrb5 leaves that out in silence."""
        if self._delegate:
            check_delegation(self._context)

    def header(self, token: bytes) -> str:
        """Return the Authorization that carries a token."""
        return f"{self.scheme} {base64.b64encode(token).decode()}"

    def token(self, challenges: list[str]) -> bytes | None:
        """Return the host's token, None when it sent none."""
        for challenge in challenges:
            for scheme, text in _TOKEN.findall(challenge):
                if text and scheme.lower() == self.scheme.lower():
                    return base64.b64decode(text)
        return None

    @property
    def accepts_message(self) -> bool:
        """Whether the request may go with the token at hand: the host answers it if it is the last that is needed."""
        return not self.encrypts and (self.complete or self.scheme != "CredSSP")

    def switch_scheme(self, challenges: list[str]) -> bool:
        """Switch to another authentication scheme that the host offers; say whether there was one."""
        offered = {scheme.lower() for challenge in challenges for scheme, _ in _TOKEN.findall(challenge)}
        for name in ("Negotiate", "Kerberos", "NTLM"):
            if self.scheme not in ("CredSSP", name) and name.lower() in offered:
                self.scheme = name
                return True
        return False

    @property
    def _protocol(self) -> str:
        kind = {"CredSSP": "CredSSP", "Kerberos": "Kerberos"}.get(self.scheme, "SPNEGO")
        return f"application/HTTP-{kind}-session-encrypted"

    def encrypt(self, message: bytes) -> tuple[str, bytes]:
        """Return the content type and the body that carry a message encrypted."""
        kind, parts = "multipart/encrypted", [message]
        if self.scheme == "CredSSP" and len(message) > _MOST_CREDSSP:
            kind = "multipart/x-multi-encrypted"
            parts = [message[at : at + _MOST_CREDSSP] for at in range(0, len(message), _MOST_CREDSSP)]
        body = b"".join(self._wrapped(part) for part in parts) + f"--{_BOUNDARY}--\r\n".encode()
        return f'{kind};protocol="{self._protocol}";boundary="{_BOUNDARY}"', body

    def _wrapped(self, part: bytes) -> bytes:
        header, data, padding = self._context.wrap_winrm(part)
        head = (
            f"--{_BOUNDARY}\r\n\tContent-Type: {self._protocol}\r\n\tOriginalContent: "
            f"type=application/soap+xml;charset=UTF-8;Length={len(part) + padding}\r\n--{_BOUNDARY}\r\n"
            "\tContent-Type: application/octet-stream\r\n"
        )
        wrapped: bytes = head.encode() + struct.pack("<i", len(header)) + header + data
        return wrapped

    def decrypt(self, content_type: str, body: bytes) -> bytes:
        """Return the message inside an encrypted body; raise TransportError when it is not what it should be."""
        found = re.search(r'boundary="?([^";]+)"?', content_type)
        boundary = re.escape((found[1] if found else _BOUNDARY).encode())
        parts = [part for part in re.split(rb"--\s*" + boundary + rb"\r\n", body) if part]
        whole = b""
        for head, payload in zip(parts[::2], parts[1::2], strict=False):
            length = _LENGTH.search(head)
            data = re.sub(rb"--\s*" + boundary + rb"--\r\n$", b"", payload)
            data = data.replace(b"\tContent-Type: application/octet-stream\r\n", b"", 1)
            if length is None or len(data) < 4:  # noqa: PLR2004 - the length of the signature
                raise TransportError("http", "an encrypted message that is cut short")
            size = struct.unpack_from("<i", data)[0]
            try:
                plain: bytes = self._context.unwrap_winrm(data[4 : 4 + size], data[4 + size :])
            except Exception as error:
                raise TransportError("http", f"an encrypted message that cannot be read: {error}") from error
            if len(plain) != int(length[1]):
                raise TransportError("http", "an encrypted message of another length than it says")
            whole += plain
        return whole


def status_cause(status: int) -> tuple[str, str]:
    """Return cause and words for the NTSTATUS that a host refuses a CredSSP logon with."""
    code = status & 0xFFFFFFFF
    return "password" if code in _WRONG_PASSWORD else "logon", f"the host answered NTSTATUS 0x{code:08X}"


def check_delegation(context: Any) -> None:
    """Raise TransportError when a context of pyspnego's was not forwarded."""
    import spnego  # noqa: PLC0415 - not for basic and certificates

    if not context.context_attr & spnego.ContextReq.delegate:
        kerberos = context.negotiated_protocol == "kerberos"
        said = "it is not forwardable" if kerberos else "the logon is by NTLM, which knows no forwarding"
        raise TransportError("kerberos-forwarding", said)


def credentials(settings: ConnectionSettings) -> tuple[Any, str | None]:
    """Return user and password, or in their stead a keytab or a cache of tickets.

    A Kerberos logon with a password gets its ticket itself, into memory: nothing is left for others to use.
    """
    import spnego  # noqa: PLC0415 - not for basic and certificates

    if settings.keytab is not None:
        return spnego.KerberosKeytab(keytab=settings.keytab, principal=settings.principal), None
    if settings.ccache is not None:
        return spnego.KerberosCCache(ccache=settings.ccache, principal=settings.principal), None
    return settings.principal, password_of(settings)


def _quick_credentials(settings: ConnectionSettings) -> tuple[Any, str | None]:
    """Return credentials with the NT hash beside the password, where NTLM may be spoken.

    From a password pyspnego makes an LM hash too, with DES in Python, for each connection; NTLMv2 has no use for it.
    """
    user, password = credentials(settings)
    ntlm = settings.auth == "ntlm" or (settings.auth == "negotiate" and isinstance(user, str))
    if not ntlm or not user or not password or os.name == "nt" or "LM_COMPAT_LEVEL" in os.environ:
        return user, password
    import spnego  # noqa: PLC0415 - not for basic and certificates

    hashed = spnego.NTLMHash(username=user, nt_hash=_nt_hash(password))
    if settings.auth == "ntlm":
        return hashed, None
    return [hashed, spnego.Password(username=user, password=password)], None


@lru_cache(maxsize=8)
def _nt_hash(password: str) -> str:
    from spnego._ntlm_raw.crypto import ntowfv1  # noqa: PLC0415 - MD4 is not in hashlib; no public function gives it

    return ntowfv1(password).hex()


def password_of(settings: ConnectionSettings) -> str | None:
    """Return the password, None when there is none."""
    return settings.password.get_secret_value() if settings.password else None


@lru_cache(maxsize=1024)
def endpoint_binding(certificate: bytes) -> bytes:
    """Return the channel binding tls-server-end-point of a certificate (RFC 5929 section 4.1)."""
    from cryptography import x509  # noqa: PLC0415 - not for basic and certificates
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 - as above

    try:
        algorithm = x509.load_der_x509_certificate(certificate).signature_hash_algorithm
    except UnsupportedAlgorithm:
        algorithm = None
    if algorithm is None or algorithm.name in ("md5", "sha1"):
        algorithm = hashes.SHA256()
    digest = hashes.Hash(algorithm)
    digest.update(certificate)
    return b"tls-server-end-point:" + digest.finalize()
