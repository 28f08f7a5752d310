"""Credentials for a node's certificate."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import pkcs7
from document_certificate import KEY, certificate
from mof_build import refusal, site, written

if TYPE_CHECKING:
    from pathlib import Path

    from psnet.mof import SchemaSet

PASSWORD = 'Pa"55\\ wörd'


def config(**data: Any) -> dict[str, Any]:
    secret = {"$credential": {"username": "admin", "password": PASSWORD}}
    resource = {
        "type": "OracleSecret",
        "name": "S",
        "properties": {"Name": "s", "Credential": secret, "Others": [secret]},
    }
    return site(resource, data={"AllNodes": [{"NodeName": "h", **data}]})


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, str]:
    made = certificate()
    (tmp_path / "node.cer").write_bytes(made.public_bytes(serialization.Encoding.DER))
    (tmp_path / "other.pem").write_bytes(
        certificate(usage="1.3.6.1.5.5.7.3.1").public_bytes(serialization.Encoding.PEM)
    )
    return tmp_path, made.fingerprint(hashes.SHA1()).hex()


def test_a_password_is_encrypted_for_the_nodes_certificate_and_only_its_key_opens_it(
    files: tuple[Path, str], schemas: SchemaSet
) -> None:
    folder, thumbprint = files
    for data in ({"CertificateFile": str(folder / "node.cer")}, {"CertificateID": thumbprint}):
        found = written(config(**data), schemas, certificates=folder)
        passwords = [item.properties["Password"].value for item in found if item.class_name == "MSFT_Credential"]
        assert len(passwords) == 2
        for password in passwords:
            first, *body, last = password.split("\n")
            assert (first, last) == ("-----BEGIN CMS-----", "-----END CMS-----")
            assert max(map(len, body)) == 76
            message = base64.b64decode("".join(body))
            assert b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a" in message  # AES-256-CBC
            assert pkcs7.pkcs7_decrypt_der(message, certificate(), KEY, []).decode() == PASSWORD
        assert found[-1].properties["ContentType"].value == "PasswordEncrypted"


def test_a_certificate_wins_over_permission_for_plain_text(files: tuple[Path, str], schemas: SchemaSet) -> None:
    data = {"CertificateFile": str(files[0] / "node.cer"), "PSDscAllowPlainTextPassword": True}
    assert not any(PASSWORD in str(item) for item in written(config(**data), schemas))


@pytest.mark.parametrize(
    ("file", "error_id"),
    [("gone.cer", "InvalidPathSpecified"), ("other.pem", "CertificateCannotBeUsedForEncryption")],
)
def test_a_certificate_that_cannot_serve_is_refused(
    file: str, error_id: str, files: tuple[Path, str], schemas: SchemaSet
) -> None:
    assert refusal(config(CertificateFile=str(files[0] / file)), schemas) == error_id
    assert refusal(config(CertificateID="00" * 20), schemas) == "InvalidPathSpecified"


def test_no_password_shows_in_what_is_kept(schemas: SchemaSet) -> None:
    from psnet.mof.values import Credential

    assert PASSWORD not in repr(Credential("u", PASSWORD))
    with pytest.raises(Exception, match="refused") as caught:
        written(config(), schemas)
    assert PASSWORD not in str(caught.value)
