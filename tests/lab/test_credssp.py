"""What only CredSSP does: the password travels to the host, inside a TLS of its own (MS-CSSP, MS-WSMV 2.2.9.1).

That a host answers a wrong password with STATUS_LOGON_FAILURE is reported in diyan/pywinrm#235.

That sessions do over it what they do by every other logon is in tests/lab/test_sessions.py.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest
import spnego
from sampling import swept
from spnego.exceptions import SpnegoError

from psnet.errors import AuthenticationError
from psnet.lab.wire import AuthPolicy
from psnet.lab.wire.auth import Authenticator
from psnet.transport import ConnectionSettings
from psnet.transport.exceptions import TransportError
from psnet.transport.psrp.logon import Logon

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psnet.testing import Lab

    LabMaker = Callable[..., Lab]

#: Each transport with CredSSP inside TLS and with messages that it encrypts; make test has psnet's own by both.
WAYS = [
    swept((transport, scheme), when=transport != "psrp" and scheme == "https")
    for transport in ("psrp", "pypsrp", "winrm")
    for scheme in ("https", "http")
]


def connected(lab: Lab, transport: str, scheme: str, **changes: Any) -> Any:
    port = {"https": "https_port", "http": "http_port"}[scheme]
    given = {"auth": "credssp", "scheme": scheme, "port": getattr(lab.server.endpoints["ws2022"], port)}
    return lab.connect(transport=transport, retry={"attempts": 1}, **{**given, **changes})


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the credentials that arrive at hosts."""
    found: list[Any] = []
    plain = Authenticator.check

    def check(self: Authenticator, authorization: str, certificate: bytes | None) -> Any:
        verdict = plain(self, authorization, certificate)
        if verdict.identity is not None and verdict.identity.context is not None:
            assert verdict.identity.delegated
            found.append(verdict.identity.context.get_extra_info("client_credential"))
        return verdict

    monkeypatch.setattr(Authenticator, "check", check)
    return found


@pytest.mark.parametrize(("transport", "scheme"), WAYS)
def test_the_password_is_with_the_host_and_nobody_between_reads_it(
    psnet_lab: LabMaker, transport: str, scheme: str, sent: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = psnet_lab("2022", policy=AuthPolicy(credssp=True))
    headers: list[str] = []
    watched = Authenticator.check
    monkeypatch.setattr(
        Authenticator,
        "check",
        lambda self, authorization, certificate: (
            headers.append(authorization) or watched(self, authorization, certificate)
        ),
    )
    with connected(lab, transport, scheme, delegate=True) as host:  # it always does, so that this asks for no more
        assert host.run("'in' + '_side'").lines() == ["in_side"]
        secret = host.settings.password.get_secret_value()
    assert {(item.username, item.password) for item in sent} == {("Administrator", secret)}
    tokens = [base64.b64decode(header.partition(" ")[2]) for header in headers if header.startswith("CredSSP")]
    assert len(tokens) >= 4
    for form in (secret.encode(), secret.encode("utf-16-le"), b"NTLMSSP"):
        assert not any(form in token for token in tokens)


@pytest.mark.parametrize(("transport", "scheme"), WAYS)
@pytest.mark.parametrize("how", ["wrong password", swept("no such user"), "not switched on"])
def test_a_refused_logon_is_told_as_one(psnet_lab: LabMaker, transport: str, scheme: str, how: str) -> None:
    lab = psnet_lab("2022", policy=AuthPolicy(credssp=how != "not switched on"))
    changes = {"wrong password": {"password": "wr0ng-secret"}, "no such user": {"user": "nobody"}}.get(how, {})
    with pytest.raises(AuthenticationError) as caught, connected(lab, transport, scheme, **changes) as host:
        host.run("1")
    assert caught.value.cause == "password"
    assert "credssp" in str(caught.value)
    assert "wr0ng-secret" not in repr(caught.value)
    assert not lab.server.stats("ws2022").operations["Create"]


def test_a_message_goes_with_the_last_token_alone(psnet_lab: LabMaker) -> None:
    lab = psnet_lab("2022", policy=AuthPolicy(credssp=True))
    with connected(lab, "psrp", "https") as host:
        host.run("'" + "x" * 30_000 + "'.Length")
    stats = lab.server.stats("ws2022")
    assert stats.requests <= 10  # four more than Basic: ClientHello, the end of it, NTLM's two
    assert stats.bytes_in < 60_000


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"error_code": 0xC000006D}, TransportError, "password: the host answered NTSTATUS 0xC000006D"),
        ({"error_code": 0xC0000234}, TransportError, "logon: the host answered NTSTATUS 0xC0000234"),  # locked out
        ({"version": 4}, SpnegoError, "minimum"),  # a host without the fix of CVE-2018-0886
        ({"pub_key_auth": b"another's"}, SpnegoError, "Integrity"),
        ({"pub_key_auth": None}, SpnegoError, "pubKeyAuth"),
    ],
    ids=["wrong password", "locked out", "without the fix of 2018", "another's key", "no key"],
)
@pytest.mark.usefixtures("accounts")
def test_a_host_that_proves_nothing_never_gets_the_password(
    changes: dict[str, Any], error: type[Exception], said: str
) -> None:
    given = {"address": "web1", "scheme": "http", "auth": "credssp", "user": "DOM\\u", "password": "p"}
    logon, acceptor = Logon(ConnectionSettings.model_validate(given), b""), spnego.server(protocol="credssp")
    plain = acceptor._yield_ts_request

    def changed(request: Any, message: str) -> Any:
        for name, value in changes.items():
            if name != "pub_key_auth" or request.pub_key_auth:
                setattr(request, name, value)
        return plain(request, message)

    acceptor._yield_ts_request = changed

    def log_on(token: bytes | None) -> None:
        for _ in range(10):
            token = logon.step(acceptor.step(token))

    with pytest.raises(error) as caught:
        log_on(logon.step())
    found = f"{caught.value.cause}: {caught.value.said}" if isinstance(caught.value, TransportError) else caught.value
    assert said in str(found)
    assert not logon.complete


@pytest.fixture
def accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "users"
    path.write_text("DOM:u:p\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(path))
