"""TLS without sockets: contexts, shared by all hosts that are verified alike, and what a failure means."""

from __future__ import annotations

import os
import ssl
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psnet.transport.settings import ConnectionSettings

_VERSIONS: Final = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
_NAME_MISMATCH: Final = (62, 64)  # X509_V_ERR_HOSTNAME_MISMATCH, ..._IP_ADDRESS_MISMATCH
_EXPIRED: Final = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, ..._HAS_EXPIRED
_MOST_TICKETS: Final = 4096


@dataclass(slots=True)
class TlsTrust:
    """A context, and the last TLS session with each host (``address``, ``port``), to be resumed.

    A session is kept only after its certificate was accepted, and is resumed only under the same context. A host that
    is visited once gets none: keeping one costs half of what resuming it saves.
    """

    context: ssl.SSLContext
    sessions: OrderedDict[tuple[str, int], ssl.SSLSession | None] = field(default_factory=OrderedDict)

    def remember_session(self, address: str, port: int, tls: ssl.SSLObject) -> None:
        """Store a TLS session for resumption, from a host's second connection on; the oldest are dropped.

        One that the host still resumes is kept and not read anew: each reading of ``session`` costs 5 KB that CPython
        (3.11.7 with OpenSSL 3.0, measured) never gives back, 5 MB a round of a thousand hosts that are watched.
        """
        place = (address, port)
        if place not in self.sessions:
            self.sessions[place] = None
        elif self.sessions[place] is None or not tls.session_reused:
            self.sessions[place] = tls.session
        self.sessions.move_to_end(place)
        while len(self.sessions) > _MOST_TICKETS:
            self.sessions.popitem(last=False)


def trust_for(settings: ConnectionSettings) -> TlsTrust:
    """Return the context for a host's settings; hosts that are verified alike share one."""
    key = settings.certificate_key_password
    ca_file = None
    if settings.verify and not settings.fingerprint:
        ca_file = settings.ca_file or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    return _trust(
        ca_file,
        _changed(ca_file),
        settings.verify and not settings.fingerprint,
        settings.minimum_tls,
        settings.certificate_file if settings.auth == "certificate" else None,
        settings.certificate_key_file if settings.auth == "certificate" else None,
        _changed(settings.certificate_file),
        key.get_secret_value() if key else None,
    )


def _changed(path: str | None) -> int:
    """Return when a file was changed, so that a new one is read."""
    try:
        return Path(path).stat().st_mtime_ns if path else 0
    except OSError:
        return 0


@lru_cache(maxsize=64)
def _trust(
    ca_file: str | None,
    _ca_changed: int,
    verify: bool,  # noqa: FBT001 - as above
    minimum: str,
    certificate: str | None,
    key: str | None,
    _certificate_changed: int,
    key_password: str | None,
) -> TlsTrust:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = _VERSIONS[minimum]
    if verify:
        if ca_file and Path(ca_file).is_dir():
            context.load_verify_locations(capath=ca_file)
        else:
            context.load_verify_locations(cafile=ca_file or _usual())
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(certificate, key, key_password)
    return TlsTrust(context)


def _usual() -> str:
    import certifi  # noqa: PLC0415 - not where a ca_file is given

    return str(certifi.where())


def tls_cause(chain: Iterable[BaseException]) -> str:
    """Return the word for why TLS failed, from an error and those inside it."""
    errors = list(chain)
    text = " ".join(str(inner) for inner in errors)
    if "Fingerprints did not match" in text:
        return "wrong-pin"
    code = next((inner.verify_code for inner in errors if hasattr(inner, "verify_code")), None)
    if code is None:
        return "wrong-name" if "doesn't match" in text else "tls"
    if code in _NAME_MISMATCH:
        return "wrong-name"
    return "expired" if code in _EXPIRED else "unknown-ca"
