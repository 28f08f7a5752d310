"""Certificates of a host: passwords encrypted for it, authorities that it trusts, and a lab kept on disk."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID, ObjectIdentifier
from dsc_lab import FOOTER, Session, document, held, lab_host, meta, setting

from psnet.lab.host.refusal import HostRefusal
from psnet.lab.lcm.certificates import thumbprint
from psnet.lab.state import restored, snapshot
from psnet.mof.secrets import encrypt

if TYPE_CHECKING:
    from psnet.lab.labhost import LabHost

Pair = tuple[x509.Certificate, rsa.RSAPrivateKey]
ENCRYPTED = FOOTER.replace('Name="Demo";', 'Name="Demo"; ContentType="PasswordEncrypted";')


def _pair() -> Pair:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "DscEncryption")])
    now = dt.datetime.now(dt.UTC)
    usage = x509.KeyUsage(False, False, True, True, False, False, False, False, False)  # noqa: FBT003
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ObjectIdentifier("1.3.6.1.4.1.311.80.1")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return made, key


@pytest.fixture(scope="module")
def pair() -> Pair:
    return _pair()


def sealed(pair: Pair, password: str = "se\u00a3cret") -> bytes:
    text = encrypt(password, pair[0]).replace("\n", "\\n")
    account = f'instance of MSFT_Credential as $C1 {{ UserName = "me"; Password = "{text}"; }};\n'
    return document(account, setting("a", more=" Account = $C1;"), footer=ENCRYPTED)


def knowing(pair: Pair) -> LabHost:
    host = lab_host()
    host.lcm.send_settings(meta(f'CertificateID = "{host.lcm.certificates.add(*pair)}";'))
    return host


def test_passwords_are_decrypted_with_the_certificate_that_the_settings_name(pair: Pair) -> None:
    host = knowing(pair)
    host.lcm.send_apply(sealed(pair))
    assert held(host, "a") == "on|me=se\u00a3cret"


def test_passwords_that_cannot_be_decrypted_are_refused_before_anything_runs(pair: Pair) -> None:
    for host, name in ((lab_host(), "CertificateNotFound"), (knowing(_pair()), "DecryptionFailed")):
        with pytest.raises(HostRefusal) as refused:
            host.lcm.send_apply(sealed(pair))
        assert refused.value.error_id == f"Lab.{name}"
        assert held(host, "a") is None


def test_certificates_are_imported_with_powershell(pair: Pair) -> None:
    session = Session(lab_host())
    encryption = serialization.BestAvailableEncryption(b"pw")
    session.host.files.write(
        "C:\\own.pfx", pkcs12.serialize_key_and_certificates(b"own", pair[1], pair[0], None, encryption)
    )
    session.host.files.write("C:\\ca.cer", pair[0].public_bytes(serialization.Encoding.DER))
    imported = session.run(
        "$pw = ConvertTo-SecureString -String 'pw' -AsPlainText -Force; "
        "$own = @{ FilePath = 'C:\\own.pfx'; CertStoreLocation = 'Cert:\\LocalMachine\\My'; Password = $pw }; "
        "(Import-PfxCertificate @own).Thumbprint; "
        "(Import-Certificate -FilePath C:\\ca.cer -CertStoreLocation Cert:\\LocalMachine\\Root).Subject"
    )
    assert imported == [thumbprint(pair[0]), "CN=DscEncryption"]
    assert list(session.host.lcm.certificates.own) == [thumbprint(pair[0])]
    assert len(session.host.lcm.certificates.roots) == 1


def test_a_lab_on_disk_keeps_state_history_and_certificates(pair: Pair) -> None:
    host = knowing(pair)
    host.lcm.send_apply(sealed(pair))
    host.lcm.certificates.trust("PEM")
    with pytest.raises(HostRefusal):
        host.lcm.send_apply(document(setting("b", more=' Mood = "Throw";')))
    kept = restored(json.loads(json.dumps(snapshot(host))))
    assert (kept.lcm.state, kept.lcm.agent_id) == ("PendingConfiguration", host.lcm.agent_id)
    assert kept.lcm.history.runs() == host.lcm.history.runs()
    assert kept.lcm.certificates.roots == ["PEM"]
    kept.files.remove("C:\\LabState\\a.txt")
    kept.lcm.remove(2)
    assert kept.lcm.apply_existing().status == "Success"
    assert held(kept, "a") == "on|me=se\u00a3cret"


def test_a_lab_on_disk_waits_for_its_restart() -> None:
    host = lab_host()
    host.lcm.send_apply(document(setting("a", more=' Mood = "Reboot";'), setting("b", alias=2)))
    kept = restored(json.loads(json.dumps(snapshot(host))))
    assert kept.lcm.state == "PendingReboot"
    kept.reboot()
    assert (kept.lcm.state, held(kept, "b")) == ("Idle", "on")
