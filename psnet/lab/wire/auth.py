"""Authentication of connections: Basic, Negotiate (NTLM, Kerberos), CredSSP, client certificates.

NTLM authenticates a TCP connection, not a request: the state lives here, one object a connection.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import spnego
from spnego._ntlm_raw.messages import Authenticate, AvId, NTClientChallengeV2
from spnego.channel_bindings import GssChannelBindings
from spnego.exceptions import InvalidCredentialError, SpnegoError

from psnet.lab.wire.tls import certificate_names

if TYPE_CHECKING:
    from pathlib import Path

    from psnet.lab.wire.api import Account, Backend
    from psnet.lab.wire.ntlm import NtlmStore

log = logging.getLogger(__name__)

MUTUAL: Final = "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual"
_NTLM_SIGNATURE: Final = b"NTLMSSP\x00"


@dataclass(frozen=True, slots=True)
class AuthPolicy:
    """What a host accepts; the defaults are those of a Windows host after winrm quickconfig with HTTPS added.

    ``basic_over_http`` and ``allow_unencrypted`` are what the lab's own tests switch on; a default host has
    neither. ``channel_binding`` is CbtHardeningLevel: relaxed checks a token only when the client sent one.
    ``keytab`` holds the keys of the host's services: with it the host takes Kerberos tickets, as one in a domain does
    (needs gssapi). ``credssp`` is what Enable-WSManCredSSP -Role Server switches on.
    """

    basic: bool = True
    certificate: bool = True
    negotiate: bool = True
    credssp: bool = False
    keytab: Path | None = None
    basic_over_http: bool = False
    allow_unencrypted: bool = False
    channel_binding: Literal["none", "relaxed", "strict"] = "relaxed"


@dataclass(frozen=True, slots=True)
class Identity:
    """An authenticated user; ``context`` seals messages when the client asked for that.

    ``delegated`` says that the client's ticket or password came along, for the host to use further on.
    """

    user: str
    method: Literal["Basic", "Certificate", "Negotiate", "Kerberos", "CredSSP"]
    context: spnego.ContextProxy | None = None
    delegated: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for one request: an identity, or a 401 with these WWW-Authenticate headers."""

    identity: Identity | None
    challenges: tuple[str, ...] = ()


