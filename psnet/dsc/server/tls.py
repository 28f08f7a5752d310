"""A certificate for a server that nobody gave one, from a CA of its own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization

from psnet._internal.output import make_folder
from psnet._internal.pki import CertificateAuthority, new_key, server_names, write_pem
from psnet.dsc.server.run import Tls

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_LIFETIME = dt.timedelta(days=397)  # what TLS clients accept at most


def self_signed(private: Path, names: Sequence[str]) -> tuple[Tls, Path]:
    """Return certificate and key for names and addresses, and the CA that nodes are to trust.

    They are made when they are not there: certificate and key in ``private``, the CA beside that folder. The CA's key
    is not kept: it signs this certificate alone.
    """
    tls, ca = Tls(private / "server.pem", private / "server.key"), private.parent / "ca.pem"
    if not all(path.is_file() for path in (tls.certificate, tls.key, ca)):
        make_folder(private)
        authority = CertificateAuthority("psnet dsc serve CA", _LIFETIME)
        key = new_key()
        write_pem(tls.certificate, authority.sign(names[0], key.public_key(), server_names(names)))
        write_pem(tls.key, None, key)
        ca.write_bytes(authority.certificate.public_bytes(serialization.Encoding.PEM))
    return tls, ca
