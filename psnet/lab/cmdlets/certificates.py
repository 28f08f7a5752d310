"""Import-Certificate of the PKI module, as far as trusting an authority needs it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from psnet.lab.cmdlets.objects import only
from psnet.lab.dotnet.errors import UnsupportedError
from psnet.lab.engine.cmdlet import cmdlet
from psnet.lab.host.refusal import HostRefusal
from psnet.lab.lcm.certificates import thumbprint
from psnet.lab.values import PSObject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psnet.lab.engine.cmdlet import Parameters
    from psnet.lab.engine.cmdlet_context import CmdletContext

_ROOT = re.compile(r"cert:\\+localmachine\\+root\\*", re.IGNORECASE)
_CERTIFICATE = "System.Security.Cryptography.X509Certificates.X509Certificate2"


@cmdlet(
    "Import-Certificate",
    "FilePath string 0 mandatory alias=FullName value byname\nCertStoreLocation string",
    module="PKI",
)
def import_certificate(ctx: CmdletContext, p: Parameters) -> Iterator[Any]:
    r"""Add one certificate (DER or PEM) to the roots that the machine trusts."""
    only(p, "FilePath", "CertStoreLocation")
    if not _ROOT.fullmatch(str(p.get("CertStoreLocation") or "")):
        raise UnsupportedError("Import-Certificate to another store than Cert:\\LocalMachine\\Root")
    entry = ctx.host.files.find(ctx.runspace.full_path(str(p["FilePath"])))
    if entry is None or entry.is_folder:
        raise HostRefusal("FileNotFound", "The system cannot find the file specified. 0x80070002", "ObjectNotFound")
    data = bytes(entry.data)
    try:
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in data else x509.load_der_x509_certificate
        found = load(data)
    except ValueError:
        raise HostRefusal("InvalidCertificate", "Cannot find the requested object. 0x80092009") from None
    ctx.host.lcm.certificates.trust(found.public_bytes(serialization.Encoding.PEM).decode())
    yield PSObject.of(
        {"Thumbprint": thumbprint(found), "Subject": found.subject.rfc4514_string()}, _CERTIFICATE, "System.Object"
    )