class Authenticator:
    """Authenticates one connection. ``channel_binding`` is None over plain HTTP."""

    def __init__(self, backend: Backend, policy: AuthPolicy, store: NtlmStore, channel_binding: bytes | None) -> None:
        self._backend = backend
        self._policy = policy
        self._store = store
        self._binding = channel_binding
        self._context: spnego.ContextProxy | None = None
        self.identity: Identity | None = None

    @property
    def _basic(self) -> bool:
        policy = self._policy
        return policy.basic and (self._binding is not None or policy.basic_over_http)

    def forget(self) -> None:
        """Drop what is known of the connection's user."""
        self._context = self.identity = None

    def refuse(self) -> Verdict:
        """Return a 401 that offers what this host accepts."""
        self.forget()
        offers = ["Negotiate"] if self._policy.negotiate else []
        offers += ["Kerberos"] if self._policy.keytab else []
        offers += ['Basic realm="WSMAN"'] if self._basic else []
        offers += ["CredSSP"] if self._policy.credssp else []
        return Verdict(None, tuple(offers))

    def check(self, authorization: str, peer_certificate: bytes | None) -> Verdict:
        """Judge one request by its Authorization header and what is known of its connection."""
        if not authorization:
            return Verdict(self.identity) if self.identity else self.refuse()
        scheme, _, token = authorization.partition(" ")
        if authorization == MUTUAL:
            return self._check_certificate(peer_certificate)
        try:
            raw = base64.b64decode(token, validate=True)
        except binascii.Error:
            return self.refuse()
        if scheme.lower() == "basic" and self._basic:
            return self._check_basic(raw)
        if scheme.lower() in {"negotiate", "kerberos"} and self._policy.negotiate and raw:
            return self._check_negotiate(scheme.capitalize(), raw)
        if scheme.lower() == "credssp" and self._policy.credssp and raw:
            return self._check_credssp(raw)
        return self.refuse()

    def _check_basic(self, raw: bytes) -> Verdict:
        for encoding in ("utf-8", "latin-1"):  # RFC 7617 leaves it open; requests sends Latin-1
            user, _, password = raw.decode(encoding, "replace").partition(":")
            account = self._find(user)
            if account and hmac.compare_digest(account.password.encode(), password.encode()):
                return Verdict(Identity(account.user, "Basic"))
        return self.refuse()

    def _check_certificate(self, der: bytes | None) -> Verdict:
        if der and self._policy.certificate:
            names = certificate_names(der)
            for account in self._backend.accounts():
                if account.certificate and account.certificate.lower() in names:
                    return Verdict(Identity(account.user, "Certificate"))
        return self.refuse()

    def _find(self, name: str) -> Account | None:
        user = name.rpartition("\\")[2].partition("@")[0].lower()
        return next((a for a in self._backend.accounts() if a.user.lower() == user), None)

    def _check_negotiate(self, scheme: str, token: bytes) -> Verdict:
        context, answer = self._step("kerberos" if scheme == "Kerberos" else "negotiate", token)
        if context is None:
            return self.refuse()
        reply = f"{scheme} {base64.b64encode(answer).decode()}" if answer else ""
        if not context.complete:
            return Verdict(None, (reply,))
        account = self._find(context.client_principal or "")
        if account is None:
            return self.refuse()
        kerberos = context.negotiated_protocol == "kerberos"
        delegated = bool(context.context_attr & spnego.ContextReq.delegate)
        self.identity = Identity(account.user, "Kerberos" if kerberos else "Negotiate", context, delegated)
        return Verdict(self.identity, (reply,) if reply else ())

    def _check_credssp(self, token: bytes) -> Verdict:
        """Judge a token of CredSSP ([MS-CSSP] 3.1.5); the last of them holds user and password, who must exist."""
        context, answer = self._step("credssp", token)
        if context is None:
            return self.refuse()
        if not context.complete:
            return Verdict(None, (f"CredSSP {base64.b64encode(answer).decode()}",)) if answer else self.refuse()
        sent = context.get_extra_info("client_credential")
        account = self._find(sent.username)
        if account is None or not hmac.compare_digest(account.password.encode(), sent.password.encode()):
            return self.refuse()
        self.identity = Identity(account.user, "CredSSP", context, delegated=True)
        return Verdict(self.identity)

    def _step(self, protocol: str, token: bytes) -> tuple[spnego.ContextProxy | None, bytes]:
        """Take one token into the connection's context; return the context, None once it refused, and its answer."""
        if self._context is None or self._context.complete:
            self.forget()
        try:
            with self._store.selected(
                self._store.file(self._backend.accounts(), self._backend.name), self._policy.keytab
            ):
                if self._context is None:
                    inside: dict[str, Any] = {"credssp_negotiate_context": _denying()} if protocol == "credssp" else {}
                    self._context = spnego.server(protocol=protocol, **inside)
                return self._context, self._context.step(token, channel_bindings=self._bindings_for(token)) or b""
        except (SpnegoError, ValueError, AttributeError) as error:  # the last: gssapi's, of a ticket it refused
            log.info("%s: logon refused: %s", self._backend.name, error)
            return None, b""

    def _bindings_for(self, token: bytes) -> GssChannelBindings | None:
        if self._binding is None or self._policy.channel_binding == "none":
            return None
        if self._policy.channel_binding == "relaxed" and not _carries_bindings(token):
            return None
        return GssChannelBindings(application_data=self._binding)


def _denying() -> spnego.ContextProxy:
    """Return the logon inside CredSSP's TLS; where it fails a host says STATUS_LOGON_FAILURE."""
    context: Any = spnego.server(protocol="negotiate")
    plain = context.step

    def step(token: bytes | None = None, **options: Any) -> bytes | None:
        try:
            answer: bytes | None = plain(token, **options)
        except SpnegoError as error:
            raise InvalidCredentialError(context_msg=str(error)) from error
        return answer

    context.step = step
    denying: spnego.ContextProxy = context
    return denying


def _carries_bindings(token: bytes) -> bool:
    """Return whether an NTLM AUTHENTICATE message (bare or within SPNEGO) holds channel bindings."""
    start = token.find(_NTLM_SIGNATURE)
    if start < 0:
        return True
    if token[start + 8 : start + 12] != b"\x03\0\0\0":
        return False
    response = Authenticate.unpack(token[start:]).nt_challenge_response or b""
    if len(response) <= 24:
        return False
    return AvId.channel_bindings in NTClientChallengeV2.unpack(response[16:]).av_pairs
