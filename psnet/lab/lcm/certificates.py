r"""A host's certificates: ``LocalMachine\My`` with private keys, and the roots that it trusts."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from psnet.lab.lcm.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Callable

_CMS: Final = re.compile(r"\s*-----BEGIN CMS-----\s*([A-Za-z0-9+/=\s]+?)\s*-----END CMS-----\s*")


def thumbprint(certificate: x509.Certificate) -> str:
    """Return the SHA-1 of a certificate as Windows shows it: upper-case hex."""
    return certificate.fingerprint(hashes.SHA1()).hex().upper()  # noqa: S303 - a name, not a seal


@dataclass(slots=True)
class Store:
    r"""The machine's certificates; ``roots`` are PEM texts, ``own`` certificates and keys by thumbprint."""

    own: dict[str, tuple[x509.Certificate, rsa.RSAPrivateKey]] = field(default_factory=dict)
    roots: list[str] = field(default_factory=list)

    def add(self, certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> str:
        r"""Put a certificate with its private key into ``LocalMachine\My``; return its thumbprint."""
        name = thumbprint(certificate)
        self.own[name] = (certificate, key)
        return name

    def trust(self, pem: str) -> None:
        """Add a certification authority to the trusted roots."""
        if pem not in self.roots:
            self.roots.append(pem)

    def to_dict(self) -> dict[str, object]:
        """Return the store as plain data."""
        own = [
            [
                certificate.public_bytes(serialization.Encoding.PEM).decode(),
                key.private_bytes(
                    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                ).decode(),
            ]
            for certificate, key in self.own.values()
        ]
        return {"own": own, "roots": list(self.roots)}

    def restore(self, data: dict[str, list[object]]) -> None:
        """Take over what ``to_dict`` gave."""
        self.roots = [str(item) for item in data["roots"]]
        for pair in data["own"]:
            texts: list[str] = [str(text) for text in pair]  # type: ignore[attr-defined] # JSON's list of two texts
            loaded = serialization.load_pem_private_key(texts[1].encode(), None)
            if isinstance(loaded, rsa.RSAPrivateKey):
                self.add(x509.load_pem_x509_certificate(texts[0].encode()), loaded)


def decryptor(store: Store, certificate_id: str | None) -> Callable[[str], str]:
    """Return what decrypts the passwords of a document for the certificate that the settings name."""
    found = store.own.get((certificate_id or "").replace(" ", "").upper())
    if found is None:
        raise refused(
            "CertificateNotFound",
            f"The document's passwords are encrypted, but LocalMachine\\My holds no certificate {certificate_id or ''}"
            " with a private key; CertificateID of the Local Configuration Manager names it.",
            "ObjectNotFound",
        )
    certificate, key = found

    def decrypt(text: str) -> str:
        hit = _CMS.fullmatch(text)
        try:
            if hit is None:
                raise ValueError("no CMS message")
            message = base64.b64decode(hit[1], validate=False)
            return pkcs7.pkcs7_decrypt_der(message, certificate, key, []).decode()
        except (ValueError, binascii.Error) as error:
            raise refused("DecryptionFailed", f"A password of the document cannot be decrypted: {error}.") from None

    return decrypt
