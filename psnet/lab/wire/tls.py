"""Certificates for one lab: a CA, one server certificate for all hosts, client certificates on demand.

Everything lives in a private folder that the lab removes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from psnet._internal.pki import CertificateAuthority, new_key, server_names, write_pem

if TYPE_CHECKING:
    from pathlib import Path

_LIFETIME = dt.timedelta(days=30)
_UPN = ObjectIdentifier("1.3.6.1.4.1.311.20.2.3")


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """Paths of a client certificate and its key, both PEM."""

    certificate: Path
    key: Path


class Authority:
    """The CA of a lab. ``ca_path`` is what clients trust, ``channel_binding`` what NTLM binds to.

    ``server_pem`` holds the servers' certificate and key.
    """

    def __init__(self, folder: Path, names: tuple[str, ...] = ("localhost",)) -> None:
        self.folder = folder
        self._authority = CertificateAuthority("psnet lab CA", _LIFETIME)
        self.certificate = self._authority.certificate
        self.ca_path = folder / "ca.pem"
        self.ca_path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        server_key = new_key()
        server = self._authority.sign(names[0], server_key.public_key(), server_names([*names, "127.0.0.1"]))
        self.server_pem = write_pem(folder / "server.pem", server, server_key)
        der = server.public_bytes(serialization.Encoding.DER)
        self.channel_binding = b"tls-server-end-point:" + hashlib.sha256(der).digest()

        self.context = self._make_context()

    def _make_context(self) -> ssl.SSLContext:
        """Return the one TLS context that all listeners share; it asks for a client certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.server_pem)
        context.load_verify_locations(self.ca_path)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context

    def client(self, user: str) -> ClientCertificate:
        """Issue a client certificate whose common name and UPN are ``user``."""
        stem = hashlib.sha256(user.encode()).hexdigest()[:16]
        key = new_key()
        upn = user.encode()
        if len(upn) >= 128:
            raise ValueError("a UPN of 128 bytes and more needs a longer DER length than is written here")
        names = x509.SubjectAlternativeName([x509.OtherName(_UPN, bytes([0x0C, len(upn)]) + upn)])
        certificate = self._authority.sign(user, key.public_key(), names, ExtendedKeyUsageOID.CLIENT_AUTH)
        path = write_pem(self.folder / f"client-{stem}.pem", certificate)
        return ClientCertificate(path, write_pem(self.folder / f"client-{stem}.key", None, key))


def certificate_names(der: bytes) -> frozenset[str]:
    """Return the common name and UPNs of a client certificate, in lower case."""
    certificate = x509.load_der_x509_certificate(der)
    names = {
        str(attribute.value).lower() for attribute in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    }
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return frozenset(names)
    for other in extension.value.get_values_for_type(x509.OtherName):
        if other.type_id == _UPN:
            names.add(other.value[2:].decode().lower())
    return frozenset(names)
