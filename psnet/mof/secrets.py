"""Passwords of a node: refused in plain text, or encrypted for the node's certificate (CMS)."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import pkcs7

from psnet._internal.text_files import read_data
from psnet.errors import InputError
from psnet.mof.convert import truth
from psnet.mof.errors import CastError

if TYPE_CHECKING:
    from psnet.mof.configuration_data import NodeData
    from psnet.mof.options import CompileOptions

DOCUMENT_ENCRYPTION = x509.ObjectIdentifier("1.3.6.1.4.1.311.80.1")
_LOCAL = {"localhost", "127.0.0.1", "::1"}
_LINE = 76  # as Convert.ToBase64String breaks lines


class Secrets:
    """What a node's data says about credentials; ``data`` is None outside any Node block."""

    def __init__(self, data: NodeData | None, options: CompileOptions) -> None:
        self.data = data
        self.options = options
        self.encrypted = False
        self.domain_user = False
        self._certificate: x509.Certificate | None = None

    def admit(self, username: str | None) -> None:
        """Let a credential pass, or raise CastError as the engine refuses one in plain text."""
        if self.data is None and not self.options.allow_plain_text:
            raise _plain_text()
        data = self.data or {}
        if username and _is_domain_user(username) and not _switch(data, "PSDscAllowDomainUser"):
            self.domain_user = True
        if data.get("certificateid") or data.get("certificatefile"):
            self.encrypted = True
        elif not (self.options.allow_plain_text or _switch(data, "PSDscAllowPlainTextPassword")):
            raise _plain_text()

    def protect(self, password: str) -> str:
        """Return a password as it is written: a CMS message when the node has a certificate."""
        certificate = self._find()
        return password if certificate is None else encrypt(password, certificate)

    def _find(self) -> x509.Certificate | None:
        data = self.data or {}
        if self._certificate is None:
            if thumbprint := data.get("certificateid"):
                self._certificate = _by_thumbprint(str(thumbprint), self.options.certificates)
            elif file := data.get("certificatefile"):
                base = Path(self.options.source.path).parent if self.options.source else Path()
                self._certificate = _read(base / str(file))
        return self._certificate


def encrypt(text: str, certificate: x509.Certificate) -> str:
    """Return what Protect-CmsMessage makes of a text: AES-256 for the certificate's RSA key, with armour.

    Raises CastError for a certificate that is not meant for documents: its key usage must allow key or data
    encipherment and its enhanced key usage must name Document Encryption.
    """
    _check_purpose(certificate)
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(text.encode()).add_recipient(certificate)
    message = builder.set_content_encryption_algorithm(AES256).encrypt(
        serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary]
    )
    body = base64.b64encode(message).decode()
    lines = [body[at : at + _LINE] for at in range(0, len(body), _LINE)]
    return "\n".join(["-----BEGIN CMS-----", *lines, "-----END CMS-----"])


def _check_purpose(certificate: x509.Certificate) -> None:
    extensions = certificate.extensions
    usable = isinstance(certificate.public_key(), rsa.RSAPublicKey)
    try:
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        enhanced = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        usable &= (usage.key_encipherment or usage.data_encipherment) and DOCUMENT_ENCRYPTION in enhanced
    except x509.ExtensionNotFound:
        usable = False
    if not usable:
        raise CastError(
            "CertificateCannotBeUsedForEncryption",
            f"the certificate {certificate.subject.rfc4514_string()} cannot be used for encryption: it "
            "needs an RSA key, data or key encipherment as key usage, and document encryption "
            f"({DOCUMENT_ENCRYPTION.dotted_string})",
        )


def _read(path: Path) -> x509.Certificate:
    try:
        data = read_data(path)
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in data else x509.load_der_x509_certificate
        return load(data)
    except (InputError, ValueError, UnsupportedAlgorithm) as error:
        raise CastError(
            "InvalidPathSpecified",
            f"the certificate file {path} cannot be read: {error}",
            "CertificateFile is a path from the declaration's folder to a certificate in PEM or DER",
        ) from None


def _by_thumbprint(thumbprint: str, folder: Path | None) -> x509.Certificate:
    wanted = thumbprint.replace(" ", "").upper()
    for file in sorted(folder.iterdir()) if folder is not None and folder.is_dir() else ():
        if file.suffix.lower() in {".cer", ".crt", ".pem", ".der"}:
            certificate = _read(file)
            if certificate.fingerprint(hashes.SHA1()).hex().upper() == wanted:  # noqa: S303 - a name, not a seal
                return certificate
    where = f"in {folder}" if folder is not None else "(no folder of certificates was given)"
    raise CastError(
        "InvalidPathSpecified",
        f"there is no certificate with the thumbprint {thumbprint} {where}",
        "put the certificate (.cer, .crt, .pem, .der) into the folder of --certificates",
    )


def _plain_text() -> CastError:
    return CastError(
        "InvalidPathSpecified",
        "a password would be stored as plain text, which the node's data does not allow",
    )


def _switch(data: NodeData, key: str) -> bool:
    value: Any = data.get(key.lower())
    if isinstance(value, str) and value:
        raise CastError("RuntimeException", f"{key} in the node's data is a text; write true or false")
    return truth(value)


def _is_domain_user(username: str) -> bool:
    if "@" in username:
        return True
    return "\\" in username and username.split("\\", 1)[0].lower() not in _LOCAL
