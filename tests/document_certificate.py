"""Certificates for encrypting documents, and the key that opens what is encrypted for them."""

from __future__ import annotations

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def certificate(*, usage: str = "1.3.6.1.4.1.311.80.1") -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "node")])
    now = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    others = (
        "digital_signature", "content_commitment", "key_agreement", "key_cert_sign", "crl_sign",
        "encipher_only", "decipher_only",
    )  # fmt: skip
    flags = dict.fromkeys(others, False)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(7)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=9999))
        .add_extension(x509.KeyUsage(key_encipherment=True, data_encipherment=True, **flags), critical=True)
        .add_extension(x509.ExtendedKeyUsage([x509.ObjectIdentifier(usage)]), critical=False)
        .sign(KEY, hashes.SHA256())
    )
