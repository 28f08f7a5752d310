"""Certificates for one lab: a CA, one server certificate for all hosts, client certificates on demand.

Keys are elliptic (P-256), because making one costs under a millisecond. Everything lives in a private folder
that the lab removes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

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
    """The CA of a lab. ``ca_path`` is what clients trust; ``channel_binding`` what NTLM binds to."""

    def __init__(self, folder: Path, names: tuple[str, ...] = ("localhost",)) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "psnet lab CA")])
        self.certificate = self._sign_ca()
        self.ca_path = folder / "ca.pem"
        self.ca_path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        server_key = ec.generate_private_key(ec.SECP256R1())
        hosts: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
        hosts.append(x509.IPAddress(ipaddress.IPv4Address("127.0.0.1")))
        server = self._sign(names[0], server_key, x509.SubjectAlternativeName(hosts), ExtendedKeyUsageOID.SERVER_AUTH)
        self._server_pem = _write(folder / "server.pem", server, server_key)
        der = server.public_bytes(serialization.Encoding.DER)
        self.channel_binding = b"tls-server-end-point:" + hashlib.sha256(der).digest()

        self.context = self._make_context()

    def _make_context(self) -> ssl.SSLContext:
        """Return the one TLS context that all listeners share; it asks for a client certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self._server_pem)
        context.load_verify_locations(self.ca_path)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context

    def client(self, user: str) -> ClientCertificate:
        """Issue a client certificate whose common name and UPN are ``user``."""
        stem = hashlib.sha256(user.encode()).hexdigest()[:16]
        key = ec.generate_private_key(ec.SECP256R1())
        upn = user.encode()
        if len(upn) >= 128:
            raise ValueError("a UPN of 128 bytes and more needs a longer DER length than is written here")
        names = x509.SubjectAlternativeName([x509.OtherName(_UPN, bytes([0x0C, len(upn)]) + upn)])
        certificate = self._sign(user, key, names, ExtendedKeyUsageOID.CLIENT_AUTH)
        path = _write(self.folder / f"client-{stem}.pem", certificate)
        return ClientCertificate(path, _write(self.folder / f"client-{stem}.key", None, key))

    def _sign_ca(self) -> x509.Certificate:
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        builder = self._builder(self._name, self._key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        return builder.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())

    def _sign(
        self,
        common_name: str,
        key: ec.EllipticCurvePrivateKey,
        names: x509.SubjectAlternativeName,
        usage: ObjectIdentifier,
    ) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = self._builder(subject, key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(names, critical=False).add_extension(authority, critical=False)
        return builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False).sign(self._key, hashes.SHA256())

    def _builder(self, subject: x509.Name, public_key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + _LIFETIME)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        )


def _write(path: Path, certificate: x509.Certificate | None, key: ec.EllipticCurvePrivateKey | None = None) -> Path:
    pem = certificate.public_bytes(serialization.Encoding.PEM) if certificate else b""
    if key:
        pem += key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    path.touch(mode=0o600)
    path.write_bytes(pem)
    return path


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
