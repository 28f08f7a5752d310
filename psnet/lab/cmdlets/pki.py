"""Import-Certificate and Import-PfxCertificate of the PKI module, for the machine's stores Root and My."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from psnet.lab.cmdlets.objects import only
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.dotnet.objects import SecureString
from psnet.lab.engine import net
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.lcm.certificates import thumbprint
from psnet.lab.values import DateTime, PSObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_ZERO: Final = datetime(1, 1, 1, tzinfo=UTC)
_ROOT: Final = "cert:\\localmachine\\root"
_MY: Final = "cert:\\localmachine\\my"
_TYPE: Final = "System.Security.Cryptography.X509Certificates.X509Certificate2"


@cmdlet(
    "Import-Certificate",
    "FilePath string 0 mandatory alias=FullName value byname\nCertStoreLocation string",
    module="PKI",
    class_name="Microsoft.CertificateServices.Commands.ImportCertificateCommand",
    should_process=True,
)
def import_certificate(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Add a certificate to the trusted roots of the machine."""
    only(p, "FilePath", "CertStoreLocation")
    if _location(p) != _ROOT:
        raise UnsupportedError("Import-Certificate into another store than Cert:\\LocalMachine\\Root")
    data = _file(ctx, str(p["FilePath"]))
    try:
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in data else x509.load_der_x509_certificate
        found = load(data)
    except ValueError as error:
        raise HostRefusal("Lab.InvalidCertificate", f"The file holds no certificate: {error}", "InvalidData") from error
    if ctx.should_process(_ROOT, "Import certificate"):
        ctx.host.lcm.certificates.trust(found.public_bytes(serialization.Encoding.PEM).decode())
        yield shown_certificate(found, has_key=False)


@cmdlet(
    "Import-PfxCertificate",
    "FilePath string 1 mandatory alias=FullName value byname\nCertStoreLocation string 0\nPassword object\n"
    "Exportable switch",
    module="PKI",
    class_name="Microsoft.CertificateServices.Commands.ImportPfxCertificate",
    should_process=True,
)
def import_pfx(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    """Add a certificate with its private key to the machine's own ones."""
    only(p, "FilePath", "CertStoreLocation", "Password", "Exportable")
    if _location(p) != _MY:
        raise UnsupportedError("Import-PfxCertificate into another store than Cert:\\LocalMachine\\My")
    secret = net.unwrap(p.get("Password"))
    if secret is not None and not isinstance(secret, SecureString):
        raise UnsupportedError("Import-PfxCertificate -Password that is no SecureString")
    try:
        password = secret.secret.encode() if secret is not None else None
        key, found, _ = pkcs12.load_key_and_certificates(_file(ctx, str(p["FilePath"])), password)
    except ValueError as error:
        raise HostRefusal("Lab.InvalidPfx", f"The file cannot be opened: {error}", "InvalidData") from error
    if found is None or not isinstance(key, rsa.RSAPrivateKey):
        raise UnsupportedError("Import-PfxCertificate of a file without an RSA key and its certificate")
    if ctx.should_process(_MY, "Import certificate"):
        ctx.host.lcm.certificates.add(found, key)
        yield shown_certificate(found, has_key=True)


def _location(p: Parameters) -> str:
    return str(p.get("CertStoreLocation") or "").rstrip("\\").lower()


def _file(ctx: CmdletContext, path: str) -> bytes:
    entry = ctx.host.files.find(ctx.runspace.full_path(path))
    if entry is None or entry.is_folder:
        raise HostRefusal("Lab.FileNotFound", f"The file {path} does not exist.", "ObjectNotFound")
    return bytes(entry.data)


def shown_certificate(certificate: x509.Certificate, *, has_key: bool) -> PSObject:
    """Return a certificate as .NET's X509Certificate2 shows it; times are those of the host, whose zone is UTC."""
    return PSObject.of(
        {
            "FriendlyName": "",
            "HasPrivateKey": has_key,
            "Issuer": _name(certificate.issuer),
            "NotAfter": _local(certificate.not_valid_after_utc),
            "NotBefore": _local(certificate.not_valid_before_utc),
            "SerialNumber": f"{certificate.serial_number:X}".zfill(2),
            "Subject": _name(certificate.subject),
            "Thumbprint": thumbprint(certificate),
            "Version": certificate.version.value + 1,
        },
        _TYPE,
        "System.Security.Cryptography.X509Certificates.X509Certificate",
        "System.Object",
        kind="Property",
    )


def _name(name: x509.Name) -> str:
    return ", ".join(part.rfc4514_string() for part in reversed(list(name.rdns)))


def _local(moment: datetime) -> DateTime:
    return DateTime((moment - _ZERO) // timedelta(microseconds=1) * 10, 2)
